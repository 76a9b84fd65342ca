/** What a person reads of an agent: its text while it streams, its calls, and how it ended. */
import type { LiveEvent, SessionEvent } from '../core/events.ts';
import type { SessionState } from '../core/states.ts';
import { endingDetails, endingTitle } from '../views/personText.ts';
import { treeText } from '../views/treeText.ts';
import { callLines } from './callLines.ts';
import { harmlessTerminal, type Output } from './output.ts';
import { problemsText } from './problemsText.ts';
import type { Result } from './results.ts';
import type { Terminal } from './terminal.ts';

/** The agent's text goes to `out` alone, so that it can be piped; all about it goes to `err`. */
export class AgentOutput implements Output {
  private readonly terminal: Terminal;
  /** How much of the block under way was shown, and whether its last line is open. */
  private shownCharacters = 0;
  private isLineOpen = false;
  /** What is to be told once the agent's line is complete: nothing cuts its text in two. */
  private heldBack = '';

  constructor(terminal: Terminal) {
    this.terminal = harmlessTerminal(terminal);
  }

  live(event: LiveEvent): void {
    if (event.type !== 'live.text' || event.block !== 'text') return;
    this.show(event.delta);
  }

  event(event: SessionEvent, state: SessionState | undefined): void {
    if (event.type === 'block.received' && event.block.type === 'text') {
      this.show(event.block.text.slice(this.shownCharacters));
      this.endBlock();
    }
    if (event.type === 'turn.discarded') {
      this.endBlock();
      this.tell(`The reply was cut off (${event.reason}).\n`);
    }
    const call = event.type === 'call.settled' ? state?.calls.get(event.callId) : undefined;
    if (call) this.tell(callLines(call));
  }

  end(result: Result, state: SessionState | undefined): void {
    this.endBlock();
    if ('problems' in result) this.terminal.err(problemsText(result.problems));
    if (state) this.terminal.err(`\n${treeText(state, state.lastAt)}\n`);
    if (result.kind === 'agent' && 'status' in result)
      this.terminal.err(`\n${[endingTitle(result), endingDetails(result)].filter(Boolean).join(': ')}\n`);
  }

  private show(text: string): void {
    if (text === '') return;
    this.terminal.out(text);
    this.shownCharacters += text.length;
    this.isLineOpen = !text.endsWith('\n');
  }

  private tell(text: string): void {
    if (this.shownCharacters > 0) this.heldBack += text;
    else this.terminal.err(text);
  }

  private endBlock(): void {
    if (this.isLineOpen) this.terminal.out('\n');
    this.isLineOpen = false;
    this.shownCharacters = 0;
    if (this.heldBack !== '') this.terminal.err(this.heldBack);
    this.heldBack = '';
  }
}

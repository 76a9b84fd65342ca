/** What a person reads of an agent: its text, its calls, its sub-agents' coming and going, and how it ended. */
import type { AgentId } from '../core/agents.ts';
import type { LiveEvent, SessionEvent, SessionId } from '../core/events.ts';
import type { Call, SessionState } from '../core/states.ts';
import { instructionNotes } from '../views/instructionsText.ts';
import { endingDetails, endingTitle } from '../views/personText.ts';
import { stateInTerminal, terminalWords } from '../views/terminalWords.ts';
import { treeText } from '../views/treeText.ts';
import { callLines } from './callLines.ts';
import { harmlessTerminal, type Output } from './output.ts';
import { problemsText } from './problemsText.ts';
import type { Result } from './results.ts';
import { subAgentLine } from './subAgentLine.ts';
import type { Terminal } from './terminal.ts';

/** The agent that was started by hand, among the others of its session and of those that its tasks go on with. */
interface OwnAgent {
  readonly sessionId: SessionId;
  readonly agentId: AgentId;
}

/**
 * The agent's own text goes to `out` alone, so that it can be piped; all else goes to `err`. `isWatched`: a person looks at
 * `out`, which gets the text as it streams; else it gets each reply once it stands, and one that broke off only
 * where no other took its place.
 */
export class AgentOutput implements Output {
  private readonly terminal: Terminal;
  private readonly isWatched: boolean;
  private own: OwnAgent | undefined;
  /** How much of the block under way came, and whether its last line is open. */
  private shownCharacters = 0;
  private isLineOpen = false;
  /** The reply so far, where nobody watches it grow. */
  private reply = '';
  /** The one that broke off, unless another took its place. */
  private brokenReply = '';
  /** Why the last reply is void, until it is told. */
  private whyDiscarded = '';
  /** What is to be told once the agent's line is complete: nothing cuts its text in two. */
  private heldBack = '';

  constructor(terminal: Terminal, isWatched = false) {
    this.terminal = harmlessTerminal(terminal);
    this.isWatched = isWatched;
  }

  live(event: LiveEvent): void {
    if (event.type !== 'live.text' || event.block !== 'text' || !this.isOwn(event)) return;
    this.show(event.delta);
  }

  event(event: SessionEvent, state: SessionState | undefined): void {
    this.own ??= state && ownAgent(state);
    if (event.sessionId !== this.own?.sessionId) return;
    if ('agentId' in event && !this.isOwn(event)) return this.tell(subAgentLine(event, state));
    this.ownEvent(event, state);
  }

  end(result: Result, state: SessionState | undefined): void {
    this.endBlock();
    this.reply ||= this.brokenReply;
    this.endReply();
    if ('problems' in result) this.terminal.err(problemsText(result.problems));
    if (state) this.terminal.err(`\n${treeText(stateInTerminal(state), state.lastAt)}\n`);
    if (result.kind === 'agent' && 'status' in result)
      this.terminal.err(
        `\n${[endingTitle(result), terminalWords(endingDetails(result))].filter(Boolean).join(': ')}\n`,
      );
  }

  private ownEvent(event: SessionEvent, state: SessionState | undefined): void {
    this.tellDiscarded(event);
    switch (event.type) {
      case 'agent.created':
        return this.tell(
          instructionNotes(event)
            .map((note) => `${note}\n`)
            .join(''),
        );
      case 'block.received':
        if (event.block.type !== 'text') return;
        this.show(event.block.text.slice(this.shownCharacters));
        return this.endBlock();
      case 'turn.ended':
        return this.endReply();
      case 'turn.discarded':
        this.endBlock();
        this.brokenReply = this.reply || this.brokenReply;
        this.reply = '';
        this.whyDiscarded = terminalWords(event.reason);
        return;
      case 'call.settled': {
        const call = state?.calls.get(event.callId);
        if (call && state && agentOf(state, call) === this.own?.agentId) this.tell(callLines(call));
        return;
      }
      default:
        return;
    }
  }

  /** Right before the next event; a reason that the run ended for is told by the last line alone. */
  private tellDiscarded(event: SessionEvent): void {
    const isTold =
      event.type === 'run.ended' && terminalWords(event.ending.message).startsWith(this.whyDiscarded);
    if (this.whyDiscarded !== '' && !isTold) this.tell(`${this.whyDiscarded}\n`);
    this.whyDiscarded = '';
  }

  private isOwn({
    sessionId,
    agentId,
  }: {
    readonly sessionId: SessionId;
    readonly agentId: AgentId;
  }): boolean {
    return sessionId === this.own?.sessionId && agentId === this.own.agentId;
  }

  private show(text: string): void {
    if (text === '') return;
    this.put(text);
    this.shownCharacters += text.length;
    this.isLineOpen = !text.endsWith('\n');
  }

  private put(text: string): void {
    if (this.isWatched) this.terminal.out(text);
    else this.reply += text;
  }

  private tell(text: string): void {
    if (this.isWatched && this.shownCharacters > 0) this.heldBack += text;
    else if (text !== '') this.terminal.err(text);
  }

  private endBlock(): void {
    if (this.isLineOpen) this.put('\n');
    this.isLineOpen = false;
    this.shownCharacters = 0;
    if (this.heldBack !== '') this.terminal.err(this.heldBack);
    this.heldBack = '';
  }

  private endReply(): void {
    this.endBlock();
    if (this.reply !== '') this.terminal.out(this.reply);
    this.reply = '';
    this.brokenReply = '';
  }
}

function ownAgent(state: SessionState): OwnAgent | undefined {
  const agent = [...state.agents.values()].find(({ parent }) => parent === undefined);
  return agent && { sessionId: state.id, agentId: agent.id };
}

/** The agent whose turn asked for the call, or for the one that it is inside of. */
function agentOf(state: SessionState, { batchId }: Call): AgentId | undefined {
  const source = state.batches.get(batchId)?.source;
  if (source?.kind === 'turn') return source.agentId;
  const outer = source?.kind === 'call' ? state.calls.get(source.callId) : undefined;
  return outer && agentOf(state, outer);
}

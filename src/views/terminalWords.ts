/** Turns advice that was written for the editor into what can be done in a terminal. */
import type { Agent, Run, SessionState, Turn } from '../core/states.ts';

/** A part of a message, and what a terminal has in its place. */
const replacements: readonly (readonly [RegExp, string])[] = [
  [
    / Raise the setting allsettled\.maxTokens, or ask for less at once; then send a follow-up\./g,
    ' Ask for less at once.',
  ],
  [
    /, which is longer than allsettled\.retries\.longestWaitSeconds allows\b/g,
    ', which is longer than this waits',
  ],
  [/\b([Rr])esume it, or send a follow-up\b/g, '$1esume it'],
  [/ Send (?:a|the) follow-up[^.]*\./g, ''],
  [/ Ask it what it found\./g, ''],
  [
    / Set one with the command "AllSettled: Set API Key", or in a terminal in ANTHROPIC_API_KEY\./g,
    ' Set it in the environment variable ANTHROPIC_API_KEY, or name --api-key-file FILE or --api-key-fd N.',
  ],
  [
    / Set another with "AllSettled: Set API Key", or in a terminal in ANTHROPIC_API_KEY\./g,
    ' Set another in ANTHROPIC_API_KEY.',
  ],
  [/(,? (?:and|or)) set (it|another) with "AllSettled: Set API Key"/g, '$1 set $2 in ANTHROPIC_API_KEY'],
  [/ in a terminal, the setting allsettled\.baseUrl in the editor\b/g, ''],
];

/** Returns the message without the settings, commands and follow-ups that a terminal lacks. */
export function terminalWords(message: string): string {
  return replacements.reduce((text, [editor, terminal]) => text.replace(editor, terminal), message);
}

/** Returns the state with the endings of its runs and turns in the words of a terminal. */
export function stateInTerminal(state: SessionState): SessionState {
  const agents = new Map([...state.agents].map(([id, agent]) => [id, agentInTerminal(agent)]));
  const turns = new Map([...state.turns].map(([id, turn]) => [id, turnInTerminal(turn)]));
  return { ...state, agents, turns };
}

function agentInTerminal(agent: Agent): Agent {
  return { ...agent, runs: agent.runs.map(runInTerminal) };
}

function runInTerminal(run: Run): Run {
  const { state } = run;
  return 'endedAt' in state ? { ...run, state: { ...state, message: terminalWords(state.message) } } : run;
}

function turnInTerminal(turn: Turn): Turn {
  const { state } = turn;
  if (state.status !== 'discarded') return turn;
  return { ...turn, state: { ...state, reason: terminalWords(state.reason) } };
}

/** What a scenario is, and the tables that it fills. */

/** One line of a table; the keys are its columns. Numbers are shown with three significant digits. */
export type Row = Readonly<Record<string, string | number>>;

export interface Table {
  readonly title: string;
  readonly rows: readonly Row[];
  /** What a reader must know in order not to misread it. */
  readonly note?: string;
}

export interface Scenario {
  readonly about: string;
  /** Measures everyone in turn, `rounds` times, and gives medians. */
  measure(rounds: number): Promise<readonly Table[]>;
}

/** Where each scenario lives. The order is that of a whole run. */
export const scenarios: Readonly<Record<string, () => Promise<{ readonly scenario: Scenario }>>> = {
  isolation: () => import('./scenarios/isolation.ts'),
  overhead: () => import('./scenarios/overhead.ts'),
  cancel: () => import('./scenarios/cancel.ts'),
  makespan: () => import('./scenarios/makespan.ts'),
  commands: () => import('./scenarios/commands.ts'),
  graph: () => import('./scenarios/graph.ts'),
  eager: () => import('./scenarios/eager.ts'),
  git: () => import('./scenarios/git.ts'),
  queued: () => import('./scenarios/queued.ts'),
  agents: () => import('./scenarios/agents.ts'),
  breaches: () => import('./scenarios/breaches.ts'),
  journal: () => import('./scenarios/journal.ts'),
  kept: () => import('./scenarios/kept.ts'),
  kills: () => import('./scenarios/kills.ts'),
  memory: () => import('./scenarios/memory.ts'),
};

/** Scenarios that compare with no peer, so that none must be installed for them. */
export const withoutPeers: ReadonlySet<string> = new Set(['breaches', 'kept', 'kills', 'memory']);

/** Programs that are killed at random moments and resumed: what was asked for is settled, open or named as missing. */
import { killRounds, type KilledRound } from '../../fixtures/kills/killRounds.ts';
import type { Row, Scenario } from '../scenario.ts';

/** Another one draws other moments. */
const seed = Number(process.env['KILLS_SEED'] ?? 20261130);

export const scenario: Scenario = {
  about: 'what is left of a session whose program is killed at a random moment',
  async measure(rounds) {
    const cleanUps: (() => unknown)[] = [];
    try {
      const killed = await killRounds(
        { after: (work) => void cleanUps.push(work as () => unknown) },
        rounds,
        seed,
      );
      return [{ title: 'Killed with SIGKILL and resumed', rows: rowsOf(killed), note: noteOf(killed) }];
    } finally {
      for (const cleanUp of cleanUps.reverse()) await cleanUp();
    }
  },
};

function rowsOf(killed: readonly KilledRound[]): readonly Row[] {
  const names = [...new Set(killed.map(({ scene }) => scene))];
  return [...names, undefined].map((name): Row => {
    const rounds = killed.filter(({ scene }) => name === undefined || scene === name);
    return {
      scene: name ?? 'all',
      rounds: rounds.length,
      'killed under way': rounds.filter(({ hit }) => hit).length,
      violations: rounds.filter(({ violations }) => violations.length > 0).length,
    };
  });
}

/** The seed, and each violation with the round that shows it. */
function noteOf(killed: readonly KilledRound[]): string {
  const wrong = killed.filter(({ violations }) => violations.length > 0);
  const lines = wrong.map(
    ({ scene, round, killAfterMs, violations }) =>
      `round ${round}, ${scene}, killed ${killAfterMs} ms after its first line: ${violations.slice(0, 3).join('; ')}`,
  );
  return [`Seed ${seed} (KILLS_SEED draws other moments).`, ...lines].join('\n');
}

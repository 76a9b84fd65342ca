/** What the CLI takes from package.json: its version, and the defaults that the editor's settings have too. */
import manifest from '../../package.json' with { type: 'json' };

const groups: readonly { readonly properties: object }[] = manifest.contributes.configuration;
const settings = new Map<string, { readonly default: unknown }>(
  groups.flatMap(({ properties }) => Object.entries(properties)),
);

export const version = manifest.version;

export const defaults = {
  model: textOf('allsettled.model'),
  maxTokens: numberOf('allsettled.maxTokens'),
  retries: {
    turn: numberOf('allsettled.retries.turn'),
    longestWaitMs: numberOf('allsettled.retries.longestWaitSeconds') * 1000,
  },
  maxOutputFileBytes: numberOf('allsettled.output.maxFileMegabytes') * 1024 * 1024,
  keepSessions: {
    maxAgeMs: numberOf('allsettled.sessions.maxAgeDays') * 24 * 60 * 60 * 1000,
    maxBytes: numberOf('allsettled.sessions.maxMegabytes') * 1024 * 1024,
  },
  lanes: {
    io: numberOf('allsettled.lanes.io'),
    process: numberOf('allsettled.lanes.process'),
    model: numberOf('allsettled.lanes.model'),
  },
};

/** Throws for a setting that package.json lacks, or whose default is no text. */
function textOf(name: string): string {
  const value = settings.get(name)?.default;
  if (typeof value !== 'string') throw new TypeError(`The default of ${name} is no text.`);
  return value;
}

/** Throws for a setting that package.json lacks, or whose default is no number. */
function numberOf(name: string): number {
  const value = settings.get(name)?.default;
  if (typeof value !== 'number') throw new TypeError(`The default of ${name} is no number.`);
  return value;
}

/** What the CLI takes from package.json: its version, and the defaults that the editor's settings have too. */
import manifest from '../../package.json' with { type: 'json' };

const { properties } = manifest.contributes.configuration;

export const version = manifest.version;

export const defaults = {
  model: properties['allsettled.model'].default,
  maxTokens: properties['allsettled.maxTokens'].default,
  retries: {
    turn: properties['allsettled.retries.turn'].default,
    longestWaitMs: properties['allsettled.retries.longestWaitSeconds'].default * 1000,
  },
  maxOutputFileBytes: properties['allsettled.output.maxFileMegabytes'].default * 1024 * 1024,
  keepSessions: {
    maxAgeMs: properties['allsettled.sessions.maxAgeDays'].default * 24 * 60 * 60 * 1000,
    maxBytes: properties['allsettled.sessions.maxMegabytes'].default * 1024 * 1024,
  },
  lanes: {
    io: properties['allsettled.lanes.io'].default,
    process: properties['allsettled.lanes.process'].default,
    model: properties['allsettled.lanes.model'].default,
  },
};

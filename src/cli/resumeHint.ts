/** The last line where something of a session is left to be done: how to go on with it. */
import type { SessionId } from '../core/events.ts';
import { isUnresolved } from '../core/unresolved.ts';
import { notOnRecordText } from '../views/notOnRecordText.ts';
import type { Command } from './arguments.ts';
import type { Output } from './output.ts';
import type { Terminal } from './terminal.ts';

/**
 * The output, and behind its end on `err` the command that resumes the session, with every option that it needs.
 * A session that is not on disk any more has no such command.
 */
export function withResumeHint(
  output: Output,
  terminal: Terminal,
  args: Command,
  isOnDisk: (id: SessionId) => boolean,
): Output {
  return {
    event: (event, state) => output.event(event, state),
    live: (event) => output.live(event),
    end(result, state) {
      output.end(result, state);
      if ('problems' in result || !state || !isUnresolved(state)) return;
      if (!isOnDisk(state.id)) return;
      if (notOnRecordText(state) !== undefined) return; // It can't be gone on with, and the output says why.
      const words = ['allsettled', 'resume', state.id, ...optionsOf(args)];
      terminal.err(`Go on with it: ${words.map(quoted).join(' ')}\n`);
    },
  };
}

/** Those of this command that hold for the rest of its work too; paths as they were written. */
function optionsOf(args: Command): readonly string[] {
  const { stateDir, sandbox, permission, key } = args;
  const isNarrowest = permission === 'read-only' && args.kind !== 'resume';
  const options: readonly (readonly [string, string | undefined])[] = [
    ['--state-dir', stateDir],
    ['--sandbox', sandbox],
    ['--permission', isNarrowest ? undefined : permission],
    ['--base-url', 'baseUrl' in args ? args.baseUrl : undefined],
    ['--replay', 'replay' in args ? args.replay : undefined],
    ['--api-key-file', key?.kind === 'file' ? key.file : undefined],
    ['--api-key-fd', key?.kind === 'descriptor' ? String(key.descriptor) : undefined],
  ];
  return options.flatMap(([name, value]) => {
    if (value === undefined) return [];
    return value.startsWith('-') ? [`${name}=${value}`] : [name, value];
  });
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w./:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

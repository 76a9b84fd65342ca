/** What a batch file shows at each of its calls: how it ended last, and that it can be run alone. */
import { isDeepStrictEqual } from 'node:util';
import type { CallId } from '../core/calls.ts';
import { isSettled } from '../core/calls.ts';
import type { Call, SessionState } from '../core/states.ts';
import type { CallPlace } from '../formats/batchPlaces.ts';
import { callStanding } from './callStanding.ts';
import { spentText } from './duration.ts';
import { callRowId } from './rowIds.ts';
import type { RowId } from './rowIds.ts';

export interface CallLens {
  /** Of the call in the text. */
  readonly offset: number;
  readonly callId: CallId;
  /** `$(error) failed, exit code 3 · Show`, and the row that shows it; absent for a call that has not run here. */
  readonly last?: { readonly title: string; readonly rowId: RowId };
}

/** One for each call of the file, in the order of its text. */
export function batchLenses(
  sessions: readonly SessionState[],
  file: string,
  places: readonly CallPlace[],
): readonly CallLens[] {
  const runs = sessions
    .filter((state) => [...state.batches.values()].some(({ source }) => isOf(source, file)))
    .toSorted((a, b) => b.startedAt - a.startedAt);
  return places.map((place) => {
    const state = runs.find(({ calls }) => calls.has(place.id));
    const call = state?.calls.get(place.id);
    const last = state && call && { title: lastTitle(state, call, place), rowId: callRowId(state, call.id) };
    return { offset: place.offset, callId: place.id, ...(last && { last }) };
  });
}

function lastTitle(state: SessionState, call: Call, place: CallPlace): string {
  const { text, icon } = callStanding(state, call);
  const spent = isSettled(call.state) ? spentText(call.state) : '';
  const words = [text, spent, isSame(call, place) ? '' : 'changed since', 'Show'].filter(Boolean).join(' · ');
  // A lens draws an icon wherever it finds one's name.
  return `$(${icon.name}) ${words.replaceAll('$(', '$ (')}`;
}

function isSame({ tool, input }: Call, place: CallPlace): boolean {
  return tool === place.tool && input.kind === 'parsed' && isDeepStrictEqual(input.value, place.input);
}

function isOf(source: { readonly kind: string; readonly file?: string }, file: string): boolean {
  return source.kind === 'file' && source.file === file;
}

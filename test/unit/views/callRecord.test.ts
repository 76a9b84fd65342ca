import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CallState } from '../../../src/core/calls.ts';
import type { Call } from '../../../src/core/states.ts';
import { callRecord } from '../../../src/views/callRecord.ts';

function call(state: CallState, rest: Partial<Call> = {}): Call {
  return {
    id: 'a',
    batchId: 'b',
    index: 0,
    tool: 'terminal',
    input: { kind: 'parsed', value: { command: 'x' } },
    policy: {},
    state,
    failedAttempts: [],
    ...rest,
  };
}

const always = { id: 'a', tool: 'terminal', input: { command: 'x' } };
const error = { kind: 'exitCode', message: 'exit code 3' } as const;
const output = { text: 'no', stdout: '', stderr: 'no', exitCode: 3, bytes: 2, file: '/f' };

describe('a record', () => {
  test('leaves out what the session keeps of a file that was read', () => {
    const seen = { path: '/w/a', hash: 'x' };
    const times = { durationMs: 1, attempts: 1 };
    const record = callRecord(call({ status: 'succeeded', output: { ...output, seen }, ...times }), 5);
    assert.deepEqual(record.output, output);
  });

  test('of a call that waits has no times', () => {
    const state = { status: 'blocked', waitsFor: ['z'] } as const;
    assert.deepEqual(callRecord(call(state), 5), {
      ...always,
      status: 'blocked',
      durationMs: 0,
      attempts: 0,
    });
  });

  test('of a call that waits for its next attempt counts the failed ones', () => {
    const failed = { failedAttempts: [{ attempt: 1, error }] };
    assert.equal(callRecord(call({ status: 'queued' }, failed), 5).attempts, 1);
  });

  test('of a running call lasts until now', () => {
    const state = { status: 'running', attempt: 2, startedAt: 100 } as const;
    assert.deepEqual(callRecord(call(state), 130), {
      ...always,
      status: 'running',
      startedAt: 100,
      durationMs: 30,
      attempts: 2,
    });
  });

  test('of a failed call has its output and its error', () => {
    const state = { status: 'failed', error, output, startedAt: 1, durationMs: 7, attempts: 1 } as const;
    assert.deepEqual(callRecord(call(state), 999), {
      ...always,
      status: 'failed',
      startedAt: 1,
      durationMs: 7,
      attempts: 1,
      output,
      error,
    });
  });

  test('of a skipped call names the cause and has no start', () => {
    const cause = { kind: 'dependency', message: 'z failed' } as const;
    const state = { status: 'skipped', error: cause, because: 'z', durationMs: 0, attempts: 0 } as const;
    assert.deepEqual(callRecord(call(state), 999), {
      ...always,
      status: 'skipped',
      durationMs: 0,
      attempts: 0,
      error: cause,
      because: 'z',
    });
  });

  test('of an input that could not be parsed holds the raw text', () => {
    const input = { kind: 'unparsable', raw: '{"pa', problem: 'ends early' } as const;
    assert.deepEqual(callRecord(call({ status: 'queued' }, { input }), 1).input, {
      unparsable_input: '{"pa',
    });
  });
});

/** The one comparison that keeps a later life of a session from going below its record. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  addressOf,
  bind,
  boundsOnRecord,
  type AskedBounds,
  type ProgramBounds,
  type SessionBounds,
} from '../../../src/core/sessionBounds.ts';
import { ok, SessionScript } from '../views/sessionScript.ts';

const api = { kind: 'api', address: 'https://api.anthropic.com' } as const;

const loose: ProgramBounds = {
  permission: 'unlimited',
  sandbox: 'off',
  reviewsEdits: false,
  depth: 2,
  agents: 200,
  models: api,
};
const record: SessionBounds = { ...loose, confines: false };

/** Returns a program's answer to a record: the differences from the record, or the refusal. */
function told(
  onRecord: Partial<SessionBounds>,
  here: Partial<ProgramBounds>,
  asked: AskedBounds = {},
): Partial<SessionBounds> | string {
  const bound = bind({ ...record, ...onRecord }, { ...loose, ...here }, asked);
  if (!bound.ok) return bound.message;
  const before: Readonly<Record<string, unknown>> = { ...record, ...onRecord };
  return Object.fromEntries(Object.entries(bound.bounds).filter(([name, value]) => before[name] !== value));
}

const gateway = { kind: 'api', address: 'http://127.0.0.1:1' } as const;
const played = { kind: 'transcript' } as const;

const kept: readonly (readonly [
  string,
  Partial<SessionBounds>,
  Partial<ProgramBounds>,
  AskedBounds,
  object,
])[] = [
  ['a wider permission here', { permission: 'read-only' }, {}, {}, {}],
  [
    'a narrower permission here',
    {},
    { permission: 'workspace-write' },
    {},
    { permission: 'workspace-write' },
  ],
  ['the same permission by name', { permission: 'read-only' }, {}, { permission: 'read-only' }, {}],
  ['no sandbox asked for here', { sandbox: 'required', confines: true }, {}, {}, {}],
  ['a sandbox asked for here', {}, { sandbox: 'required' }, {}, { sandbox: 'required', confines: true }],
  [
    'a sandbox asked for here that does not work',
    {},
    { sandbox: 'on', noSandbox: 'None.' },
    {},
    { sandbox: 'on' },
  ],
  ['a sandbox that has never worked', { sandbox: 'on' }, { noSandbox: 'None.' }, {}, {}],
  ['edits that are reviewed', { reviewsEdits: true }, {}, {}, {}],
  ['edits that are reviewed here', {}, { reviewsEdits: true }, {}, { reviewsEdits: true }],
  ['fewer agents', { depth: 0, agents: 5 }, {}, {}, {}],
  ['fewer agents here', {}, { depth: 1, agents: 7 }, {}, { depth: 1, agents: 7 }],
  ['the address on record', { models: gateway }, { models: gateway }, {}, {}],
  ['a transcript that a person names', { models: gateway }, { models: played }, {}, {}],
  ['a transcript on record', { models: played }, { models: played }, {}, {}],
];

const refused: readonly (readonly [
  string,
  Partial<SessionBounds>,
  Partial<ProgramBounds>,
  AskedBounds,
  RegExp,
])[] = [
  [
    'a weaker sandbox by name',
    { sandbox: 'required', confines: true },
    {},
    { sandbox: 'on' },
    /^"--sandbox on is weaker than what is on record for this session, required\./,
  ],
  [
    'a wider permission by name',
    { permission: 'workspace-write' },
    {},
    { permission: 'unlimited' },
    /^"--permission unlimited is weaker .* workspace-write\./,
  ],
  [
    'a required sandbox that this machine has not',
    { sandbox: 'required', confines: true },
    { noSandbox: 'Install bubblewrap.' },
    {},
    /--sandbox required is on record.* can't be confined, so it does not go on\. Install bubblewrap\."$/,
  ],
  [
    'a sandbox that worked, and that this machine has not',
    { sandbox: 'on', confines: true },
    { noSandbox: 'None.' },
    {},
    /--sandbox on is on record/,
  ],
  [
    "Anthropic's address for one of one's own",
    { models: gateway },
    {},
    {},
    /asks the Messages API at http:\/\/127\.0\.0\.1:1, and here that would be https:\/\/api\.anthropic\.com\./,
  ],
  [
    "an address of one's own for Anthropic's",
    {},
    { models: gateway },
    {},
    /at https:\/\/api\.anthropic\.com, /,
  ],
  ['the API for a transcript', { models: played }, {}, {}, /never asked of the API\. Name the transcript/],
];

describe('a session that goes on (X1, R1)', () => {
  for (const [name, onRecord, here, asked, changed] of kept)
    test(`keeps ${name}`, () => assert.deepEqual(told(onRecord, here, asked), changed));
  for (const [name, onRecord, here, asked, message] of refused)
    test(`refuses ${name}`, () => assert.match(JSON.stringify(told(onRecord, here, asked)), message));
});

test('of a session without a record it is seen that commands were confined, and that turns were played', () => {
  const script = new SessionScript().agent().run('Why?').turn().turnBatch().call('c', 'terminal', {});
  assert.deepEqual(boundsOnRecord(script.state), {});
  const { output } = ok('x') as Extract<ReturnType<typeof ok>, { status: 'succeeded' }>;
  script.settle('c', { status: 'succeeded', output: { ...output, confined: true } });
  assert.deepEqual(boundsOnRecord(script.state), { sandbox: 'on', confines: true });
  const rest = { permission: 'read-only', systemPrompt: '', tools: [] } as const;
  script.add({ type: 'agent.created', agentId: 'a9', label: 'x', model: 'replay', ...rest });
  assert.deepEqual(boundsOnRecord(script.state).models, { kind: 'transcript' });
});

test('an address is recorded in one spelling and without what could be a secret', () => {
  for (const written of ['HTTP://me:secret@Host:80/v/', 'http://host/v?token=secret#x', 'http://host/v'])
    assert.equal(addressOf(written), 'http://host/v');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pastSessionGroup, pastSessionText } from '../../../src/views/pastSession.ts';
import { SessionScript } from './sessionScript.ts';

const past = { lastAt: 0, isUnresolved: false };

test('an interrupted session on disk is called so, and one that another program has goes on', () => {
  assert.equal(pastSessionText(past, 300_000, { isCutOff: false }), '5 min ago');
  const open = { ...past, isUnresolved: true };
  assert.equal(pastSessionText(open, 300_000, { isCutOff: true }), '5 min ago · interrupted');
  assert.equal(pastSessionText(open, 300_000, { isCutOff: false }), '5 min ago · goes on elsewhere');
});

test('a session that is open here says what its row says', () => {
  const { state } = new SessionScript().agent().run('Go').end({});
  assert.equal(pastSessionText(past, 0, { isCutOff: false, state }), 'just now · completed · 20 ms');
});

test('sessions of this window stand under their day, those of other folders together', () => {
  const now = new Date(2026, 2, 30, 9).getTime();
  const daysAgo = (days: number): { readonly lastAt: number } => ({
    lastAt: new Date(2026, 2, 30 - days, 23, 59).getTime(),
  });
  const groups = [0, 1, 2, 6, 7].map((days) => pastSessionGroup(daysAgo(days), now, true));
  assert.deepEqual(groups, ['Today', 'Yesterday', 'The last seven days', 'The last seven days', 'Older']);
  assert.equal(pastSessionGroup(daysAgo(0), now, false), 'Other folders');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pastSessionText } from '../../../src/views/pastSession.ts';
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

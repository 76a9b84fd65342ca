import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyCheckText, keyHost, keyPrompt } from '../../../src/views/keyText.ts';

test('the box names the host that the key goes to', () => {
  assert.equal(
    keyPrompt(undefined),
    'Your key for the Anthropic API, from console.anthropic.com. It is sent to api.anthropic.com alone, and kept in the secret storage of VS Code.',
  );
  assert.equal(
    keyPrompt('https://gateway.example:8443/anthropic'),
    'Your key for gateway.example:8443, the address in the setting allsettled.baseUrl. It is sent to gateway.example:8443 alone, and kept in the secret storage of VS Code.',
  );
});

test('an address shows neither the name nor the password in it', () => {
  assert.equal(keyHost('https://name:secret@gateway.example/v1'), 'gateway.example');
});

test('a check says what it found, and what was not checked', () => {
  assert.equal(
    keyCheckText({ kind: 'accepted', models: 7 }, 'h'),
    'API key stored: h accepts it (7 models).',
  );
  assert.equal(
    keyCheckText({ kind: 'refused', message: 'x' }, 'h'),
    'h did not accept this API key. It is stored, but no agent can work with it.',
  );
  assert.equal(
    keyCheckText({ kind: 'unchecked', message: 'The API can not be reached.' }, 'h'),
    'API key stored, but not checked: The API can not be reached.',
  );
});

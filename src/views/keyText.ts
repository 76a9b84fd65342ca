/** The texts about an API key: where it goes, and what a check of it found. */
import { oneLine } from './plainText.ts';

const anthropic = 'api.anthropic.com';

/** The host that the key is sent to; `baseUrl` is the user's setting, undefined for Anthropic's own address. */
export function keyHost(baseUrl: string | undefined): string {
  if (baseUrl === undefined) return anthropic;
  return URL.canParse(baseUrl) ? oneLine(new URL(baseUrl).host, 100) : oneLine(baseUrl, 100);
}

/** The prompt of the box in which a person enters the key. */
export function keyPrompt(baseUrl: string | undefined): string {
  const host = keyHost(baseUrl);
  const from =
    host === anthropic
      ? 'Your key for the Anthropic API, from console.anthropic.com.'
      : `Your key for ${host}, the address in the setting allsettled.baseUrl.`;
  return `${from} It is sent to ${host} alone, and kept in the secret storage of VS Code.`;
}

export type KeyCheck =
  | { readonly kind: 'accepted'; readonly models: number }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'unchecked'; readonly message: string };

/** One sentence or two on the check of a key that is stored. */
export function keyCheckText(check: KeyCheck, host: string): string {
  switch (check.kind) {
    case 'accepted':
      return `API key stored: ${host} accepts it (${check.models === 1 ? '1 model' : `${check.models} models`}).`;
    case 'refused':
      return `${host} did not accept this API key. It is stored, but no agent can work with it.`;
    case 'unchecked':
      return `API key stored, but not checked: ${check.message}`;
    default:
      return check satisfies never;
  }
}

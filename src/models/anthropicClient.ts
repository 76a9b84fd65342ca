/** Makes the SDK's client so that nothing but our own options decides where a request goes and what it carries. */
import Anthropic from '@anthropic-ai/sdk';
import { ModelError } from '../core/models.ts';

/** Where requests go when the user set no base URL. */
export const defaultBaseUrl = 'https://api.anthropic.com';

/** The key and the address of the API; read for each request, because both are settings. */
export interface AnthropicAccess {
  apiKey(): Promise<string | undefined>;
  baseUrl(): string | undefined;
}

/** A client, the address that it talks to, for messages, and the key that these must not hold. */
export interface AnthropicConnection {
  readonly client: Anthropic;
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** Keeps one client for as long as the key and the address stay the same: the SDK's is large, and a run has many turns. */
export class AnthropicConnector {
  private readonly access: AnthropicAccess;
  private last: AnthropicConnection | undefined;

  constructor(access: AnthropicAccess) {
    this.access = access;
  }

  /** Rejects with ModelError, before any request, where the key or the base URL can't be used. */
  async connect(): Promise<AnthropicConnection> {
    const baseUrl = this.access.baseUrl()?.trim() || defaultBaseUrl;
    checkBaseUrl(baseUrl);
    const apiKey = checkKey((await this.access.apiKey())?.trim());
    if (this.last?.apiKey !== apiKey || this.last.baseUrl !== baseUrl)
      this.last = { apiKey, baseUrl, client: clientFor(apiKey, baseUrl) };
    return this.last;
  }
}

function clientFor(apiKey: string, baseUrl: string): Anthropic {
  const client = new Anthropic({
    apiKey,
    baseURL: baseUrl,
    maxRetries: 0,
    logLevel: 'off',
    openTelemetry: { traces: false, propagation: false },
    // Node would send requests, and headers of a name it does not know, wherever an answer points to.
    fetchOptions: { redirect: 'manual' },
  });
  dropEnvironmentHeaders(client);
  return client;
}

// The constructor adds ANTHROPIC_CUSTOM_HEADERS to each request and has no option against it.
function dropEnvironmentHeaders(client: Anthropic): void {
  (client as unknown as { readonly _options: { defaultHeaders: unknown } })._options.defaultHeaders = {};
}

function checkBaseUrl(baseUrl: string): void {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return;
  const shown = url ? `${url.protocol}//${url.host}` : baseUrl;
  throw new ModelError(
    'invalidRequest',
    `The base URL "${shown}" can't be used. Set one that starts with http:// or https:// and holds no user name, ` +
      `or remove it to use ${defaultBaseUrl}.`,
  );
}

function checkKey(apiKey: string | undefined): string {
  if (!apiKey)
    throw new ModelError(
      'noKey',
      'No API key is set. Set one with the command "AllSettled: Set API Key", or in a terminal in ANTHROPIC_API_KEY.',
    );
  // Such a key can't be a header's value; it was most likely copied with its dots or quotes.
  if (!/^[\x21-\x7e]+$/.test(apiKey))
    throw new ModelError(
      'authentication',
      'The API key holds blanks or characters that no key has. Copy it again and set it with "AllSettled: Set API Key".',
    );
  return apiKey;
}

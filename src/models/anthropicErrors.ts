/** Turns what the SDK throws into a ModelError that tells a person what to do next. */
import { APIConnectionError, APIConnectionTimeoutError, APIError } from '@anthropic-ai/sdk';
import { keyForms, maskKey } from '../core/keyMask.ts';
import { ModelError, type ModelErrorKind } from '../core/models.ts';
import { describeConnectionError } from './connectionErrors.ts';
import { retryAfterMs } from './retryAfter.ts';

/** What a message may name. */
export interface RequestPlace {
  readonly baseUrl: string;
  /** What no message may hold. */
  readonly apiKey?: string;
  /** The model that was asked; absent where the request names none. */
  readonly model?: string;
}

/** The API's error types and the status that each has when it comes before the stream. */
const statusOfType: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/**
 * The ModelError for an error of the SDK; anything else comes back as it is, because it is a defect.
 * `now` in epoch milliseconds turns the date of a `retry-after` into a duration.
 */
export function toModelError(error: unknown, place: RequestPlace, now: number): unknown {
  if (error instanceof ModelError) return error;
  if (error instanceof APIConnectionTimeoutError)
    return new ModelError('stalled', `${hostOf(place.baseUrl)} did not answer in time. Try again later.`, {
      cause: error,
    });
  if (error instanceof APIConnectionError)
    return new ModelError('connection', describeConnectionError(error, hostOf(place.baseUrl)), {
      cause: error,
    });
  if (error instanceof APIError) return fromApiError(error as APIError, place, now);
  if (error instanceof SyntaxError) return foreignReply(place, error);
  return error;
}

/** The error for a reply that is not the Messages API's. */
export function foreignReply(place: RequestPlace, cause?: unknown): ModelError {
  return new ModelError(
    'connection',
    `${hostOf(place.baseUrl)} answered with something that is not the Messages API's format. Check the base URL ` +
      'and whether a proxy or a sign-in page stands between.',
    { cause },
  );
}

function fromApiError(error: APIError, place: RequestPlace, now: number): ModelError {
  const { kind, message } = describe(statusOf(error), error, place);
  const wait = error.headers && retryAfterMs(error.headers, now);
  return new ModelError(kind, message, {
    cause: error,
    ...(wait !== undefined && { retryAfterMs: wait }),
  });
}

/** An error inside the stream has a type and no status. */
function statusOf(error: APIError): number {
  if (error.type === 'overloaded_error') return 529;
  return error.status ?? statusOfType[error.type ?? ''] ?? 500;
}

interface Description {
  readonly kind: ModelErrorKind;
  readonly message: string;
}

function describe(status: number, error: APIError, place: RequestPlace): Description {
  const host = hostOf(place.baseUrl);
  const said = quote(maskKey(error.apiMessage ?? '', keyForms(place.apiKey)));
  if (status >= 300 && status < 400) return redirected(status, error, host);
  switch (status) {
    case 401:
      return {
        kind: 'authentication',
        message: `${host} did not accept the API key${said}. Set another with "AllSettled: Set API Key", or in a terminal in ANTHROPIC_API_KEY.`,
      };
    case 403:
      return {
        kind: 'authentication',
        message: `${host} does not let this API key do that${said}. Check the key's rights and workspace, or set another with "AllSettled: Set API Key".`,
      };
    case 402:
      return {
        kind: 'invalidRequest',
        message: `${host} asks for a payment first${said}. Check the billing of the key's account.`,
      };
    case 404:
      return notFound(error, place, said);
    case 413:
      return {
        kind: 'contextWindow',
        message: `The request is larger than ${host} takes${said}. Start a new session, or ask for less at once.`,
      };
    case 429:
      return {
        kind: 'rateLimit',
        message: `${host} limits the rate of requests${said}. Wait, or run fewer agents at once.`,
      };
    case 529:
      return { kind: 'overloaded', message: `${host} is overloaded${said}. Try again later.` };
    default:
      return otherStatus(status, error, place, said);
  }
}

/** It is not followed: the key would go there. */
function redirected(status: number, error: APIError, host: string): Description {
  const location = error.headers?.get('location') ?? '';
  const to = URL.canParse(location) ? ` to ${new URL(location).host}` : '';
  return {
    kind: 'invalidRequest',
    message:
      `${host} redirects the request${to} (${status}), which is not followed, because your API key would go there. ` +
      'Check the base URL, and set the address that is meant.',
  };
}

function notFound(error: APIError, place: RequestPlace, said: string): Description {
  if (error.type === 'not_found_error' && place.model !== undefined)
    return {
      kind: 'unusableModel',
      message: `The model "${place.model}" does not exist or this API key may not use it${said}. Choose another model.`,
    };
  return {
    kind: 'invalidRequest',
    message: `${hostOf(place.baseUrl)} has no Messages API at this address (404)${said}. Check the base URL; it ends before "/v1".`,
  };
}

function otherStatus(status: number, error: APIError, place: RequestPlace, said: string): Description {
  const host = hostOf(place.baseUrl);
  if (status >= 500 || status === 408 || status === 409)
    return { kind: 'server', message: `${host} had an error (${status})${said}. Try again later.` };
  if (/prompt is too long|context (window|length|limit)/i.test(error.apiMessage ?? ''))
    return {
      kind: 'contextWindow',
      message: `The conversation no longer fits the model's context window${said}. Start a new session, or use a model with a larger window.`,
    };
  return {
    kind: 'invalidRequest',
    message: `${host} refused the request (${status})${said}. Check the model and the limit of tokens.`,
  };
}

function quote(apiMessage: string): string {
  return apiMessage ? `: "${apiMessage}"` : '';
}

function hostOf(baseUrl: string): string {
  return new URL(baseUrl).host;
}

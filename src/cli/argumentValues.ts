/** Checks single values of the command line. */
import { permissions, type Permission } from '../core/agents.ts';
import { sandboxUses, type SandboxUse } from '../core/sandboxPorts.ts';
import { maxConcurrency } from '../formats/limits.ts';
import { nearestName } from '../formats/nearestName.ts';
import type { KeySource } from './apiKey.ts';

/** A mistake in the command line; the message says what would be right. */
export class UsageMistake extends Error {}

/** The one argument beside the options. */
export function onlyOne(positionals: readonly string[], name: string, what: string): string {
  const [first, second] = positionals;
  if (first === undefined || first.trim() === '') throw new UsageMistake(`${name} is missing: give ${what}.`);
  if (second !== undefined) throw new UsageMistake(`Too many arguments at "${second}": give ${what}.`);
  return first;
}

/** An option that is there must have a value: an empty one is most often an unset variable of a script. */
export function given<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  if (value === undefined) return {};
  if (value !== '') return { [key]: value } as { readonly [P in K]?: string };
  throw new UsageMistake(`--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} needs a value.`);
}

/** The permission by its name; the CLI's default is the narrowest. */
export function permissionOf(written: string | undefined): Permission {
  if (written === undefined) return 'read-only';
  const permission = permissions.find((candidate) => candidate === written);
  if (permission) return permission;
  const nearest = nearestName(written, permissions);
  const end = nearest === undefined ? '.' : `, did you mean "${nearest}"?`;
  throw new UsageMistake(`--permission must be one of ${permissions.join(', ')}, not "${written}"${end}`);
}

/** What becomes of commands. */
export function sandboxOf(written: string | undefined): { readonly sandbox?: SandboxUse } {
  if (written === undefined) return {};
  const sandbox = sandboxUses.find((candidate) => candidate === written);
  if (sandbox) return { sandbox };
  throw new UsageMistake(`--sandbox must be one of ${sandboxUses.join(', ')}, not "${written}".`);
}

/** Returns the source of the API key that the arguments name. */
export function keySourceOf(values: { readonly 'api-key-file'?: string; readonly 'api-key-fd'?: string }): {
  readonly key?: KeySource;
} {
  const { apiKeyFile: file } = given('apiKeyFile', values['api-key-file']);
  const written = values['api-key-fd'];
  if (file !== undefined && written !== undefined)
    throw new UsageMistake('Give --api-key-file or --api-key-fd, not both.');
  if (file !== undefined) return { key: { kind: 'file', file } };
  if (written === undefined) return {};
  const descriptor = /^\d{1,6}$/.test(written) ? Number(written) : -1;
  if (descriptor === 0 || descriptor > 2) return { key: { kind: 'descriptor', descriptor } };
  throw new UsageMistake(
    `--api-key-fd must be the number of an open input, 0 or from 3 on, not "${written}".`,
  );
}

/** How many tasks may run at the same time. */
export function concurrencyOf(written: string): number {
  const value = /^\d+$/.test(written) ? Number(written) : 0;
  if (value >= 1 && value <= maxConcurrency) return value;
  throw new UsageMistake(
    `--max-concurrency must be a whole number from 1 to ${maxConcurrency}, not "${written}".`,
  );
}

/** An address that the Messages API can be asked at. */
export function httpUrl(written: string): string {
  if (/^https?:$/.test(URL.parse(written)?.protocol ?? '')) return written;
  throw new UsageMistake(`--base-url must be an http or https address, not "${written}".`);
}

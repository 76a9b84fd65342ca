/** The program that forbids Unix sockets and namespaces to a command; the library starts it inside of the sandbox on Linux. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

const unpacked = new Map<string, string>();

/**
 * Its absolute path; the package holds it compressed, so it is unpacked into the folder. Throws where there is none for this
 * processor: without it the sandbox would be a weaker one.
 */
export function seccompProgram(folder: string, own = import.meta.dirname): string {
  const inLibrary = path.resolve(own, '../../../node_modules/@anthropic-ai/sandbox-runtime/vendor/seccomp');
  const isBuilt = !import.meta.filename.endsWith('.ts');
  const file = isBuilt
    ? path.join(own, 'seccomp', `${process.arch}.br`)
    : path.join(inLibrary, process.arch, 'apply-seccomp');
  if (!existsSync(file)) throw new Error(`There is no sandbox for this processor (${process.arch}).`);
  return isBuilt ? unpack(file, folder) : file;
}

/** What is there already is compared: nothing else may be started in its place. */
export function unpack(file: string, folder: string): string {
  const known = unpacked.get(folder);
  if (known !== undefined && existsSync(known)) return known;
  const program = brotliDecompressSync(readFileSync(file));
  const hash = createHash('sha256').update(program).digest('hex').slice(0, 16);
  const target = path.join(folder, `apply-seccomp-${hash}`);
  if (!existsSync(target) || !readFileSync(target).equals(program)) {
    // Another window may be at the same.
    const part = `${target}.${process.pid}`;
    writeFileSync(part, program, { mode: 0o700 });
    renameSync(part, target);
  }
  unpacked.set(folder, target);
  return target;
}

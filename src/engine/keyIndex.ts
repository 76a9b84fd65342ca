/** Finds who declared a key that overlaps with another: a folder's tree overlaps with all below it. */
import type { EffectKey } from '../core/effects.ts';

export class KeyIndex<Owner> {
  private readonly owners = new Map<EffectKey, Set<Owner>>();
  private treeCount = 0;

  get isEmpty(): boolean {
    return this.owners.size === 0;
  }

  add(key: EffectKey, owner: Owner): void {
    const known = this.owners.get(key);
    if (known) {
      known.add(owner);
      return;
    }
    this.owners.set(key, new Set([owner]));
    if (isTree(key)) this.treeCount += 1;
  }

  remove(key: EffectKey, owner: Owner): void {
    const known = this.owners.get(key);
    if (!known?.delete(owner) || known.size > 0) return;
    this.owners.delete(key);
    if (isTree(key)) this.treeCount -= 1;
  }

  /** Everybody who declared this key, a tree around it, or (for a tree) something in it. */
  *overlapping(key: EffectKey): Generator<Owner> {
    yield* this.owners.get(key) ?? [];
    const path = pathOf(key);
    if (path === undefined) return;
    if (this.treeCount > 0) yield* this.treesAround(key, path);
    if (isTree(key)) yield* this.insideTree(key, path);
  }

  private *treesAround(key: EffectKey, path: string): Generator<Owner> {
    if (key !== `tree:${path}`) yield* this.owners.get(`tree:${path}`) ?? [];
    for (let folder = parentOf(path); folder !== undefined; folder = parentOf(folder))
      yield* this.owners.get(`tree:${folder}`) ?? [];
  }

  private *insideTree(tree: EffectKey, path: string): Generator<Owner> {
    for (const [key, owners] of this.owners) {
      const inner = key === tree ? undefined : pathOf(key);
      if (inner !== undefined && isInside(inner, path)) yield* owners;
    }
  }
}

function isTree(key: EffectKey): boolean {
  return key.startsWith('tree:');
}

/** The path of a `file:` or `tree:` key; git's keys overlap only with themselves. */
function pathOf(key: EffectKey): string | undefined {
  return key.startsWith('file:') || key.startsWith('tree:') ? key.slice(5) : undefined;
}

function parentOf(path: string): string | undefined {
  const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  if (end < 0 || path.length === 1) return undefined;
  return end === 0 ? path[0] : path.slice(0, end);
}

function isInside(inner: string, folder: string): boolean {
  if (!inner.startsWith(folder)) return false;
  return inner.length === folder.length || /[\\/]$/.test(folder) || /[\\/]/.test(inner[folder.length] ?? '');
}

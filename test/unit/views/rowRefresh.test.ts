import assert from 'node:assert/strict';
import test from 'node:test';
import { RowRefresh } from '../../../src/views/rowRefresh.ts';
import type { RefreshedRows } from '../../../src/views/rowRefresh.ts';

/** A clock whose timers fire when the test says so. */
class Ticks {
  private readonly timers = new Set<() => void>();

  after(_delayMs: number, callback: () => void): { dispose(): void } {
    this.timers.add(callback);
    return { dispose: () => void this.timers.delete(callback) };
  }

  get isIdle(): boolean {
    return this.timers.size === 0;
  }

  tick(): void {
    const due = [...this.timers];
    this.timers.clear();
    for (const callback of due) callback();
  }
}

function refreshed(): { ticks: Ticks; refresh: RowRefresh; redraws: RefreshedRows[] } {
  const ticks = new Ticks();
  const redraws: RefreshedRows[] = [];
  return { ticks, redraws, refresh: new RowRefresh(ticks, (rows) => redraws.push(rows)) };
}

test('many changes between two ticks are one redraw of the rows that changed', () => {
  const { ticks, refresh, redraws } = refreshed();
  for (let i = 0; i < 1000; i++) refresh.touch([`s/b/${i % 3}`]);
  assert.deepEqual(redraws, []);
  ticks.tick();
  assert.deepEqual(redraws, [['s/b/0', 's/b/1', 's/b/2']]);
});

test('the rows above come at once, then at a fifth of the pace', () => {
  const { ticks, refresh, redraws } = refreshed();
  for (let i = 0; i < 7; i++) {
    refresh.touch([`s/b/${i}`, 's']);
    ticks.tick();
  }
  assert.deepEqual(
    redraws.map((rows) => rows.includes('s')),
    [true, false, false, false, false, true, false],
  );
});

test('the last count is drawn also when nothing changes any more', () => {
  const { ticks, refresh, redraws } = refreshed();
  refresh.touch(['s/b/0', 's']);
  ticks.tick();
  refresh.touch(['s/b/1', 's']);
  for (let i = 0; i < 20; i++) ticks.tick();
  assert.deepEqual(redraws, [['s/b/0', 's'], ['s/b/1'], ['s']]);
});

test('a new session redraws the whole tree', () => {
  const { ticks, refresh, redraws } = refreshed();
  refresh.touch(['s/b/0', 's']);
  refresh.touch('root');
  ticks.tick();
  assert.deepEqual(redraws, ['root']);
});

test('it rests when there is nothing to draw', () => {
  const { ticks, refresh } = refreshed();
  assert.ok(ticks.isIdle);
  refresh.touch(['s/b/0', 's']);
  for (let i = 0; i < 20; i++) ticks.tick();
  assert.ok(ticks.isIdle);
  refresh.touch([]);
  assert.ok(ticks.isIdle);
});

test('nothing is drawn after it was disposed', () => {
  const { ticks, refresh, redraws } = refreshed();
  refresh.touch(['s/b/0']);
  refresh.dispose();
  ticks.tick();
  assert.deepEqual(redraws, []);
});

/** Gathers changed rows, so that the tree is redrawn at most 10 times a second. */
import type { Clock } from '../core/ports.ts';
import type { RowId } from './rowIds.ts';
import type { TouchedRows } from './touchedRows.ts';

const refreshEveryMs = 100;
/** Redrawing a row redraws all rows below it, so the counts of ancestors come at a fifth of the pace. */
const ticksBetweenAncestors = 5;

/** Which rows to redraw: `root` is the whole tree. */
export type RefreshedRows = 'root' | readonly RowId[];

/** Owns the one timer; disposing drops what was gathered. */
export class RowRefresh {
  private readonly clock: Pick<Clock, 'after'>;
  private readonly redraw: (rows: RefreshedRows) => void;
  private readonly changed = new Set<RowId>();
  private readonly ancestors = new Set<RowId>();
  private rootChanged = false;
  private ticksLeft = 0;
  private timer: { dispose(): void } | undefined;

  constructor(clock: Pick<Clock, 'after'>, redraw: (rows: RefreshedRows) => void) {
    this.clock = clock;
    this.redraw = redraw;
  }

  touch(touched: TouchedRows): void {
    if (touched === 'root') this.rootChanged = true;
    else {
      const [own, ...above] = touched;
      if (own === undefined) return;
      this.changed.add(own);
      for (const rowId of above) this.ancestors.add(rowId);
    }
    this.timer ??= this.clock.after(refreshEveryMs, () => this.tick());
  }

  dispose(): void {
    this.timer?.dispose();
    this.changed.clear();
    this.ancestors.clear();
  }

  private tick(): void {
    this.timer = undefined;
    this.ticksLeft--;
    const rows = this.take();
    if (rows === 'root' || rows.length > 0) this.redraw(rows);
    if (this.ancestors.size > 0 || this.ticksLeft > 0)
      this.timer ??= this.clock.after(refreshEveryMs, () => this.tick());
  }

  private take(): RefreshedRows {
    const withAncestors = this.ticksLeft <= 0 && this.ancestors.size > 0;
    const rows = [...new Set([...this.changed, ...(withAncestors ? this.ancestors : [])])];
    this.changed.clear();
    if (withAncestors || this.rootChanged) this.ancestors.clear();
    if (withAncestors) this.ticksLeft = ticksBetweenAncestors;
    const { rootChanged } = this;
    this.rootChanged = false;
    return rootChanged ? 'root' : rows;
  }
}

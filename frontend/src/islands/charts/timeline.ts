import type { ReadingsSeries } from "./settings";

/** Values on a time axis: null is a missing reading and breaks a line, undefined a moment at which the series has no interval. */
export type Column = (number | null | undefined)[];

/** How the values of a column of `align` are drawn, and what they are called. */
export interface Line {
  name: string;
  column: number;
  color: string;
  dash: number[];
}

/** The lines of one unit. */
export interface Panel {
  unit: string;
  lines: Line[];
}

const COLORS = ["--green", "--sky", "--amber", "--violet", "--red"];
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 5]];

/** Units in the order in which they come. Colour and dashes tell the lines apart; together they come again only after twenty-five. */
export function byUnit(series: readonly ReadingsSeries[]): Panel[] {
  const panels = new Map<string, Line[]>();
  series.forEach(({ name, unit }, i) => {
    const round = Math.floor(i / COLORS.length);
    const line = { name, column: i + 1, color: COLORS[i % COLORS.length]!, dash: DASHES[(i + round) % DASHES.length]! };
    panels.set(unit, [...(panels.get(unit) ?? []), line]);
  });
  return [...panels].map(([unit, lines]) => ({ unit, lines }));
}

/** One time axis for all series: [starts in seconds, values of each series …]. A series of hours beside one of minutes is no series of gaps. */
export function align(series: readonly ReadingsSeries[]): [number[], ...Column[]] {
  const parts = series.map(withGaps);
  const starts = [...new Set(parts.flatMap((part) => part.start))].sort((a, b) => a - b);
  const place = new Map(starts.map((start, i) => [start, i]));
  const columns = parts.map(({ start, value }) => {
    const column: Column = new Array<undefined>(starts.length).fill(undefined);
    start.forEach((at, i) => {
      column[place.get(at)!] = value[i] ?? null;
    });
    return column;
  });
  return [starts.map((start) => start / 1000), ...columns];
}

/** Places of readings that no line shows, because nothing was read before and behind them. */
export function alone(values: Column): number[] {
  const own = values.flatMap((value, i) => (value === undefined ? [] : [i]));
  const empty = (at: number | undefined): boolean => at === undefined || values[at] === null;
  return own.filter((at, n) => !empty(at) && empty(own[n - 1]) && empty(own[n + 1]));
}

/** The series with an empty place after each hole in time, so that a line does not run across it. */
export function withGaps(series: ReadingsSeries): { start: number[]; value: (number | null)[] } {
  const step = series.interval ?? commonest(series.start);
  const start: number[] = [];
  const value: (number | null)[] = [];
  series.start.forEach((now, i) => {
    const before = series.start[i - 1];
    if (before !== undefined && step > 0 && now - before > step * 1.5) {
      start.push(before + step);
      value.push(null);
    }
    start.push(now);
    value.push(series.value[i] ?? null);
  });
  return { start, value };
}

function commonest(starts: readonly number[]): number {
  const counts = new Map<number, number>();
  for (let i = 1; i < starts.length; i++) {
    const step = starts[i]! - starts[i - 1]!;
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0])[0];
}

/** A span moved or scaled around its middle, kept within the whole; spans never shrink below `least`. */
export function reach(span: readonly [number, number], whole: readonly [number, number], factor: number, shift: number, least: number): [number, number] {
  const size = Math.min(whole[1] - whole[0], Math.max(least, (span[1] - span[0]) * factor));
  const middle = (span[0] + span[1]) / 2 + shift * (span[1] - span[0]);
  const from = Math.min(Math.max(middle - size / 2, whole[0]), whole[1] - size);
  return [from, from + size];
}

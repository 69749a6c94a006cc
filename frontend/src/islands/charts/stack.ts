import type { DynamicsRow } from "./settings";

/** Every year from the first to the last, also those without rows: a gap in time must be seen as a gap. */
export function years(rows: readonly DynamicsRow[]): number[] {
  if (rows.length === 0) return [];
  const all = rows.map((row) => row.year);
  const first = Math.min(...all);
  return Array.from({ length: Math.max(...all) - first + 1 }, (_, step) => first + step);
}

/** The sum over families of one measure in each year that has a known value. */
export function totals(rows: readonly DynamicsRow[], measure: string): { year: number; total: number }[] {
  const sums = new Map<number, number>();
  for (const row of rows) {
    const value = row[measure];
    if (typeof value === "number") sums.set(row.year, (sums.get(row.year) ?? 0) + value);
  }
  return [...sums].map(([year, total]) => ({ year, total })).sort((a, b) => a.year - b.year);
}

/** The years that get a label, so that labels do not touch: always the last, then every n-th before it. */
export function ticksOf(domain: readonly number[], width: number): number[] {
  const room = Math.max(1, Math.floor((width - 80) / 44));
  const every = Math.max(1, Math.ceil(domain.length / room));
  return domain.filter((_, i) => (domain.length - 1 - i) % every === 0);
}

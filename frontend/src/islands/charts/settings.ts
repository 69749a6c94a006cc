import type { Lang } from "../number";
import type { FamilyEntry } from "../map/settings";

/** Readings of one or more series over time, fetched from `url` as a ReadingsAnswer. */
export interface ReadingsSettings {
  lang: Lang;
  messages: Record<string, string>;
  url: string;
  title: string;
  /** IANA time zone of the axis; Asia/Almaty unless the plant stands elsewhere. */
  zone?: string;
}

export interface ReadingsAnswer {
  series: ReadingsSeries[];
}

export interface ReadingsSeries {
  name: string;
  unit: string;
  /** Starts of the half-open intervals, milliseconds since 1970 UTC, ascending. */
  start: number[];
  /** One value per start; null is a missing reading and leaves a gap. */
  value: (number | null)[];
  /** Length of an interval in milliseconds; the commonest distance of starts when left out. */
  interval?: number;
}

/** Yearly sums by technology family, stacked. */
export interface DynamicsSettings {
  lang: Lang;
  messages: Record<string, string>;
  title: string;
  description: string;
  /** What can be shown; the first is shown to begin with. */
  measures: { key: string; label: string; unit: string }[];
  families: FamilyEntry[];
  /** One row per year and family; measures as properties, null where unknown. */
  rows: DynamicsRow[];
}

export type DynamicsRow = { year: number; family: string } & Record<string, number | string | null>;

/** Twelve monthly values, January first. */
export interface ProfileSettings {
  lang: Lang;
  messages: Record<string, string>;
  title: string;
  unit: string;
  values: (number | null)[];
}

/** What stood at the end of each year, and curves beyond the last one with their intervals. */
export interface ForecastSettings {
  lang: Lang;
  messages: Record<string, string>;
  title: string;
  description: string;
  unit: string;
  observed: { year: number; value: number }[];
  observedLabel: string;
  curves: { key: string; label: string; rows: { year: number; value: number; low: number; high: number }[] }[];
}

/** Values with the ends between which they may lie, one bar each; `mark` is a line across all of them. */
export interface RangesSettings {
  lang: Lang;
  messages: Record<string, string>;
  title: string;
  description: string;
  unit: string;
  mark: number | null;
  rows: { label: string; value: number; low: number; high: number; note: string }[];
}

/** Amounts by month, and what was expected of them or bounds them from above. */
export interface PerformanceSettings {
  lang: Lang;
  messages: Record<string, string>;
  title: string;
  description: string;
  unit: string;
  /** What the bars are. */
  metered: string;
  /** What the line is; null where there is none. */
  marked: string | null;
  /** The line is an upper bound, not an expectation: it is dashed. */
  bound: boolean;
  rows: { label: string; value: number | null; mark: number | null }[];
}

import type { Lang } from "../number";

export interface LiveSettings {
  lang: Lang;
  messages: Record<string, string>;
  /** Address of the stream; `after` in it is the state of the data that the page shows. */
  url: string;
  /** Address of the published statements. */
  statements: string;
}

/** One event of the stream: what changed, never the values (src/jasyl/portal/live_changes.py). */
export interface LiveChange {
  revision: number;
  /** Something was recorded in the register: points of the map may have moved. */
  register: boolean;
  /** Too much to tell, or too slow: look at everything again. */
  whole: boolean;
  facilities: { key: string; lon_lat: [number, number] | null; series: number; readings: number; newest: string }[];
  /** Published statements that no longer have the current number, by id. */
  statements: string[];
}

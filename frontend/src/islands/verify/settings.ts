import type { Lang } from "../number";

/** What the server writes into the island (portal/verify.py). */
export interface VerifySettings {
  lang: Lang;
  messages: Record<string, string>;
  /** The trust policy of this log, as this site shows it, then those before its keys were changed, newest first. */
  policies: string[];
  /** The passport of the page's statement; null on the page where a visitor brings one. */
  passport: string | null;
  levels: Record<string, string>;
}

/** Numbers as the page's language writes them. Kazakh and Russian share `1 234,5`; browsers know only the latter by name. */
export type Lang = "kk" | "ru" | "en";

export function writeNumber(lang: Lang, value: number, digits?: number): string {
  const shown = digits ?? sensibleDigits(value);
  return new Intl.NumberFormat(lang === "en" ? "en" : "ru", {
    minimumFractionDigits: digits ?? 0,
    maximumFractionDigits: shown,
    useGrouping: true,
  }).format(value);
}

function sensibleDigits(value: number): number {
  const size = Math.abs(value);
  if (size >= 1000) return 0;
  return size >= 100 ? 1 : size >= 1 ? 2 : 3;
}

/** Decimal places in which numbers `step` apart differ. */
export function placesOf(step: number): number {
  let places = 0;
  while (places < 9 && Math.abs(step * 10 ** places - Math.round(step * 10 ** places)) > 1e-6) places += 1;
  return places;
}

/** A power in watts with the unit that keeps it readable; the units' short names come from the messages. */
export function writePower(lang: Lang, watts: number, messages: Record<string, string>): string {
  const [unit, size] = watts >= 1e9 ? (["GW", 1e9] as const) : watts >= 1e6 ? (["MW", 1e6] as const) : (["kW", 1e3] as const);
  return `${writeNumber(lang, watts / size)}\u00a0${messages[`unit-${unit}`] ?? unit}`;
}

/** Puts values into the `{name}` places of a message. */
export function fill(message: string | undefined, values: Record<string, string | number>): string {
  return (message ?? "").replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

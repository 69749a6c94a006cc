/** Moments as people at the plant read them: civil time of its zone, month names from the page's messages. */
export class Clock {
  readonly #parts: Intl.DateTimeFormat;
  readonly #months: readonly string[];

  constructor(zone: string, months: readonly string[]) {
    // The British form is only a carrier of digits; nothing of it is shown.
    this.#parts = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    this.#months = months;
  }

  /** For example `21 Nov 2026, 14:00`. */
  full(seconds: number): string {
    const { day, month, year, time } = this.#read(seconds);
    return `${day} ${month} ${year}, ${time}`;
  }

  /** A tick of an axis whose ticks lie `step` seconds apart: time, day, month or year, whichever changes. */
  tick(seconds: number, step: number): string {
    const { day, month, year, time } = this.#read(seconds);
    if (step < 86_400) return time === "00:00" ? `${day} ${month}` : time;
    if (step < 28 * 86_400) return `${day} ${month}`;
    return step < 360 * 86_400 ? `${month} ${year}` : year;
  }

  #read(seconds: number): { day: string; month: string; year: string; time: string } {
    const found: Record<string, string> = {};
    for (const { type, value } of this.#parts.formatToParts(seconds * 1000)) found[type] = value;
    return {
      day: String(Number(found["day"])),
      month: this.#months[Number(found["month"]) - 1] ?? "",
      year: found["year"] ?? "",
      time: `${found["hour"] ?? ""}:${found["minute"] ?? ""}`,
    };
  }
}

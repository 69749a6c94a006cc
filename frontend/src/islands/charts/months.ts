const MONTHS = Array.from({ length: 12 }, (_, month) => month + 1);

/** Full and short names of the months, January first. */
export const monthNames = (messages: Record<string, string>): { names: string[]; labels: string[] } => ({
  names: MONTHS.map((month) => messages[`month-${month}`] ?? String(month)),
  labels: MONTHS.map((month) => messages[`month-short-${month}`] ?? String(month)),
});

/** Exact amounts: what a passport claims is recomputed without rounding. */

/** An exact fraction, its denominator above zero. */
export interface Fraction {
  over: bigint;
  under: bigint;
}

export const times = (one: Fraction, other: Fraction): Fraction => ({ over: one.over * other.over, under: one.under * other.under });
export const plus = (one: Fraction, other: Fraction): Fraction => ({ over: one.over * other.under + other.over * one.under, under: one.under * other.under });
export const same = (one: Fraction, other: Fraction): boolean => one.over * other.under === other.over * one.under;
export const power = (exponent: number): Fraction => (exponent < 0 ? { over: 1n, under: 10n ** BigInt(-exponent) } : { over: 10n ** BigInt(exponent), under: 1n });

/** Rounded to a thousandth, half to even. */
export function rounded({ over, under }: Fraction): Fraction {
  const doubled = 2n * over * 1000n + under;
  let whole = doubled / (2n * under);
  if (doubled < 0n && doubled % (2n * under) !== 0n) whole -= 1n;
  if (doubled % (2n * under) === 0n && whole % 2n !== 0n) whole -= 1n;
  return { over: whole, under: 1000n };
}

/** The fraction that a decimal number stands for. */
export function fraction(text: string): Fraction {
  const [whole = "0", decimals = ""] = text.split(".");
  return { over: BigInt(whole + decimals), under: 10n ** BigInt(decimals.length) };
}

import { expect, it } from "vitest";
import signs from "../../src/jasyl/portal/islands.py?raw";
import css from "../src/style/tokens.css?raw";

/** WCAG 2.2 contrast of the page's colours and of the map's signs, read from the files that define them. */
function tokens(dark: boolean): Record<string, string> {
  const found: Record<string, string> = {};
  const without = css.replace(/@media \(prefers-color-scheme: dark\) \{[\s\S]*?\n\}/g, (block) => (dark ? block : ""));
  for (const [, name, value] of without.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)) found[name!] = value!;
  return found;
}

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const TEXT: [string, string][] = [
  ...["ink", "ink-soft", "link"].flatMap((ink) => ["paper", "surface", "sunken"].map((ground) => [ink, ground] as [string, string])),
  ["on-green", "green"],
  ["on-green", "green-strong"],
  ["green-strong", "green-soft"],
  ["green-strong", "surface"],
  ["sky", "sky-soft"],
  ["amber", "amber-soft"],
  ["red", "red-soft"],
  ["red", "surface"],
  ["violet", "violet-soft"],
  ["map-ink", "map-halo"],
  ["map-border", "map-land"],
];
const EDGES: [string, string][] = [
  ["edge", "paper"],
  ["edge", "surface"],
  ["focus", "paper"],
  ["focus", "surface"],
  ["green", "surface"],
  ["map-accent", "map-country"],
];

for (const dark of [false, true]) {
  const color = tokens(dark);
  const scheme = dark ? "dark" : "light";
  it.each(TEXT)(`${scheme}: text %s on %s reaches 4.5`, (ink, ground) => expect(contrast(color[ink]!, color[ground]!)).toBeGreaterThanOrEqual(4.5));
  it.each(EDGES)(`${scheme}: edge %s on %s reaches 3`, (edge, ground) => expect(contrast(color[edge]!, color[ground]!)).toBeGreaterThanOrEqual(3));
}

const families = [...signs.matchAll(/"(\w+)": Sign\("(#\w{6})", "(#\w{6})", "([\w-]+)"\)/g)];

it("knows at least seventeen families", () => expect(families.length).toBeGreaterThanOrEqual(17));

it.each(families.map((found) => found.slice(1)))("the sign of %s stands out on the map", (_, light, dark) => {
  expect(contrast(light!, tokens(false)["map-country"]!)).toBeGreaterThanOrEqual(3);
  expect(contrast(light!, tokens(false)["map-land"]!)).toBeGreaterThanOrEqual(3);
  expect(contrast(dark!, tokens(true)["map-country"]!)).toBeGreaterThanOrEqual(3);
});

it("no two families share both shape and nearly the same lightness", () => {
  for (const [i, [, one, light, , shape]] of families.entries()) {
    for (const [, other, light2, , shape2] of families.slice(i + 1)) {
      if (shape === shape2) expect(contrast(light!, light2!), `${one} and ${other}`).toBeGreaterThan(1.25);
    }
  }
});

import type { PlotOptions } from "@observablehq/plot";

export type Drawn = SVGSVGElement | HTMLElement;

/** Curves of one chart are told apart by colour and by dashes. */
export const COLORS = ["--sky", "--amber", "--violet"];
export const DASHES = ["", "8 4", "2 3"];
export const TIP = { fill: "var(--surface)", stroke: "var(--edge)" };

/** What every chart of ours has in common: its name for those who do not see it, room for numbers, the page's letters. */
export function frame(width: number, name: string, description: string): PlotOptions {
  return {
    width,
    height: Math.min(440, Math.max(260, width * 0.48)),
    marginLeft: 64,
    marginBottom: 36,
    style: { background: "transparent", fontSize: "12px", fontFamily: "inherit" },
    ariaLabel: name,
    ariaDescription: description,
  };
}

import { mount } from "svelte";
import RangesChart from "./RangesChart.svelte";
import type { RangesSettings } from "./settings";

export function start(stage: HTMLElement, settings: unknown): void {
  mount(RangesChart, { target: stage, props: { settings: settings as RangesSettings } });
}

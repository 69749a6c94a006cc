import { mount } from "svelte";
import ReadingsChart from "./ReadingsChart.svelte";
import type { ReadingsSettings } from "./settings";

export function start(stage: HTMLElement, settings: unknown): void {
  mount(ReadingsChart, { target: stage, props: { settings: settings as ReadingsSettings } });
}

import { mount } from "svelte";
import PerformanceChart from "./PerformanceChart.svelte";
import type { PerformanceSettings } from "./settings";

export function start(stage: HTMLElement, settings: unknown): void {
  mount(PerformanceChart, { target: stage, props: { settings: settings as PerformanceSettings } });
}

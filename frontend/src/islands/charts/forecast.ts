import { mount } from "svelte";
import ForecastChart from "./ForecastChart.svelte";
import type { ForecastSettings } from "./settings";

export function start(stage: HTMLElement, settings: unknown): void {
  mount(ForecastChart, { target: stage, props: { settings: settings as ForecastSettings } });
}

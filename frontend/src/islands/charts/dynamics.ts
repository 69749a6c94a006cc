import { mount } from "svelte";
import DynamicsChart from "./DynamicsChart.svelte";
import type { DynamicsSettings } from "./settings";

export function start(stage: HTMLElement, settings: unknown): void {
  mount(DynamicsChart, { target: stage, props: { settings: settings as DynamicsSettings } });
}

import { mount } from "svelte";
import LiveStatus from "./LiveStatus.svelte";
import type { LiveSettings } from "./settings";

export function start(stage: HTMLElement, settings: unknown): void {
  mount(LiveStatus, { target: stage, props: { settings: settings as LiveSettings } });
}

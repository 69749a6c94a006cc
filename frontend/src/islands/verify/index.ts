import { mount } from "svelte";
import VerifyIsland from "./VerifyIsland.svelte";
import type { VerifySettings } from "./settings";

export function start(stage: HTMLElement, settings: unknown): void {
  mount(VerifyIsland, { target: stage, props: { settings: settings as VerifySettings } });
}

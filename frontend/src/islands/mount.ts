/** What an island's chunk offers: it draws itself into `stage` from the settings the server wrote. */
export interface Island {
  start(stage: HTMLElement, settings: unknown): void;
}

/** Each island's chunk, loaded only where a page asks for it. */
const ISLANDS: Record<string, () => Promise<Island>> = {
  map: () => import("./map"),
  live: () => import("./live"),
  "readings-chart": () => import("./charts/readings"),
  "dynamics-chart": () => import("./charts/dynamics"),
  "forecast-chart": () => import("./charts/forecast"),
  "profile-chart": () => import("./charts/profile"),
  "ranges-chart": () => import("./charts/ranges"),
  "performance-chart": () => import("./charts/performance"),
  verify: () => import("./verify"),
};

/** Starts every island below `root`. One that fails leaves what the server wrote in place. */
export function mountIslands(root: ParentNode): void {
  for (const host of root.querySelectorAll<HTMLElement>("[data-island]")) void startIsland(host);
}

async function startIsland(host: HTMLElement): Promise<void> {
  const name = host.dataset["island"] ?? "";
  const load = ISLANDS[name];
  const source = host.querySelector<HTMLScriptElement>(':scope > script[type="application/json"]');
  if (!load || !source) return;
  const stage = document.createElement("div");
  stage.className = "island-stage";
  try {
    const settings: unknown = JSON.parse(source.textContent ?? "");
    const { start } = await load();
    source.after(stage);
    start(stage, settings);
    host.dataset["state"] = "ready";
  } catch (error) {
    stage.remove();
    host.dataset["state"] = "failed";
    console.error(`The part “${name}” of this page could not start`, error);
  }
}

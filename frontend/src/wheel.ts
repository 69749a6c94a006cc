/**
 * Arrow keys on a benchmarking wheel. The server has drawn it with every part a link, in the order of reading; without
 * this script each part is a stop of the tab key. With it the wheel is one stop: left and right go around a ring, down
 * goes outwards, up goes inwards, Home and End go to the ends of the ring.
 */
const SECTOR = ".sector[href]";

type Sector = SVGElement | HTMLElement;

export function connectWheels(root: ParentNode): void {
  for (const wheel of root.querySelectorAll<HTMLElement>(".wheel")) connect(wheel);
}

function connect(wheel: HTMLElement): void {
  const sectors = [...wheel.querySelectorAll<Sector>(SECTOR)];
  const first = sectors[0];
  if (!first) return;
  for (const sector of sectors) sector.setAttribute("tabindex", sector === first ? "0" : "-1");
  wheel.addEventListener("focusin", (event) => {
    const found = sectors.find((sector) => sector === event.target);
    if (found) for (const sector of sectors) sector.setAttribute("tabindex", sector === found ? "0" : "-1");
  });
  wheel.addEventListener("keydown", (event) => {
    const at = sectors.findIndex((sector) => sector === event.target);
    const to = at < 0 ? undefined : target(sectors.map(depth), at, event.key);
    if (to === undefined) return;
    event.preventDefault();
    sectors[to]?.focus();
  });
}

function depth(sector: Sector): number {
  return Number(sector.getAttribute("data-depth"));
}

/** Where a key leads from `at`, among parts in the order of reading given by their depths; undefined for nowhere. */
export function target(depths: readonly number[], at: number, key: string): number | undefined {
  const own = depths[at] ?? 0;
  const ring = depths.flatMap((depth, index) => (depth === own ? [index] : []));
  const place = ring.indexOf(at);
  switch (key) {
    case "ArrowRight":
      return ring[(place + 1) % ring.length];
    case "ArrowLeft":
      return ring[(place + ring.length - 1) % ring.length];
    case "Home":
      return ring[0];
    case "End":
      return ring[ring.length - 1];
    case "ArrowDown":
      return depths[at + 1] === own + 1 ? at + 1 : undefined;
    case "ArrowUp": {
      const inner = depths.slice(0, at).lastIndexOf(own - 1);
      return inner < 0 ? undefined : inner;
    }
    default:
      return undefined;
  }
}

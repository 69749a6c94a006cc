import type { FamilyEntry } from "./settings";

/**
 * Signs of facilities: the family gives shape and colour, the status gives the look (filled, half, hollow,
 * crossed out), an unconfirmed facility has a dashed outline. So nothing hangs on colour alone.
 */
export type Look = "full" | "half" | "hollow" | "stopped";

/** The registry's statuses (jasyl.registry.STATUSES) by look; everything else is crossed out. */
export const STATUS_LOOKS: Record<Exclude<Look, "stopped">, readonly string[]> = {
  full: ["operating", "extension", "completed"],
  half: ["under_construction", "test_operation"],
  hollow: ["planned", "approved", "financing"],
};

const LOOKS: Record<string, Look> = Object.fromEntries(
  Object.entries(STATUS_LOOKS).flatMap(([look, statuses]) => statuses.map((status) => [status, look as Look])),
);

export const look = (status: string): Look => LOOKS[status.replace(/-/g, "_")] ?? "stopped";

/** Outlines in a box of 24 × 24, as SVG paths, so that the legend and the map draw the very same sign. */
const SHAPES: Record<string, string> = {
  circle: "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18Z",
  square: "M4 4H20V20H4Z",
  diamond: "M12 2 22 12 12 22 2 12Z",
  triangle: "M12 2.5 22 20.5H2Z",
  inverted: "M12 21.5 2 3.5H22Z",
  pentagon: "M12 2 22 9.5 18 21H6L2 9.5Z",
  hexagon: "M7 3H17L22.5 12 17 21H7L1.5 12Z",
  star: "M12 1.5 15 8.5 22.5 9 16.8 14 18.6 21.5 12 17.4 5.4 21.5 7.2 14 1.5 9 9 8.5Z",
  plus: "M8.5 2.5H15.5V8.5H21.5V15.5H15.5V21.5H8.5V15.5H2.5V8.5H8.5Z",
  cross: "M6.5 2 12 7.5 17.5 2 22 6.5 16.5 12 22 17.5 17.5 22 12 16.5 6.5 22 2 17.5 7.5 12 2 6.5Z",
  drop: "M12 1.5C16.5 7.5 19.5 10.8 19.5 15A7.5 7.5 0 0 1 4.5 15C4.5 10.8 7.5 7.5 12 1.5Z",
  house: "M12 2 22 10.5H19.5V21.5H4.5V10.5H2Z",
};

export const shapePath = (family: FamilyEntry): string => SHAPES[family.shape ?? "circle"] ?? SHAPES["circle"]!;

export const signColor = (family: FamilyEntry, dark: boolean): string => (dark && family.dark) || family.color;

/** Name of the map image of a sign; MapLibre asks for it by this name when a tile needs it. */
export const signName = (family: string, status: string, unconfirmed: boolean): string =>
  `${family}|${look(status)}|${unconfirmed ? 1 : 0}`;

const PIXEL_RATIO = 3;
const BOX = 28;

/** Draws the sign called `name`, or nothing when its family is unknown. */
export function drawSign(name: string, families: readonly FamilyEntry[], dark: boolean): { image: ImageData; pixelRatio: number } | null {
  const [key, how, unconfirmed] = name.split("|");
  const family = families.find((entry) => entry.key === key);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = BOX * PIXEL_RATIO;
  const pen = canvas.getContext("2d");
  if (!family || !pen) return null;
  const path = new Path2D(shapePath(family));
  const color = signColor(family, dark);
  const ground = dark ? "#10160f" : "#ffffff";
  pen.scale(PIXEL_RATIO, PIXEL_RATIO);
  pen.translate(2, 2);
  pen.lineJoin = "round";
  pen.strokeStyle = ground;
  pen.lineWidth = 4.5;
  pen.stroke(path);
  pen.fillStyle = how === "full" ? color : ground;
  pen.fill(path);
  if (how === "half") {
    pen.save();
    pen.clip(path);
    pen.fillStyle = color;
    pen.fillRect(12, 0, 12, 24);
    pen.restore();
  }
  pen.strokeStyle = color;
  pen.lineWidth = 2.4;
  if (unconfirmed === "1") pen.setLineDash([3, 2.6]);
  if (how !== "full" || unconfirmed === "1") pen.stroke(path);
  if (how === "full" && unconfirmed === "1") {
    pen.strokeStyle = ground;
    pen.stroke(path);
  }
  if (how === "stopped") {
    pen.setLineDash([]);
    pen.beginPath();
    pen.moveTo(6, 18);
    pen.lineTo(18, 6);
    pen.stroke();
  }
  return { image: pen.getImageData(0, 0, canvas.width, canvas.height), pixelRatio: PIXEL_RATIO };
}

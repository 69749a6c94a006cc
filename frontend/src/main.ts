/**
 * The one script of every page. The server has already written the page; this only looks for islands,
 * elements marked `data-island="…"` that hold their settings as JSON, and brings each to life with a
 * chunk of its own. A page without islands loads nothing more.
 */
import "./style/index.css";
import { mountIslands } from "./islands/mount";
import { connectLanguages } from "./languages";
import { connectMenu } from "./menu";
import { connectSteps } from "./steps";
import { connectWheels } from "./wheel";

connectMenu(document);
connectLanguages(document);
connectSteps(document);
connectWheels(document);
mountIslands(document);

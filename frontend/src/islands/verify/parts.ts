/** The form of a passport file: its lines and what they carry. */
import { base64, decimal, toBase64 } from "./notes";
import { Refused, utf8 } from "./records";

const HEADER = "jasyl-passport/1";
const PROOF = "c2sp.org/tlog-proof@v1";
const MAX_FILE = 1024 * 1024;

/** A calculation whose inputs are committed to by a sum tree: the leaves that are shown, and what stands for the others. */
export interface Tree {
  record: number;
  leaves: { place: number; record: number; sums: bigint[] }[];
  closed: { hash: Uint8Array; sums: bigint[] }[];
}

export interface Parts {
  keys: string[];
  records: Map<number, Uint8Array>;
  nodes: Uint8Array[];
  trees: Tree[];
  index: number;
  path: Uint8Array[];
  checkpoint: Uint8Array;
}

/** The parts of the file, each line in its one spelling. Throws Refused `form` with the number of the line, or with
 * `size`, `proof` (of one record) or `kind` for what is no passport at all. */
export function parse(data: Uint8Array): Parts {
  if (data.length > MAX_FILE) throw new Refused("form", "size");
  const lines = split(data);
  const first = utf8Or(lines[0]);
  if (first !== HEADER) throw new Refused("form", first === PROOF ? "proof" : "kind");
  const empty = lines.findIndex((line) => line.length === 0);
  if (empty < 1) throw new Refused("form", lines.length);
  const parts: Parts = { keys: [], records: new Map(), nodes: [], trees: [], ...parseProof(data, lines, empty) };
  const order = ["key", "record", "node", "tree", "leaf", "sum"];
  let before = "key";
  for (let at = 1; at < empty; at += 1) {
    const line = lines[at] as Uint8Array;
    const word = utf8Or(line.slice(0, Math.max(line.indexOf(32), 0)));
    const later = order.indexOf(word) >= order.indexOf(before) || word === "tree";
    const nested = (word !== "leaf" && word !== "sum") || parts.trees.length > 0;
    if (!order.includes(word) || !later || !nested || !take(parts, word, line)) throw new Refused("form", at + 1);
    before = word;
  }
  const trees = parts.trees.map((tree) => tree.record);
  if (trees.some((record, at) => at > 0 && record <= (trees[at - 1] ?? 0))) throw new Refused("form", "tree");
  return parts;
}

function split(data: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let at = 0; at <= data.length; ) {
    const next = data.indexOf(10, at);
    const end = next < 0 ? data.length : next;
    lines.push(data.slice(at, end));
    at = end + 1;
  }
  return lines;
}

/** A line as text; U+FFFD where it is none. */
export function utf8Or(line: Uint8Array | undefined): string {
  try {
    return utf8(line ?? new Uint8Array());
  } catch {
    return "\uFFFD";
  }
}

function parseProof(data: Uint8Array, lines: Uint8Array[], empty: number): Pick<Parts, "index" | "path" | "checkpoint"> {
  const end = lines.findIndex((line, at) => at > empty && line.length === 0);
  const [header, index = "", ...path] = lines.slice(empty + 1, end).map(utf8Or);
  const place = index.startsWith("index ") ? decimal(index.slice(6)) : null;
  const hashes = path.map(base64);
  if (end < 0 || header !== PROOF || place === null || hashes.some((each) => each?.length !== 32)) throw new Refused("form", empty + 2);
  const offset = lines.slice(0, end + 1).reduce((sum, line) => sum + line.length + 1, 0);
  return { index: place, path: hashes as Uint8Array[], checkpoint: data.slice(offset) };
}

/** Takes in one line; false where it has any other spelling than the one it must have. */
function take(parts: Parts, word: string, line: Uint8Array): boolean {
  if (word === "record") {
    const second = line.indexOf(32, 7);
    const index = second < 0 ? null : decimal(utf8Or(line.slice(7, second)));
    if (index === null || [...parts.records.keys()].some((earlier) => earlier >= index)) return false;
    parts.records.set(index, line.slice(second + 1));
    return true;
  }
  const [, ...words] = utf8Or(line).split(" ");
  const tree = parts.trees.at(-1);
  const first = words[0] ?? "";
  const digest = base64(first);
  const place = decimal(first);
  if (word === "key") return parts.keys.push(utf8Or(line).slice(4)) > 0 && words.length > 0;
  if (word === "node") return words.length === 1 && digest?.length === 32 && parts.nodes.push(digest) > 0;
  if (word === "tree") return words.length === 1 && place !== null && parts.trees.push({ record: place, leaves: [], closed: [] }) > 0;
  const sums = words.slice(word === "leaf" ? 2 : 1);
  if (!tree || sums.length < 1 || sums.length > 16 || !sums.every((sum) => /^(0|[1-9]\d{0,37})$/.test(sum))) return false;
  if (word === "sum") return digest?.length === 32 && toBase64(digest) === first && tree.closed.push({ hash: digest, sums: sums.map(BigInt) }) > 0;
  const record = decimal(words[1] ?? "");
  if (place === null || record === null || tree.closed.length > 0) return false;
  return tree.leaves.push({ place, record, sums: sums.map(BigInt) }) > 0;
}

/** Merkle trees of RFC 6962 and RFC 9162, one proof for many entries, and sum trees (docs/passport.md). */

export const MAX_SUM = 10n ** 38n - 1n;
const ascii = new TextEncoder();
const SUM_DOMAIN = ascii.encode("jasyl-sum-tree/1\n");
const SAMPLE_DOMAIN = ascii.encode("jasyl-sample/1\n");

export function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

export function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function unhex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** `value` in `size` bytes, big-endian. */
export function bigEndian(value: bigint | number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let rest = BigInt(value);
  for (let at = size - 1; at >= 0; at -= 1, rest >>= 8n) bytes[at] = Number(rest & 255n);
  return bytes;
}

const LEAF = Uint8Array.of(0);
const INNER = Uint8Array.of(1);

export const leafHash = (entry: Uint8Array): Promise<Uint8Array> => sha256(LEAF, entry);
const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Uint8Array> => sha256(INNER, left, right);

/** Where RFC 6962 splits [start, end). Plain arithmetic: bit operators of JavaScript end at 32 bits. */
function splitOf(start: number, end: number): number {
  let width = 1;
  while (width * 2 < end - start) width *= 2;
  return start + width;
}

/** Whether a path shows the leaf at its place: the recursion of RFC 6962 taken from the leaf upwards. */
export async function included(leaf: Uint8Array, index: number, size: number, path: Uint8Array[], root: Uint8Array): Promise<boolean> {
  if (index >= size) return false;
  const turns: boolean[] = [];
  for (let start = 0, end = size; end - start > 1; ) {
    const middle = splitOf(start, end);
    turns.unshift(index >= middle);
    if (index < middle) end = middle;
    else start = middle;
  }
  if (turns.length !== path.length) return false;
  let result = leaf;
  for (const [at, right] of turns.entries()) {
    const sibling = path[at] as Uint8Array;
    result = right ? await nodeHash(sibling, result) : await nodeHash(result, sibling);
  }
  return equal(result, root);
}

/** The parts of a tree from left to right: shown leaves, and the largest subtrees that hold none of them. */
function* partsOf(places: Set<number>, size: number): Generator<{ start: number; end: number; shown: boolean }> {
  const waiting: [number, number][] = [[0, size]];
  const sorted = [...places];
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    const [start, end] = part;
    const held = sorted.some((place) => place >= start && place < end);
    if (!held || end - start === 1) {
      yield { start, end, shown: held };
    } else {
      const middle = splitOf(start, end);
      waiting.push([middle, end], [start, middle]);
    }
  }
}

interface Part<Node> {
  start: number;
  end: number;
  node: Node;
}

async function fold<Node>(parts: Part<Node>[], start: number, end: number, join: (left: Node, right: Node) => Promise<Node>): Promise<Node> {
  const first = parts[0] as Part<Node>;
  if (first.start === start && first.end === end) {
    parts.shift();
    return first.node;
  }
  const middle = splitOf(start, end);
  const left = await fold(parts, start, middle, join);
  return join(left, await fold(parts, middle, end, join));
}

function allowed(places: Iterable<number>, size: number): boolean {
  const all = [...places];
  return all.length > 0 && all.every((place) => place < size);
}

/** The root that shown leaf hashes and the hashes beside them lead to; null with one too many or too few. */
export async function rootOfMany(leaves: Map<number, Uint8Array>, size: number, hashes: Uint8Array[]): Promise<Uint8Array | null> {
  if (!allowed(leaves.keys(), size)) return null;
  const rest = [...hashes];
  const parts: Part<Uint8Array>[] = [];
  for (const { start, end, shown } of partsOf(new Set(leaves.keys()), size)) {
    const node = shown ? leaves.get(start) : rest.shift();
    if (!node) return null;
    parts.push({ start, end, node });
  }
  return rest.length ? null : fold(parts, 0, size, nodeHash);
}

export interface SumNode {
  hash: Uint8Array;
  count: number;
  sums: bigint[];
}

export const weightOf = (node: SumNode): bigint => (node.sums[0] ?? 0n) + (node.sums[1] ?? 0n);

const encodedSums = (sums: bigint[]): Uint8Array => joined(...sums.map((sum) => bigEndian(sum, 16)));

export async function sumLeaf(digest: Uint8Array, sums: bigint[]): Promise<SumNode> {
  return { hash: await sha256(LEAF, SUM_DOMAIN, digest, encodedSums(sums)), count: 1, sums };
}

async function sumJoin(left: SumNode, right: SumNode): Promise<SumNode> {
  const sums = left.sums.map((sum, at) => sum + (right.sums[at] ?? 0n));
  if (left.sums.length !== right.sums.length || sums.some((sum) => sum > MAX_SUM)) throw new Error("sums");
  const encoded = [left, right].map((node) => joined(node.hash, bigEndian(node.count, 8), encodedSums(node.sums)));
  return { hash: await sha256(INNER, SUM_DOMAIN, ...encoded), count: left.count + right.count, sums };
}

/** The root that opened leaves and closed parts lead to, and the weight before each leaf; null where they do not fit. */
export async function opened(
  leaves: Map<number, SumNode>,
  count: number,
  closed: { hash: Uint8Array; sums: bigint[] }[],
): Promise<{ root: SumNode; before: Map<number, bigint> } | null> {
  if (!allowed(leaves.keys(), count)) return null;
  const rest = [...closed];
  const before = new Map<number, bigint>();
  const parts: Part<SumNode>[] = [];
  let weight = 0n;
  for (const { start, end, shown } of partsOf(new Set(leaves.keys()), count)) {
    const beside = shown ? null : rest.shift();
    const node = beside ? { ...beside, count: end - start } : leaves.get(start);
    if (!node || (!shown && !beside)) return null;
    if (shown) before.set(start, weight);
    weight += weightOf(node);
    parts.push({ start, end, node });
  }
  if (rest.length) return null;
  try {
    return { root: await fold(parts, 0, count, sumJoin), before };
  } catch {
    return null;
  }
}

/** The positions that must be opened: nobody can choose them. */
export async function draws(recordId: Uint8Array, logRoot: Uint8Array, root: SumNode, number: number): Promise<bigint[]> {
  const modulus = weightOf(root) || BigInt(root.count);
  const drawn: bigint[] = [];
  for (let at = 0; at < number; at += 1) {
    drawn.push(BigInt(`0x${hex(await sha256(SAMPLE_DOMAIN, recordId, logRoot, bigEndian(at, 4)))}`) % modulus);
  }
  return drawn;
}

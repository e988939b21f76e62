/**
 * Cuts the bytes of store.json, as rc lays it out, at its connectors, and says which pieces are the same bytes as in the
 * document before. Finding that is a comparison of memory; nothing of what is unchanged is decoded or parsed.
 *
 * Safe for any text: JSON strings hold no newline, so a cut is between tokens. The rest with one stand-in for the connectors
 * must parse to exactly that stand-in, and every piece must parse as one object by itself; else the text is read as a whole.
 */
import type { StoredConnector } from '../../domain/connector.ts';
import type { StoreDocument } from '../../store/document.ts';
import { keysTwice } from '../../store/json-text.ts';
import { parseDocument } from '../../store/parse.ts';

/** A piece that is not one connector: the text is laid out otherwise after all. */
export class NotCut extends Error {}

const OPEN = Buffer.from('\n  "connectors": [\n    {\n');
const BETWEEN = Buffer.from('\n    },\n    {\n');
const CLOSE = Buffer.from('\n    }\n  ]');
/** Stands in for the connectors while the rest of the document is read. */
const PLACE = '{"Name":"\\u0000connectors"}';

export class Cut {
  constructor(
    readonly bytes: Buffer,
    /** The document, without its connectors. */
    readonly around: StoreDocument,
    /** Where each piece starts and ends, its braces not included. */
    readonly starts: readonly number[],
    readonly ends: readonly number[],
    /** How many pieces at the front and at the back are those of the cut before. */
    readonly sameBefore: number,
    readonly sameAfter: number,
  ) {}

  /** Every connector. @throws NotCut */
  all(): StoredConnector[] {
    return this.starts.map((_, index) => this.piece(index));
  }

  /** @throws NotCut */
  piece(index: number): StoredConnector {
    const text = this.bytes.toString('utf8', this.starts[index]!, this.ends[index]!);
    try {
      const stored = JSON.parse(`{${text}}`) as StoredConnector;
      if (typeof stored.Name === 'string' && !keysTwice(text, stored).length) return stored;
    } catch {}
    throw new NotCut();
  }
}

export function cutAtConnectors(bytes: Buffer, path: string, before: Cut | undefined): Cut | undefined {
  const open = bytes.indexOf(OPEN);
  if (open < 0) return undefined;
  const start = open + OPEN.length;
  const end = bytes.indexOf(CLOSE, start);
  if (end < 0) return undefined;
  const head = bytes.toString('utf8', 0, start - '\n    {\n'.length);
  const tail = bytes.toString('utf8', end + CLOSE.length - 1);
  let around: StoreDocument;
  try {
    around = parseDocument(head + PLACE + tail, path);
    if (keysTwice(head + PLACE + tail, around).length) return undefined;
  } catch {
    return undefined;
  }
  if (around.connectors.length !== 1 || around.connectors[0]!.Name !== '\0connectors') return undefined;
  around = { ...around, connectors: [] };

  const [front, back] = before ? samePieces(bytes, start, end, before) : [0, 0];
  const starts = before ? before.starts.slice(0, front) : [];
  const ends = before ? before.ends.slice(0, front) : [];
  const shiftFront = before ? start - before.starts[0]! : 0;
  if (shiftFront)
    for (let i = 0; i < front; i++) [starts[i], ends[i]] = [starts[i]! + shiftFront, ends[i]! + shiftFront];
  const shiftBack = before ? end - before.ends.at(-1)! : 0;
  const backStart = before && back ? before.starts[before.starts.length - back]! + shiftBack : undefined;

  let at = front ? ends[front - 1]! + BETWEEN.length : start;
  const middleEnd = backStart === undefined ? end : backStart - BETWEEN.length;
  while (at <= middleEnd) {
    const next = bytes.indexOf(BETWEEN, at);
    // A separator that runs into what ends the pieces (an entry without a line) separates nothing: that piece will not parse.
    const pieceEnd = next < 0 || next + BETWEEN.length > middleEnd ? middleEnd : next;
    starts.push(at);
    ends.push(pieceEnd);
    at = pieceEnd + BETWEEN.length;
    if (pieceEnd === middleEnd) break;
  }
  if (before && back) {
    for (let i = before.starts.length - back; i < before.starts.length; i++) {
      starts.push(before.starts[i]! + shiftBack);
      ends.push(before.ends[i]! + shiftBack);
    }
  }
  return new Cut(bytes, around, starts, ends, front, back);
}

/** Pieces at the front and at the back of [start, end) whose bytes, and the separator beside them, are as before. */
function samePieces(bytes: Buffer, start: number, end: number, before: Cut): [front: number, back: number] {
  const oldStart = before.starts[0]!;
  const oldEnd = before.ends.at(-1)!;
  const now = bytes.subarray(start, end);
  const old = before.bytes.subarray(oldStart, oldEnd);
  const shortest = Math.min(now.length, old.length);
  const prefix = sameAtFront(now, old, shortest);
  const count = before.starts.length;
  if (prefix === now.length && prefix === old.length) return [count, 0];
  const suffix = sameAtBack(now, old, shortest - prefix);
  // Binary search would do; a scan of the ends is a millisecond for 10,000.
  let front = 0;
  while (front < count - 1 && before.ends[front]! + BETWEEN.length - oldStart <= prefix) front++;
  let back = 0;
  while (back < count - front - 1 && oldEnd - (before.starts[count - 1 - back]! - BETWEEN.length) <= suffix) back++;
  return [front, back];
}

const STEP = 1 << 16;

function sameAtFront(a: Buffer, b: Buffer, most: number): number {
  let at = 0;
  for (let step = STEP; step >= 1; step = step > 1 ? step >> 4 : 0) {
    while (at + step <= most && a.compare(b, at, at + step, at, at + step) === 0) at += step;
  }
  return at;
}

function sameAtBack(a: Buffer, b: Buffer, most: number): number {
  let at = 0;
  for (let step = STEP; step >= 1; step = step > 1 ? step >> 4 : 0) {
    while (
      at + step <= most &&
      a.compare(b, b.length - at - step, b.length - at, a.length - at - step, a.length - at) === 0
    )
      at += step;
  }
  return at;
}

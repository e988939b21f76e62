/**
 * Node gives each read of a socket a block of 64 KB of its own, and V8 looks for blocks that nobody keeps only when 32 MB of
 * them have come. By then glibc's heap has grown by as much, and it gives little of that back
 * (docs/decisions/0156-reads-are-collected-early.md).
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of blocks after which the young ones are collected: under a millisecond, and the next reads find them in the cache. */
const STEP = 4 * 1024 * 1024;
/** When so long less than this came, after at least as much, the rest is collected too. */
const LITTLE = STEP / 4;
const CALM_MS = 5000;

type Collect = (options: { type: 'minor' | 'major' }) => void;

let collect: Collect | undefined;
let sinceYoung = 0;
/** Bytes since everything was collected, and those of them at the last look. */
let sinceAll = 0;
let seen = 0;
let looking: NodeJS.Timeout | undefined;

/** A block was read into. @param bytes its whole length */
export function countRead(bytes: number): void {
  sinceYoung += bytes;
  sinceAll += bytes;
  if (sinceAll >= LITTLE) looking ??= setInterval(look, CALM_MS).unref();
  if (sinceYoung < STEP) return;
  sinceYoung = 0;
  collect ??= collector();
  collect({ type: 'minor' });
}

function look(): void {
  const isCalm = sinceAll - seen < LITTLE;
  seen = sinceAll;
  if (!isCalm) return;
  clearInterval(looking);
  looking = undefined;
  sinceAll = seen = 0;
  collect ??= collector();
  collect({ type: 'major' });
}

function collector(): Collect {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as Collect; // a context made now has it, ours stays as it is
  setFlagsFromString('--no-expose-gc');
  return gc;
}

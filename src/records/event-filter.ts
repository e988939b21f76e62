/** Which events are wanted, as plain data: a command asks this of its own log, and of other servers of its fleet. */
import { parseRange } from '../domain/range.ts';
import { foldText, nameTest } from '../text/wildcard.ts';
import type { LoggedEvent } from './event-log.ts';

export interface EventsWanted {
  /** Empty lists mean all. */
  readonly ids: readonly number[];
  readonly levels: readonly string[];
  /** Names of connectors, wildcards too. */
  readonly connectors: readonly string[];
  /** Addresses and ranges. */
  readonly sources: readonly string[];
}

/** @throws ValueError for a source that is neither address nor range, WildcardError */
export function eventFilter({ ids, levels, connectors, sources }: EventsWanted): (event: LoggedEvent) => boolean {
  const names = connectors.map(nameTest);
  const ranges = sources.map((text) => parseRange(text));
  const folded = levels.map(foldText);
  return ({ id, level, data }) =>
    (!ids.length || ids.includes(id)) &&
    (!folded.length || folded.includes(foldText(level))) &&
    (!names.length || (typeof data?.connector === 'string' && names.some((same) => same(data.connector as string)))) &&
    (!ranges.length || inOneOf(ranges, data?.address));
}

function inOneOf(ranges: readonly ReturnType<typeof parseRange>[], address: unknown): boolean {
  if (typeof address !== 'string') return false;
  try {
    const single = parseRange(address);
    return ranges.some((range) => range.family === single.family && range.covers(single));
  } catch {
    return false;
  }
}

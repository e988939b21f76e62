/**
 * Events about refusals in few words, for a line that cannot hold their text: those come in floods, their texts begin alike,
 * and what tells them apart stands at the end. The text itself is shown by Enter.
 */

import { displayWidth } from '../text/display-width.ts';
import type { EventRecord } from './listener-client.ts';

/** By id (docs/events.md): which limit it was. */
const LIMITS: Readonly<Record<number, string | undefined>> = {
  1009: "the connector's limit",
  1012: 'failed logons',
  1021: 'per-source limit',
  17020: 'percentage per source, now',
};

export function briefEvent({ id, message, data }: EventRecord, cells: number): string {
  const limit = LIMITS[id];
  if (!limit || data?.address === undefined || displayWidth(message) <= cells) return message;
  const who = data.otherSources ? `${data.count} of other sources` : String(data.address);
  const again = data.count && !data.otherSources ? ` ${data.count} times more` : '';
  return `${who} refused${again}: ${limit} ${data.limit}, ${data.connector}`;
}

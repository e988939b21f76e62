/** What MessageRateLimit counts a message by: its host, its sender, or both (MessageRateSource). */
import type { Connector } from '../../domain/connector.ts';

/** Who sends. */
interface MessageSender {
  /** What its host is to the limits per source. */
  readonly source: string;
  /** MAIL FROM; empty is the null sender. */
  readonly sender: string;
}

/** Keys of what is counted; each has the limit to itself. None: nothing is. */
export function messageSources(
  { MessageRateSource }: Pick<Connector, 'MessageRateSource'>,
  { source, sender }: MessageSender,
): string[] {
  if (MessageRateSource === 'None') return [];
  const sources: string[] = [];
  if (MessageRateSource !== 'User') sources.push(`ip:${source}`);
  if (MessageRateSource !== 'IPAddress') sources.push(`user:${sender.toLowerCase()}`);
  return sources;
}

/** What MessageRateLimit counts a message by: its host, its user, or both (MessageRateSource); a user is MessageRateUser's. */
import type { Connector } from '../../domain/connector.ts';

/** Who sends. */
interface MessageSender {
  /** What its host is to the limits per source. */
  readonly source: string;
  /** MAIL FROM; empty is the null sender. */
  readonly sender: string;
  /** Who logged on; empty for nobody. */
  readonly user: string;
}

/** Keys of what is counted; each has the limit to itself. None: nothing is. */
export function messageSources(
  { MessageRateSource, MessageRateUser }: Pick<Connector, 'MessageRateSource' | 'MessageRateUser'>,
  { source, sender, user }: MessageSender,
): string[] {
  if (MessageRateSource === 'None') return [];
  const sources: string[] = [];
  if (MessageRateSource !== 'User') sources.push(`ip:${source}`);
  if (MessageRateSource === 'IPAddress') return sources;
  if (MessageRateUser === 'Account' && user !== '') sources.push(`account:${user.toLowerCase()}`);
  else sources.push(`user:${sender.toLowerCase()}`);
  return sources;
}

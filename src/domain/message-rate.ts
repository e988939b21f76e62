/** MessageRateLimit in words. */
import type { Connector } from './connector.ts';

/** `a minute`, or `in 01:00:00`: what comes behind a number of messages. */
export function perWindow({ MessageRateLimitWindow }: Pick<Connector, 'MessageRateLimitWindow'>): string {
  return MessageRateLimitWindow.seconds === 60 ? 'a minute' : `in ${MessageRateLimitWindow}`;
}

/** Whom MessageRateSource counts by: the users as MessageRateUser says. */
export function countedBy({
  MessageRateSource,
  MessageRateUser,
}: Pick<Connector, 'MessageRateSource' | 'MessageRateUser'>): string {
  const isByUser = MessageRateSource === 'User' || MessageRateSource === 'All';
  return isByUser && MessageRateUser === 'Account' ? `${MessageRateSource} (Account)` : MessageRateSource;
}

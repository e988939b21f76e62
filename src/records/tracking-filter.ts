/** Which records of the message tracking log are meant, as `rc get-message-tracking-log` says it, also to another server of a fleet. */
import { foldText, nameTest, sameText } from '../text/wildcard.ts';
import type { TrackingRecord } from './tracking-log-lines.ts';

/** All that is given has to hold. */
export interface TrackingWanted {
  /** An address, or a wildcard. */
  readonly sender?: string | undefined;
  /** One of these; none given: any. */
  readonly recipients?: readonly string[] | undefined;
  /** A text in the subject, in any case. */
  readonly subject?: string | undefined;
  readonly event?: string | undefined;
  readonly source?: string | undefined;
  /** With or without its angle brackets. */
  readonly messageId?: string | undefined;
  readonly internalId?: number | undefined;
}

export function trackingFilter(wanted: TrackingWanted): (record: TrackingRecord) => boolean {
  const { event, source, internalId } = wanted;
  const sender = wanted.sender === undefined ? undefined : nameTest(wanted.sender);
  const recipients = (wanted.recipients ?? []).map(nameTest);
  const subject = wanted.subject === undefined ? undefined : foldText(wanted.subject);
  const id = wanted.messageId?.replace(/^<|>$/g, '');
  return (r) =>
    (!sender || sender(r.Sender)) &&
    (!recipients.length || r.Recipients.some((address) => recipients.some((matches) => matches(address)))) &&
    (subject === undefined || foldText(r.MessageSubject).includes(subject)) &&
    (event === undefined || sameText(event, r.EventId)) &&
    (source === undefined || sameText(source, r.Source)) &&
    (id === undefined || id === r.MessageId.replace(/^<|>$/g, '')) &&
    (internalId === undefined || internalId === r.InternalMessageId);
}

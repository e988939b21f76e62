/** Messages that other servers of a fleet have in their Maildirs, told through the engine. */
import type { MessageRow } from '../../messages/message-row.ts';
import type { Context } from '../../pipeline/context.ts';
import type { PsObject } from '../../pipeline/value.ts';
import { isDate, isTexts } from '../listener/other-listeners.ts';
import { ofOthers, type serversWanted } from '../listener/over-fleet.ts';
import { messageObject } from './message-object.ts';

/** Which messages, in the words of the question. */
interface Asked {
  readonly identity: readonly string[] | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly subject: string | undefined;
  readonly text: string | undefined;
  readonly newest: number | undefined;
  /** As they are, instead of decoded. */
  readonly raw: boolean;
}

export interface ShownMessage {
  readonly received: Date;
  readonly value: PsObject | string;
}

/** As they come from another machine. */
type Told<Dates extends keyof MessageRow> = Omit<MessageRow, Dates> & Readonly<Record<Dates, string>>;
type Row = Told<'Received' | 'Date'>;
interface RawRow {
  readonly Received: string;
  readonly Raw: string;
}

/** Oldest first. */
export async function messagesOfOthers(
  context: Context,
  servers: ReturnType<typeof serversWanted>,
  asked: Asked,
): Promise<ShownMessage[]> {
  const ask = <T extends Row | RawRow>(isRow: (row: object) => row is T) =>
    ofOthers(context, servers, 'messages', isRow, { ...asked });
  const found = asked.raw
    ? (await ask(isRaw)).flatMap(({ rows }) =>
        rows.map((row): ShownMessage => ({ received: new Date(row.Received), value: row.Raw })),
      )
    : (await ask(isMessage)).flatMap(({ rows, server }) => rows.map((row) => shownOf(row, server)));
  return found.sort(byReceived);
}

export function byReceived(a: ShownMessage, b: ShownMessage): number {
  return a.received.getTime() - b.received.getTime();
}

function shownOf(row: Row, server: string): ShownMessage {
  const received = new Date(row.Received);
  const sent = row.Date ? new Date(row.Date) : null;
  return { received, value: messageObject({ ...row, Received: received, Date: sent }, server) };
}

function isRaw(row: Partial<RawRow>): row is RawRow {
  return isDate(row.Received) && typeof row.Raw === 'string';
}

function isMessage(row: Partial<Row>): row is Row {
  const { From, FromName, Subject, MessageId, EnvelopeFrom, Text, Html, Problem, Path, Identity } = row;
  return (
    isDate(row.Received) &&
    (row.Date === null || isDate(row.Date)) &&
    isTexts([From, FromName, Subject, MessageId, EnvelopeFrom, Text, Html, Problem, Path, Identity]) &&
    [row.To, row.Cc, row.ReplyTo, row.Recipients, row.Headers].every(isTexts) &&
    typeof row.Size === 'number' &&
    Array.isArray(row.Attachments) &&
    row.Attachments.every(isAttachment)
  );
}

function isAttachment(one: unknown): boolean {
  const { FileName, ContentType, ContentId, Size, Inline } = (one ?? {}) as Partial<MessageRow['Attachments'][number]>;
  return isTexts([FileName, ContentType, ContentId]) && typeof Size === 'number' && typeof Inline === 'boolean';
}

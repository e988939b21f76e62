/** A message of the Maildir as an object. */
import { join } from 'node:path';
import type { MaildirEntry } from '../../messages/maildir-reader.ts';
import { type MessageRow, messageRow, rawText } from '../../messages/message-row.ts';
import type { Message } from '../../messages/message-types.ts';
import { PsObject } from '../../pipeline/value.ts';

/** As a cmdlet gives it. @param raw as a text, header and all, without the last line end */
export function shown(
  folder: string,
  entry: MaildirEntry,
  message: Message,
  raw: boolean,
  server = '',
): PsObject | string {
  return raw ? rawText(message) : messageObject(messageRow(message, join(folder, entry.file)), server);
}

/** @param server of a fleet; empty where there is only this one */
export function messageObject({ Attachments, ...row }: MessageRow, server = ''): PsObject {
  const attachments = Attachments.map((one) => new PsObject('MailAttachment', one));
  const { Headers, Size, Problem, Path, Identity, ...first } = row;
  return new PsObject('MailMessage', {
    ...first,
    Attachments: attachments,
    Headers,
    Size,
    Problem,
    Path,
    Identity,
    ...(server ? { Server: server } : {}),
  });
}

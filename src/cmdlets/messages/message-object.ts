/** A message of the Maildir as an object: decoded, the envelope beside the header. */
import { join } from 'node:path';
import type { MaildirEntry } from '../../messages/maildir-reader.ts';
import type { Address, Attachment, Message } from '../../messages/message-types.ts';
import { PsObject } from '../../pipeline/value.ts';

/** As a cmdlet gives it. @param raw as a text, header and all, without the last line end */
export function shown(folder: string, entry: MaildirEntry, message: Message, raw: boolean): PsObject | string {
  return raw ? message.raw.toString('utf8').replace(/\r?\n$/, '') : messageObject(folder, entry, message);
}

function messageObject(folder: string, entry: MaildirEntry, message: Message): PsObject {
  const { envelope, from, headers } = message;
  return new PsObject('MailMessage', {
    Received: message.receivedAt,
    From: from?.address ?? '',
    FromName: from?.name ?? '',
    To: addresses(message.to),
    Cc: addresses(message.cc),
    ReplyTo: addresses(message.replyTo),
    Subject: message.subject,
    Date: message.date ?? null,
    MessageId: message.messageId,
    EnvelopeFrom: envelope.from,
    Recipients: [...envelope.to],
    Text: message.text,
    Html: message.html,
    Attachments: message.attachments.map(attachmentObject),
    Headers: headers.map(({ name, value }) => `${name}: ${value}`),
    Size: message.size,
    Problem: message.problem,
    Path: join(folder, entry.file),
    Identity: entry.id,
  });
}

const addresses = (list: readonly Address[]) => list.map(({ address }) => address);

function attachmentObject({ filename, contentType, contentId, inline, content }: Attachment): PsObject {
  return new PsObject('MailAttachment', {
    FileName: filename,
    ContentType: contentType,
    Size: content.length,
    ContentId: contentId,
    Inline: inline,
  });
}

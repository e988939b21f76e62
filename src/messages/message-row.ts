/** A message as Get-Message shows it, decoded, the envelope beside the header; of attachments what they are, not what is in them. */
import type { Address, Attachment, Message } from './message-types.ts';

export type MessageRow = ReturnType<typeof messageRow>;

/** @param path of its file */
export function messageRow(message: Message, path: string) {
  const { envelope, from, headers } = message;
  return {
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
    Attachments: message.attachments.map(attachmentRow),
    Headers: headers.map(({ name, value }) => `${name}: ${value}`),
    Size: message.size,
    Problem: message.problem,
    Path: path,
    Identity: message.id,
  };
}

/** Header and all, without the last line end. */
export function rawText(message: Message): string {
  return message.raw.toString('utf8').replace(/\r?\n$/, '');
}

const addresses = (list: readonly Address[]) => list.map(({ address }) => address);

function attachmentRow({ filename, contentType, contentId, inline, content }: Attachment) {
  return { FileName: filename, ContentType: contentType, Size: content.length, ContentId: contentId, Inline: inline };
}

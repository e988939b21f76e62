/** A message as the API tells it. */
import type { Attachment, Message } from '../../messages/message-types.ts';

export function summaryOf(message: Message) {
  const { id, receivedAt, size, envelope, from, to, cc, subject, date, attachments } = message;
  const attachmentCount = attachments.length;
  return { id, receivedAt, size, envelope, from: from ?? null, to, cc, subject, date: date ?? null, attachmentCount };
}

export function wholeOf(message: Message) {
  const { replyTo, messageId, text, html, headers, problem } = message;
  const attachments = message.attachments.map(attachmentOf);
  return { ...summaryOf(message), replyTo, messageId, text, html, headers, attachments, problem };
}

export function attachmentOf({ filename, contentType, contentId, inline, content }: Attachment, index: number) {
  return { index, filename, contentType, contentId, inline, size: content.length };
}

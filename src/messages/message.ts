/**
 * A message as people and tests read it: decoded subject, text, HTML and attachments, and the envelope that stands on top
 * of it (docs/delivery.md). Parsed by postal-mime; broken MIME is no error, what can be read is shown.
 */
import type { Email, Address as ParsedAddress } from 'postal-mime';
import { asWindows1252, namesWindows1252 } from '../text/charset.ts';
import type { MaildirEntry, RawMessage } from './maildir-reader.ts';
import type { Address, Message } from './message-types.ts';
import { parseApart } from './parse-apart.ts';

/** Parts within parts, and bytes of all their headers; a message beyond is shown as its header and its plain bytes. */
const LIMITS = { maxNestingDepth: 50, maxHeadersSize: 2 * 2 ** 20, maxRfc822NestingDepth: 5 } as const;

/** Bytes of a message that is read at once, whatever stands in it: under a second. */
const SMALL = 256 * 1024;

/** Reads what is in a message. Never throws for what stands in it. */
export async function parseMessage(entry: MaildirEntry, raw: RawMessage): Promise<Message> {
  const { email, problem } = await parsed(raw);
  // The parser decodes by TextDecoder, see text/charset.ts
  const text = namesWindows1252(raw.bytes.toString('latin1')) ? asWindows1252 : (decoded: string) => decoded;
  return {
    id: entry.id,
    receivedAt: receivedAt(entry, raw),
    size: raw.size,
    envelope: envelopeOf(raw.bytes),
    from: addresses(email.from ? [email.from] : [])[0],
    to: addresses(email.to),
    cc: addresses(email.cc),
    replyTo: addresses(email.replyTo),
    subject: text(email.subject ?? ''),
    messageId: email.messageId ?? '',
    date: dateOf(email.date),
    text: text(email.text ?? '').replaceAll('\r\n', '\n'),
    html: text(email.html ?? ''),
    headers: email.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
    attachments: email.attachments.map((one) => ({
      filename: text(one.filename ?? ''),
      contentType: one.mimeType,
      contentId: one.contentId?.replace(/^<|>$/g, '') ?? '',
      inline: one.related === true || one.disposition === 'inline',
      content: typeof one.content === 'string' ? Buffer.from(one.content) : bufferOf(one.content),
    })),
    raw: raw.bytes,
    problem,
  };
}

async function parsed(raw: RawMessage): Promise<{ email: Email; problem: string }> {
  const { default: PostalMime } = await import('postal-mime');
  const whole = raw.bytes.length >= raw.size;
  const header = () => raw.bytes.subarray(0, Math.min(headerEnd(raw.bytes), 2 ** 20));
  if (!whole) {
    const email = await PostalMime.parse(header(), LIMITS).catch(() => NOTHING);
    return { email, problem: `It has ${raw.size} bytes; only messages up to ${raw.bytes.length} are decoded.` };
  }
  try {
    const isSmall = raw.bytes.length <= SMALL;
    return {
      email: await (isSmall ? PostalMime.parse(raw.bytes, LIMITS) : parseApart(raw.bytes, LIMITS)),
      problem: '',
    };
  } catch (error) {
    const email = await PostalMime.parse(header(), LIMITS).catch(() => NOTHING);
    return { email, problem: `Its MIME structure cannot be read: ${(error as Error).message}` };
  }
}

const NOTHING: Email = { headers: [], headerLines: [], attachments: [] };

/** Where the body begins, or the end of what there is. */
function headerEnd(bytes: Buffer): number {
  const ends = ['\r\n\r\n', '\n\n'].map((mark) => bytes.indexOf(mark)).filter((at) => at >= 0);
  return ends.length ? Math.min(...ends) + 2 : bytes.length;
}

/** `Return-Path: <…>` and the `Delivered-To: …` behind it, which the listener writes on top of every message. */
function envelopeOf(bytes: Buffer): Message['envelope'] {
  let from: string | undefined;
  const to: string[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf(10, at);
    if (end < 0) break;
    const line = bytes.toString('utf8', at, end).replace(/\r$/, '');
    at = end + 1;
    const value = (from === undefined ? /^Return-Path: <(.*)>$/ : /^Delivered-To: (.*)$/).exec(line)?.[1];
    if (value === undefined) break;
    if (from === undefined) from = value;
    else to.push(value);
  }
  return { from: from ?? '', to };
}

function addresses(list: readonly ParsedAddress[] = []): Address[] {
  return list
    .flatMap((one) => (one.group ? one.group : [one]))
    .map(({ name, address }) => ({ name, address: address ?? '' }));
}

function dateOf(text: string | undefined): Date | undefined {
  const date = new Date(text ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function receivedAt({ id }: MaildirEntry, { storedAt }: RawMessage): Date {
  const ours = /^(\d+)\.M(\d+)P/.exec(id);
  return ours ? new Date(Number(ours[1]) * 1000 + Math.floor(Number(ours[2]) / 1000)) : storedAt;
}

function bufferOf(content: ArrayBuffer | Uint8Array): Buffer {
  return content instanceof Uint8Array
    ? Buffer.from(content.buffer, content.byteOffset, content.byteLength)
    : Buffer.from(content);
}

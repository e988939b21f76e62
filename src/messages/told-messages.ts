/** Messages as the page is told them: bounded, whatever stands in them. */
import type { Address, Message } from './message-types.ts';
import { safeName } from './safe-name.ts';

/** A line of the list. */
export interface MessageLine {
  readonly id: string;
  /** ISO 8601. */
  readonly received: string;
  readonly from: string;
  /** The first few recipients of the envelope, and how many there are. */
  readonly to: readonly string[];
  readonly recipients: number;
  readonly subject: string;
  /** Bytes. */
  readonly size: number;
  /** `undefined`: too large to be looked into for a list. */
  readonly attachments: number | undefined;
}

export interface MessageList {
  /** Newest first. */
  readonly messages: readonly MessageLine[];
  /** All there are, those that do not fit among them. */
  readonly total: number;
  /** `before` of the next, older ones; `undefined`: there are none. */
  readonly next: string | undefined;
}

interface ToldAttachment {
  /** A file name that can do no harm; never empty. */
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

/** A message that somebody looks at. */
export interface ToldMessage extends MessageLine {
  readonly header: readonly { readonly name: string; readonly value: string }[];
  readonly text: string;
  readonly hasHtml: boolean;
  /** The beginning, as it came. */
  readonly source: string;
  readonly files: readonly ToldAttachment[];
  /** Which of text, HTML and source are longer than what is told of them. */
  readonly cut: readonly ('text' | 'html' | 'source')[];
  readonly problem: string;
}

/** Bytes to be saved. */
export interface MessagePart {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const MOST_TO = 3;
const MOST_LINE = 300;
/** Characters: more in one element makes browsers slow, and nobody reads it. */
const MOST_SHOWN = 200_000;
const MOST_HTML = 2_000_000;
const MOST_FIELDS = 60;

export function lineOf(message: Message): MessageLine {
  const { envelope, from, to } = message;
  const all = envelope.to.length ? envelope.to : to.map(({ address }) => address);
  return {
    id: message.id,
    received: message.receivedAt.toISOString(),
    from: cut(nameOf(from) || envelope.from, MOST_LINE),
    to: all.slice(0, MOST_TO).map((address) => cut(address, MOST_LINE)),
    recipients: all.length,
    subject: cut(message.subject, MOST_LINE),
    size: message.size,
    attachments: message.raw.length < message.size ? undefined : message.attachments.length,
  };
}

export function toldMessage(message: Message): ToldMessage {
  const { text, html, raw, attachments, headers } = message;
  const source = raw.toString('latin1', 0, MOST_SHOWN);
  return {
    ...lineOf(message),
    header: headers.slice(0, MOST_FIELDS).map(({ name, value }) => ({ name, value: cut(value, 2000) })),
    text: cut(text, MOST_SHOWN),
    hasHtml: html !== '',
    source: /[^\x00-\x7f]/.test(source) ? raw.toString('utf8', 0, MOST_SHOWN) : source,
    files: attachments.map((one, index) => ({
      name: safeName(one.filename) || `attachment-${index + 1}`,
      type: cut(one.contentType, 100),
      size: one.content.length,
    })),
    cut: [
      ...(text.length > MOST_SHOWN ? ['text' as const] : []),
      ...(html.length > MOST_HTML ? ['html' as const] : []),
      ...(message.size > MOST_SHOWN ? ['source' as const] : []),
    ],
    problem: message.problem,
  };
}

/** What is saved: the message as it came (`raw`), or an attachment by its place. */
export function partOf(message: Message, part: string): MessagePart | undefined {
  if (part === 'raw') return { name: 'message.eml', bytes: message.raw };
  const index = /^\d{1,5}$/.test(part) ? Number(part) : -1;
  const attachment = message.attachments[index];
  return attachment && { name: toldMessage(message).files[index]!.name, bytes: attachment.content };
}

const UNWANTED =
  /<\/?(?=(?:a|area|form|link|meta|base|i?frame|frameset|fencedframe|object|embed|portal)(?![a-z0-9]))/gi;
/** Pictures that a browser only paints. */
const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const MOST_PICTURE = 4_000_000;

/**
 * Its HTML to be shown in a frame of its own that may neither run nor fetch anything (docs/decisions/0193). Pictures that came
 * along stand in it; elements that lead elsewhere are none: for a `link` and an `iframe`, and when an `a` is
 * pressed, Chromium connects ahead, whatever the Content-Security-Policy says. They stand there as `x-a`, and so on.
 */
export function htmlOf({ html, attachments }: Message): string {
  let left = MOST_PICTURE;
  const pictures = new Map<string, string>();
  for (const { contentId, contentType, content } of attachments) {
    if (!contentId || !PICTURES.has(contentType) || content.length > left) continue;
    left -= content.length;
    pictures.set(contentId, `data:${contentType};base64,${content.toString('base64')}`);
  }
  return html
    .slice(0, MOST_HTML)
    .replace(UNWANTED, (tag) => `${tag}x-`)
    .replace(/(?<=["'(=]\s*)cid:([^"'()\s<>]{1,200})/gi, (whole, id: string) => pictures.get(decoded(id)) ?? whole);
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

function nameOf(from: Address | undefined): string {
  if (!from) return '';
  return from.name ? `${from.name} <${from.address}>` : from.address;
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/**
 * Dialogues: SMTP sessions as text files (test/dialogues/*.txt), one scenario a file. Lines:
 *
 *   # text                 a comment; the first ones say what the dialogue shows
 *   setting NAME = VALUE   a setting of the connector before it starts; NAME may also be accepted (domains), user
 *                          (name password [disabled]), nouser (name), grant or deny (principal : right), override
 *                          (range LIMIT=VALUE …; the range alone takes it away), transport
 *                          (NAME=VALUE), delivery (what becomes of messages: ok, or a reply; not on the built listener), pressure
 *                          (Low, Medium, High of the disk; not on the built listener)
 *   set NAME = VALUE       the same, in mid session
 *   connect                a new connection (the first is made by itself); the old one is left
 *   C: text                the client says the line, with CRLF; \r \n \0 \t \\ \xNN are escapes; {text*N} repeats
 *   C~ text                the same without CRLF
 *   C64: text              the line in base64, with CRLF (\0 between the parts of AUTH PLAIN)
 *   S: pattern             the server's next reply line; `*` is any text, everything else is itself
 *   S-~ pattern            skips reply lines up to one that matches
 *   starttls               the TLS handshake, after its 220
 *   wait closed            the server closes, and says nothing more
 *   stays open             NOOP is answered
 *   expect messages N      so many messages were queued
 *   expect text PATTERN    the last queued message holds it (patterns as above; escapes as above)
 *   expect no text PATTERN the last queued message does not hold it
 *   expect to a@b c@d      recipients of the last queued message
 *   expect from a@b        its sender
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Grant } from '../../../src/domain/connector.ts';
import type { StoredOverride } from '../../../src/domain/override.ts';
import type { StoredAcceptedDomain, StoredUser } from '../../../src/store/document.ts';
import { quickHash } from '../../support/quick-hash.ts';

export type Step =
  | { readonly kind: 'setting' | 'set'; readonly name: string; readonly value: string }
  | { readonly kind: 'connect' | 'starttls' | 'closed' | 'open' }
  | { readonly kind: 'say'; readonly bytes: Buffer }
  | { readonly kind: 'hear' | 'find'; readonly pattern: string }
  | { readonly kind: 'messages'; readonly count: number }
  | { readonly kind: 'text' | 'no text'; readonly pattern: string }
  | { readonly kind: 'to' | 'from'; readonly value: string };

export interface Line {
  readonly number: number;
  readonly step: Step;
}

export interface Dialogue {
  readonly about: string;
  readonly lines: readonly Line[];
}

export function readDialogue(path: string): Dialogue {
  const about: string[] = [];
  const lines: Line[] = [];
  readFileSync(path, 'utf8')
    .split('\n')
    .forEach((text, index) => {
      const line = text.trimStart();
      if (line.startsWith('#')) {
        if (lines.length === 0) about.push(line.slice(1).trim());
      } else if (line.trim() !== '') {
        const step = parse(line);
        if (!step) throw new Error(`${path}:${index + 1}: not a line of a dialogue: ${line}`);
        lines.push({ number: index + 1, step });
      }
    });
  return { about: about.join(' '), lines };
}

function parse(line: string): Step | undefined {
  let m = /^(setting|set) ([A-Za-z0-9]+) = ?(.*)$/.exec(line);
  if (m) return { kind: m[1] as 'setting' | 'set', name: m[2]!, value: m[3]!.trim() };
  m = /^(C:|C~|C64:) ?(.*)$/.exec(line);
  if (m) return { kind: 'say', bytes: spoken(m[1]!, m[2]!) };
  m = /^(S:|S-~) ?(.*)$/.exec(line);
  if (m) return { kind: m[1] === 'S:' ? 'hear' : 'find', pattern: m[2]! };
  m = /^expect messages (\d+)$/.exec(line.trim());
  if (m) return { kind: 'messages', count: Number(m[1]) };
  m = /^expect (text|no text) (.*)$/.exec(line);
  if (m) return { kind: m[1] as 'text' | 'no text', pattern: m[2]! };
  m = /^expect (to|from)(?: (.*))?$/.exec(line.trim());
  if (m) return { kind: m[1] as 'to' | 'from', value: m[2] ?? '' };
  const plain = { connect: 'connect', starttls: 'starttls', 'wait closed': 'closed', 'stays open': 'open' } as const;
  const kind = plain[line.trim() as keyof typeof plain];
  return kind && { kind };
}

function spoken(how: string, text: string): Buffer {
  const bytes = unescapeText(text);
  if (how === 'C64:') return Buffer.from(`${bytes.toString('base64')}\r\n`);
  return how === 'C~' ? bytes : Buffer.concat([bytes, Buffer.from('\r\n')]);
}

export function unescapeText(text: string): Buffer {
  const repeated = text.replace(/\{(.+?)\*(\d+)\}/g, (_all, part: string, times: string) => part.repeat(Number(times)));
  const pieces = repeated.split(/(\\x[0-9a-f]{2}|\\[rnt0\\])/i).map((piece) => {
    if (/^\\x/i.test(piece) && piece.length === 4) return Buffer.from([Number.parseInt(piece.slice(2), 16)]);
    const known = { '\\r': '\r', '\\n': '\n', '\\t': '\t', '\\0': '\0', '\\\\': '\\' }[piece];
    return Buffer.from(known ?? piece, 'utf8');
  });
  return Buffer.concat(pieces);
}

/** `*` any text, the rest literal. */
export function fits(pattern: string, text: string, whole: boolean): boolean {
  const source = unescapeText(pattern)
    .toString('latin1')
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^]*');
  return new RegExp(whole ? `^${source}$` : source).test(text);
}

/** What a dialogue is played against: the session alone, or the built listener. */
export interface Stage {
  readonly port: number;
  /** How it keeps CRLF in messages, when not as it came: a Maildir has LF, and what is looked for in it as well. */
  readonly lineEnd?: '\n';
  set(name: string, value: string): Promise<void>;
  messages(): Promise<readonly { text: string; from: string; to: readonly string[] }[]>;
  close(): Promise<void>;
}

const THEN = '2025-01-01T00:00:00Z';

/** The store's form of an accepted domain. */
export function acceptedDomain(name: string): StoredAcceptedDomain {
  return { Name: name, DomainName: name, DomainType: 'Authoritative', Guid: randomUUID(), WhenChanged: THEN };
}

/** The store's form of `name password [disabled]`. */
export function smtpUser(value: string): StoredUser {
  const [name = '', password = '', state = ''] = value.split(/\s+/);
  return {
    Name: name,
    PasswordHash: quickHash(password),
    Enabled: state !== 'disabled',
    Guid: randomUUID(),
    WhenChanged: THEN,
  };
}

/** The overrides after `10.0.0.0/8 MessageRateLimit=2`: that of the range is another one, or none. */
export function withOverride(all: readonly StoredOverride[], value: string): readonly StoredOverride[] {
  const [RemoteIPRange = '', ...limits] = value.split(/\s+/);
  const others = all.filter((one) => one.RemoteIPRange !== RemoteIPRange);
  const read = (text: string) => (/^\d+$/.test(text) ? Number(text) : text);
  const pairs = limits.map((limit) => limit.split('=')).map(([name, text]) => [name, read(text!)] as const);
  return pairs.length ? [...others, { RemoteIPRange, ...Object.fromEntries(pairs) }] : others;
}

/** The store's form of `principal : right`. */
export function grantOf(value: string, deny: boolean): Grant {
  const [principal = '', right = ''] = value.split(':').map((part) => part.trim());
  return { User: principal, ExtendedRights: [right], Deny: deny };
}

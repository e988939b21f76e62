/**
 * Arguments of MAIL and RCPT: the path and the parameters behind it (RFC 5321 sections 4.1.1.2, 4.1.1.3, 4.1.2). Pure.
 * Strict where a mistake could relay mail (one unquoted @, a real domain), lenient where clients differ (a space after
 * the colon, a path without brackets).
 */

import { domainToASCII, domainToUnicode } from 'node:url';
import { parseAddress } from '../domain/address.ts';
import { isDomain } from '../domain/kind.ts';
import { printable } from '../text/printable.ts';

/** A mailbox taken apart. `local` is unquoted. */
export interface Mailbox {
  /** As it is written from here on: quotes only where they are needed, the domain as given. Empty for `<>`. */
  readonly address: string;
  readonly local: string;
  /** Empty for `<>` and for an address without a domain. */
  readonly domain: string;
  /** The domain is an address literal, `[192.0.2.1]`. */
  readonly literal: boolean;
}

export type Parameters = Readonly<Record<string, string | true>>;

/** The null reverse path. */
export const NULL_PATH: Mailbox = { address: '', local: '', domain: '', literal: false };

interface PathArgument {
  readonly path: string;
  /** What stands behind the path, split at spaces. */
  readonly words: readonly string[];
}

/**
 * Splits `FROM:<path> KEY=value …` at the end of the path, minding quotes. `undefined` when there is no `<path>`.
 * @param keyword `FROM` or `TO`
 */
export function splitArgument(argument: string, keyword: 'FROM' | 'TO'): PathArgument | undefined {
  const start = keyword.length + 1;
  if (argument.slice(0, start).toUpperCase() !== `${keyword}:`) return undefined;
  const text = argument.slice(start).trimStart();
  if (!text.startsWith('<')) {
    // Without brackets, as people type it by hand (Microsoft's own Telnet test does).
    const [path = '', ...words] = text.split(/[ \t]+/);
    return path === '' ? undefined : { path, words };
  }
  let quoted = false;
  for (let i = 1; i < text.length; i++) {
    const c = text[i];
    if (c === '\\' && quoted) i++;
    else if (c === '"') quoted = !quoted;
    else if (c === '>' && !quoted) {
      const rest = text.slice(i + 1);
      if (rest !== '' && !/^[ \t]/.test(rest)) return undefined;
      return { path: text.slice(1, i), words: rest.split(/[ \t]+/).filter(Boolean) };
    }
  }
  return undefined;
}

const ATEXT = /^[a-z0-9!#$%&'*+/=?^_`{|}~\u0080-\u{10ffff}-]+$/iu;
const ROUTE = /^@[^\s,:@<>"]+(?:,@[^\s,:@<>"]+)*:/;

/**
 * Reads the inside of `<…>`. A source route is passed over (RFC 5321 section 4.1.2 and appendix C). `undefined` when it
 * is no address. An address without `@` comes back with an empty domain; `utf8` allows characters beyond ASCII (RFC 6531).
 */
export function readMailbox(path: string, utf8: boolean): Mailbox | undefined {
  const text = path.replace(ROUTE, '');
  if (text === '') return path === '' ? NULL_PATH : undefined;
  if (!utf8 && /[^\x20-\x7e]/.test(text)) return undefined;
  if (text.includes('\ufffd') || printable(text) !== text) return undefined; // no UTF-8, or not what it looks like
  const local = readLocal(text);
  if (!local) return undefined;
  const rest = text.slice(local.length);
  if (rest === '') return { address: local.written, local: local.value, domain: '', literal: false };
  if (!rest.startsWith('@')) return undefined;
  const domain = rest.slice(1);
  const literal = domain.startsWith('[');
  if (literal ? !isLiteral(domain) : !isMailDomain(domain)) return undefined;
  return { address: `${local.written}@${domain}`, local: local.value, domain, literal };
}

function readLocal(text: string): { length: number; value: string; written: string } | undefined {
  if (!text.startsWith('"')) {
    const length = /^[^@"<>\s]*/.exec(text)![0].length;
    const value = text.slice(0, length);
    return value.split('.').every((atom) => ATEXT.test(atom)) ? { length, value, written: value } : undefined;
  }
  let value = '';
  for (let i = 1; i < text.length; i++) {
    const c = text[i]!;
    if (c === '"') {
      const plain = value !== '' && value.split('.').every((atom) => ATEXT.test(atom));
      return { length: i + 1, value, written: plain ? value : `"${value.replace(/["\\]/g, '\\$&')}"` };
    }
    value += c === '\\' ? (text[++i] ?? '') : c;
  }
  return undefined;
}

/** `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321 section 4.1.3). */
function isLiteral(domain: string): boolean {
  const inside = /^\[(.*)\]$/.exec(domain)?.[1];
  if (inside === undefined) return false;
  const six = /^ipv6:(.*)$/i.exec(inside)?.[1];
  return six !== undefined
    ? six.includes(':') && parseAddress(six) !== undefined
    : !inside.includes(':') && parseAddress(inside) !== undefined;
}

/** A domain as mail has it: letters, digits and hyphens, or U-labels (RFC 6531 section 3.3). */
function isMailDomain(domain: string): boolean {
  if (isDomain(domain)) return true;
  return /[^\x00-\x7f]/.test(domain) && isDomain(domain.replace(/[\u0080-\u{10ffff}]/gu, 'x')) && domain.length <= 255;
}

/**
 * The domain as rules know it: U-labels as A-labels (RFC 5890). Only a domain written as IDNA writes it is translated;
 * one with characters that IDNA drops or maps away (soft hyphen, ideographic full stop), or with a label that has more than
 * 63 octets as an A-label, stays as it is, and matches nothing.
 */
export function asciiDomain(domain: string): string {
  if (!/[^\x00-\x7f]/.test(domain)) return domain;
  const ascii = domainToASCII(domain);
  return isDomain(ascii) && domainToUnicode(ascii) === domain.normalize('NFC').toLowerCase() ? ascii : domain;
}

/** `KEY`, `KEY=value`; keys upper-case. `undefined` for a key given twice or a word that is no parameter (RFC 5321 section 4.1.2, esmtp-param). */
export function readParameters(words: readonly string[]): Parameters | undefined {
  const found: Record<string, string | true> = {};
  for (const word of words) {
    const m = /^([a-z0-9][a-z0-9-]*)(?:=([^\x00-\x20=\x7f]+(?:=[^\x00-\x20\x7f]*)?))?$/i.exec(word);
    if (!m) return undefined;
    const key = m[1]!.toUpperCase();
    if (Object.hasOwn(found, key)) return undefined;
    found[key] = m[2] ?? true;
  }
  return found;
}

/** Is this xtext (RFC 3461 section 4): printable ASCII, `+` only as `+XX`? */
export function isXtext(value: string): boolean {
  return /^(?:[\x21-\x2a\x2c-\x3c\x3e-\x7e]|\+[0-9A-F]{2})*$/.test(value);
}

/** Does an xtext value hide a control character, also as `\x{0A}` of an address of type utf-8? */
export function hidesControl(value: string): boolean {
  return /\+(?:[01][0-9A-F]|7F)|\\x\{0*(?:[01]?[0-9a-f]|7f)\}/i.test(value);
}

/** A name a client may give itself at HELO or EHLO: a word of printable characters, not longer than a domain (RFC 5321 section 4.5.3.1.2). */
export function isHelloName(name: string): boolean {
  return name.length <= 255 && /^[^\x00-\x20\x7f-\x9f\ufffd]+$/.test(name);
}

/** A domain or an address literal. */
export function isHelloDomain(name: string): boolean {
  return isMailDomain(name) || isLiteral(name);
}

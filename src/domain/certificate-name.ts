/**
 * The name of a certificate as TlsCertificateName has it, `<I>issuer<S>subject`, and the distinguished names in it.
 *
 * Tools write the same distinguished name in many ways: OpenSSL from the root down (`C = US, O = "Contoso, Ltd", CN = x`),
 * Windows and RFC 4514 from the leaf up (`CN=x, O="Contoso, Ltd", S=Washington`), with quotes or escapes, with other short
 * names of the same attribute. So names are taken apart and compared by their parts, never as text.
 */
import { lazy } from '../text/lazy.ts';

/** One relative distinguished name: attributes and values, several where it is multi-valued (`OU=a + CN=b`). */
type NamePart = readonly { readonly type: string; readonly value: string }[];
export type DistinguishedName = readonly NamePart[];

interface CertificateName {
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
}

/** Attributes with more than one name: object identifier, the name Windows writes, other names (RFC 4519, OpenSSL, Windows). */
const ATTRIBUTES: readonly (readonly [oid: string, windows: string, ...others: string[]])[] = [
  ['2.5.4.3', 'CN', 'commonName'],
  ['2.5.4.4', 'SN', 'surname'],
  ['2.5.4.5', 'SERIALNUMBER'],
  ['2.5.4.6', 'C', 'countryName'],
  ['2.5.4.7', 'L', 'localityName'],
  ['2.5.4.8', 'S', 'ST', 'stateOrProvinceName'],
  ['2.5.4.9', 'STREET', 'streetAddress'],
  ['2.5.4.10', 'O', 'organizationName'],
  ['2.5.4.11', 'OU', 'organizationalUnitName'],
  ['2.5.4.12', 'T', 'title'],
  ['2.5.4.13', 'Description'],
  ['2.5.4.17', 'PostalCode'],
  ['2.5.4.20', 'Phone', 'telephoneNumber'],
  ['2.5.4.42', 'G', 'GN', 'givenName'],
  ['2.5.4.43', 'I', 'initials'],
  ['0.9.2342.19200300.100.1.1', 'UID', 'userId'],
  ['0.9.2342.19200300.100.1.25', 'DC', 'domainComponent'],
  ['1.2.840.113549.1.9.1', 'E', 'emailAddress', 'Email'],
  ['2.5.4.15', 'OID.2.5.4.15', 'businessCategory'],
  ['1.3.6.1.4.1.311.60.2.1.1', 'OID.1.3.6.1.4.1.311.60.2.1.1', 'jurisdictionL', 'jurisdictionLocalityName'],
  ['1.3.6.1.4.1.311.60.2.1.2', 'OID.1.3.6.1.4.1.311.60.2.1.2', 'jurisdictionST', 'jurisdictionStateOrProvinceName'],
  ['1.3.6.1.4.1.311.60.2.1.3', 'OID.1.3.6.1.4.1.311.60.2.1.3', 'jurisdictionC', 'jurisdictionCountryName'],
];
const oidOf = lazy(
  () => new Map(ATTRIBUTES.flatMap(([oid, ...names]) => names.map((name) => [name.toLowerCase(), oid] as const))),
);
const windowsNames = lazy(() => new Map(ATTRIBUTES.map(([oid, windows]) => [oid, windows])));

/** @returns undefined when the text is not `<I>issuer<S>subject` with both parts */
export function parseCertificateName(text: string): CertificateName | undefined {
  const trimmed = text.trim();
  if (!/^<I>/i.test(trimmed)) return undefined;
  const issuer = readName(trimmed.slice(3));
  if (!issuer?.parts.length || !/^<S>/i.test(issuer.rest)) return undefined;
  const subject = readName(issuer.rest.slice(3));
  if (!subject?.parts.length || subject.rest !== '') return undefined;
  return { issuer: issuer.parts, subject: subject.parts };
}

/** Do the two name the same certificate? Order of the parts, spaces, case, quotes and escapes do not matter; what is one part and what two, does. */
export function sameCertificateName(a: string, b: string): boolean {
  const [x, y] = [parseCertificateName(a), parseCertificateName(b)];
  return (
    x !== undefined &&
    y !== undefined &&
    sameDistinguishedName(x.issuer, y.issuer) &&
    sameDistinguishedName(x.subject, y.subject)
  );
}

export function sameDistinguishedName(a: DistinguishedName, b: DistinguishedName): boolean {
  return comparable(a) === comparable(b);
}

/** @returns undefined when the text is no distinguished name */
export function parseDistinguishedName(text: string): DistinguishedName | undefined {
  const read = readName(text);
  return read && read.rest === '' ? read.parts : undefined;
}

/** As Windows, and so Exchange, writes it: from the leaf up, the given parts being from the root down. */
export function windowsName(rootFirst: DistinguishedName): string {
  return [...rootFirst]
    .reverse()
    .map((part) =>
      part.map(({ type, value }) => `${windowsNames().get(type) ?? typeText(type)}=${quoted(value)}`).join(' + '),
    )
    .join(', ');
}

/** What X500 names quote: separators, and spaces at the ends (CertNameToStr, CERT_X500_NAME_STR). A backslash is doubled, which Windows does not, so that it is not read as an escape. */
function quoted(value: string): string {
  const text = value.replaceAll('\\', '\\\\');
  return value === '' || /^\s|[,+="\n<>#;]|\s$/.test(value) ? `"${text.replaceAll('"', '""')}"` : text;
}

const typeText = (type: string) => (/^\d/.test(type) ? `OID.${type}` : type);

function comparable(name: DistinguishedName): string {
  const parts = name.map((part) => part.map(({ type, value }) => [type, prepared(value)].join('=')).sort());
  return JSON.stringify(parts.map((part) => JSON.stringify(part)).sort());
}

/** As names are compared (RFC 5280 section 7.1, RFC 4518): case and runs of spaces do not matter. */
function prepared(value: string): string {
  return value.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

const TYPE = /^\s*((?:OID\.)?\d+(?:\.\d+)+|[a-z][a-z0-9-]*)[^\S\n]*=[^\S\n]*/i;

/** Reads up to the end, or to the `<S>` that ends an issuer. */
function readName(text: string): { parts: DistinguishedName; rest: string } | undefined {
  let rest = text;
  const legacy = /^\s*\//.test(text); // `/C=US/CN=x`, OpenSSL's old form
  const parts: { type: string; value: string }[][] = [];
  let joined = false;
  for (;;) {
    if (legacy && !joined) rest = rest.replace(/^\s*\//, '');
    const type = TYPE.exec(rest);
    if (!type) break;
    const read = readValue(rest.slice(type[0].length), legacy);
    if (!read) return undefined;
    const given = type[1]!.replace(/^OID\./i, '').toLowerCase();
    const attribute = { type: oidOf().get(given) ?? given, value: read.value };
    if (joined) parts.at(-1)!.push(attribute);
    else parts.push([attribute]);
    rest = read.rest;
    if (rest === '' || /^<S>/i.test(rest)) return { parts, rest };
    joined = rest.startsWith('+');
    if (!(legacy && rest.startsWith('/'))) rest = rest.slice(1);
  }
  return rest.trim() === '' && parts.length === 0 ? { parts, rest: '' } : undefined;
}

/** A value ends at a separator that a further part follows, so that `O=Contoso, Ltd` without quotes is read as it was meant. */
function readValue(text: string, legacy: boolean): { value: string; rest: string } | undefined {
  if (text.startsWith('"')) return readQuoted(text);
  let value = '';
  let kept = 0; // what an escape gave is not trimmed
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    if (char === '\\' && at + 1 < text.length) {
      const escaped = readEscape(text, at);
      value += escaped.value;
      at = escaped.end;
      kept = value.length;
      continue;
    }
    if (/^<S>/i.test(text.slice(at, at + 3))) break;
    if (char === '\n' || (legacy ? '/+' : ',;+').includes(char)) {
      if (char === '\n' || TYPE.test(text.slice(at + 1))) break;
    }
    value += char;
    at++;
  }
  return { value: decoded(value.slice(0, kept) + value.slice(kept).trimEnd()), rest: text.slice(at) };
}

/** `"Contoso, ""Ltd"""` as Windows writes it, `"Contoso, \"Ltd\""` as OpenSSL does. */
function readQuoted(text: string): { value: string; rest: string } | undefined {
  let value = '';
  let at = 1;
  while (at < text.length) {
    const char = text[at]!;
    if (char === '"' && text[at + 1] !== '"') {
      const rest = text.slice(at + 1).replace(/^[^\S\n]+/, '');
      return rest === '' || /^(?:[,;+/\n]|<S>)/i.test(rest) ? { value, rest } : undefined;
    }
    if (char === '\\' && at + 1 < text.length) {
      const escaped = readEscape(text, at);
      value += escaped.value;
      at = escaped.end;
    } else {
      value += char;
      at += char === '"' ? 2 : 1;
    }
  }
  return undefined; // the quote does not end
}

/** `\,` or the bytes of UTF-8 in hexadecimal digits, `\C3\B6` (RFC 4514 section 2.4). */
function readEscape(text: string, at: number): { value: string; end: number } {
  const hex = /^(?:\\[0-9a-f]{2})+/i.exec(text.slice(at, at + 300))?.[0];
  if (!hex) return { value: text[at + 1]!, end: at + 2 };
  return { value: Buffer.from(hex.replaceAll('\\', ''), 'hex').toString('utf8'), end: at + hex.length };
}

/** `#0C0141`: a value in BER, as RFC 4514 writes what has no string form; strings of one length byte are read. */
function decoded(value: string): string {
  if (!/^#(?:0c|13|14|16|1a)[0-7][0-9a-f](?:[0-9a-f]{2})*$/i.test(value)) return value;
  const bytes = Buffer.from(value.slice(1), 'hex');
  return bytes[1] === bytes.length - 2 ? bytes.subarray(2).toString('utf8') : value;
}

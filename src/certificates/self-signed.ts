/**
 * Makes a self-signed X.509 certificate (RFC 5280): ECDSA P-256, good for one host name, written in DER by hand because
 * node:crypto reads certificates but does not write them.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { DistinguishedName } from '../domain/certificate-name.ts';

interface SelfSigned {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

// DER tags (ITU-T X.690).
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OID = 0x06;
const UTF8 = 0x0c;
const PRINTABLE = 0x13;
const IA5 = 0x16;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const SET = 0x31;
const context = (n: number, constructed: boolean) => (constructed ? 0xa0 : 0x80) | n;

interface MoreOfSelfSigned {
  /** From the root down; CN=host when it is not given. */
  readonly subject?: DistinguishedName;
  /** DNS names; the host alone when not given. At most some 1,000, so that lengths fit into two bytes. */
  readonly domains?: readonly string[];
}

/** @param host DNS name; at most 255 characters @param days how long it is good for */
export function selfSigned(host: string, now: Date, days: number, more: MoreOfSelfSigned = {}): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = der(SEQUENCE, oid('1.2.840.10045.4.3.2'));
  const commonName = host.length <= 64 ? host : 'self-signed'; // ub-common-name is 64 (RFC 5280 appendix A)
  const name = nameOf(more.subject ?? [[{ type: '2.5.4.3', value: commonName }]]);
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x7f) | 0x40; // positive, and no leading zero
  const body = der(
    SEQUENCE,
    der(context(0, true), der(INTEGER, Buffer.from([2]))), // version 3
    der(INTEGER, serial),
    ecdsaWithSha256,
    name,
    der(SEQUENCE, time(new Date(now.getTime() - 3_600_000)), time(new Date(now.getTime() + days * 86_400_000))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(context(3, true), der(SEQUENCE, ...extensions(more.domains ?? [host]))),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = der(SEQUENCE, body, ecdsaWithSha256, der(BIT_STRING, Buffer.from([0]), signature));
  return {
    certificate: pem('CERTIFICATE', certificate),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** basicConstraints (no CA), keyUsage (digitalSignature), extKeyUsage (serverAuth), subjectAltName. */
function extensions(domains: readonly string[]): Buffer[] {
  const critical = Buffer.from([0x01, 0x01, 0xff]);
  const extension = (id: string, value: Buffer, isCritical = false) =>
    der(SEQUENCE, oid(id), ...(isCritical ? [critical] : []), der(OCTET_STRING, value));
  return [
    extension('2.5.29.19', der(SEQUENCE), true),
    extension('2.5.29.15', der(BIT_STRING, Buffer.from([7, 0x80])), true),
    extension('2.5.29.37', der(SEQUENCE, oid('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', der(SEQUENCE, ...domains.map((domain) => der(context(2, false), Buffer.from(domain))))),
  ];
}

/** Attributes that must be PrintableString or IA5String (RFC 5280 appendix A); the others are UTF8String. */
const STRING_TYPES: Readonly<Record<string, number>> = {
  '2.5.4.6': PRINTABLE,
  '2.5.4.5': PRINTABLE,
  '1.2.840.113549.1.9.1': IA5,
  '0.9.2342.19200300.100.1.25': IA5,
};

function nameOf(subject: DistinguishedName): Buffer {
  const attribute = ({ type, value }: DistinguishedName[number][number]) =>
    der(SEQUENCE, oid(type), der(STRING_TYPES[type] ?? UTF8, Buffer.from(value)));
  return der(SEQUENCE, ...subject.map((part) => der(SET, ...part.map(attribute).sort(Buffer.compare))));
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  let header: number[];
  if (length < 0x80) header = [tag, length];
  else if (length < 0x100) header = [tag, 0x81, length];
  else header = [tag, 0x82, length >> 8, length & 0xff]; // nothing here reaches 64 KB
  return Buffer.concat([Buffer.from(header), content]);
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const base128 = [arc & 0x7f];
    for (let n = Math.floor(arc / 128); n > 0; n = Math.floor(n / 128)) base128.unshift((n & 0x7f) | 0x80);
    bytes.push(...base128);
  }
  return der(OID, Buffer.from(bytes));
}

/** UTCTime to 2049, GeneralizedTime from then on (RFC 5280 section 4.1.2.5). */
function time(at: Date): Buffer {
  const text = at.toISOString().replace(/[-:T]/g, '').slice(0, 14);
  return at.getUTCFullYear() < 2050
    ? der(UTC_TIME, Buffer.from(`${text.slice(2)}Z`))
    : der(GENERALIZED_TIME, Buffer.from(`${text}Z`));
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

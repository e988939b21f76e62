/**
 * One certificate file, read and judged: PEM, the certificate with those that signed it, its key in the same text or in
 * NAME.key. Whatever reads certificates reads them here. node:crypto and node:tls are loaded when there is one to read, not before.
 */
import type { KeyObject, X509Certificate } from 'node:crypto';
import { parseDistinguishedName, windowsName } from '../domain/certificate-name.ts';

export interface CertificateFile {
  readonly file: string;
  readonly leaf: X509Certificate;
  /** `<I>issuer<S>subject`; '' where the subject is empty: such a one is found by its host names only. */
  readonly name: string;
  /** The certificate and those that signed it, PEM, in the order in which TLS presents them. */
  readonly chain: string;
  /** PEM. */
  readonly key: string;
}

/** Why a file cannot be used, in words. */
export class UnusableCertificate extends Error {
  /** The certificate in it, as far as it could be read. */
  readonly leaf: X509Certificate | undefined;

  constructor(reason: string, leaf?: X509Certificate) {
    super(reason);
    this.leaf = leaf;
  }
}

/** More than any chain in use; each is parsed. */
const MOST_CERTIFICATES = 100;
const CERTIFICATE = /-----BEGIN (?:X509 )?CERTIFICATE-----[\s\S]+?-----END (?:X509 )?CERTIFICATE-----/g;
const KEY = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----/g;

/** The file that has the key of a certificate's file, when it does not stand in that one. */
export function keyFileOf(file: string): string {
  return file.replace(/\.[^.]+$/, '.key');
}

export function holdsPrivateKey(text: string): boolean {
  return /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text);
}

/** @param keyText the key's own file, when there is one @throws UnusableCertificate */
export function certificateIn(file: string, text: string, keyText: string): CertificateFile {
  const certificates = certificatesIn(file, text);
  const ends = certificates.filter((one) => !certificates.some((other) => other !== one && other.checkIssued(one)));
  const likely = ends.find((one) => !one.ca) ?? ends[0] ?? certificates[0]!;
  const inText = [...text.matchAll(KEY)];
  const keys = inText.length ? inText : [...keyText.matchAll(KEY)];
  const fail = (reason: string): never => {
    throw new UnusableCertificate(reason, likely);
  };
  if (!keys.length)
    fail(
      keyText.trim() === ''
        ? `it has no private key, and there is no ${keyFileOf(file)}`
        : `it has no private key, and ${keyFileOf(file)} is none in PEM`,
    );
  const found = withKey(certificates, keys, (reason) => fail(reason));
  const chain = chainFrom(found.leaf, certificates);
  const usable = {
    file,
    leaf: found.leaf,
    name: certificateName(found.leaf),
    chain: chain.map(String).join(''),
    key: found.key,
  };
  checkWithOpenSsl(usable);
  return usable;
}

/** `<I>issuer<S>subject` as TlsCertificateName has it, in the form of Windows; '' when the subject is empty. */
export function certificateName(certificate: X509Certificate): string {
  const subject = distinguishedName(certificate.subject);
  return subject === '' ? '' : `<I>${distinguishedName(certificate.issuer)}<S>${subject}`;
}

/** A name as node:crypto gives it, a part a line (undefined when it is empty), in the form of Windows. */
export function distinguishedName(lines: string | undefined): string {
  return lines ? windowsName(parseDistinguishedName(lines) ?? [[{ type: 'cn', value: lines }]]) : '';
}

export function validFrom({ leaf }: { leaf: X509Certificate }): number {
  return Date.parse(leaf.validFrom);
}

export function validTo({ leaf }: { leaf: X509Certificate }): number {
  return Date.parse(leaf.validTo);
}

/** Every certificate of the text. @throws UnusableCertificate saying what the text is instead */
export function certificatesIn(file: string, text: string): X509Certificate[] {
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length > MOST_CERTIFICATES)
    throw new UnusableCertificate(`it has ${blocks.length} certificates; at most ${MOST_CERTIFICATES} are read`);
  if (blocks.length === 0) throw new UnusableCertificate(whatItIs(file, text));
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch {
      const which =
        blocks.length === 1 ? 'the certificate in it' : `certificate ${index + 1} of the ${blocks.length} in it`;
      throw new UnusableCertificate(`${which} is damaged; look at it with: openssl x509 -in ${file} -noout -text`);
    }
  });
}

/** What a text without a certificate in PEM is, and how it becomes one. */
function whatItIs(file: string, text: string): string {
  if (text.trim() === '') return 'it is empty';
  if (/-----BEGIN TRUSTED CERTIFICATE-----/.test(text))
    return `it is a TRUSTED CERTIFICATE of OpenSSL; make it a plain one: openssl x509 -in ${file} -out NEW.pem`;
  if (/-----BEGIN PKCS7-----/.test(text))
    return `it is PKCS #7, which has no key; take the certificates out: openssl pkcs7 -in ${file} -print_certs -out NEW.pem`;
  if (/-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----/.test(text))
    return 'it is a request for a certificate, not yet one; put what the CA sends back here';
  if (/-----BEGIN CERTIFICATE-----/.test(text)) return 'it has no certificate (PEM): the END CERTIFICATE is missing';
  if (holdsPrivateKey(text))
    return `it has a private key and no certificate; beside NAME.pem with the certificate it is called NAME.key`;
  if (text.startsWith('0\u0082') || text.startsWith('0\ufffd'))
    return `it has no certificate (PEM): it is binary (DER or PKCS #12). Make it PEM: openssl x509 -in ${file} -out NEW.pem, or openssl pkcs12 -in ${file} -nodes -out NEW.pem`;
  if (text.includes('\0') || text.startsWith('\ufffd\ufffd'))
    return 'it has no certificate (PEM): it is UTF-16 or binary; write it as plain text';
  return 'it has no certificate (PEM)';
}

function withKey(
  certificates: readonly X509Certificate[],
  keys: readonly RegExpMatchArray[],
  fail: (reason: string) => never,
): { leaf: X509Certificate; key: string } {
  const { createPrivateKey } = process.getBuiltinModule('node:crypto');
  let damaged = '';
  let read = 0;
  for (const match of keys.slice(0, MOST_CERTIFICATES)) {
    const [text] = match;
    if (match[1]!.startsWith('ENCRYPTED') || /^Proc-Type:.*ENCRYPTED/m.test(text)) {
      damaged ||=
        'its private key is encrypted, and a listener cannot ask for a password; write it without one: openssl pkey -in KEY -out NAME.key';
      continue;
    }
    let key: KeyObject;
    try {
      key = createPrivateKey(text);
    } catch {
      damaged ||= 'its private key is damaged; look at it with: openssl pkey -in KEY -noout -check';
      continue;
    }
    read++;
    const own = certificates.filter((one) => one.checkPrivateKey(key));
    // several for one key: a renewed one beside the old
    const leaf = own.sort((a, b) => validTo({ leaf: b }) - validTo({ leaf: a }))[0];
    if (leaf) return { leaf, key: text };
  }
  return fail(read ? 'the private key is not that of the certificate' : damaged);
}

/** The leaf, then those that signed it, wherever they stand in the file: TLS wants this order (RFC 8446 section 4.4.2). */
function chainFrom(leaf: X509Certificate, all: readonly X509Certificate[]): X509Certificate[] {
  const chain = [leaf];
  for (const one of chain)
    for (const issuer of all) if (!chain.includes(issuer) && one.checkIssued(issuer)) chain.push(issuer);
  return chain;
}

/** What OpenSSL would say at the first STARTTLS is asked now: keys and digests too weak for its security level, most of all. */
function checkWithOpenSsl({ leaf, chain, key }: CertificateFile): void {
  const { createSecureContext } = process.getBuiltinModule('node:tls');
  try {
    createSecureContext({ cert: chain, key, minVersion: 'TLSv1.2' });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new UnusableCertificate(wordsFor(code) ?? `OpenSSL does not take it: ${reasonOf(message)}`, leaf);
  }
}

/** @param code of an error of node:tls */
function wordsFor(code: string): string | undefined {
  if (/EE_KEY_TOO_SMALL/.test(code))
    return 'its key is too short for OpenSSL’s security level; get one with 2048 bits (RSA) or P-256';
  if (/CA_KEY_TOO_SMALL/.test(code))
    return 'the key of a CA in its chain is too short for OpenSSL’s security level; get a certificate of another CA';
  if (/MD_TOO_WEAK/.test(code))
    return 'it or its chain is signed with a digest too weak for OpenSSL’s security level (MD5, SHA-1); get one signed with SHA-256';
  if (/UNKNOWN_CERTIFICATE_TYPE|UNSUPPORTED/.test(code))
    return 'TLS knows no certificates with such a key; get one with RSA, ECDSA or Ed25519';
  if (/X509V3_INVALID_CERTIFICATE/.test(code))
    return 'an extension in it is damaged; look at it with: openssl x509 -in CERTIFICATE -noout -text';
  return undefined;
}

/** What OpenSSL says without its numbers: `error:1100009E:X509 V3 routines::invalid certificate` → `invalid certificate`. */
function reasonOf(message: string): string {
  return message.replace(/^error:[0-9A-F]+:.*::?/i, '');
}

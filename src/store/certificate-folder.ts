/**
 * The certificates of the home's `certificates` folder, read: `NAME.pem` (or .crt, .cer) with the certificate and its
 * chain, the key in the same file or in `NAME.key`. `client-ca.pem` is no certificate of ours but the bundle that clients'
 * certificates are checked against. node:crypto is loaded when there is a certificate to read, not before.
 */
import type { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const CLIENT_CA = 'client-ca.pem';

export interface CertificateFile {
  readonly file: string;
  readonly leaf: X509Certificate;
  /** The certificate and those that signed it, PEM. */
  readonly chain: string;
  readonly key: string;
}

export interface CertificateFolder {
  readonly certificates: readonly CertificateFile[];
  /** Files that cannot be used, and why. */
  readonly problems: readonly { readonly file: string; readonly reason: string }[];
  readonly clientCa: string | undefined;
}

/** Names of the folder's files; none when there is no folder. */
export function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

export function readCertificates(folder: string): CertificateFolder {
  const certificates: CertificateFile[] = [];
  const problems: { file: string; reason: string }[] = [];
  for (const file of filesIn(folder)) {
    if (!/^[^.].*\.(?:pem|crt|cer)$/i.test(file) || file === CLIENT_CA) continue;
    try {
      certificates.push(certificateIn(file, readText(folder, file) ?? '', readText(folder, keyFileOf(file)) ?? ''));
    } catch (error) {
      problems.push({ file, reason: (error as Error).message });
    }
  }
  return { certificates, problems, clientCa: readText(folder, CLIENT_CA) };
}

function readText(folder: string, file: string): string | undefined {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch {
    return undefined;
  }
}

function keyFileOf(file: string): string {
  return file.replace(/\.[^.]+$/, '.key');
}

const KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----/;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** @param keyText the key's own file, when there is one @throws Error saying what is wrong with the file */
export function certificateIn(file: string, text: string, keyText: string): CertificateFile {
  const { createPrivateKey, X509Certificate } = process.getBuiltinModule('node:crypto');
  const chain = text.match(CERTIFICATE) ?? [];
  if (chain.length === 0) throw new Error('it has no certificate (PEM)');
  const leaf = new X509Certificate(chain[0]!);
  const key = (KEY.exec(text) ?? KEY.exec(keyText))?.[0];
  if (!key) throw new Error(`it has no private key, and there is no ${keyFileOf(file)}`);
  if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new Error('the private key is not that of the certificate');
  return { file, leaf, chain: chain.join('\n'), key };
}

/** `<I>issuer<S>subject`, as TlsCertificateName has it, the parts in the order in which Windows shows them. */
export function certificateName(certificate: X509Certificate): string {
  const line = (name: string) => name.split('\n').reverse().join(', ');
  return `<I>${line(certificate.issuer)}<S>${line(certificate.subject)}`;
}

/** Do the two name the same certificate? Parts of a distinguished name may come in either order, with any spaces and case. */
export function sameCertificateName(a: string, b: string): boolean {
  const [x, y] = [normalName(a), normalName(b)];
  return x !== undefined && x === y;
}

function normalName(name: string): string | undefined {
  const m = /^<I>(.*)<S>(.*)$/is.exec(name.trim());
  if (!m) return undefined;
  const sorted = (text: string) =>
    text
      .replace(/[\\"]/g, '') // a comma inside a part is quoted in one form and escaped in another
      .split(/,\s*(?=[a-z0-9.]+\s*=)/i)
      .map((part) =>
        part
          .trim()
          .toLowerCase()
          .replace(/\s*=\s*/, '='),
      )
      .sort()
      .join(',');
  return `<i>${sorted(m[1]!)}<s>${sorted(m[2]!)}`;
}

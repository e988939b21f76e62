/**
 * The certificates of the home's `certificates` folder: `NAME.pem` (or .crt, .cer) with the certificate and its chain, the key
 * in the same file or in `NAME.key`. `client-ca.pem` is no certificate of ours but the bundle that clients' certificates are
 * checked against. One file that cannot be used is a problem of its own: the others are read all the same.
 */
import type { X509Certificate } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { sameCertificateName } from '../domain/certificate-name.ts';
import {
  type CertificateFile,
  certificateIn,
  certificateName,
  certificatesIn,
  holdsPrivateKey,
  keyFileOf,
  UnusableCertificate,
  validFrom,
  validTo,
} from './certificate-file.ts';

const CLIENT_CA = 'client-ca.pem';

/** A certificate with its chain has some 10 KB; a bundle of all public CAs 200 KB. */
const MOST_BYTES = 1024 ** 2;
/** More files than these are not looked at; the folder is another one by mistake. */
const MOST_FILES = 1000;

interface UnusableFile {
  readonly file: string;
  /** In words: "its private key is encrypted, …". */
  readonly reason: string;
  /** `<I>issuer<S>subject` of the certificate in it, where that much could be read; else ''. */
  readonly name: string;
  readonly leaf: X509Certificate | undefined;
}

export interface CertificateFolder {
  readonly folder: string;
  readonly certificates: readonly CertificateFile[];
  readonly problems: readonly UnusableFile[];
  /** PEM; undefined when there is none that can be used. */
  readonly clientCa: string | undefined;
  /** Where it stands, or would. */
  readonly clientCaFile: string;
  /** Files in which a private key stands. */
  readonly keyFiles: readonly string[];
}

/** Names of the folder's files; none when there is no folder. */
export function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => !file.startsWith('.'))
      .sort()
      .slice(0, MOST_FILES);
  } catch {
    return [];
  }
}

export function readCertificates(folder: string): CertificateFolder {
  const certificates: CertificateFile[] = [];
  const problems: UnusableFile[] = [];
  const keyFiles: string[] = [];
  let clientCa: string | undefined;
  const files = filesIn(folder);
  /** @throws UnusableCertificate */
  const read = (file: string): string => {
    const text = readText(join(folder, file));
    if (holdsPrivateKey(text)) keyFiles.push(file);
    return text;
  };
  /** The key's own file, where one is needed. @throws UnusableCertificate */
  const keyText = (file: string, text: string): string => {
    const own = keyFileOf(file);
    if (holdsPrivateKey(text) || !files.includes(own)) return '';
    try {
      return read(own);
    } catch (error) {
      throw new UnusableCertificate(`its key, ${own}: ${(error as Error).message}`);
    }
  };
  for (const file of files) {
    try {
      if (file === CLIENT_CA) clientCa = caBundle(read(file));
      else if (/\.(?:pem|crt|cer)$/i.test(file)) {
        const text = read(file);
        certificates.push(certificateIn(file, text, keyText(file, text)));
      } else if (/\.(?:pfx|p12|p7b|der)$/i.test(file)) throw new UnusableCertificate(otherForm(file));
    } catch (error) {
      const leaf = error instanceof UnusableCertificate ? error.leaf : undefined;
      problems.push({ file, reason: (error as Error).message, name: leaf ? certificateName(leaf) : '', leaf });
    }
  }
  const holding = files.filter((file) => keyFiles.includes(file) || /\.(?:key|pfx|p12)$/i.test(file));
  return { folder, certificates, problems, clientCa, clientCaFile: join(folder, CLIENT_CA), keyFiles: holding };
}

/** Those that TlsCertificateName names, the best first: valid now, then valid for longest. */
export function certificatesNamed(folder: CertificateFolder, name: string, now: Date): CertificateFile[] {
  return folder.certificates
    .filter((one) => one.name !== '' && sameCertificateName(one.name, name))
    .sort((a, b) => Number(isValid(b, now)) - Number(isValid(a, now)) || validTo(b) - validTo(a));
}

/** Those whose host names cover this one and that are valid now, valid for longest first. */
export function certificatesFor(folder: CertificateFolder, host: string, now: Date): CertificateFile[] {
  return folder.certificates
    .filter((one) => isValid(one, now) && one.leaf.checkHost(host))
    .sort((a, b) => validTo(b) - validTo(a));
}

/** Why nothing is found under the name: "is not in FOLDER", or what is wrong with the file that has it. */
export function whyNotNamed({ folder, problems }: CertificateFolder, name: string): string {
  const unusable = problems.find((one) => one.name !== '' && sameCertificateName(one.name, name));
  return unusable
    ? `is in ${join(folder, unusable.file)}, which cannot be used: ${unusable.reason}`
    : `is not in ${folder}`;
}

function isValid(certificate: CertificateFile, now: Date): boolean {
  return validFrom(certificate) <= now.getTime() && now.getTime() < validTo(certificate);
}

/** What keeps a usable certificate from doing all one expects of it; undefined when nothing does. */
export function limitOf(certificate: Pick<CertificateFile, 'leaf'>, now: Date): string | undefined {
  if (validTo(certificate) <= now.getTime()) return `ran out on ${day(validTo(certificate))}`;
  if (validFrom(certificate) > now.getTime()) return `is valid only from ${day(validFrom(certificate))} on`;
  return undefined;
}

const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** @throws UnusableCertificate */
function caBundle(text: string): string {
  certificatesIn(CLIENT_CA, text);
  return text;
}

function otherForm(file: string): string {
  return /\.(?:pfx|p12)$/i.test(file)
    ? `it is PKCS #12; make it PEM: openssl pkcs12 -in ${file} -nodes -out NAME.pem`
    : /\.p7b$/i.test(file)
      ? `it is PKCS #7, which has no key; take the certificates out: openssl pkcs7 -in ${file} -print_certs -out NAME.pem`
      : `it is DER; make it PEM: openssl x509 -inform der -in ${file} -out NAME.pem`;
}

/** A plain file of bounded size; a pipe or a device keeps nobody waiting. @throws UnusableCertificate */
function readText(path: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const words: Record<string, string> = {
      EACCES: 'it may not be read by the user that runs this',
      ENOENT: 'it is a link to nothing',
      ELOOP: 'it is a link that leads back to itself',
    };
    throw new UnusableCertificate(words[code] ?? `it cannot be read (${code})`);
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new UnusableCertificate('it is no file');
    if (stat.size > MOST_BYTES)
      throw new UnusableCertificate(`it has ${stat.size} bytes; a certificate with its chain has a few thousand`);
    const bytes = Buffer.alloc(stat.size);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes.length; length += read)
      read = readSync(descriptor, bytes, length, bytes.length - length, null);
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}

/** Certificates of the home's folder as pipeline objects, and from a thumbprint or piped object back to them. */
import type { X509Certificate } from 'node:crypto';
import { distinguishedName } from '../../certificates/certificate-file.ts';
import { type CertificateFolder, limitOf, readCertificates } from '../../certificates/certificate-folder.ts';
import type { Call } from '../../pipeline/cmdlet.ts';
import type { Context } from '../../pipeline/context.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { PsObject, printed, type Value } from '../../pipeline/value.ts';
import { printable, show } from '../../text/printable.ts';
import { sameText } from '../../text/wildcard.ts';

/** A certificate that can be told apart from others: what stands in the folder, usable or not. */
export interface KnownCertificate {
  readonly file: string;
  readonly leaf: X509Certificate;
  /** `<I>issuer<S>subject`; '' when the subject is empty. */
  readonly name: string;
  /** Why it cannot be used; undefined when it can. */
  readonly problem: string | undefined;
}

export const THUMBPRINT = {
  name: 'Thumbprint',
  aliases: ['Identity'],
  type: 'string',
  position: 0,
  pipeline: true,
  placeholder: 'THUMBPRINT',
  help: 'The certificate: its SHA-1 fingerprint in hexadecimal digits, or SERVER\\THUMBPRINT.',
} as const satisfies Parameter;

export function knownCertificates(folder: CertificateFolder): KnownCertificate[] {
  const usable = folder.certificates.map(({ file, leaf, name }) => ({ file, leaf, name, problem: undefined }));
  const others = folder.problems.flatMap(({ file, leaf, name, reason }) =>
    leaf ? [{ file, leaf, name, problem: reason }] : [],
  );
  return [...usable, ...others].sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** Names and kinds: Exchange's reference of Get-ExchangeCertificate. */
export function certificateObject(one: KnownCertificate, server: string, now: Date): PsObject {
  const { leaf, problem } = one;
  const subject = distinguishedName(leaf.subject);
  const issuer = distinguishedName(leaf.issuer);
  return new PsObject('ExchangeCertificate', {
    Thumbprint: thumbprintOf(leaf),
    Services: problem === undefined ? 'SMTP' : 'None',
    // IMAP, POP, UM, IIS (W), SMTP, Federation, UM call router
    ServicesStringForm: problem === undefined ? '....S..' : '.......',
    Subject: subject,
    Issuer: issuer,
    CertificateDomains: domainsOf(leaf),
    NotBefore: new Date(leaf.validFrom),
    NotAfter: new Date(leaf.validTo),
    Status: problem !== undefined ? 'Invalid' : limitOf(one, now) ? 'DateInvalid' : 'Valid',
    HasPrivateKey: problem === undefined,
    IsSelfSigned: subject === issuer && leaf.checkIssued(leaf),
    PublicKeySize: keySize(leaf),
    SerialNumber: leaf.serialNumber,
    FriendlyName: '',
    File: printable(one.file),
    Problem: problem === undefined ? '' : printable(problem),
    Identity: `${server}\\${thumbprintOf(leaf)}`,
  });
}

export function thumbprintOf(leaf: X509Certificate): string {
  return leaf.fingerprint.replaceAll(':', '');
}

/** DNS names, without their kinds and quotes: `DNS:a, DNS:b, IP Address:…`. */
export function domainsOf(leaf: X509Certificate): string[] {
  const names = [...(leaf.subjectAltName ?? '').matchAll(/DNS:("(?:\\.|[^"\\])*"|[^,]+)/g)].map(([, name]) =>
    name!.startsWith('"') ? (JSON.parse(name!) as string) : name!,
  );
  return names.map(printable);
}

function keySize(leaf: X509Certificate): number {
  const { modulusLength, namedCurve } = leaf.publicKey.asymmetricKeyDetails ?? {};
  return modulusLength ?? Number(/\d{3}/.exec(namedCurve ?? '')?.[0] ?? 256);
}

/** Those a call means, by thumbprint or piped; one that is not there is an error of its own. */
export async function* certificatesMeant(call: Call<typeof THUMBPRINT>): AsyncGenerator<KnownCertificate> {
  const { arguments: args, context, input } = call;
  const wanted: AsyncIterable<Value> | readonly Value[] | undefined =
    args.Thumbprint === undefined ? input : [args.Thumbprint];
  if (!wanted)
    throw usage(
      `${call.cmdlet.name} needs a certificate: its thumbprint, or pipe certificates into it. See them with: Get-ExchangeCertificate`,
    );
  for await (const one of wanted) {
    const found = certificateOf(context, one);
    if (found) yield found;
  }
}

function certificateOf(context: Context, value: Value): KnownCertificate | undefined {
  const given = printed(value instanceof PsObject ? (value.get('Thumbprint') ?? '') : value);
  const thumbprint = given.replace(/^[^\\]*\\/, '').replace(/[\s:]/g, '');
  const found = knownCertificates(readCertificates(context.store.home.certificates)).find(({ leaf }) =>
    sameText(thumbprintOf(leaf), thumbprint),
  );
  if (!found)
    context.error(
      new CmdletError(
        `The certificate with thumbprint ${show(given)} was not found in ${context.store.home.certificates}. See those that are there: Get-ExchangeCertificate`,
        { id: 'CertificateNotFound', category: 'ObjectNotFound', target: given },
      ),
    );
  return found;
}

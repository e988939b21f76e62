/** Certificates of the home's folder: run out or about to, named by a connector and not there, keys missing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, type Patient, quoted } from './finding.ts';

const DAY_MS = 86_400_000;
/** Long enough before it runs out to get another one. */
const SOON_DAYS = 30;

export interface CertificateFile {
  readonly file: string;
  /** `<I>issuer<S>subject`. */
  readonly name: string;
  readonly validTo: Date;
  readonly validFrom: Date;
  readonly selfSigned: boolean;
  readonly hasKey: boolean;
}

/** Reads the folder: NAME.pem, .crt or .cer with the certificate, the key in it or in NAME.key (docs/listener.md). */
export function certificateFiles(folder: string): {
  certificates: CertificateFile[];
  unreadable: string[];
  clientCa: boolean;
} {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch {
    return { certificates: [], unreadable: [], clientCa: false };
  }
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  const certificates: CertificateFile[] = [];
  const unreadable: string[] = [];
  for (const name of names) {
    if (!/\.(pem|crt|cer)$/i.test(name) || name === 'client-ca.pem') continue;
    try {
      const text = readFileSync(join(folder, name), 'utf8');
      const x = new X509Certificate(text);
      const line = (dn: string) => dn.split('\n').reverse().join(', ');
      certificates.push({
        file: join(folder, name),
        name: `<I>${line(x.issuer)}<S>${line(x.subject)}`,
        validFrom: new Date(x.validFrom),
        validTo: new Date(x.validTo),
        selfSigned: x.issuer === x.subject,
        hasKey: /PRIVATE KEY/.test(text) || names.includes(name.replace(/\.\w+$/, '.key')),
      });
    } catch {
      unreadable.push(join(folder, name));
    }
  }
  return { certificates, unreadable, clientCa: names.includes('client-ca.pem') };
}

export function certificateFindings({ connectors }: Patient, folder: string, now: Date): Finding[] {
  const { certificates, unreadable, clientCa } = certificateFiles(folder);
  const findings: Finding[] = [];
  const finding = (severity: Finding['severity'], subject: string, problem: string, mend: string) =>
    findings.push({ severity, check: 'Certificates', subject, problem, mend });
  for (const file of unreadable)
    finding(
      'Error',
      file,
      'is no certificate that can be read',
      `replace it: a PEM file, checked with: openssl x509 -in ${quoted(file)} -noout -text`,
    );
  for (const { file, validTo, validFrom, hasKey } of certificates) {
    const left = Math.floor((validTo.getTime() - now.getTime()) / DAY_MS);
    const replace = `put the renewed certificate into ${folder}; the listener takes it up without a restart`;
    if (left < 0) finding('Error', file, `ran out on ${day(validTo)}`, replace);
    else if (left < SOON_DAYS) finding('Warning', file, `runs out in ${left} days, on ${day(validTo)}`, replace);
    if (validFrom > now) finding('Error', file, `is valid only from ${day(validFrom)} on`, 'check the clock: date');
    if (!hasKey)
      finding(
        'Error',
        file,
        'has no private key beside it',
        `put the key into the same file, or into ${file.replace(/\.\w+$/, '.key')}`,
      );
  }
  for (const c of connectors.filter((each) => each.Enabled)) {
    const named = c.TlsCertificateName;
    if (named && !certificates.some((file) => sameName(file.name, named)))
      finding(
        'Error',
        c.Name,
        `names the certificate ${named}, which is not in ${folder}`,
        `rc set ${quoted(c.Name)} --tls-certificate-name "", or put that certificate there`,
      );
    if (c.DomainSecureEnabled && !clientCa)
      finding(
        'Warning',
        c.Name,
        'asks partners for certificates, but there are no CAs to check them against',
        `put the partners’ CAs into ${join(folder, 'client-ca.pem')}`,
      );
  }
  return findings;
}

/** Order and spacing of a distinguished name differ between tools; its parts do not. */
function sameName(a: string, b: string): boolean {
  const parts = (text: string) =>
    text
      .split(/<[IS]>/i)
      .map((dn) =>
        dn
          .split(',')
          .map((part) => part.trim().toLowerCase())
          .sort()
          .join(','),
      )
      .join('|');
  return parts(a) === parts(b);
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

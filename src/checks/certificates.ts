/** Certificates of the home's folder: files that cannot be used, run out or about to, named by a connector and not there. */
import { join } from 'node:path';
import { validTo } from '../certificates/certificate-file.ts';
import {
  type CertificateFolder,
  certificatesFor,
  certificatesNamed,
  limitOf,
  readCertificates,
  whyNotNamed,
} from '../certificates/certificate-folder.ts';
import type { Connector } from '../domain/connector.ts';
import type { Severity } from '../domain/finding.ts';
import { printable } from '../text/printable.ts';
import { shellWord } from '../text/shell-word.ts';
import type { CheckFinding } from './finding.ts';

const DAY_MS = 86_400_000;
/** Long enough before it runs out to get another one. */
const SOON_DAYS = 30;

type Add = (severity: Severity, about: string, problem: string, ...mend: string[]) => void;

export function certificateFindings(connectors: readonly Connector[], folder: string, now: Date): CheckFinding[] {
  const read = readCertificates(folder);
  const findings: CheckFinding[] = [];
  const add: Add = (severity, about, problem, ...mend) =>
    findings.push({
      severity,
      check: 'Certificates',
      about: printable(about),
      problem: printable(problem),
      mend: mend.map(printable),
    });
  const replace = `put the renewed certificate into ${folder}; the listener takes it up without a restart`;
  lookAtFiles(read, { folder, now, replace }, add);
  lookAtConnectors(connectors, read, { folder, now, replace }, add);
  return findings;
}

interface Looking {
  readonly folder: string;
  readonly now: Date;
  /** What mends a certificate whose time is over. */
  readonly replace: string;
}

function lookAtFiles(read: CertificateFolder, { folder, now, replace }: Looking, add: Add): void {
  // A file that nobody needs keeps nobody from anything.
  for (const { file, reason } of read.problems) {
    const path = join(folder, file);
    add('Warning', path, `cannot be used: ${reason}`, `mend or remove it: ${shellWord(path)}`);
  }
  for (const one of read.certificates) {
    const file = join(folder, one.file);
    const limit = limitOf(one, now);
    const left = Math.floor((validTo(one) - now.getTime()) / DAY_MS);
    const day = () => new Date(validTo(one)).toISOString().slice(0, 10);
    if (limit?.startsWith('ran out')) add('Warning', file, limit, replace);
    else if (limit) add('Warning', file, limit, 'check the clock: date', replace);
    else if (left < SOON_DAYS) add('Warning', file, `runs out in ${left} days, on ${day()}`, replace);
    if (one.name === '')
      add(
        'Information',
        file,
        'has an empty subject, so no TlsCertificateName names it; connectors find it by their Fqdn',
      );
  }
}

function lookAtConnectors(
  connectors: readonly Connector[],
  read: CertificateFolder,
  { folder, now, replace }: Looking,
  add: Add,
): void {
  const without = new Set<string>();
  for (const c of connectors.filter((each) => each.Enabled)) {
    const named = c.TlsCertificateName;
    const usable = named ? certificatesNamed(read, named, now) : certificatesFor(read, c.Fqdn, now);
    if (named && !usable.length)
      add(
        'Error',
        c.Name,
        `names the certificate ${named}, which ${whyNotNamed(read, named)}`,
        `rc set ${shellWord(c.Name)} --tls-certificate-name ""`,
        `put that certificate into ${folder}`,
      );
    else if (named && usable.every((one) => limitOf(one, now)))
      add('Error', c.Name, `names the certificate ${named}, which ${limitOf(usable[0]!, now)}`, replace);
    else if (!usable.length && c.AuthMechanism.has('Tls')) without.add(c.Fqdn);
    if (c.DomainSecureEnabled && read.clientCa === undefined)
      add(
        'Warning',
        c.Name,
        'asks partners for certificates, but there are no CAs to check them against',
        `put the partners’ CAs into ${read.clientCaFile}`,
      );
  }
  for (const name of without)
    add(
      'Information',
      folder,
      `has no certificate for ${name}; a self-signed one is made where the listener starts`,
      `put one there as ${name}.pem`,
    );
}

/** Paths of the certificates that connectors with TLS show. */
export function usableCertificates(connectors: readonly Connector[], folder: string, now: Date): string[] {
  const read = readCertificates(folder);
  const shown = connectors
    .filter(({ Enabled, AuthMechanism }) => Enabled && AuthMechanism.has('Tls'))
    .flatMap(({ Fqdn, TlsCertificateName: name }) =>
      name ? certificatesNamed(read, name, now) : certificatesFor(read, Fqdn, now),
    );
  return [...new Set(shown.filter((one) => !limitOf(one, now)).map(({ file }) => join(folder, file)))];
}

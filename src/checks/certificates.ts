/** Certificates of the home's folder: files that cannot be used, run out or about to, named by a connector and not there. */
import { join } from 'node:path';
import { validTo } from '../certificates/certificate-file.ts';
import {
  CLIENT_CA,
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

export function certificateFindings(connectors: readonly Connector[], folder: string, now: Date): CheckFinding[] {
  const read = readCertificates(folder);
  const findings: CheckFinding[] = [];
  const finding = (severity: Severity, about: string, problem: string, ...mend: string[]) =>
    findings.push({
      severity,
      check: 'Certificates',
      about: printable(about),
      problem: printable(problem),
      mend: mend.map(printable),
    });
  const replace = `put the renewed certificate into ${folder}; the listener takes it up without a restart`;
  // A file that nobody needs keeps nobody from anything.
  for (const { file, reason } of read.problems)
    finding(
      'Warning',
      join(folder, file),
      `cannot be used: ${reason}`,
      `mend or remove it: ${shellWord(join(folder, file))}`,
    );
  for (const one of read.certificates) {
    const file = join(folder, one.file);
    const limit = limitOf(one, now);
    const left = Math.floor((validTo(one) - now.getTime()) / DAY_MS);
    if (limit?.startsWith('ran out')) finding('Warning', file, limit, replace);
    else if (limit) finding('Warning', file, limit, 'check the clock: date', replace);
    else if (left < SOON_DAYS)
      finding(
        'Warning',
        file,
        `runs out in ${left} days, on ${new Date(validTo(one)).toISOString().slice(0, 10)}`,
        replace,
      );
    if (one.name === '')
      finding(
        'Information',
        file,
        'has an empty subject, so no TlsCertificateName names it; connectors find it by their Fqdn',
      );
  }
  const without = new Set<string>();
  for (const c of connectors.filter((each) => each.Enabled)) {
    const named = c.TlsCertificateName;
    const usable = named ? certificatesNamed(read, named, now) : certificatesFor(read, c.Fqdn, now);
    if (named && !usable.length)
      finding(
        'Error',
        c.Name,
        `names the certificate ${named}, which ${whyNotNamed(read, named)}`,
        `rc set ${shellWord(c.Name)} --tls-certificate-name ""`,
        `put that certificate into ${folder}`,
      );
    else if (named && usable.every((one) => limitOf(one, now)))
      finding('Error', c.Name, `names the certificate ${named}, which ${limitOf(usable[0]!, now)}`, replace);
    else if (!usable.length && c.AuthMechanism.has('Tls')) without.add(c.Fqdn);
    if (c.DomainSecureEnabled && read.clientCa === undefined)
      finding(
        'Warning',
        c.Name,
        'asks partners for certificates, but there are no CAs to check them against',
        `put the partners’ CAs into ${join(folder, CLIENT_CA)}`,
      );
  }
  for (const name of without)
    finding(
      'Information',
      folder,
      `has no certificate for ${name}; a self-signed one is made where the listener starts`,
      `put one there as ${name}.pem`,
    );
  return findings;
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

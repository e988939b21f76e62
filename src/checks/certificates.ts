/** Certificates of the home's folder: files that cannot be used, run out or about to, named by a connector and not there. */
import { join } from 'node:path';
import { validTo } from '../certificates/certificate-file.ts';
import {
  CLIENT_CA,
  certificatesNamed,
  limitOf,
  readCertificates,
  whyNotNamed,
} from '../certificates/certificate-folder.ts';
import { printable } from '../text/printable.ts';
import { type Finding, type Patient, quoted } from './finding.ts';

const DAY_MS = 86_400_000;
/** Long enough before it runs out to get another one. */
const SOON_DAYS = 30;

export function certificateFindings({ connectors }: Patient, folder: string, now: Date): Finding[] {
  const read = readCertificates(folder);
  const findings: Finding[] = [];
  const finding = (severity: Finding['severity'], subject: string, problem: string, mend: string) =>
    findings.push({
      severity,
      check: 'Certificates',
      subject: printable(subject),
      problem: printable(problem),
      mend: printable(mend),
    });
  const replace = `put the renewed certificate into ${folder}; the listener takes it up without a restart`;
  for (const { file, reason } of read.problems)
    finding(
      'Error',
      join(folder, file),
      `cannot be used: ${reason}`,
      `mend or remove it: ${quoted(join(folder, file))}`,
    );
  for (const one of read.certificates) {
    const file = join(folder, one.file);
    const limit = limitOf(one, now);
    const left = Math.floor((validTo(one) - now.getTime()) / DAY_MS);
    if (limit)
      finding('Error', file, limit, limit.startsWith('ran out') ? replace : `check the clock: date; else ${replace}`);
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
        'has an empty subject, so no TlsCertificateName names it',
        'nothing to do where connectors find it by their Fqdn; else get one with a subject',
      );
  }
  for (const c of connectors.filter((each) => each.Enabled)) {
    const named = c.TlsCertificateName;
    if (named && !certificatesNamed(read, named, now).length)
      finding(
        'Error',
        c.Name,
        `names the certificate ${named}, which ${whyNotNamed(read, named)}`,
        `rc set ${quoted(c.Name)} --tls-certificate-name "", or put that certificate there`,
      );
    if (c.DomainSecureEnabled && read.clientCa === undefined)
      finding(
        'Warning',
        c.Name,
        'asks partners for certificates, but there are no CAs to check them against',
        `put the partners’ CAs into ${join(folder, CLIENT_CA)}`,
      );
  }
  return findings;
}

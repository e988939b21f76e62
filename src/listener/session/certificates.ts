/**
 * Which certificate a connector presents. The home's `certificates` folder (src/certificates/certificate-folder.ts) is looked at
 * on every use, so that a renewed certificate is presented to the next client without a restart; when it has none for the
 * host, a self-signed one is made.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { type CertificateFile, certificateIn, validTo } from '../../certificates/certificate-file.ts';
import {
  type CertificateFolder,
  certificatesFor,
  certificatesNamed,
  filesIn,
  limitOf,
  readCertificates,
  whyNotNamed,
} from '../../certificates/certificate-folder.ts';
import { selfSigned } from '../../certificates/self-signed.ts';
import type { Connector } from '../../domain/connector.ts';
import type { Home } from '../../store/home.ts';
import { createOwn, linkOwn, removeOwn } from '../../store/home-files.ts';
import { makeOwnFolder } from '../../store/home-folders.ts';
import { replaceOwn } from '../../store/replace-file.ts';
import { printable } from '../../text/printable.ts';
import type { Certificates } from '../contracts/certificates-api.ts';
import type { EventLog, ListenerEvent } from '../contracts/event-log.ts';
import { EVENTS } from '../records/event-table.ts';

/** Prefix of the certificates made here. */
const OURS = 'self-signed-';
/** As long as Exchange's own self-signed certificate. */
const SELF_SIGNED_DAYS = 5 * 365;
const SOON_MS = 24 * 3_600_000;

/** @param clock what time it is, for certificates that have run out */
export function openCertificates(
  home: Pick<Home, 'certificates'>,
  events: EventLog,
  clock = () => new Date(),
): Certificates {
  return new LiveCertificates(home.certificates, events, clock);
}

class LiveCertificates implements Certificates {
  readonly #folder: string;
  readonly #events: EventLog;
  readonly #clock: () => Date;
  #signature: string | undefined;
  #read: CertificateFolder;
  readonly #contexts = new Map<string, SecureContext>();
  /** Certificates made here that could not be written down. */
  readonly #unsaved = new Map<string, CertificateFile>();
  readonly #warned = new Set<string>();

  constructor(folder: string, events: EventLog, clock: () => Date) {
    this.#folder = folder;
    this.#read = { folder, certificates: [], problems: [], clientCa: undefined, clientCaFile: '', keyFiles: [] };
    this.#events = events;
    this.#clock = clock;
  }

  contextFor(connector: Connector): SecureContext {
    this.#refresh();
    const entry = connector.TlsCertificateName ? this.#named(connector) : this.#forHost(connector.Fqdn);
    const limit = limitOf(entry, this.#clock());
    if (limit)
      this.#warnOnce(EVENTS.certificateOutOfDate(connector.Name, join(this.#folder, printable(entry.file)), limit));
    const mutual = connector.DomainSecureEnabled;
    const key = `${mutual}\0${entry.leaf.fingerprint256}`;
    let context = this.#contexts.get(key);
    if (!context) {
      context = createSecureContext({
        cert: entry.chain,
        key: entry.key,
        ca: mutual ? (this.#read.clientCa ?? []) : undefined, // none: not the public ones that Node would take instead
        minVersion: 'TLSv1.2', // RFC 8996: older versions are not to be used
        honorCipherOrder: true,
        sessionIdContext: 'rc',
      });
      this.#contexts.set(key, context);
    }
    return context;
  }

  has(name: string): boolean {
    this.#refresh();
    return this.#called(name).length > 0;
  }

  get clientCa(): string | undefined {
    this.#refresh();
    return this.#read.clientCa;
  }

  close(): void {
    this.#contexts.clear();
  }

  #called(name: string): CertificateFile[] {
    return certificatesNamed(this.#read, name, this.#clock());
  }

  #named(connector: Connector): CertificateFile {
    const [found] = this.#called(connector.TlsCertificateName);
    if (found) return found;
    const name = printable(connector.TlsCertificateName);
    const why = printable(whyNotNamed(this.#read, connector.TlsCertificateName));
    this.#warnOnce(EVENTS.certificateMissing(connector.Name, name, why));
    throw new Error(`no certificate ${name}`);
  }

  #forHost(host: string): CertificateFile {
    const now = this.#clock();
    const good = certificatesFor(this.#read, host, now);
    const given = good.find((entry) => !entry.file.startsWith(OURS));
    if (given) return given;
    for (const { file, leaf } of this.#read.certificates.filter((entry) => !entry.file.startsWith(OURS))) {
      const limit = leaf.checkHost(host) && limitOf({ leaf }, now);
      if (limit) this.#warnOnce(EVENTS.certificateUnusable(join(this.#folder, printable(file)), `it ${limit}`));
    }
    const kept = good[0] ?? this.#unsaved.get(host);
    if (kept && validTo(kept) > now.getTime() + SOON_MS) return kept;
    return this.#make(host);
  }

  #make(host: string): CertificateFile {
    const made = selfSigned(host, this.#clock(), SELF_SIGNED_DAYS);
    const file = `${OURS}${host.toLowerCase()}.pem`;
    const entry = certificateIn(file, made.certificate + made.key, '');
    let where = `kept in ${join(this.#folder, file)}`;
    try {
      makeOwnFolder(this.#folder);
      const others = this.#placed(made.certificate + made.key, file, host);
      if (others) return others;
    } catch (error) {
      this.#unsaved.set(host, entry);
      where = `kept in memory only (${(error as Error).message})`;
    }
    this.#events.write(EVENTS.selfSignedMade(host, this.#folder, where));
    return entry;
  }

  /** Puts the file in its place; the certificate of another process that was quicker, when there is one, so that all present the same. */
  #placed(text: string, file: string, host: string): CertificateFile | undefined {
    const temporary = `.${file}.${process.pid}-${Date.now()}`;
    createOwn(join(this.#folder, temporary), text);
    try {
      linkOwn(this.#folder, temporary, file); // unlike rename, never over another one
      return undefined;
    } catch {
      // one is there, or the file system knows no links
    } finally {
      removeOwn(join(this.#folder, temporary));
    }
    this.#refresh();
    const theirs = this.#read.certificates.find((e) => e.file === file && e.leaf.checkHost(host));
    if (theirs && validTo(theirs) > this.#clock().getTime() + SOON_MS) return theirs;
    replaceOwn(join(this.#folder, file), text);
    return undefined;
  }

  /** Reads the folder again when something in it changed. */
  #refresh(): void {
    const signature = this.#look();
    if (signature === this.#signature) return;
    this.#signature = signature;
    this.#contexts.clear();
    this.#warned.clear();
    this.#read = readCertificates(this.#folder);
    for (const { file, reason } of this.#read.problems)
      this.#warnOnce(EVENTS.certificateUnusable(join(this.#folder, printable(file)), printable(reason)));
    for (const { file } of this.#read.certificates.filter((entry) => entry.name === ''))
      this.#warnOnce(EVENTS.certificateNameless(join(this.#folder, printable(file))));
  }

  #look(): string {
    return filesIn(this.#folder)
      .map((file) => {
        try {
          const s = statSync(join(this.#folder, file), { throwIfNoEntry: false });
          return s ? `${file}:${s.ino}:${s.size}:${s.mtimeMs}:${s.ctimeMs}` : file;
        } catch {
          return file; // a link back to itself; reading it says so
        }
      })
      .join('\n');
  }

  #warnOnce(event: ListenerEvent): void {
    if (this.#warned.has(event.message)) return;
    this.#warned.add(event.message);
    this.#events.write(event);
  }
}

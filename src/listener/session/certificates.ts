/**
 * The certificates of the home's `certificates` folder: `NAME.pem` (or .crt, .cer) with the certificate and its chain, the
 * key in the same file or in `NAME.key`; `client-ca.pem` is the bundle that client certificates are checked against. The
 * folder is looked at on every use, so that a renewed certificate is presented to the next client without a restart.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Connector } from '../../connector/connector.ts';
import { printable } from '../../connector/value-error.ts';
import type { Home } from '../../store/home.ts';
import type { Certificates, EventLog, ListenerEvent } from '../contract.ts';
import { events as told } from '../event-table.ts';
import { selfSigned } from './self-signed.ts';

const CLIENT_CA = 'client-ca.pem';
/** Prefix of the certificates made here. */
const OURS = 'self-signed-';
/** As long as Exchange's own self-signed certificate. */
const SELF_SIGNED_DAYS = 5 * 365;
const SOON_MS = 24 * 3_600_000;

interface Entry {
  readonly file: string;
  readonly leaf: X509Certificate;
  readonly chain: string;
  readonly key: string;
  readonly name: string;
}

/** @param clock what time it is, for certificates that have run out */
export function openCertificates(
  home: Pick<Home, 'certificates'>,
  events: EventLog,
  clock = () => new Date(),
): Certificates {
  return new CertificateFolder(home.certificates, events, clock);
}

class CertificateFolder implements Certificates {
  readonly #folder: string;
  readonly #events: EventLog;
  readonly #clock: () => Date;
  #signature: string | undefined;
  #entries: readonly Entry[] = [];
  #clientCa: string | undefined;
  readonly #contexts = new Map<string, SecureContext>();
  /** Certificates made here that could not be written down. */
  readonly #unsaved = new Map<string, Entry>();
  readonly #warned = new Set<string>();

  constructor(folder: string, events: EventLog, clock: () => Date) {
    this.#folder = folder;
    this.#events = events;
    this.#clock = clock;
  }

  contextFor(connector: Connector): SecureContext {
    this.#refresh();
    const entry = connector.TlsCertificateName ? this.#named(connector) : this.#forHost(connector.Fqdn);
    const mutual = connector.DomainSecureEnabled;
    const key = `${mutual}\0${entry.leaf.fingerprint256}`;
    let context = this.#contexts.get(key);
    if (!context) {
      context = createSecureContext({
        cert: entry.chain,
        key: entry.key,
        ca: mutual ? this.#clientCa : undefined,
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
    const wanted = normalName(name);
    return this.#entries.some((entry) => entry.name === wanted);
  }

  get clientCa(): string | undefined {
    this.#refresh();
    return this.#clientCa;
  }

  close(): void {
    this.#contexts.clear();
  }

  #named(connector: Connector): Entry {
    const wanted = normalName(connector.TlsCertificateName);
    const found = newest(this.#entries.filter((entry) => entry.name === wanted));
    if (found) return found;
    const name = printable(connector.TlsCertificateName);
    this.#warnOnce(told.certificateMissing(connector.Name, name, this.#folder));
    throw new Error(`no certificate ${name}`);
  }

  #forHost(host: string): Entry {
    const now = this.#clock().getTime();
    const good = this.#entries.filter((e) => until(e.leaf) > now && since(e.leaf) <= now && e.leaf.checkHost(host));
    const given = newest(good.filter((entry) => !entry.file.startsWith(OURS)));
    const kept = newest(good) ?? this.#unsaved.get(host);
    if (given) return given;
    if (kept && until(kept.leaf) > now + SOON_MS) return kept;
    return this.#make(host);
  }

  #make(host: string): Entry {
    const made = selfSigned(host, this.#clock(), SELF_SIGNED_DAYS);
    const file = `${OURS}${host.toLowerCase()}.pem`;
    const entry = toEntry(file, made.certificate + made.key, '');
    let where = `kept in ${join(this.#folder, file)}`;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const temporary = join(this.#folder, `.${file}.${process.pid}`);
      writeFileSync(temporary, made.certificate + made.key, { mode: 0o600 });
      renameSync(temporary, join(this.#folder, file));
    } catch (error) {
      this.#unsaved.set(host, entry);
      where = `kept in memory only (${(error as Error).message})`;
    }
    this.#events.write(told.selfSignedMade(host, this.#folder, where));
    return entry;
  }

  /** Reads the folder again when something in it changed. */
  #refresh(): void {
    const signature = this.#look();
    if (signature === this.#signature) return;
    this.#signature = signature;
    this.#contexts.clear();
    this.#warned.clear();
    this.#clientCa = this.#read(CLIENT_CA);
    const files = this.#list().filter((file) => /\.(?:pem|crt|cer)$/i.test(file) && file !== CLIENT_CA);
    this.#entries = files.flatMap((file) => this.#load(file));
  }

  #list(): string[] {
    try {
      return readdirSync(this.#folder).sort();
    } catch {
      return []; // no folder: no certificates
    }
  }

  #look(): string {
    return this.#list()
      .map((file) => {
        try {
          const s = statSync(join(this.#folder, file));
          return `${file}:${s.ino}:${s.size}:${s.mtimeMs}`;
        } catch {
          return file;
        }
      })
      .join('\n');
  }

  #read(file: string): string | undefined {
    try {
      return readFileSync(join(this.#folder, file), 'utf8');
    } catch {
      return undefined;
    }
  }

  #load(file: string): Entry[] {
    const text = this.#read(file) ?? '';
    const key = this.#read(file.replace(/\.[^.]+$/, '.key')) ?? '';
    try {
      return [toEntry(file, text, key)];
    } catch (error) {
      const reason = printable((error as Error).message);
      this.#warnOnce(told.certificateUnusable(join(this.#folder, printable(file)), reason));
      return [];
    }
  }

  #warnOnce(event: ListenerEvent): void {
    if (this.#warned.has(event.message)) return;
    this.#warned.add(event.message);
    this.#events.write(event);
  }
}

const KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----/;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** @throws Error saying what is wrong with the file */
function toEntry(file: string, text: string, keyText: string): Entry {
  const chain = text.match(CERTIFICATE) ?? [];
  if (chain.length === 0) throw new Error('it has no certificate (PEM)');
  const leaf = new X509Certificate(chain[0]!);
  const key = (KEY.exec(text) ?? KEY.exec(keyText))?.[0];
  if (!key) throw new Error(`it has no private key, and there is no ${file.replace(/\.[^.]+$/, '.key')}`);
  if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new Error('the private key is not that of the certificate');
  return { file, leaf, chain: chain.join('\n'), key, name: normalName(certificateName(leaf)) };
}

/** `<I>issuer<S>subject`, as TlsCertificateName has it. */
export function certificateName(certificate: X509Certificate): string {
  const line = (name: string) => name.split('\n').reverse().join(', ');
  return `<I>${line(certificate.issuer)}<S>${line(certificate.subject)}`;
}

/** Parts of a distinguished name may come in either order, with any spaces and case. */
function normalName(name: string): string {
  const m = /^<I>(.*)<S>(.*)$/is.exec(name.trim());
  if (!m) return '';
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

function until(certificate: X509Certificate): number {
  return Date.parse(certificate.validTo);
}

function since(certificate: X509Certificate): number {
  return Date.parse(certificate.validFrom);
}

/** The one that is good for longest. */
function newest(entries: readonly Entry[]): Entry | undefined {
  return entries.reduce<Entry | undefined>(
    (best, e) => (!best || until(e.leaf) > until(best.leaf) ? e : best),
    undefined,
  );
}

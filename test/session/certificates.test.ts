/** Certificates: made, found by name and host, reloaded; read by node:crypto, node:tls and openssl. */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { certificateName } from '../../src/certificates/certificate-file.ts';
import { selfSigned } from '../../src/certificates/self-signed.ts';
import type { ListenerEvent } from '../../src/listener/contracts/event-log.ts';
import { openCertificates } from '../../src/listener/session/certificates.ts';
import { has } from '../support/tools.ts';
import { connectorOf } from './harness/host.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
let folder: string;
let events: ListenerEvent[];

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'rc-cert-')), 'certificates');
  events = [];
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

const open = () =>
  openCertificates({ certificates: folder }, { write: (e) => void events.push(e), close: async () => {} });
const put = (file: string, text: string) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), text);
};

/** The subject that a server with this context presents. */
async function presented(context: import('node:tls').SecureContext): Promise<string> {
  const server = createServer({ SNICallback: (_name, done) => done(null, context) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const socket = await new Promise<TLSSocket>((resolve, reject) => {
    const s = connect({ port, host: '127.0.0.1', servername: 'x.test', rejectUnauthorized: false }, () => resolve(s));
    s.once('error', reject);
  });
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  server.close();
  return String(subject.CN);
}

describe('a self-signed certificate', () => {
  test('is read by node:crypto', () => {
    const { certificate } = selfSigned('mail.contoso.com', NOW, 30);
    const x509 = new X509Certificate(certificate);
    expect(x509.subject).toBe('CN=mail.contoso.com');
    expect(x509.issuer).toBe('CN=mail.contoso.com');
    expect(x509.subjectAltName).toBe('DNS:mail.contoso.com');
    expect(x509.ca).toBe(false);
    expect(x509.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(new Date(x509.validTo).toISOString()).toBe('2026-03-31T12:00:00.000Z');
    expect(x509.verify(x509.publicKey)).toBe(true);
    expect(x509.checkHost('mail.contoso.com')).toBe('mail.contoso.com');
    expect(x509.checkHost('contoso.com')).toBeUndefined();
  });

  test.skipIf(!has('openssl'))('is read by openssl, also beyond 2049 and for a long name', () => {
    const host = `${'a'.repeat(60)}.${'b'.repeat(60)}.contoso.com`;
    const { certificate } = selfSigned(host, NOW, 40 * 365);
    const text = execFileSync('openssl', ['x509', '-noout', '-text'], { input: certificate }).toString();
    expect(text).toMatch(/Version: 3 \(0x2\)/);
    expect(text).toContain(`DNS:${host}`);
    expect(text).toMatch(/Not After : .* 2066 GMT/);
    expect(text).toContain('ecdsa-with-SHA256');
    put('self.pem', certificate);
    const verified = execFileSync('openssl', ['verify', '-CAfile', join(folder, 'self.pem'), join(folder, 'self.pem')]);
    expect(verified.toString()).toMatch(/: OK\n$/);
  });

  test('has a key of its own and a serial number of its own each time', () => {
    const [a, b] = [selfSigned('a.contoso.com', NOW, 1), selfSigned('a.contoso.com', NOW, 1)];
    expect(a.key).not.toBe(b.key);
    expect(new X509Certificate(a.certificate).serialNumber).not.toBe(new X509Certificate(b.certificate).serialNumber);
  });
});

describe('the folder', () => {
  test('gets a self-signed certificate at first need, with a warning, and keeps it', async () => {
    const certificates = open();
    const connector = connectorOf({ Fqdn: 'mail.contoso.com' });
    expect(await presented(certificates.contextFor(connector))).toBe('mail.contoso.com');
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ id: 17040, level: 'Warning', data: { host: 'mail.contoso.com' } });
    expect(statSync(join(folder, 'self-signed-mail.contoso.com.pem')).mode & 0o777).toBe(0o600);
    open().contextFor(connector);
    certificates.contextFor(connector);
    expect(events).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['self-signed-mail.contoso.com.pem']);
  });

  test('has the self-signed one of another process that was quicker: it stays, and is presented here too', async () => {
    const file = 'self-signed-mail.contoso.com.pem';
    const theirs = selfSigned('mail.contoso.com', new Date(), 100);
    let asked = 0;
    const clock = () => {
      if (++asked === 2) put(file, theirs.certificate + theirs.key); // ours is being made just now
      return new Date();
    };
    const log = { write: (e: ListenerEvent) => void events.push(e), close: async () => {} };
    const certificates = openCertificates({ certificates: folder }, log, clock);
    const connector = connectorOf({ Fqdn: 'mail.contoso.com' });
    expect(await presented(certificates.contextFor(connector))).toBe('mail.contoso.com');
    expect(asked).toBeGreaterThanOrEqual(2);
    expect(readFileSync(join(folder, file), 'utf8')).toBe(theirs.certificate + theirs.key);
    expect(readdirSync(folder)).toEqual([file]);
    expect(events).toEqual([]);
  });

  test('a certificate for the Fqdn goes before a self-signed one, from the next use on', async () => {
    const certificates = open();
    const connector = connectorOf({ Fqdn: 'mail.contoso.com' });
    certificates.contextFor(connector); // makes one
    const before = certificates.contextFor(connector);
    expect(certificates.contextFor(connector)).toBe(before);
    const given = selfSigned('mail.contoso.com', new Date(), 10);
    put('mail.crt', given.certificate);
    put('mail.key', given.key);
    const after = certificates.contextFor(connector);
    expect(after).not.toBe(before);
    expect(certificates.has(certificateName(new X509Certificate(given.certificate)))).toBe(true);
    // A renewed one is presented next.
    const renewed = selfSigned('mail.contoso.com', new Date(), 20);
    put('mail.pem', renewed.certificate + renewed.key);
    expect(certificates.contextFor(connector)).not.toBe(after);
  });

  test.skipIf(!has('openssl'))(
    'TlsCertificateName chooses by issuer and subject, in any order, case and spacing',
    async () => {
      execFileSync(
        'openssl',
        [
          ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
          ...['-subj', '/C=US/O=Contoso, Ltd/CN=edge.contoso.com', '-keyout', `${folder}.key`, '-out', `${folder}.pem`],
        ],
        { stdio: 'pipe' },
      );
      put('edge.pem', execFileSync('cat', [`${folder}.pem`, `${folder}.key`]).toString());
      const certificates = open();
      for (const name of [
        '<I>CN=edge.contoso.com, O="Contoso, Ltd", C=US<S>CN=edge.contoso.com, O="Contoso, Ltd", C=US',
        '<i>C=US,O="Contoso, Ltd",CN=edge.contoso.com<s>c=us, cn = EDGE.contoso.com, o="contoso, ltd"',
      ]) {
        const plain = name.replaceAll('"', '');
        expect(certificates.has(plain), plain).toBe(true);
        const connector = connectorOf({ Fqdn: 'other.contoso.com', TlsCertificateName: plain });
        expect(await presented(certificates.contextFor(connector))).toBe('edge.contoso.com');
      }
      expect(certificates.has('<I>CN=x<S>CN=edge.contoso.com')).toBe(false);
    },
  );

  test('a name that is not there is refused, and said once', () => {
    const certificates = open();
    const connector = connectorOf({ TlsCertificateName: '<I>CN=Contoso CA<S>CN=mail.contoso.com' });
    expect(() => certificates.contextFor(connector)).toThrow('no certificate');
    expect(() => certificates.contextFor(connector)).toThrow('no certificate');
    expect(events.map((e) => e.id)).toEqual([17042]);
  });

  test.each([
    ['nothing in it', ''],
    ['no key', selfSigned('mail.contoso.com', NOW, 1).certificate],
    ['another key', selfSigned('mail.contoso.com', NOW, 1).certificate + selfSigned('b.contoso.com', NOW, 1).key],
    ['garbage', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ])('a file with %s is passed over with a warning', (_what, text) => {
    put('bad.pem', text);
    const certificates = open();
    expect(certificates.has('<I>CN=mail.contoso.com<S>CN=mail.contoso.com')).toBe(false);
    certificates.contextFor(connectorOf({ Fqdn: 'mail.contoso.com' }));
    expect(events.map((e) => e.id)).toContain(17041);
    expect(events.filter((e) => e.id === 17041).every((e) => e.message.includes('bad.pem'))).toBe(true);
  });

  test('one that has run out is replaced', () => {
    const old = selfSigned('mail.contoso.com', new Date('2020-01-01'), 10);
    put('self-signed-mail.contoso.com.pem', old.certificate + old.key);
    open().contextFor(connectorOf({ Fqdn: 'mail.contoso.com' }));
    expect(events.map((e) => e.id)).toEqual([17040]);
  });

  test('a folder that cannot be written keeps the certificate in memory', () => {
    put('../certificates-blocker', '');
    rmSync(folder, { recursive: true, force: true });
    writeFileSync(folder, 'a file where the folder should be');
    chmodSync(folder, 0o400);
    const certificates = open();
    const connector = connectorOf({ Fqdn: 'mail.contoso.com' });
    expect(certificates.contextFor(connector)).toBe(certificates.contextFor(connector));
    expect(events).toHaveLength(1);
    expect(events[0]?.message).toContain('in memory only');
  });

  test('client-ca.pem is the bundle for client certificates', () => {
    const certificates = open();
    expect(certificates.clientCa).toBeUndefined();
    const ca = selfSigned('ca.contoso.com', NOW, 1).certificate;
    put('client-ca.pem', ca);
    expect(certificates.clientCa).toBe(ca);
    expect(certificates.has('<I>CN=ca.contoso.com<S>CN=ca.contoso.com')).toBe(false);
  });
});

/**
 * One reader of certificates, asked by the listener, `rc serve --check`, `rc doctor`, `rc set` and the events: every file that
 * cannot be used is told by all of them in the same words, and none touches another connector.
 */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { readCertificates } from '../../src/certificates/certificate-folder.ts';
import { selfSigned } from '../../src/certificates/self-signed.ts';
import type { ListenerEvent } from '../../src/listener/contracts/event-log.ts';
import { openCertificates } from '../../src/listener/session/certificates.ts';
import { connectorOf } from '../session/harness/host.ts';
import { rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const fixture = (file: string) => readFileSync(join(FIXTURES, file), 'utf8');
const GOOD = '<I>CN=good.contoso.com<S>CN=good.contoso.com';
const good = selfSigned('good.contoso.com', new Date(), 100);

let home: string;
let folder: string;
beforeEach(() => {
  home = tempFolder();
  folder = join(home, 'certificates');
  mkdirSync(folder, { mode: 0o700 });
  writeStore(home, [{ Name: 'Relay', Bindings: ['127.0.0.1:2525'], AuthMechanism: 'Tls', TlsCertificateName: GOOD }]);
  put('good.pem', good.certificate + good.key);
});
const put = (file: string, text: string | Buffer) => writeFileSync(join(folder, file), text, { mode: 0o600 });

/** File of the folder, how it comes there, what is said of it. */
const UNUSABLE: readonly [file: string, make: () => void, reason: RegExp][] = [
  ['encrypted.pem', () => put('encrypted.pem', fixture('encrypted.pem')), /its private key is encrypted/],
  ['old.pem', () => put('old.pem', pemEncryptedOldStyle()), /its private key is encrypted/],
  [
    'other-key.pem',
    () => put('other-key.pem', fixture('other-key.pem')),
    /the private key is not that of the certificate/,
  ],
  ['weak.pem', () => put('weak.pem', fixture('weak.pem')), /its key is too short for OpenSSL’s security level/],
  [
    'binary.cer',
    () => put('binary.cer', readFileSync(join(FIXTURES, 'binary.cer'))),
    /no certificate \(PEM\): it is binary \(DER/,
  ],
  ['utf16.pem', () => put('utf16.pem', Buffer.from(`\ufeff${good.certificate}`, 'utf16le')), /it is UTF-16 or binary/],
  ['text.pem', () => put('text.pem', 'no certificate'), /it has no certificate \(PEM\)$/],
  ['empty.pem', () => put('empty.pem', ''), /it is empty/],
  ['half.pem', () => put('half.pem', good.certificate.slice(0, 200)), /the END CERTIFICATE is missing/],
  [
    'damaged.pem',
    () => put('damaged.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
    /the certificate in it is damaged/,
  ],
  [
    'bad-key.pem',
    () => put('bad-key.pem', `${good.certificate}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`),
    /its private key is damaged/,
  ],
  ['no-key.pem', () => put('no-key.pem', good.certificate), /it has no private key, and there is no no-key\.key/],
  ['only-key.pem', () => put('only-key.pem', good.key), /it has a private key and no certificate/],
  ['contoso.pfx', () => put('contoso.pfx', 'x'), /it is PKCS #12; make it PEM/],
  ['big.pem', () => put('big.pem', ' '.repeat(1024 ** 2 + 1)), /it has 1048577 bytes/],
  ['folder.pem', () => mkdirSync(join(folder, 'folder.pem')), /it is no file/],
  ['gone.pem', () => symlinkSync('nowhere', join(folder, 'gone.pem')), /it is a link to nothing/],
  ['circle.pem', () => symlinkSync('circle.pem', join(folder, 'circle.pem')), /it is a link that leads back to itself/],
  ['many.pem', () => put('many.pem', good.certificate.repeat(101) + good.key), /it has 101 certificates/],
  ['client-ca.pem', () => put('client-ca.pem', 'no CA'), /it has no certificate \(PEM\)$/],
];

function pemEncryptedOldStyle(): string {
  return `${good.certificate}-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n`;
}

describe.each(UNUSABLE)('%s', (file, make, reason) => {
  beforeEach(make);

  test('is a problem of its own, in words', () => {
    const read = readCertificates(folder);
    expect(read.certificates.map((one) => one.file)).toEqual(['good.pem']);
    expect(read.problems).toMatchObject([{ file, reason: expect.stringMatching(reason), name: expect.any(String) }]);
  });

  test('is told by the listener’s event, and other connectors have their certificates', () => {
    const events: ListenerEvent[] = [];
    const certificates = openCertificates(
      { certificates: folder },
      { write: (e) => void events.push(e), close: async () => {} },
    );
    expect(certificates.contextFor(connectorOf({ TlsCertificateName: GOOD }))).toBeDefined();
    certificates.contextFor(connectorOf({ TlsCertificateName: GOOD, DomainSecureEnabled: true, AuthMechanism: 'Tls' }));
    expect(events).toEqual([
      expect.objectContaining({ id: 17041, message: expect.stringMatching(reason.source.replace('$', '')) }),
    ]);
  });
});

test.each([
  [
    'ERR_OSSL_X509V3_INVALID_CERTIFICATE',
    'error:1100009E:X509 V3 routines::invalid certificate',
    'an extension in it is damaged',
  ],
  ['ERR_OSSL_EVP_DECODE_ERROR', 'error:03000072:digital envelope routines::decode error', 'not take it: decode error'],
])('what OpenSSL alone finds is told without its numbers: %s', (code, message, words) => {
  const asked = vi.spyOn(process.getBuiltinModule('node:tls'), 'createSecureContext').mockImplementation(() => {
    throw Object.assign(new Error(message), { code });
  });
  const [problem] = readCertificates(folder).problems;
  asked.mockRestore();
  expect(problem?.reason).toContain(words);
  expect(problem?.reason).not.toMatch(/error:|routines/);
});

test('all of them at once: doctor, --check and set tell each with its reason, and the good one is served', async () => {
  for (const [, make] of UNUSABLE) make();
  const [doctor, check, set] = await Promise.all([
    rc(['doctor', '--output', 'json'], { home }),
    rc(['serve', '--check'], { home }),
    rc(['set', 'Relay', '--tls-certificate-name', '<I>CN=a<S>CN=b'], { home }),
  ]);
  const findings = JSON.parse(doctor.stdout) as { Subject: string; Problem: string; Check: string }[];
  for (const [file, , reason] of UNUSABLE) {
    const found = findings.filter((f) => f.Check === 'Certificates' && f.Subject === join(folder, file));
    expect(found.map((f) => f.Problem)).toEqual([expect.stringMatching(reason)]);
    const line = (text: string) =>
      text
        .split('\n')
        .find((each) => each.includes(file))
        ?.replace(/^\S+\s+/, '');
    expect(line(check.stdout)?.replace(/; mend or remove it: .*/, ''), file).toMatch(reason);
    expect(line(set.stderr), file).toMatch(reason);
  }
  expect(check.stdout).toContain(`${join(folder, 'good.pem')}: can be used`);
  expect(set.stderr).toContain(`It has:\n  ${GOOD}`);
});

test('a name whose file cannot be used is told with that file and its reason', async () => {
  put('encrypted.pem', fixture('encrypted.pem'));
  const name = '<I>CN=encrypted.contoso.com<S>CN=encrypted.contoso.com';
  const set = await rc(['set', 'Relay', '--tls-certificate-name', name], { home });
  expect(set).toMatchObject({ code: 1 });
  expect(set.stderr).toContain(
    `is in ${join(folder, 'encrypted.pem')}, which cannot be used: its private key is encrypted`,
  );
});

describe('files that can be used', () => {
  test('the leaf wherever it stands; those that signed it follow', () => {
    put('leaf-last.pem', fixture('leaf-last.pem'));
    const [, one] = readCertificates(folder).certificates;
    expect(one?.name).toBe('<I>CN=Test CA<S>CN=leaf.contoso.com');
    const chain = one!.chain
      .match(/-----BEGIN[\s\S]+?END CERTIFICATE-----/g)!
      .map((pem) => new X509Certificate(pem).subject);
    expect(chain).toEqual(['CN=leaf.contoso.com', 'CN=Test CA']);
  });

  test('an empty subject: found by host name, named by nobody, told so', async () => {
    put('nameless.pem', fixture('nameless.pem'));
    const events: ListenerEvent[] = [];
    const certificates = openCertificates(
      { certificates: folder },
      { write: (e) => void events.push(e), close: async () => {} },
    );
    certificates.contextFor(connectorOf({ Fqdn: 'nameless.contoso.com' }));
    certificates.contextFor(connectorOf({ TlsCertificateName: GOOD }));
    expect(events.map((e) => e.id)).toEqual([17044]); // none was made
    const doctor = await rc(['doctor'], { home });
    expect(doctor.stdout).toContain('has an empty subject, so no TlsCertificateName names it');
    const set = await rc(['set', 'Relay', '--tls-certificate-name', '<I>CN=a<S>CN=b'], { home });
    expect(set.stderr).toContain('nameless.pem: its subject is empty');
  });

  test.each([
    ['expired.pem', 'expired', 'ran out on 2021-01-01'],
    ['future.pem', 'future', 'is valid only from 2099-01-01 on'],
  ])(
    '%s: presented where it is named, passed over where a host is looked for; told both times',
    async (file, host, words) => {
      put(file, fixture(file));
      const name = `<I>CN=Test CA<S>CN=${host}.contoso.com`;
      const events: ListenerEvent[] = [];
      const certificates = openCertificates(
        { certificates: folder },
        { write: (e) => void events.push(e), close: async () => {} },
      );
      certificates.contextFor(connectorOf({ TlsCertificateName: name }));
      certificates.contextFor(connectorOf({ Fqdn: `${host}.contoso.com` }));
      expect(events.map((e) => e.id)).toEqual([17043, 17041, 17040]);
      expect(events[0]!.message).toContain(words);
      expect(events[1]!.message).toContain(words);
      writeStore(home, [
        { Name: 'Relay', Bindings: ['127.0.0.1:2525'], AuthMechanism: 'Tls', TlsCertificateName: name },
      ]);
      expect((await rc(['doctor'], { home })).stdout).toContain(words);
      expect((await rc(['serve', '--check'], { home })).stdout).toContain(words);
    },
  );

  test('of two with one name the valid one, whatever runs longer', () => {
    const now = Date.now();
    const later = selfSigned('good.contoso.com', new Date(now + 50 * 86_400_000), 500);
    put('later.pem', later.certificate + later.key);
    const events: ListenerEvent[] = [];
    const certificates = openCertificates(
      { certificates: folder },
      { write: (e) => void events.push(e), close: async () => {} },
    );
    certificates.contextFor(connectorOf({ TlsCertificateName: GOOD }));
    expect(events).toEqual([]);
  });

  test('the key in a file of its own, behind other text, with a byte order mark', () => {
    put('mail.crt', `\ufeffsubject=CN = x\n${good.certificate}`);
    put('mail.key', `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${good.key}`);
    expect(readCertificates(folder)).toMatchObject({
      problems: [],
      certificates: [{ file: 'good.pem' }, { file: 'mail.crt' }],
    });
  });
});

test.skipIf(!has('mkfifo'))('a pipe in the folder keeps nobody waiting', () => {
  execFileSync('mkfifo', [join(folder, 'pipe.pem')]);
  expect(readCertificates(folder).problems).toMatchObject([{ file: 'pipe.pem', reason: 'it is no file', name: '' }]);
});

test('modes: a certificate may be read by everybody, its key by its owner only', async () => {
  put('public.pem', good.certificate);
  put('public.key', good.key);
  copyFileSync(join(FIXTURES, 'nameless.pem'), join(folder, 'chain.crt')); // has the key in it
  for (const file of ['public.pem', 'good.pem', 'chain.crt']) chmodSync(join(folder, file), 0o644);
  chmodSync(home, 0o700);
  const modes = JSON.parse((await rc(['doctor', '--output', 'json'], { home })).stdout) as {
    Check: string;
    Subject: string;
  }[];
  expect(modes.filter((f) => f.Check === 'FileModes' && f.Subject.startsWith(folder)).map((f) => f.Subject)).toEqual([
    join(folder, 'chain.crt'),
    join(folder, 'good.pem'),
  ]);
});

/** Get-, New-, Import-, Enable- and Remove-ExchangeCertificate on the home's folder. */
import { X509Certificate } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { selfSigned } from '../../src/certificates/self-signed.ts';
import { rc } from '../support/rc.ts';
import { storeIn, tempFolder, writeStore } from '../support/temp-home.ts';

const FIXTURES = join(import.meta.dirname, '../certificates/fixtures');
let home: string;
let folder: string;
beforeEach(() => {
  home = tempFolder();
  folder = join(home, 'certificates');
  writeStore(home, [{ Name: 'Relay', Bindings: ['127.0.0.1:2525'], AuthMechanism: 'Tls' }]);
});
const put = (file: string) => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  copyFileSync(join(FIXTURES, file), join(folder, file));
};
const run = (text: string) => rc(['-c', text], { home });
const objects = (text: string) =>
  text
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('what scripts do: the name made of Issuer and Subject is taken', async () => {
  put('names.pem');
  const set = await run(
    '$c = Get-ExchangeCertificate | where { $_.Subject -like "*names.contoso.com*" }; Set-ReceiveConnector Relay -TlsCertificateName "<I>$($c.Issuer)<S>$($c.Subject)" -DomainController dc1',
  );
  expect(set).toMatchObject({ code: 0, stderr: '' });
  const dn = 'E=post@contoso.com, OU=Mail + CN=names.contoso.com, O="Contoso, ""Ltd"" + x", L=Köln, S=Washington, C=US';
  expect(storeIn(home).connectors[0]!.TlsCertificateName).toBe(`<I>${dn}<S>${dn}`);
});

test('Get-ExchangeCertificate shows what can be used and what not', async () => {
  for (const file of ['leaf-last.pem', 'encrypted.pem', 'nameless.pem', 'expired.pem']) put(file);
  writeFileSync(join(folder, 'text.pem'), 'no certificate');
  const found = objects((await run('Get-ExchangeCertificate')).stdout);
  expect(found.map((one) => [one.File, one.Services, one.Status, one.HasPrivateKey, one.IsSelfSigned])).toEqual([
    ['encrypted.pem', 'None', 'Invalid', false, true],
    ['expired.pem', 'SMTP', 'DateInvalid', true, false],
    ['leaf-last.pem', 'SMTP', 'Valid', true, false],
    ['nameless.pem', 'SMTP', 'Valid', true, true],
  ]);
  const leaf = found[2]!;
  expect(leaf).toMatchObject({ Subject: 'CN=leaf.contoso.com', Issuer: 'CN=Test CA', PublicKeySize: 256 });
  expect(found[3]!.CertificateDomains).toEqual(['nameless.contoso.com']);
  const print = new X509Certificate(
    readFileSync(join(FIXTURES, 'leaf-last.pem'), 'utf8').match(/-----BEGIN C[\s\S]+?END CERTIFICATE-----/g)![1]!,
  ).fingerprint;
  expect(leaf.Thumbprint).toBe(print.replaceAll(':', ''));
  for (const asked of [print, print.toLowerCase().replaceAll(':', ''), `EX\\${print.replaceAll(':', '')}`])
    expect(objects((await rc(['certificates', asked], { home })).stdout).map((one) => one.File)).toEqual([
      'leaf-last.pem',
    ]);
  expect(objects((await run('Get-ExchangeCertificate -DomainName nameless.contoso.com')).stdout)).toHaveLength(1);
  expect((await run('Get-ExchangeCertificate 00')).stderr).toContain('was not found in');
});

describe('New-ExchangeCertificate', () => {
  test('makes one with the subject and the names asked for, for its owner only', async () => {
    const made = await run(
      'New-ExchangeCertificate -SubjectName "C=US, O=Contoso, CN=mail.contoso.com" -DomainName mail.contoso.com,*.contoso.com -Services SMTP -Force -PrivateKeyExportable $true',
    );
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(objects(made.stdout)[0]).toMatchObject({
      Subject: 'CN=mail.contoso.com, O=Contoso, C=US',
      CertificateDomains: ['mail.contoso.com', '*.contoso.com'],
      Services: 'SMTP',
      File: 'mail.contoso.com.pem',
    });
    expect(readdirSync(folder)).toEqual(['mail.contoso.com.pem']);
    expect(statSync(join(folder, 'mail.contoso.com.pem')).mode & 0o777).toBe(0o600);
    const x = new X509Certificate(readFileSync(join(folder, 'mail.contoso.com.pem')));
    expect(x.subject).toBe('C=US\nO=Contoso\nCN=mail.contoso.com');
    expect(x.checkHost('smtp.contoso.com')).toBe('*.contoso.com');
    await run('New-ExchangeCertificate -DomainName mail.contoso.com');
    expect(readdirSync(folder)).toEqual(['mail.contoso.com-2.pem', 'mail.contoso.com.pem']);
  });

  test.each([
    ['-SubjectName contoso', 'SubjectName: "contoso" cannot be'],
    ['-SubjectName "Z=x, CN=a.b"', 'SubjectName: "Z=x, CN=a.b" cannot be (z)'],
    ['-DomainName "a b"', 'DomainName: "a b" cannot be'],
    ['-SubjectName "O=Contoso"', 'needs the hosts it is for'],
    ['-GenerateRequest', 'openssl req -new'],
  ])('refuses %s', async (args, words) => {
    const made = await run(`New-ExchangeCertificate ${args}`);
    expect(made.code).not.toBe(0);
    expect(made.stderr).toContain(words);
    expect(existsSync(folder)).toBe(false);
  });

  test('-WhatIf makes nothing', async () => {
    expect((await run('New-ExchangeCertificate -DomainName a.contoso.com -WhatIf')).stderr).toContain(
      'What if: Creating self-signed certificate',
    );
    expect(existsSync(folder)).toBe(false);
  });
});

describe('Import-ExchangeCertificate', () => {
  test('takes certificate, chain and key; once', async () => {
    const file = join(FIXTURES, 'leaf-last.pem');
    const made = await rc(['import-exchange-certificate', file], { home });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const [{ File, Thumbprint }] = objects(made.stdout) as [Record<string, string>];
    expect(File).toBe(`${Thumbprint}.pem`); // it has no host names
    expect(readFileSync(join(folder, File!), 'utf8').match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect((await rc(['import-exchange-certificate', file], { home })).stderr).toContain('is there already');
  });

  test('never through a link that somebody put where the file comes', async () => {
    const { certificate, key } = selfSigned('mail.contoso.com', new Date(), 10);
    writeFileSync(join(home, 'in.pem'), certificate + key);
    writeFileSync(join(home, 'victim'), 'safe');
    mkdirSync(folder);
    symlinkSync(join(home, 'victim'), join(folder, 'mail.contoso.com.pem'));
    expect((await rc(['import-exchange-certificate', join(home, 'in.pem')], { home })).code).toBe(0);
    expect(readFileSync(join(home, 'victim'), 'utf8')).toBe('safe');
  });

  test.each([
    ['encrypted.pem', 'its private key is encrypted, and there is no terminal'],
    ['other-key.pem', 'the private key is not that of the certificate'],
    ['binary.cer', 'it is binary (DER'],
    ['none.pem', 'there is no such file'],
  ])('%s is refused with the reason', async (file, words) => {
    const made = await rc(['import-exchange-certificate', join(FIXTURES, file)], { home });
    expect(made.code).toBe(1);
    expect(made.stderr.toLowerCase()).toContain(words.toLowerCase());
    expect(existsSync(folder)).toBe(false);
  });
});

test('Enable-ExchangeCertificate says who presents it, or what to type, or why it cannot', async () => {
  put('names.pem');
  put('encrypted.pem');
  const each = (more: string) => run(`Get-ExchangeCertificate | where File -eq ${more}`);
  const idle = await each('names.pem | Enable-ExchangeCertificate -Services SMTP,IIS -Force -Confirm:$false -WhatIf');
  expect(idle.stderr).toContain('serves SMTP only; IIS is passed over');
  expect(idle.stderr).toContain('Set-ReceiveConnector NAME -TlsCertificateName "<I>E=post@contoso.com');
  const bad = await each('encrypted.pem | Enable-ExchangeCertificate -Services SMTP');
  expect(bad).toMatchObject({ code: 1 });
  expect(bad.stderr).toContain('cannot be used: its private key is encrypted');
});

test('Remove-ExchangeCertificate takes certificate and key, unless a connector needs it', async () => {
  const { certificate, key } = selfSigned('mail.contoso.com', new Date(), 10);
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(folder, 'mail.pem'), certificate);
  writeFileSync(join(folder, 'mail.key'), key);
  await rc(['set', 'Relay', '--tls-certificate-name', '<I>CN=mail.contoso.com<S>CN=mail.contoso.com'], { home });
  const kept = await run('Get-ExchangeCertificate | Remove-ExchangeCertificate -Confirm:$false');
  expect(kept.code).toBe(1);
  expect(kept.stderr).toContain('is named by "Relay"');
  await rc(['set', 'Relay', '--tls-certificate-name', ''], { home });
  expect((await run('Get-ExchangeCertificate | Remove-ExchangeCertificate')).stderr).toContain('-Confirm:$false');
  expect((await run('Get-ExchangeCertificate | Remove-ExchangeCertificate -Confirm:$false')).code).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
});

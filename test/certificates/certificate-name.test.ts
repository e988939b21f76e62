/** `<I>issuer<S>subject`: one name in the many ways in which OpenSSL, Windows and people write it. */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { certificateName } from '../../src/certificates/certificate-file.ts';
import {
  type DistinguishedName,
  parseCertificateName,
  parseDistinguishedName,
  sameCertificateName,
  sameDistinguishedName,
  windowsName,
} from '../../src/domain/certificate-name.ts';
import { has } from '../support/tools.ts';

const NAMES = join(import.meta.dirname, 'fixtures', 'names.pem');
const both = (name: string) => `<I>${name}<S>${name}`;
/** As Windows writes it; what .NET's X509Certificate2.Subject gave for the certificate of the fixture. */
const WINDOWS =
  'E=post@contoso.com, OU=Mail + CN=names.contoso.com, O="Contoso, ""Ltd"" + x", L=Köln, S=Washington, C=US';

test('a certificate is named as Windows names it', () => {
  expect(certificateName(new X509Certificate(readFileSync(NAMES)))).toBe(both(WINDOWS));
});

test.each([
  ['Windows', WINDOWS],
  [
    'openssl x509 -subject',
    'C = US, ST = Washington, L = K\\C3\\B6ln, O = "Contoso, \\"Ltd\\" + x", OU = Mail + CN = names.contoso.com, emailAddress = post@contoso.com',
  ],
  [
    'openssl -nameopt RFC2253',
    'emailAddress=post@contoso.com,CN=names.contoso.com+OU=Mail,O=Contoso\\, \\"Ltd\\" \\+ x,L=K\\C3\\B6ln,ST=Washington,C=US',
  ],
  [
    'openssl -nameopt sep_comma_plus_space, without quotes',
    'C=US, ST=Washington, L=Köln, O=Contoso, "Ltd" + x, OU=Mail + CN=names.contoso.com, emailAddress=post@contoso.com',
  ],
  [
    'openssl -nameopt compat',
    '/C=US/ST=Washington/L=Köln/O=Contoso, "Ltd" + x/OU=Mail+CN=names.contoso.com/emailAddress=post@contoso.com',
  ],
  [
    'object identifiers, other case, other spaces',
    'oid.2.5.4.6=us ,2.5.4.8=WASHINGTON, l=KÖLN,o="contoso,  ""LTD"" + X" ,CN=names.contoso.com+ou=mail;email=POST@contoso.com',
  ],
])('the same name as %s writes it', (_who, name) => {
  expect(sameCertificateName(both(name), both(WINDOWS))).toBe(true);
  expect(sameCertificateName(`  <i>${name} <s>${WINDOWS}`, both(WINDOWS))).toBe(true);
});

test.skipIf(!has('openssl'))('what openssl says of the certificate is its name', () => {
  for (const options of ['oneline', 'RFC2253', 'oneline,utf8,-esc_msb', 'RFC2253,utf8,-esc_msb']) {
    const said = (what: string) =>
      execFileSync('openssl', ['x509', '-in', NAMES, '-noout', `-${what}`, '-nameopt', options])
        .toString()
        .trim()
        .replace(/^\w+=\s*/, '');
    expect(sameCertificateName(`<I>${said('issuer')}<S>${said('subject')}`, both(WINDOWS)), options).toBe(true);
  }
});

test.each([
  ['another issuer', '<I>CN=a<S>CN=c', '<I>CN=b<S>CN=c'],
  ['one part more', both('CN=a'), both('CN=a, O=b')],
  ['two parts and one that looks like two', both('O=a, CN=b'), both('O="a, CN=b"')],
  ['escaped, the same', both('O=a, CN=b'), both('O=a\\, CN=b')],
  ['two parts and one with two attributes', both('OU=a, CN=b'), both('OU=a + CN=b')],
  ['no name', 'CN=a', 'CN=a'],
])('not the same: %s', (_what, a, b) => {
  expect(sameCertificateName(a, b)).toBe(false);
});

test.each([
  '',
  'CN=a',
  '<I>CN=a',
  '<S>CN=a',
  '<I><S>CN=a',
  '<I>CN=a<S>',
  '<I>a<S>b',
  '<I>CN="a<S>CN=b',
  '<I>CN="a"b<S>CN=c',
])('no name of a certificate: %j', (text) => expect(parseCertificateName(text)).toBeUndefined());

test('a <S> within quotes or escaped is text', () => {
  const name = parseCertificateName('<I>O="a<S>b"<S>CN=a\\<S\\>b');
  expect(name?.issuer).toEqual([[{ type: '2.5.4.10', value: 'a<S>b' }]]);
  expect(name?.subject).toEqual([[{ type: '2.5.4.3', value: 'a<S>b' }]]);
});

describe('properties', () => {
  const attribute = fc.record({
    type: fc.constantFrom('2.5.4.3', '2.5.4.10', '2.5.4.11', '2.5.4.8', '1.2.840.113549.1.9.1', '1.2.3.4'),
    value: fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.stringMatching(/^[a-c,"+\\;=<S> \n#/]{0,12}$/)),
  });
  const names = fc.array(fc.array(attribute, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 });

  test('what is written is read back, the other way round', () => {
    fc.assert(
      fc.property(names, (name: DistinguishedName) => {
        fc.pre(name.flat().every(({ value }) => !value.startsWith('#')));
        expect(parseDistinguishedName(windowsName(name))).toEqual([...name].reverse());
      }),
    );
  });

  test('a name is itself in either order, and never throws', () => {
    fc.assert(
      fc.property(names, (name: DistinguishedName) => {
        const text = windowsName(name);
        expect(sameDistinguishedName(parseDistinguishedName(text)!, name)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[<ISCN=a,"+\\/;> \n0-9]{0,60}$/), (text) => {
        expect(sameCertificateName(text, text)).toBe(parseCertificateName(text) !== undefined);
      }),
    );
  });
});

/** Messages made fit for a host that takes ASCII in lines of 998 octets: what a reader gets is the same as before. */
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { CannotConvert, type Demand, partsToEncode, withEncoded } from '../../src/smtp/mime-conversion.ts';

const SEVEN: Demand = { sevenBit: true, exact: false };
const EIGHT: Demand = { sevenBit: false, exact: false };

async function* inPieces(text: string, step: number) {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

async function convert(text: string, demand = SEVEN, step = 7): Promise<string> {
  const parts = await partsToEncode(inPieces(text, step), demand);
  const out: Buffer[] = [];
  for await (const chunk of withEncoded(inPieces(text, step), demand, parts)) out.push(chunk);
  return Buffer.concat(out).toString('latin1');
}

const fit = /^(?:[\x01-\x7f]{0,998}\r\n)*[\x01-\x7f]{0,998}$/;

test.each([
  [
    'text without a word about it',
    'Subject: u\r\n\r\nGrüße \r\n.\r\n',
    'Subject: u\r\nContent-Transfer-Encoding: quoted-printable\r\nMIME-Version: 1.0\r\n' +
      'Content-Type: text/plain; charset=unknown-8bit\r\n\r\nGr=C3=BC=C3=9Fe=20\r\n.\r\n',
  ],
  [
    'text that says so',
    'MIME-Version: 1.0\r\nContent-Type: text/plain;\r\n charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nü=\r\n',
    'MIME-Version: 1.0\r\nContent-Type: text/plain;\r\n charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=BC=3D\r\n',
  ],
  [
    'only the part that needs it',
    'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="a b"\r\n\r\nintro\r\n--a b\r\n\r\nplain\r\n' +
      '--a b\r\nContent-Type: text/html\r\n\r\n<p>ü\r\n--a b--\r\nend\r\n',
    'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="a b"\r\n\r\nintro\r\n--a b\r\n\r\nplain\r\n' +
      '--a b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>=C3=BC\r\n--a b--\r\nend\r\n',
  ],
  [
    'a message inside, its own label mended too',
    'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nü\r\n',
    'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 7bit\r\n\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n' +
      'Content-Transfer-Encoding: quoted-printable\r\n\r\n=C3=BC\r\n',
  ],
  [
    'a picture',
    'MIME-Version: 1.0\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n\r\nü\r\n',
    'MIME-Version: 1.0\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nw7wNCg==',
  ],
  ['nothing to do', 'Subject: u\r\n\r\nplain\r\n', 'Subject: u\r\n\r\nplain\r\n'],
])('%s', async (_, message, expected) => {
  for (const step of [1, 2, 7, 1000]) expect(await convert(message, SEVEN, step)).toBe(expected);
});

test('lines that are too long, in text, quoted-printable and base64', async () => {
  const long = 'x'.repeat(5000);
  const header = (encoding: string) => `MIME-Version: 1.0\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
  for (const [encoding, body] of [
    ['7bit', long],
    ['quoted-printable', '=3D'.repeat(2000)],
    ['base64', Buffer.from(long).toString('base64')],
  ] as const) {
    const before = `${header(encoding)}${body}\r\n`;
    const after = await convert(before, EIGHT, 999);
    expect(after).toMatch(fit);
    expect((await PostalMime.parse(after)).text?.trim()).toBe((await PostalMime.parse(before)).text?.trim());
  }
});

describe('what is not changed', () => {
  test.each([
    ['Subject: ü\r\n\r\n', 'header with 8-bit'],
    ['Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nü\r\n--b--\r\n', 'signed'],
    ['Content-Type: multipart/encrypted; boundary=b\r\n\r\n--b\r\n\r\nü\r\n--b--\r\n', 'signed, encrypted'],
    ['Content-Type: message/partial\r\n\r\nü\r\n', 'not to be changed'],
    ['Content-Transfer-Encoding: x-uuencode\r\n\r\nü\r\n', 'x-uuencode'],
    ['Content-Type: multipart/mixed\r\n\r\nü\r\n', 'without a boundary'],
    [`Subject: ${'x'.repeat(300_000)}\r\n\r\nü\r\n`, 'header'],
    ['Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n'.repeat(60), 'without end'],
  ])('%.60j', async (message, why) => {
    const failed = await convert(message).catch((error) => error);
    expect(failed).toBeInstanceOf(CannotConvert);
    expect(failed.message).toContain(why);
  });
});

/** Quoted-printable UTF-8. */
function decoded(text: string): string {
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

test('whatever the text: fit for every host, and the same to its reader', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', ' ', '\t', '=', '.', 'ü', '€', '-', 'From '), maxLength: 400 });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 6 }), fc.integer({ min: 1, max: 90 }), async (lines, step) => {
      const body = lines.join('\r\n');
      const message = (text: string) =>
        `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\nContent-Type: text/plain; charset=utf-8\r\n` +
        `Content-Transfer-Encoding: 8bit\r\n\r\n${text}\r\n--bb--\r\n`;
      const after = await convert(message(body), SEVEN, step);
      expect(after).toMatch(fit);
      const part = after.slice(after.indexOf('\r\n\r\n', after.indexOf('--bb')) + 4, after.lastIndexOf('\r\n--bb--'));
      const plain = after.includes('quoted-printable') ? decoded(part) : part;
      expect(plain).toBe(body);
    }),
    { numRuns: 200 },
  );
});

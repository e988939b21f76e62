/** The body of DATA, whatever the chunks. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CountedBody, DotBody } from '../../src/smtp/dot-stuffing.ts';

/** Feeds the chunks; what came out, what was left over behind the end, and whether the end was found. */
function decode(chunks: readonly Buffer[]): { out: string; rest: string; ended: boolean } {
  const out: Buffer[] = [];
  const body = new DotBody({ write: (bytes) => void out.push(Buffer.from(bytes)) });
  const rest: Buffer[] = [];
  for (const chunk of chunks) {
    if (body.ended) rest.push(chunk);
    else rest.push(chunk.subarray(body.take(chunk)));
  }
  return {
    out: Buffer.concat(out).toString('latin1'),
    rest: Buffer.concat(rest).toString('latin1'),
    ended: body.ended,
  };
}

/** RFC 5321 in the simplest words: lines end with CRLF, a line of one dot ends, a leading dot goes. */
function reference(text: string): { out: string; rest: string; ended: boolean } {
  let out = '';
  let at = 0;
  for (;;) {
    const end = text.indexOf('\r\n', at);
    const line = end < 0 ? text.slice(at) : text.slice(at, end);
    if (end >= 0 && line === '.') return { out, rest: text.slice(end + 2), ended: true };
    const whole = end < 0 ? line : `${line}\r\n`;
    out += whole.startsWith('.') ? whole.slice(1) : whole;
    if (end < 0) return { out, rest: '', ended: false };
    at = end + 2;
  }
}

const cut = (text: string, at: readonly number[]): Buffer[] => {
  const bytes = Buffer.from(text, 'latin1');
  const places = [...new Set(at.map((n) => (bytes.length ? n % (bytes.length + 1) : 0)))].sort((a, b) => a - b);
  return [0, ...places].map((from, i) => bytes.subarray(from, places[i] ?? bytes.length));
};

describe('the end of DATA', () => {
  test.each([
    ['.\r\n', '', true],
    ['a\r\n.\r\n', 'a\r\n', true],
    ['..\r\n.\r\n', '.\r\n', true],
    ['a\n.\n', 'a\n.\n', false],
    ['a\r.\r', 'a\r.\r', false],
    ['a\n.\r\n', 'a\n.\r\n', false],
    ['a\r\n.\n', 'a\r\n\n', false],
    ['a\r\n.\r', 'a\r\n', false], // the CR may still become the end
    ['a\r.\r\n', 'a\r.\r\n', false],
    ['a\r\n\r.\r\n', 'a\r\n\r.\r\n', false],
    ['a\r\n.\r\r\n.\r\n', 'a\r\n\r\r\n', true],
    ['\r\n.\r\n', '\r\n', true],
    ['\n.\r\n', '\n.\r\n', false],
  ])('%j', (text, out, ended) => {
    const whole = decode([Buffer.from(text, 'latin1')]);
    expect(whole).toMatchObject({ out, ended });
    // The same in single bytes.
    expect(decode([...text].map((c) => Buffer.from(c, 'latin1')))).toMatchObject({ out, ended });
  });

  const wire = fc.array(fc.constantFrom('\r', '\n', '.', 'a', '\r\n', '\r\n.', '.\r\n', '\r\n.\r\n', 'MAIL'), {
    maxLength: 40,
  });

  test('is where the plain reading of RFC 5321 finds it, in any chunks', () => {
    fc.assert(
      fc.property(wire, fc.array(fc.nat(200), { maxLength: 12 }), (parts, places) => {
        const text = parts.join('');
        const got = decode(cut(text, places));
        const want = reference(text);
        expect(got.ended).toBe(want.ended);
        expect(got.rest).toBe(want.rest);
        if (want.ended) expect(got.out).toBe(want.out);
        else expect(want.out.startsWith(got.out)).toBe(true); // what could be the end is held back
      }),
      { numRuns: 3000 },
    );
  });

  test('is found there too behind so many dots that bytes are looked at one by one', () => {
    const dots = '..\r\n'.repeat(20);
    fc.assert(
      fc.property(wire, fc.array(fc.nat(300), { maxLength: 3 }), (parts, places) => {
        const text = dots + parts.join('');
        const got = decode(cut(text, places));
        const want = reference(text);
        expect(got).toMatchObject({ ended: want.ended, rest: want.rest });
        expect(want.out.startsWith(got.out)).toBe(true);
        if (want.ended) expect(got.out).toBe(want.out);
        expect(want.out.length - got.out.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 3000 },
    );
  });

  test('brings back what a client stuffed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('\r\n', '.', 'x', '\n', '\r') }),
        fc.array(fc.nat(200)),
        (message, places) => {
          const text = message === '' || message.endsWith('\r\n') ? message : `${message}\r\n`;
          const stuffed = text.replace(/(^|\r\n)\./g, '$1..');
          // A dot that follows a dot line's CRLF is stuffed by the second pass.
          const sent = `${stuffed.replace(/\r\n\.(?!\.)/g, '\r\n..')}.\r\nNOOP\r\n`;
          const got = decode(cut(sent, places));
          expect(got).toEqual({ out: text, rest: 'NOOP\r\n', ended: true });
        },
      ),
      { numRuns: 1000 },
    );
  });
});

test('a chunk of BDAT is as long as it says', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 50 }),
      fc.nat(49),
      fc.array(fc.nat(100)),
      (bytes, size, places) => {
        const octets = Math.min(size + 1, bytes.length);
        const out: Buffer[] = [];
        const body = new CountedBody(octets, { write: (b) => void out.push(b) });
        let rest = 0;
        for (const chunk of cut(Buffer.from(bytes).toString('latin1'), places)) {
          if (chunk.length === 0) continue;
          rest += chunk.length - (body.ended ? 0 : body.take(chunk));
        }
        expect(body.ended).toBe(true);
        expect(Buffer.concat(out).length).toBe(octets);
        expect(rest).toBe(bytes.length - octets);
      },
    ),
  );
});

/** The header: its end, its fields, what may stay. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HeaderEnd, readHeader } from '../../src/smtp/header.ts';

const ALL = { routing: true, organization: true, forest: true };
const NONE = { routing: false, organization: false, forest: false };
const read = (text: string, rules = ALL) => {
  const facts = readHeader(Buffer.from(text, 'latin1'), rules, 'mail.contoso.com');
  return { ...facts, kept: facts.kept.toString('latin1') };
};

function endOf(chunks: readonly string[]): number {
  const end = new HeaderEnd();
  let before = 0;
  for (const chunk of chunks) {
    const at = end.find(Buffer.from(chunk, 'latin1'));
    if (at >= 0) return before + at;
    before += chunk.length;
  }
  return -1;
}

describe('the end of the header', () => {
  test.each([
    ['A: b\r\n\r\nbody', 8],
    ['A: b\n\nbody', 6],
    ['A: b\r\n\nbody', 7],
    ['A: b\n\r\nbody', 7],
    ['\r\nbody', 2],
    ['\nbody', 1],
    ['A: b\r\n', -1],
    ['A: b\r\n\r', -1],
    ['A: b\r\rC: d\r\n', -1],
    ['A: b\r\n \r\nC: d\r\n\r\n', 17],
    ['A: b\r\n\r\r\n\r\n', 11],
  ])('%j', (text, at) => {
    expect(endOf([text])).toBe(at);
    expect(endOf([...text])).toBe(at);
  });

  test('is the same in any chunks', () => {
    const text = fc.string({ unit: fc.constantFrom('\r', '\n', 'a', ' ', ':'), maxLength: 30 });
    fc.assert(
      fc.property(text, fc.nat(30), fc.nat(30), (header, a, b) => {
        const [x, y] = [Math.min(a, b), Math.max(a, b)];
        expect(endOf([header.slice(0, x), header.slice(x, y), header.slice(y)])).toBe(endOf([header]));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the header firewall', () => {
  test('with every right nothing is changed, byte for byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const facts = readHeader(Buffer.from(bytes), ALL, 'x');
        expect(facts.kept.equals(Buffer.from(bytes))).toBe(true);
        expect(facts.removed).toEqual([]);
      }),
    );
  });

  test('a header that bare line feeds end is ended for readers of CRLF too', () => {
    const org = { ...ALL, organization: false };
    expect(read('A: b\n\n', org).kept).toBe('A: b\r\n\r\n');
    expect(read('A: b\r\n\n', org).kept).toBe('A: b\r\n\r\n');
    expect(read('A: b\nC: d\n\r\n', org).kept).toBe('A: b\nC: d\r\n\r\n');
    expect(read('X-MS-Exchange-Organization-SCL: 0\n\n', org).kept).toBe('\r\n');
    expect(read('\n', org).kept).toBe('\r\n');
    for (const text of ['A: b\r\n\r\n', '\r\n', 'A: b\n', 'A: b', '', 'A: b\r\r\n\r\n'])
      expect(read(text, org).kept).toBe(text);
    expect(read('A: b\n\n', ALL).kept).toBe('A: b\n\n');
  });

  const LINE_ENDS = ['\r\n', '\n', '\r'];
  const NAMES = [
    'Received',
    'RECEIVED',
    'Resent-From',
    'X-MS-Exchange-Organization-SCL',
    'x-ms-exchange-forest-a',
    'Subject',
    'To',
  ];

  test('without rights no line of a forbidden field is left, however lines end and fields fold', () => {
    const field = fc.tuple(
      fc.constantFrom(...NAMES),
      fc.constantFrom('', ' ', '\t'),
      fc.array(fc.constantFrom(' x', '\ty')),
      fc.constantFrom(...LINE_ENDS),
    );
    fc.assert(
      fc.property(fc.array(field), (fields) => {
        const text = fields
          .map(([name, gap, folds, eol]) => `${name}${gap}: v${eol}${folds.map((f) => f + eol).join('')}`)
          .join('');
        const { kept } = read(text, NONE);
        expect(kept).not.toMatch(
          /(?:^|[\r\n])(?:received|resent-[a-z]+|x-ms-exchange-(?:organization|forest)-[a-z]+)[ \t]*:/i,
        );
        const wanted = fields.filter(([name]) => name === 'Subject' || name === 'To').length;
        expect(kept.match(/(?:Subject|To)[ \t]*:/g)?.length ?? 0).toBe(wanted);
      }),
      { numRuns: 1000 },
    );
  });

  test('each right opens its own door', () => {
    const text = 'Received: a\r\nResent-To: b\r\nX-MS-Exchange-Organization-A: c\r\nX-MS-Exchange-Forest-A: d\r\n\r\n';
    expect(read(text, { ...NONE, routing: true }).removed).toEqual([
      'X-MS-Exchange-Organization-A',
      'X-MS-Exchange-Forest-A',
    ]);
    expect(read(text, { ...NONE, organization: true }).removed).toEqual([
      'Received',
      'Resent-To',
      'X-MS-Exchange-Forest-A',
    ]);
    expect(read(text, { ...NONE, forest: true }).removed).toEqual([
      'Received',
      'Resent-To',
      'X-MS-Exchange-Organization-A',
    ]);
  });
});

test('hops, and those of this server', () => {
  const text =
    'Received: from a by MAIL.CONTOSO.COM ([1.2.3.4]) with SMTP; x\r\nReceived: from b\r\n by mail.contoso.com; x\r\nReceived: from c by mail.contoso.com.evil.com; x\r\nreceived: x\r\n\r\n';
  expect(read(text, NONE)).toMatchObject({ hops: 4, localHops: 2, kept: '\r\n' });
});

test.each([
  ['Message-ID: <a@b>\r\n', '<a@b>', true],
  ['MESSAGE-ID:\r\n\t<a@b> (comment)\r\n', '<a@b>', true],
  ['Message-ID: a@b\r\n', undefined, true],
  ['Message-ID: <a b>\r\n', undefined, true],
  [`Message-ID: <${'a'.repeat(300)}>\r\n`, undefined, true],
  ['Subject: <a@b>\r\n', undefined, false],
])('the ID in %j', (text, id, has) => {
  expect(read(text)).toMatchObject({ messageId: id, hasMessageId: has });
});

describe('a message without a header of its own', () => {
  test.each([
    ['all well\r\nX-MS-Exchange-Organization-SCL: 1\r\n\r\n'],
    [' folded\r\nSubject: x\r\n\r\n'],
    ['\tfolded\r\n\r\n'],
    ['https://www.contoso.com/\r\n\r\n'],
    ['Hello Bob: how are you?\r\n\r\n'],
  ])('%j is body from its first line on', (text) => {
    const facts = readHeader(Buffer.from(text), { routing: false, organization: false, forest: false }, 'mail');
    expect(facts).toMatchObject({ isBody: true, removed: [], hops: 0, hasMessageId: false });
    expect(facts.kept.toString()).toBe(text);
  });

  test.each(['\r\nbody', '\nbody', 'Subject: x\r\n\r\n', '\ufeffSubject: x\r\n\r\n', 'x:\r\n\r\n', ''])(
    '%j has one',
    (text) => {
      expect(readHeader(Buffer.from(text), { routing: true, organization: true, forest: true }, 'mail').isBody).toBe(
        false,
      );
    },
  );
});

describe('names that other readers find', () => {
  const hidden = 'X-MS-Exchange-Organization-SCL';
  test.each([
    [`${hidden}${' '.repeat(1200)}: 1`],
    [`${hidden}\r\n : 1`],
    [`${hidden}\0: 1`],
    [`\ufeff${hidden}: 1`],
    [`${hidden}\t\r\n\t\r\n : 1`],
  ])('%j is taken out', (field) => {
    const header = Buffer.from(`Subject: x\r\n${field}\r\nTo: y\r\n\r\n`);
    const { kept } = readHeader(header, { routing: true, organization: false, forest: true }, 'mail');
    expect(kept.toString()).toBe('Subject: x\r\nTo: y\r\n\r\n');
  });

  test('Received behind a thousand spaces is a hop', () => {
    const header = Buffer.from(`Received${' '.repeat(1100)}: from a by b\r\nReceived\r\n : from c by d\r\n\r\n`);
    expect(readHeader(header, { routing: true, organization: true, forest: true }, 'mail').hops).toBe(2);
  });

  test('a quarter of a megabyte of short lines is read in a moment', () => {
    const header = Buffer.from(`Subject: x\r\n${'a\r\n'.repeat(80_000)}\r\n`);
    expect(readHeader(header, { routing: false, organization: false, forest: false }, 'mail').removed).toEqual([]);
  });
});

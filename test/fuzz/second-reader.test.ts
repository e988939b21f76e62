/** What Python's email parser reads as a header, we saw: the variants of hiding one, and a bounded run of the fuzzer. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { has } from '../support/tools.ts';
import { checkHeader, makeHeader, PythonReader } from './headers.ts';
import { Random, tryCases } from './random.ts';

const NAMES = ['Received', 'X-MS-Exchange-Organization-SCL', 'x-ms-exchange-forest-rulesexecuted', 'Resent-From'];

describe.runIf(has('python3'))('Python as second reader', () => {
  let python: PythonReader;
  beforeAll(() => {
    python = new PythonReader(join(import.meta.dirname, 'second-reader.py'));
  });
  afterAll(() => python.close());

  test.each<[string, (name: string) => string]>([
    ['as it should be', (name) => `Subject: a\r\n${name}: x\r\n\r\nbody`],
    ['a space before the colon', (name) => `Subject: a\r\n${name} : x\r\n\r\nbody`],
    ['1,200 spaces before the colon', (name) => `Subject: a\r\n${name}${' '.repeat(1200)}: x\r\n\r\nbody`],
    ['a name of 1,200 octets before it', (name) => `${'A'.repeat(1200)}: a\r\n${name}: x\r\n\r\nbody`],
    ['a name that goes on for 1,200 octets', (name) => `${name}${'-a'.repeat(600)}: x\r\n\r\nbody`],
    ['NUL in the name', (name) => `Subject: a\r\n${name.slice(0, 3)}\0${name.slice(3)}: x\r\n\r\nbody`],
    ['a byte order mark before the first name', (name) => `\xef\xbb\xbf${name}: x\r\n\r\nbody`],
    ['a byte order mark in the name', (name) => `Subject: a\r\n\xef\xbb\xbf${name}: x\r\n\r\nbody`],
    [
      'a byte that is no ASCII before, in and behind the name',
      (name) => `S: a\r\n\x85${name}: x\r\n${name.slice(0, 3)}\xff${name.slice(3)}: x\r\n${name}\xa0: x\r\n\r\nbody`,
    ],
    ['the colon on a folded line', (name) => `Subject: a\r\n${name}\r\n : x\r\n\r\nbody`],
    ['the colon on the second folded line', (name) => `Subject: a\r\n${name}\r\n \r\n\t: x\r\n\r\nbody`],
    ['behind a bare CR', (name) => `Subject: a\r${name}: x\r\n\r\nbody`],
    ['behind a bare LF', (name) => `Subject: a\n${name}: x\n\nbody`],
    ['behind CR CR LF', (name) => `Subject: a\r\r\n${name}: x\r\n\r\nbody`],
    ['behind LF CR', (name) => `Subject: a\n\r${name}: x\r\n\r\nbody`],
    ['behind a vertical tab', (name) => `Subject: a\x0b${name}: x\r\n\r\nbody`],
    ['behind U+0085 and U+2028', (name) => `Subject: a\x85${name}: x\xe2\x80\xa8${name}: y\r\n\r\nbody`],
    ['behind a line of blanks', (name) => `Subject: a\r\n \t\r\n${name}: x\r\n\r\nbody`],
    ['behind a line that is no field', (name) => `Subject: a\r\nno field\r\n${name}: x\r\n\r\nbody`],
    ['behind an mbox line', (name) => `From a@b Sat Nov 28 12:00:00 2026\r\n${name}: x\r\n\r\nbody`],
    ['behind a colon without a name', (name) => `: a\r\n${name}: x\r\n\r\nbody`],
    ['as the first folded line', (name) => ` ${name}: x\r\n${name}: y\r\n\r\nbody`],
    ['in capitals and in small letters', (name) => `${name.toUpperCase()}: x\r\n${name.toLowerCase()}: y\r\n\r\nbody`],
    ['behind an empty line with a bare CR', (name) => `Subject: a\r\n\r${name}: x\r\n\r\nbody`],
    ['as the body', (name) => `Subject: a\r\n\r\n${name}: x\r\n`],
    ['behind an end of bare line feeds', (name) => `Subject: a\n\n${name}: x\r\n\r\nbody`],
    ['a bare CR before what is taken out, and an end of LF', (name) => `X: a\r${name}: b\r\n\n${name}: c\r\n\r\nbody`],
    [
      'a bare CR before what is taken out, and an end of CRLF',
      (name) => `X: a\r${name}: b\r\n\r\n${name}: c\r\n\r\nbody`,
    ],
    ['the same twice', (name) => `X: a\r${name}: b\r${name}: b\n\r\n${name}: c\r\n\r\nbody`],
    ['without an end', (name) => `Subject: a\r\n${name}: x`],
  ])('%s', async (_, build) => {
    for (const name of NAMES) await checkHeader(python, Buffer.from(build(name), 'latin1'));
  });

  test('600 headers of the fuzzer', async () => {
    expect(await tryCases((random) => checkHeader(python, makeHeader(random)), { seed: 1, cases: 600 })).toBe(600);
  });

  test('it would tell: a field that we do not know as one of those', async () => {
    const [names] = await python.names(Buffer.from('Subject: a\r\nX-MS-Exchange-Organization-A: x\r\n\r\n'));
    expect(names).toEqual(['subject', 'x-ms-exchange-organization-a']);
  });
});

test('the same seed makes the same header', () => {
  expect(makeHeader(new Random(7))).toEqual(makeHeader(new Random(7)));
  expect(makeHeader(new Random(7))).not.toEqual(makeHeader(new Random(8)));
});

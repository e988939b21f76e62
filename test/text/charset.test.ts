/** Bytes of character sets as text, the same on every Node. */
import { expect, test } from 'vitest';
import { asWindows1252, decodeBytes, namesWindows1252, toWindows1252 } from '../../src/text/charset.ts';

test.each([
  ['windows-1252', [0x80, 0x92, 0xe4], '€’ä'],
  ['iso-8859-1', [0x80, 0xe4], '€ä'], // the Encoding Standard makes no difference
  ['us-ascii', [0x41, 0x85], 'A…'],
  ['iso-8859-15', [0xa4], '€'],
  ['utf-8', [0xc2, 0x85, 0xe2, 0x82, 0xac], '\u0085€'],
  ['koi8-r', [0xc1], 'а'],
])('%s', (charset, bytes, text) => {
  expect(decodeBytes(charset, Uint8Array.from(bytes))).toBe(text);
});

test('a character set that nobody knows is an error', () => {
  expect(() => decodeBytes('x-nonsense', Uint8Array.of(1))).toThrow(RangeError);
});

test('which names mean windows-1252', () => {
  expect(['charset=Windows-1252', '=?iso-8859-1?q?x?=', 'charset="latin1"'].every(namesWindows1252)).toBe(true);
  expect(['charset=utf-8', 'iso-8859-15', 'windows-1251'].some(namesWindows1252)).toBe(false);
  expect(decodeBytes('windows-1252', Uint8Array.of(0x80))).toBe(asWindows1252('€'));
});

test('back into windows-1252; what it has not is a question mark', () => {
  const text = 'für €5 “x” …';
  expect(decodeBytes('windows-1252', toWindows1252(text))).toBe(text);
  expect(toWindows1252('→é').toString('latin1')).toBe('?é');
});

/** Sizes and spans with units: what people type means the same wherever it is read, and what is printed reads back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSize } from '../../src/domain/size.ts';
import { parseSpan, secondsOf } from '../../src/domain/span.ts';
import { ByteSize, TimeSpan } from '../../src/domain/value.ts';
import { momentOf } from '../../src/history/since.ts';

const MB = 1024 ** 2;

describe('sizes', () => {
  test.each([
    ['50MB', 50 * MB],
    ['50M', 50 * MB],
    ['50m', 50 * MB],
    ['50MiB', 50 * MB],
    ['50mib', 50 * MB],
    ['50Mi', 50 * MB],
    ['50 MB', 50 * MB],
    ['0.5G', 512 * MB],
    ['1T', 1024 ** 4],
    ['64k', 65_536],
    ['0', 0],
    ['7B', 7],
    ['7 bytes', 7],
    ['52428800', 50 * MB],
    ['36 MB (37,748,736 bytes)', 37_748_736],
  ])('%s', (text, bytes) => expect(parseSize(text)?.bytes).toBe(bytes));

  test.each(['', 'M', '50MM', '50 M B', '50iB', '-5M', '5e3', '0x10', '1,5M', '5 X', '5MB5', '∞', '50\u00a0Mo'])(
    '%j is none',
    (text) => expect(parseSize(text)).toBeUndefined(),
  );

  test('what prints reads back, and every spelling of a unit is the same', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 40 }), (bytes) => {
        const size = new ByteSize(bytes);
        expect(parseSize(String(size))?.bytes).toBe(bytes);
        expect(parseSize(String(size.toShort()))?.bytes).toBe(bytes);
      }),
    );
    const spelled = fc.tuple(fc.nat({ max: 9999 }), fc.constantFrom('K', 'M', 'G', 'T'), fc.constantFrom('', ' '));
    fc.assert(
      fc.property(spelled, ([amount, unit, blank]) => {
        const all = ['', 'B', 'iB', 'i'].flatMap((end) => [unit + end, (unit + end).toLowerCase()]);
        const read = new Set(all.map((one) => parseSize(`${amount}${blank}${one}`)?.bytes));
        expect(read.size).toBe(1);
        expect(read.has(undefined)).toBe(false);
      }),
    );
  });
});

describe('spans', () => {
  test.each([
    ['30s', 30],
    ['5m', 300],
    ['5M', 300],
    ['10 min', 600],
    ['1h', 3600],
    ['1h30m', 5400],
    ['1h 30m', 5400],
    ['1.5h', 5400],
    ['2d', 172_800],
    ['1w', 604_800],
    ['2 hours', 7200],
    ['0', 0],
    ['0s', 0],
    ['1000ms', 1],
    ['00:05', 300],
    ['1.02:03:04', 93_784],
  ])('%s', (text, seconds) => expect(parseSpan(text)?.seconds).toBe(seconds));

  test.each(['', '5', '5x', 's', '-5s', '5s!', '5 5s', '1h30', '500ms', '1.5s', '5months'])('%j is none', (text) =>
    expect(parseSpan(text)).toBeUndefined(),
  );

  test('what prints reads back, and amounts with units add up', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e9 }), (seconds) => {
        expect(parseSpan(String(new TimeSpan(seconds)))?.seconds).toBe(seconds);
      }),
    );
    fc.assert(
      fc.property(fc.nat({ max: 99 }), fc.nat({ max: 999 }), fc.nat({ max: 999 }), (h, m, s) => {
        expect(secondsOf(`${h}h${m}m ${s}s`)).toBe(h * 3600 + m * 60 + s);
      }),
    );
  });

  test('no text makes it throw, or take long', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const [span, size] = [parseSpan(text), parseSize(text)];
        expect(span === undefined || Number.isInteger(span.seconds)).toBe(true);
        expect(size === undefined || size.bytes >= 0).toBe(true);
      }),
    );
    expect(secondsOf('1s '.repeat(100_000))).toBeUndefined();
  });

  test('an age is the same length', () => {
    const now = new Date('2024-05-31T12:00:00Z');
    for (const age of ['90s', '1h30m', '2 days', '1w'])
      expect(now.getTime() - momentOf(`${age} ago`, now).getTime()).toBe(secondsOf(age)! * 1000);
  });
});

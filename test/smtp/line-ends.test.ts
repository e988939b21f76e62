import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UnixLineEnds } from '../../src/smtp/line-ends.ts';

function converted(text: string, step: number): string {
  const ends = new UnixLineEnds();
  const pieces: Buffer[] = [];
  for (let at = 0; at < text.length; at += step)
    pieces.push(ends.take(Buffer.from(text.slice(at, at + step), 'latin1')));
  return Buffer.concat([...pieces, ends.end()]).toString('latin1');
}

test('LF where CRLF stood, everything else as it was, in whatever pieces it comes', () => {
  const text = fc.string({ unit: fc.constantFrom('\r', '\n', '\r\n', 'a', '\xff', '\0'), maxLength: 40 });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 50 }), (whole, step) => {
      expect(converted(whole, step)).toBe(whole.replaceAll('\r\n', '\n'));
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Gathered } from '../../src/smtp/chunk-buffer.ts';

test('what was added comes back in order, also when it is read in between', () => {
  const piece = fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ minLength: 500, maxLength: 600 }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.nat(60), (pieces, pause) => {
      const gathered = new Gathered();
      pieces.forEach((bytes, i) => {
        gathered.add(Buffer.from(bytes));
        if (i === pause) expect(Buffer.concat(gathered.pieces)).toEqual(Buffer.concat(pieces.slice(0, i + 1)));
      });
      expect(gathered.whole()).toEqual(Buffer.concat(pieces));
      expect(gathered.size).toBe(Buffer.concat(pieces).length);
    }),
  );
});

test('a hundred thousand single bytes are some dozens of pieces', () => {
  const gathered = new Gathered();
  for (let i = 0; i < 100_000; i++) gathered.add(Buffer.from([i & 255]));
  expect(gathered.pieces.length).toBeLessThan(40);
  expect(gathered.whole()[70_000]).toBe(70_000 & 255);
});

test('many small pieces between large ones cost no block each', () => {
  const gathered = new Gathered();
  for (let i = 0; i < 1000; i++) {
    gathered.add(Buffer.alloc(512, 1));
    gathered.add(Buffer.alloc(1, 2));
  }
  const kept = gathered.pieces.reduce((sum, piece) => sum + piece.length, 0);
  expect(kept).toBe(513_000);
});

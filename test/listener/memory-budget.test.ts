/** What is counted is what is held: every piece takes what it keeps from being freed, and everything is given back. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeldBytes, MemoryBudget } from '../../src/listener/memory-budget.ts';
import { Gathered } from '../../src/smtp/chunk-buffer.ts';

/** A view of some bytes of a read of 64 KB. */
const view = (length: number) => Buffer.allocUnsafeSlow(64 * 1024).subarray(1, 1 + length);
/** A read of just so many bytes. */
const whole = (length: number) => Buffer.allocUnsafeSlow(length);
const piece = fc.tuple(fc.boolean(), fc.oneof(fc.nat(20), fc.nat(2000), fc.nat(60_000))).map(([own, n]) => {
  return own ? whole(n) : view(n);
});

test('what is kept is no more than what is counted, and near to what came', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 50 }), (pieces) => {
      const gathered = new Gathered();
      for (const bytes of pieces) {
        const before = gathered.memory;
        const cost = gathered.cost(bytes);
        gathered.add(bytes);
        expect(gathered.memory - before).toBeLessThanOrEqual(cost);
      }
      const kept = new Set(gathered.pieces.map((bytes) => bytes.buffer));
      const held = [...kept].reduce((sum, buffer) => sum + buffer.byteLength, 0);
      expect(held).toBeLessThanOrEqual(gathered.memory);
      expect(held).toBeLessThanOrEqual(gathered.size * 1.2 + 64);
      const { memory } = gathered;
      expect(gathered.pieces.length * 256 + held).toBe(memory);
    }),
  );
});

test('headers and bodies together stay in the budget, whatever comes, and give all of it back', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5), piece), { maxLength: 200 }), (writes) => {
      const budget = new MemoryBudget(200_000);
      const holders = Array.from({ length: 6 }, (_, i) => new HeldBytes(budget, i % 2 ? 8192 : undefined));
      let none = 0;
      for (const [i, bytes] of writes) {
        const before = budget.held;
        if (holders[i]!.add(bytes)) continue;
        none++;
        expect(budget.held).toBe(before);
      }
      expect(budget.held).toBeLessThanOrEqual(200_000 + 3 * 8192);
      if (none === 0) expect(holders.reduce((sum, held) => sum + held.size, 0)).toBe(sizes(writes));
      for (const held of holders) held.release();
      expect(budget.held).toBe(0);
    }),
  );
});

const sizes = (writes: readonly (readonly [number, Buffer])[]) => writes.reduce((sum, [, b]) => sum + b.length, 0);

test('a body leaves a quarter for headers; the start of a header is kept even without any', () => {
  const budget = new MemoryBudget(100_000);
  const body = new HeldBytes(budget);
  while (body.add(whole(1000)));
  expect(budget.held).toBeLessThanOrEqual(75_000);
  const header = new HeldBytes(budget, 8192);
  while (header.add(whole(1000)));
  expect(budget.held).toBeGreaterThan(95_000);
  const another = new HeldBytes(budget, 8192);
  for (let i = 0; i < 6; i++) expect(another.add(whole(1000))).toBe(true);
  expect(another.add(whole(4000))).toBe(false);
  for (const held of [body, header, another]) held.release();
  expect(budget.held).toBe(0);
});

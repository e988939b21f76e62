/** Properties of every layout: lines fit, rows come as they settle, nothing is read too early or too far. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Value } from '../../src/pipeline/value.ts';
import { formatOutput } from '../../src/print/output.ts';
import { displayWidth, loadWidths } from '../../src/text/display-width.ts';
import { object, printed, THREE } from './scene.ts';

const cell = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.string({ maxLength: 12 }), { maxLength: 7 }),
);
const objects = fc.array(
  fc
    .record({ Name: cell, Second: cell, LongerTitleOfAColumn: cell, 日本: cell })
    .map((properties) => object(properties)),
  { minLength: 1, maxLength: 5 },
);

test('no line of a table, list or grid is wider than the screen', async () => {
  await loadWidths(['日']);
  await fc.assert(
    fc.asyncProperty(
      objects,
      fc.integer({ min: 5, max: 100 }),
      fc.constantFrom('table' as const, 'list' as const),
      async (values, width, format) => {
        for (const line of (await printed(values, { width, format })).split('\n'))
          expect(displayWidth(line)).toBeLessThanOrEqual(width);
      },
    ),
  );
});

test('a table loses no row, a list no property', async () => {
  await fc.assert(
    fc.asyncProperty(objects, async (values) => {
      const table = await printed(values, { width: 500, format: 'table' });
      expect(table.split('\n')).toHaveLength(values.length + 5);
      const list = await printed(values, { width: 500, format: 'list' });
      expect(list.match(/^Name +: /gm)).toHaveLength(values.length);
    }),
  );
});

/** A stream that ends only when it is told to; how many were taken from it, and whether it was closed. */
function endless() {
  const state = { taken: 0, closed: false };
  async function* stream(): AsyncGenerator<Value> {
    try {
      for (;;) {
        state.taken++;
        yield THREE[0]!;
      }
    } finally {
      state.closed = true;
    }
  }
  return { state, stream: stream() };
}

test.each(['ndjson', 'csv', 'json', 'yaml', 'list'] as const)(
  '%s writes each object at once, and stops when nobody reads on',
  async (format) => {
    const { state, stream } = endless();
    let pieces = 0;
    for await (const _ of formatOutput(stream, format)) if (++pieces === 3) break;
    expect(state.taken).toBeLessThanOrEqual(4);
    expect(state.closed).toBe(true);
  },
);

test('a table shows the rows it has when the next is late, and later ones in the same columns', async () => {
  let late = (_: Value) => {};
  async function* slow(): AsyncGenerator<Value> {
    yield object({ Name: 'first' });
    yield await new Promise<Value>((resolve) => {
      late = resolve;
    });
  }
  const pieces = formatOutput(slow(), 'table', { width: 40 });
  expect((await pieces.next()).value).toBe('\n');
  expect((await pieces.next()).value).toBe('Name\n----\nfirst\n'); // comes although the stream has not ended
  late(object({ Name: 'wider than the first' }));
  expect((await pieces.next()).value).toBe('wide…\n');
  expect((await pieces.next()).value).toBe('\n');
});

test('CSV for a terminal has nothing that acts on it; for a file it is exact', async () => {
  const value = object({ A: 'x\u001b[31m\u202e' });
  expect(await printed([value], { format: 'csv' })).toBe('"A"\n"x\u001b[31m\u202e"\n');
  expect(await printed([value], { format: 'csv', terminal: true })).toBe('"A"\n"x\\u{1b}[31m\\u{202e}"\n');
});

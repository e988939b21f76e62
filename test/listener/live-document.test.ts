/** Reading store.json again and again: what is unchanged is the same object, and cutting never changes what is read. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DocumentReader } from '../../src/listener/follow/live-document.ts';
import { firstDocument } from '../../src/store/first-use.ts';
import { parseDocument } from '../../src/store/parse.ts';
import { validate } from '../../src/store/validate.ts';

const first = firstDocument(new Date('2025-01-01'));
const print = (document: object) => Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
const many = (count: number) => ({
  ...first,
  connectors: Array.from({ length: count }, (_, n) => ({
    ...first.connectors[0]!,
    Name: `Connector ${n}`,
    Guid: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    Bindings: [`127.0.0.1:${10_000 + n}`],
    Grants: n % 3 ? [] : [{ User: 'Authenticated Users', ExtendedRights: ['ms-Exch-SMTP-Submit'], Deny: false }],
  })),
});

test('an unchanged connector stays the same object, whatever happens around it', async () => {
  const reader = new DocumentReader('store.json');
  const document = many(5);
  const before = await reader.read(print(document));
  expect(before.document).toEqual(document);
  const [a, b, c, d, e] = document.connectors;
  const changed = { ...c!, MaxHopCount: 7 };
  const after = await reader.read(print({ ...document, generation: 9, connectors: [b, changed, d, e, a] }));
  expect(after.document.generation).toBe(9);
  expect(after.connectors.map((x) => x.Name)).toEqual([1, 2, 3, 4, 0].map((n) => `Connector ${n}`));
  expect(after.connectors[0]).toBe(before.connectors[1]);
  expect(after.connectors[4]).toBe(before.connectors[0]);
  expect(after.connectors[1]).not.toBe(before.connectors[2]);
  expect(after.connectors[1]!.MaxHopCount).toBe(7);
});

test('another server name reads every connector anew', async () => {
  const reader = new DocumentReader('store.json');
  await reader.read(print(many(2)));
  const after = await reader.read(print({ ...many(2), server: { name: 'OTHER', fqdn: 'other.contoso.com' } }));
  expect(after.connectors.map((c) => c.Identity)).toEqual(['OTHER\\Connector 0', 'OTHER\\Connector 1']);
});

test('clashes between connectors are found when one of them changed', async () => {
  const reader = new DocumentReader('store.json');
  const document = many(3);
  await reader.read(print(document));
  const [a, b, c] = document.connectors;
  const clash = { ...document, generation: 5, connectors: [a, b, { ...c, Bindings: ['127.0.0.1:10000'] }] };
  await expect(reader.read(print(clash))).rejects.toThrow(
    '"Connector 0" and "Connector 2" both listen on 127.0.0.1:10000',
  );
  await expect(reader.read(print(clash))).rejects.toMatchObject({ code: 'invalid', generation: 5 });
  const renamed = { ...document, connectors: [a, b, { ...c, Name: 'connector 1' }] };
  await expect(reader.read(print(renamed))).rejects.toThrow('already taken');
  expect((await reader.read(print(document))).connectors).toHaveLength(3);
});

test('an entry without a single line is refused wherever it stands, also after a document that was good', async () => {
  const good = print(many(3));
  const text = good.toString();
  const between = '\n    },\n    {\n';
  const places = [
    text.replace('"connectors": [\n', '"connectors": [\n    {\n    },\n'),
    text.replace(between, '\n    },\n    {\n    },\n    {\n'),
    text.replace('\n    }\n  ]', '\n    },\n    {\n    }\n  ]'),
    text.replace('\n    }\n  ]', `${between}    }\n  ]`),
    text.replace('\n    }\n  ]', '\n\n    },\n    {\n    }\n  ]'),
  ];
  for (const bad of places) {
    expect(JSON.parse(bad).connectors).toHaveLength(4);
    const reader = new DocumentReader('store.json');
    await expect(reader.read(Buffer.from(bad))).rejects.toThrow('without a Name and Guid');
    expect((await reader.read(good)).connectors).toHaveLength(3);
    await expect(reader.read(Buffer.from(bad))).rejects.toThrow('without a Name and Guid');
  }
});

/** Text as rc writes it, with a piece of it repeated, removed or replaced: hand edits, good and bad. */
test('reads exactly what a plain parse of the whole text would read, or refuses, however it came there', async () => {
  const base = print(many(4)).toString();
  const pieces = [
    '\n    },\n    {\n',
    '\n  ]',
    ...'{}[],"\n',
    '"connectors": [',
    '\n  "connectors": [\n    {\n',
    '"\\n"',
    '      "Name": "',
    '7',
    'ü€😀',
  ];
  const edit = fc.record({
    at: fc.nat(base.length),
    gone: fc.oneof(fc.nat(3), fc.nat(400)),
    put: fc.oneof(
      fc.constant(''),
      fc.constantFrom(...pieces),
      fc.tuple(fc.nat(base.length), fc.nat(400)).map(([at, n]) => base.slice(at, at + n)),
    ),
  });
  const whole = fc.tuple(fc.nat(3), fc.nat(3), fc.integer({ min: 1, max: 99 }));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(edit, whole), { minLength: 1, maxLength: 6 }), async (steps) => {
      // One reader sees all versions one after the other: what it keeps of one must not show in the next.
      const reader = new DocumentReader('store.json');
      for (const step of steps) {
        let text: string;
        if (Array.isArray(step)) {
          const connectors = [...many(4).connectors];
          const [from, to, hops] = step;
          connectors.splice(to, 0, ...connectors.splice(from, 1).map((c) => ({ ...c, MaxHopCount: hops })));
          text = print({
            ...many(4),
            generation: hops,
            connectors: hops % 3 ? connectors : connectors.slice(1),
          }).toString();
        } else text = base.slice(0, step.at) + step.put + base.slice(step.at + step.gone);
        const bytes = Buffer.from(text);
        expect(await outcome(() => reader.read(bytes).then((live) => live.document))).toEqual(
          await outcome(async () => {
            const document = parseDocument(text, 'store.json');
            validate(document, text, 'store.json'); // as every command does
            return document;
          }),
        );
      }
    }),
    { numRuns: 600 },
  );
});

async function outcome(read: () => Promise<unknown>): Promise<unknown> {
  try {
    return await read();
  } catch {
    return 'refused';
  }
}

/** Every generation can be told again: whatever was changed, by rc or by hand, in whatever order. */
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applied, difference, reversed } from '../../src/store/difference.ts';
import type { StoreDocument } from '../../src/store/document.ts';
import { historyOf, openStore, setting, tempHome } from './temp-home.ts';

const without = (document: StoreDocument) => {
  const plain = JSON.parse(JSON.stringify({ ...document, generation: 0 })) as StoreDocument;
  for (const list of [plain.connectors, plain.acceptedDomains, plain.users])
    for (const item of list) delete (item as { WhenChanged?: string }).WhenChanged;
  return plain;
};

const guid = fc.integer({ min: 0, max: 6 }).map((n) => `00000000-0000-4000-8000-00000000000${n}`);
const connector = fc.record(
  {
    Guid: guid,
    Name: fc.constantFrom('A', 'B', 'Relay', 'Ünïcode ✉'),
    WhenCreated: fc.constant('2024-01-01T00:00:00.000Z'),
    WhenChanged: fc.constant('2024-01-01T00:00:00.000Z'),
    MaxHopCount: fc.integer({ min: 1, max: 500 }),
    Bindings: fc.array(fc.constantFrom('127.0.0.1:2525', '[::1]:2526'), { minLength: 1, maxLength: 2 }),
    Banner: fc.constantFrom('220 x', '220 "quoted" \\ text'),
  },
  { requiredKeys: ['Guid', 'Name', 'WhenCreated', 'WhenChanged'] },
);
const documents = fc
  .record({
    connectors: fc.uniqueArray(connector, { selector: (c) => c.Guid, maxLength: 5 }),
    transport: fc.dictionary(
      fc.constantFrom('ReceiveProtocolLogMaxAge', 'X', '__proto__'),
      fc.anything({ maxDepth: 0, withBigInt: false }),
    ),
    fqdn: fc.constantFrom('mail.contoso.com', 'localhost'),
  })
  .map(
    ({ connectors, transport, fqdn }): StoreDocument =>
      JSON.parse(
        JSON.stringify({
          $schema: '',
          schemaVersion: 1,
          generation: 0,
          server: { name: 'S', fqdn },
          connectors,
          acceptedDomains: [],
          users: [],
          transport: Object.fromEntries(Object.entries(transport).filter(([k]) => k !== '__proto__')),
        }),
      ),
  );

describe('differences', () => {
  it('lead from one document to the other and back', () => {
    fc.assert(
      fc.property(documents, documents, (a, b) => {
        const changes = JSON.parse(JSON.stringify(difference(a, b)));
        expect(without(applied(a, changes))).toEqual(without(b));
        expect(without(applied(b, reversed(changes)))).toEqual(without(a));
        expect(difference(a, a)).toEqual([]);
        expect(difference(a, structuredClone(a))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('never show a secret', () => {
    const user = { Name: 'u', Guid: 'g', PasswordHash: 'scrypt$1', Enabled: true, WhenChanged: '' };
    const of = (hash: string, relay: string) =>
      ({
        ...openStore().read(),
        users: [{ ...user, PasswordHash: hash }],
        transport: { RelayPassword: relay, RelayPasswordFile: '/etc/x' },
      }) as StoreDocument;
    const text = JSON.stringify(difference(of('scrypt$1', 'old!'), of('scrypt$2', 'new!')));
    expect(text).not.toMatch(/scrypt|old!|new!/);
    expect(text).toMatch(/"PasswordHash":{"from":"hidden:[0-9a-f]+","to":"hidden:[0-9a-f]+"}/);
  });
});

describe('the past', () => {
  it('gives back every generation, edits by hand included', () => {
    const store = openStore();
    const kept = new Map<number, StoreDocument>([[1, store.read()]]);
    for (let i = 0; i < 30; i++) {
      if (i % 7 === 3) {
        const edited = { ...store.read(), server: { name: 'SRV', fqdn: `h${i}.contoso.com` } };
        writeFileSync(store.home.store, JSON.stringify(edited));
        kept.set(edited.generation + 1, edited);
      }
      const generation = setting(store, { Comment: i % 3 ? `c${i}` : undefined, MaxHopCount: (i % 5) + 1 }, i % 2);
      kept.set(generation, store.read());
    }
    const past = store.generations();
    for (const [generation, document] of kept) expect(without(past.documentAt(generation))).toEqual(without(document));
    expect(historyOf(store.home).map((e) => e.generation)).toEqual(
      Array.from({ length: past.generation }, (_, i) => i + 1),
    );
    expect(past.agrees()).toBe(true);
    expect(() => past.documentAt(99)).toThrow('no generation 99');
    expect(() => past.documentAt(0)).toThrow('the store begins with generation 1');
  });

  it('shows an edit by hand that no command has recorded yet', () => {
    const store = openStore(tempHome());
    writeFileSync(store.home.store, JSON.stringify({ ...store.read(), server: { name: 'S2', fqdn: 'x' } }));
    const past = store.generations();
    expect(past.generation).toBe(2);
    expect([...past.entries()].map((e) => e.origin)).toEqual(['edit', 'first use']);
    expect(past.documentAt(1).server.fqdn).not.toBe('x');
  });

  it('reads a long history from its end, in blocks', () => {
    const store = openStore();
    for (let i = 0; i < 40; i++) setting(store, { Comment: `${i} ${'é'.repeat(1000)}`.slice(0, 1000 + (i % 7)) });
    expect([...store.generations().entries()].map((e) => e.generation)).toEqual(
      Array.from({ length: 41 }, (_, i) => 41 - i),
    );
    expect([...store.generations().entries()].at(-2)!.changes[0]!.settings.Comment!.to).toMatch(/^0 é+$/);
  });
});

/** Clashes with what changed are found without looking at all the rest: the same ones as by looking at everything. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StoredConnector } from '../../src/domain/connector.ts';
import { checkBetween } from '../../src/domain/rules.ts';
import { NOTHING, type StoreDocument } from '../../src/store/document.ts';
import { Draft } from '../../src/store/draft.ts';

const bindings = ['127.0.0.1:25', '127.0.0.1:26', '[::1]:25', '[0:0::1]:25'];
const ranges = ['10.0.0.0/24', '10.0.0.0/25', '10.0.0.7', '10.0.0.5-10.0.0.9', '::/0'];
const connector = fc.record({
  id: fc.integer({ min: 0, max: 5 }),
  Name: fc.constantFrom('A', 'a', 'B', 'ß', 'SS'),
  Bindings: fc.uniqueArray(fc.constantFrom(...bindings), { minLength: 1, maxLength: 2 }),
  RemoteIPRanges: fc.uniqueArray(fc.constantFrom(...ranges), { minLength: 1, maxLength: 2 }),
});

function documentOf(list: { id: number; Name: string; Bindings: string[]; RemoteIPRanges: string[] }[]): StoreDocument {
  const connectors = list.map(
    ({ id, ...rest }): StoredConnector => ({
      ...rest,
      Guid: `g${id}`,
      WhenCreated: '2024-01-01',
      WhenChanged: '2024-01-01',
    }),
  );
  return { ...NOTHING, connectors };
}

function all(document: StoreDocument): string[] {
  const draft = new Draft(document);
  return checkBetween(document.connectors.map((c) => draft.connector(c))).map((v) => v.message);
}

it('finds a clash exactly when there is one, for one changed or new connector among others', () => {
  let clashing = 0;
  fc.assert(
    fc.property(fc.uniqueArray(connector, { maxLength: 5, selector: (c) => c.id }), connector, (list, next) => {
      const kept: typeof list = [];
      for (const c of list) if (!all(documentOf([...kept, c])).length) kept.push(c);
      const before = documentOf(kept);
      const draft = new Draft(before);
      draft.putConnector(documentOf([next]).connectors[0]!);
      const wanted = all(draft.document);
      if (wanted.length) clashing++;
      expect(draft.clashes(before).length > 0).toBe(wanted.length > 0);
    }),
    { numRuns: 1500 },
  );
  expect(clashing).toBeGreaterThan(100);
});

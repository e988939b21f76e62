/** A listener whose store holds other servers' connectors too: it runs its own, and hears nothing of the others. */
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DocumentReader } from '../../src/listener/follow/live-document.ts';
import type { StoreDocument } from '../../src/store/document.ts';
import { Draft } from '../../src/store/draft.ts';
import { firstDocument } from '../../src/store/first-use.ts';
import { Client, freePort, ME, World } from './harness.ts';

const AT = '2025-01-01T00:00:00Z';
const EX02 = { name: 'EX02', fqdn: 'ex02.contoso.com' };
const there = (id: number, Name: string, more: object) => ({
  Name,
  Guid: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
  Server: 'EX02',
  WhenCreated: AT,
  WhenChanged: AT,
  ...more,
});

let world: World;
let port: number;
beforeEach(async () => {
  world = new World();
  port = await freePort();
  world.define({ A: { Bindings: [`127.0.0.1:${port}`] } });
});
afterEach(() => world.end());

function change(edit: (draft: Draft) => void): Promise<unknown> {
  const transaction = world.store.begin();
  transaction.change(edit);
  return world.applied(transaction.commit(ME).generation);
}

const own = () => [...world.listener.live].map((connector) => connector.now);

test('opens its own, though another’s has the same name and binding; changes of those touch no session', async () => {
  await world.listen();
  const client = await world.open(port);
  const [before] = own();
  const elsewhere = await freePort();
  await change((draft) => {
    draft.document = { ...draft.document, servers: [EX02] };
    draft.putConnector(there(1, 'A', { Bindings: [`127.0.0.1:${port}`] }));
    draft.putConnector(there(2, 'B', { Bindings: [`127.0.0.1:${elsewhere}`] }));
  });
  expect(own()).toEqual([before]);
  expect(own()[0]).toBe(before); // the very object: no session was told of anything
  expect((await Client.open(elsewhere)).error).toBe('ECONNREFUSED');
  await change((draft) => draft.putConnector(there(1, 'A', { Bindings: [`127.0.0.1:${port}`], Enabled: false })));
  await change((draft) => draft.removeConnector(there(2, '', {}).Guid));
  expect(own()[0]).toBe(before);
  expect(await client.say('NOOP')).toBe('250 NOOP');
  await change((draft) => {
    draft.document = { ...draft.document, servers: [{ ...EX02, fqdn: 'new.contoso.com' }] };
  });
  expect(own()[0]).toBe(before);
});

test('a connector that becomes another server’s is gone here, and comes back', async () => {
  await world.listen();
  const client = await world.open(port);
  const [stored] = world.store.read().connectors;
  await change((draft) => {
    draft.document = { ...draft.document, servers: [EX02] };
    draft.putConnector({ ...stored!, Server: 'EX02' });
  });
  expect(own()).toEqual([]);
  expect(await client.line(1)).toBe('421 4.3.2 Service not available');
  expect((await Client.open(port)).error).toBe('ECONNREFUSED');
  await change((draft) => draft.putConnector(stored!));
  expect((await world.open(port)).lines[0]).toBe('220 A 127.0.0.1');
});

test('a document that is wrong at another server’s connector is not applied', async () => {
  await world.listen();
  const { listener } = world;
  await change((draft) => {
    draft.document = { ...draft.document, servers: [EX02] };
    draft.putConnector(there(1, 'B', { Bindings: ['127.0.0.1:25'] }));
  });
  const document = world.store.read();
  writeFileSync(
    world.home.store,
    `${JSON.stringify(
      {
        ...document,
        generation: document.generation + 1,
        connectors: document.connectors.map((c) => (c.Name === 'B' ? { ...c, Server: 'EX09' } : c)),
      },
      null,
      2,
    )}\n`,
  );
  listener.hint();
  await listener.settled();
  expect(listener.state.problem).toContain('"EX09" is not among the servers of the store');
  expect(own()).toHaveLength(1);
});

test('reading again and again gives the same as reading once: the connectors of the own server', async () => {
  const base = firstDocument(new Date(AT));
  const connector = fc.record({
    id: fc.integer({ min: 1, max: 6 }),
    Server: fc.constantFrom(undefined, undefined, 'EX02', 'EX03'),
    MaxHopCount: fc.integer({ min: 1, max: 5 }),
  });
  const document = fc
    .record({
      fqdn: fc.constantFrom('a.contoso.com', 'b.contoso.com'),
      own: fc.constantFrom('a.contoso.com', 'b.contoso.com'),
      list: fc.uniqueArray(connector, { selector: (c) => c.id, maxLength: 6 }),
    })
    .map(({ fqdn, own, list }): StoreDocument => {
      const { connectors: _, server, ...rest } = base;
      return {
        $schema: rest.$schema,
        schemaVersion: 2,
        generation: 1,
        server: { ...server, fqdn: own },
        servers: [
          { name: 'EX02', fqdn },
          { name: 'EX03', fqdn: '' },
        ],
        connectors: list.map(({ id, Server, MaxHopCount }) => {
          const { Server: _, ...bare } = there(id, `C${id}`, { MaxHopCount, Bindings: [`127.0.0.1:${2500 + id}`] });
          return Server === undefined ? bare : { ...bare, Server };
        }),
        acceptedDomains: [],
        users: [],
        transport: {},
      };
    });
  await fc.assert(
    fc.asyncProperty(fc.array(document, { minLength: 2, maxLength: 4 }), async (documents) => {
      const reader = new DocumentReader('store.json');
      for (const one of documents) {
        const live = await reader.read(Buffer.from(`${JSON.stringify(one, null, 2)}\n`));
        const draft = new Draft(one);
        expect(live.connectors).toEqual(draft.own.map((c) => draft.connector(c)));
        expect(live.stored).toEqual(draft.own);
        expect(live.document).toEqual(one);
      }
    }),
    { numRuns: 100 },
  );
});

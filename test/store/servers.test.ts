/** A store with the connectors of several servers: its form, its rules, and its history there and back. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderKeys, type StoredConnector } from '../../src/domain/connector.ts';
import { applied, difference, reversed } from '../../src/store/difference.ts';
import { NOTHING, type StoreDocument, type StoredPeer } from '../../src/store/document.ts';
import { Draft } from '../../src/store/draft.ts';
import { homeAt } from '../../src/store/home.ts';
import { homeOf, organizationOf } from '../../src/store/organization.ts';
import { Store } from '../../src/store/store.ts';
import { storeIn, tempFolder, writeStore } from '../support/temp-home.ts';

const AT = '2024-01-02T03:04:05.000Z';

function connector(id: number, Name: string, more: Partial<StoredConnector> = {}): StoredConnector {
  const Guid = `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`;
  return { Name, Guid, WhenCreated: AT, WhenChanged: AT, ...more };
}

function documentOf(connectors: readonly StoredConnector[], servers: readonly StoredPeer[]): StoreDocument {
  return { ...NOTHING, schemaVersion: 2, server: { name: 'EX', fqdn: 'ex.contoso.com' }, servers, connectors };
}

const EX02 = { name: 'EX02', fqdn: 'ex02.contoso.com' };
const wrong = (document: StoreDocument) => new Draft(document).violations().map((v) => `${v.path}: ${v.message}`);

describe('the form of the document', () => {
  it('stays what it was where there is one server: no new key, version 1', () => {
    const home = tempFolder();
    writeStore(home, [{ Name: 'Relay', Bindings: ['127.0.0.1:2526'] }]);
    const store = new Store(homeAt(home));
    const transaction = store.begin();
    transaction.change((draft) => draft.putConnector({ ...draft.document.connectors[0]!, MaxHopCount: 30 }));
    transaction.commit({ user: 'test', command: 'test' });
    expect(Object.keys(storeIn(home))).toEqual([
      'schemaVersion',
      'generation',
      'server',
      'connectors',
      'acceptedDomains',
      'users',
      'transport',
    ]);
    expect(storeIn(home)).toMatchObject({ schemaVersion: 1, generation: 2 });
    expect(storeIn(home).connectors[0]).not.toHaveProperty('Server');
  });

  it('is version 2 with other servers, which an older rc refuses instead of running them all', () => {
    const home = tempFolder();
    writeStore(home, [{ Name: 'Relay', Bindings: ['127.0.0.1:2526'] }]);
    const store = new Store(homeAt(home));
    const transaction = store.begin();
    transaction.change((draft) => {
      draft.document = { ...draft.document, servers: [EX02] };
      draft.putConnector(connector(9, 'Relay', { Server: 'ex02', Bindings: ['127.0.0.1:2526'] }));
    });
    transaction.commit({ user: 'test', command: 'test' });
    const text = readFileSync(join(home, 'store.json'), 'utf8');
    expect(JSON.parse(text).schemaVersion).toBe(2);
    expect(Object.keys(JSON.parse(text)).indexOf('servers')).toBeLessThan(
      Object.keys(JSON.parse(text)).indexOf('connectors'),
    );
    const again = store.begin();
    again.change((draft) => {
      draft.removeConnector(connector(9, '').Guid);
      draft.document = { ...draft.document, servers: [] };
    });
    again.commit({ user: 'test', command: 'test' });
    expect(JSON.parse(readFileSync(join(home, 'store.json'), 'utf8')).schemaVersion).toBe(1);
    expect(store.generations().documentAt(2)).toMatchObject({ servers: [EX02], schemaVersion: 1 });
    expect(store.generations().agrees()).toBe(true);
  });

  it.each([
    ['servers that are no list', { servers: {} }, /"servers" is not a list/],
    [
      'a server without a name',
      { servers: [{ fqdn: '' }] },
      /"servers" has an entry without a name and fqdn \(number 1\)/,
    ],
    ['null among them', { servers: [EX02, null] }, /number 2/],
    ['transport settings that are none', { servers: [{ ...EX02, transport: [] }] }, /number 1/],
    [
      'a name twice',
      { servers: [EX02, { name: 'ex02', fqdn: '' }] },
      /line \d+, column \d+: servers\[1\] "ex02" name: "ex02" is taken already/,
    ],
    ['this server’s own name', { servers: [{ name: 'ex', fqdn: '' }] }, /"ex" is taken already/],
    ['a name with a backslash', { servers: [{ name: 'A\\B', fqdn: '' }] }, /has a wildcard, slash or backslash/],
    ['an FQDN that is none', { servers: [{ name: 'B', fqdn: 'no domain' }] }, /"no domain" is not a domain/],
    [
      'a transport setting that cannot be',
      { servers: [{ ...EX02, transport: { SmartHost: 7 } }] },
      /servers\[0\] "EX02" transport\.SmartHost/,
    ],
  ])('refuses %s, with the place', (_, more, message) => {
    const home = tempFolder();
    writeStore(home, [{ Name: 'Relay', Bindings: ['127.0.0.1:2526'] }], { schemaVersion: 2, ...more });
    expect(() => new Store(homeAt(home)).read()).toThrow(message);
  });

  it('refuses a connector of a server that is not there', () => {
    expect(wrong(documentOf([connector(1, 'Relay', { Server: 'EX09' })], [EX02]))).toEqual([
      'connectors[0] "Relay" Server: "EX09" is not among the servers of the store',
    ]);
  });

  it('takes the name of its own server on a connector for what it is', () => {
    const home = tempFolder();
    writeStore(home, [{ Name: 'Relay', Server: 'ex', Bindings: ['127.0.0.1:2526'] }]);
    const draft = new Draft(new Store(homeAt(home)).read());
    expect(draft.connector(draft.document.connectors[0]!).Identity).toBe('EX\\Relay');
    draft.putConnector({ ...draft.document.connectors[0]!, MaxHopCount: 30 });
    expect(draft.document.connectors[0]).not.toHaveProperty('Server');
  });

  it('is read when its lines are edited by hand, in any order of keys', () => {
    const home = tempFolder();
    writeStore(home, [{ Server: 'EX02', Name: 'Relay', Bindings: ['127.0.0.1:2526'] }], { servers: [EX02] });
    writeFileSync(join(home, 'store.json'), JSON.stringify(storeIn(home)));
    expect(new Draft(new Store(homeAt(home)).read()).servers.all.map((s) => s.server)).toEqual(['EX', 'EX02']);
  });
});

describe('rules between connectors', () => {
  const relay = { Bindings: ['0.0.0.0:25'] };
  it('a name, binding and range may be on each server once', () => {
    const here = connector(1, 'Relay', relay);
    const there = connector(2, 'relay', { ...relay, Server: 'EX02' });
    expect(wrong(documentOf([here, there], [EX02]))).toEqual([]);
    expect(wrong(documentOf([here, there, connector(3, 'RELAY', { ...relay, Server: 'EX02' })], [EX02]))).toEqual([
      'RELAY: the name "RELAY" is already taken on EX02; names are unique',
      expect.stringContaining('both listen on 0.0.0.0:25'),
    ]);
  });

  it('a GUID is one over all servers, in capitals too', () => {
    const Guid = 'aaaaaaaa-0000-4000-8000-00000000000b';
    for (const other of [Guid, Guid.toUpperCase()]) {
      const twice = [
        connector(1, 'A', { ...relay, Guid }),
        connector(1, 'B', { ...relay, Guid: other, Server: 'EX02' }),
      ];
      expect(wrong(documentOf(twice, [EX02]))).toEqual([expect.stringContaining('have the same Guid')]);
    }
  });

  it('finds a clash that a change makes, looking only at what changed', () => {
    const before = documentOf([connector(1, 'A', relay), connector(2, 'A', { ...relay, Server: 'EX02' })], [EX02]);
    const draft = new Draft(before);
    draft.putConnector(connector(3, 'B', { ...relay, Server: 'EX02' }));
    expect(draft.clashes(before).map((v) => v.message)).toEqual([
      expect.stringContaining('"EX02\\A" and "EX02\\B" both listen'),
    ]);
    const moved = new Draft(before);
    moved.putConnector(connector(2, 'A', relay));
    expect(Draft.mayClash(before, moved.document)).toBe(true);
    expect(moved.clashes(before)).toHaveLength(2);
  });
});

const peers = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('EX02', 'EX03', 'Ünï'),
    fqdn: fc.constantFrom('', 'a.contoso.com', 'b.contoso.com'),
    transport: fc.constantFrom({}, { SmartHost: 'mail.contoso.com:25' }, { MaxReceivedHeaders: 3 }),
  }),
  { selector: (s) => s.name, maxLength: 3 },
);
const documents = peers.chain((all) => {
  const servers = all.map(({ transport, ...rest }) => (Object.keys(transport).length ? { ...rest, transport } : rest));
  const owners = [undefined, ...servers.map((s) => s.name)];
  return fc
    .uniqueArray(
      fc.record({
        id: fc.integer({ min: 1, max: 9 }),
        owner: fc.constantFrom(...owners),
        hops: fc.integer({ min: 1, max: 9 }),
      }),
      { selector: (c) => c.id, maxLength: 5 },
    )
    .map((list): StoreDocument => {
      const connectors = list.map(
        ({ id, owner, hops }) =>
          orderKeys(
            connector(id, `C${id}`, { ...(owner === undefined ? {} : { Server: owner }), MaxHopCount: hops }),
          ) as StoredConnector,
      );
      const { servers: _, ...plain } = documentOf(connectors, servers);
      return servers.length ? { ...plain, servers } : plain;
    });
});

/** Where a server stands in the list means nothing. */
const comparable = ({ servers = [], schemaVersion: _, ...rest }: StoreDocument) => ({
  ...rest,
  servers: [...servers].sort((a, b) => (a.name < b.name ? -1 : 1)),
});

describe('history', () => {
  it('leads from any document to any other, and back', () => {
    fc.assert(
      fc.property(documents, documents, (a, b) => {
        const changes = difference(a, b);
        expect(comparable(applied(a, changes))).toEqual(comparable(b));
        expect(comparable(applied(b, reversed(changes)))).toEqual(comparable(a));
      }),
      { numRuns: 200 },
    );
  });

  it('says which server a change is about, and nothing more where there is one', () => {
    const before = documentOf([connector(1, 'A'), connector(2, 'A', { Server: 'EX02' })], [EX02]);
    const after = {
      ...before,
      connectors: before.connectors.map((c) => ({ ...c, MaxHopCount: 9 })),
      servers: [{ ...EX02, transport: { SmartHost: 'mail.contoso.com:25' } }],
    };
    expect(difference(before, after).map(({ kind, name, server }) => ({ kind, name, server }))).toEqual([
      { kind: 'TransportService', name: 'EX02', server: 'EX02' },
      { kind: 'ReceiveConnector', name: 'A', server: undefined },
      { kind: 'ReceiveConnector', name: 'A', server: 'EX02' },
    ]);
  });
});

describe('the organization', () => {
  it('is the same seen from each of its homes, and each home is the same again', () => {
    fc.assert(
      fc.property(documents, (home) => {
        const organization = organizationOf(home);
        expect(comparable(homeOf(organization, 'ex')!)).toEqual(comparable(home));
        for (const { name } of organization.servers) {
          const other = homeOf(organization, name)!;
          expect(other.server.name).toBe(name);
          expect(JSON.stringify(organizationOf(other))).toBe(JSON.stringify(organization));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('has no home for a server that is not in it', () => {
    expect(homeOf(organizationOf(documentOf([], [EX02])), 'EX09')).toBeUndefined();
  });
});

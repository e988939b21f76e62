/** What a name means among the connectors of several servers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectorsMeant } from '../../src/domain/identity.ts';
import { Servers } from '../../src/domain/servers.ts';

const servers = new Servers({ server: 'EX01', fqdn: 'ex01.contoso.com' }, [
  { server: 'EX02', fqdn: 'ex02.contoso.com' },
  { server: 'Köln', fqdn: '' },
]);
const guid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const c = (n: number, Name: string, Server?: string) => ({ Name, Guid: guid(n), ...(Server ? { Server } : {}) });
const list = [
  c(1, 'Relay'),
  c(2, 'Default EX01'),
  c(3, 'Relay', 'EX02'),
  c(4, 'Scanners', 'EX02'),
  c(5, 'Scanners', 'Köln'),
  c(6, 'Printers', 'Köln'),
];
const meant = (identity: string) =>
  connectorsMeant(identity, list, servers).found.map(({ Guid }) => Number(Guid.slice(-2)));

describe('an identity', () => {
  it.each<[string, number[], string]>([
    ['relay', [1], 'a plain name is this server’s'],
    ['Printers', [6], 'else the only one that has it'],
    ['Scanners', [4, 5], 'of several others it is open which is meant'],
    ['EX02\\Relay', [3], 'with its server one'],
    ['ex02\\RELAY', [3], 'in any case'],
    ['KÖLN\\scanners', [5], 'in any script'],
    ['EX01\\Relay', [1], 'this server’s can be said so too'],
    ['EX03\\Relay', [], 'of a server that is not there none'],
    ['EX01\\Scanners', [], 'of a server without it none'],
    ['*\\Relay', [1, 3], 'a wildcard for the server means all'],
    ['Rel*', [1, 3], 'a wildcard in the name too'],
    ['EX02\\*', [3, 4], 'all of one'],
    ['*', [1, 2, 3, 4, 5, 6], 'all of all'],
    ['EX0[12]\\Relay', [1, 3], 'some servers'],
    ['`*\\Relay', [], 'an escaped one is no wildcard'],
    [guid(5), [5], 'a GUID is one over all'],
    ['CN=Relay,CN=SMTP Receive Connectors,CN=Protocols,CN=EX02,CN=Servers', [3], 'a distinguished name has its server'],
  ])('%s means %j: %s', (identity, expected) => {
    expect(meant(identity)).toEqual(expected);
  });

  it('is a pattern only with a wildcard', () => {
    const isPattern = (identity: string) => connectorsMeant(identity, list, servers).isPattern;
    expect([isPattern('Scanners'), isPattern('EX02\\Scanners'), isPattern('EX02\\Scan*')]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('never means another server’s where this one has the name, and misses none else', () => {
    const name = fc.constantFrom('A', 'a', 'B', 'C');
    const owner = fc.constantFrom(undefined, 'EX01', 'ex02', 'EX02', 'Köln');
    const some = fc.uniqueArray(fc.record({ name, owner }), {
      selector: ({ name, owner = 'EX01' }) => `${owner}\\${name}`.toLowerCase(),
      maxLength: 8,
    });
    fc.assert(
      fc.property(some, name, (all, wanted) => {
        const connectors = all.map(({ name, owner }, n) => c(n, name, owner));
        const { found } = connectorsMeant(wanted, connectors, servers);
        const called = connectors.filter(({ Name }) => Name.toLowerCase() === wanted.toLowerCase());
        const own = called.filter(({ Server = 'EX01' }) => Server === 'EX01');
        expect(found).toEqual(own.length ? own : called);
      }),
    );
  });
});

describe('servers', () => {
  it.each<[string, string[]]>([
    ['ex02', ['EX02']],
    ['EX02.contoso.com', ['EX02']],
    ['KÖLN', ['Köln']],
    ['EX*', ['EX01', 'EX02']],
    ['*.contoso.com', ['EX01', 'EX02']],
    ['', []],
    ['EX', []],
  ])('%j means %j', (text, expected) => {
    expect(servers.meant(text).map(({ server }) => server)).toEqual(expected);
  });

  it('knows whose a connector is, also of one that is not listed', () => {
    expect(servers.of({}).server).toBe('EX01');
    expect(servers.of({ Server: 'ex02' })).toEqual({ server: 'EX02', fqdn: 'ex02.contoso.com' });
    expect(servers.of({ Server: 'GONE' })).toEqual({ server: 'GONE', fqdn: '' });
    expect([servers.isOwn({}), servers.isOwn({ Server: 'ex01' }), servers.isOwn({ Server: 'EX02' })]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

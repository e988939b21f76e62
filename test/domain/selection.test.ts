import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressText, parseAddress } from '../../src/domain/address.ts';
import { parseRange } from '../../src/domain/range.ts';
import { explainSelection, localEnds, type Selectable, Selection } from '../../src/domain/selection.ts';
import { Binding, IpRange } from '../../src/domain/value.ts';

interface Named extends Selectable {
  readonly Name: string;
}

function connector(Name: string, bindings: string[], ranges: string[], Enabled = true): Named {
  return {
    Name,
    Enabled,
    Bindings: bindings.map((b) => {
      const at = b.lastIndexOf(':');
      return new Binding(b.slice(0, at).replace(/[[\]]/g, ''), Number(b.slice(at + 1)));
    }),
    RemoteIPRanges: ranges.map(parseRange),
  };
}

function choose(connectors: Named[], local: string, port: number, remote: string): string | undefined {
  return Selection.of(connectors.map((c) => [c.Name, c] as const)).choose(local, port, remote);
}

const EVERYONE = ['0.0.0.0-255.255.255.255', '::/0'];

describe('which connector takes a client', () => {
  const nested = [
    connector('A', ['0.0.0.0:25'], ['0.0.0.0-255.255.255.255']),
    connector('B', ['0.0.0.0:25'], ['192.168.1.0-192.168.1.255']),
    connector('C', ['0.0.0.0:25'], ['192.168.1.75']),
  ];
  test.each([
    ['192.168.1.75', 'C'],
    ['192.168.1.74', 'B'],
    ['192.168.1.76', 'B'],
    ['192.168.1.0', 'B'],
    ['192.168.1.255', 'B'],
    ['192.168.0.255', 'A'],
    ['192.168.2.0', 'A'],
    ['0.0.0.0', 'A'],
    ['255.255.255.255', 'A'],
    ['::ffff:192.168.1.75', 'C'],
    ['::ffff:c0a8:14b', 'C'],
    ['2001:db8::1', undefined],
    ['192.168.1', undefined],
    ['192.168.1.300', undefined],
    ['', undefined],
  ])('%s hits %s of three nested ones', (remote, expected) => {
    expect(choose(nested, '10.0.0.1', 25, remote)).toBe(expected);
  });

  const endpoints = [
    connector('any', ['0.0.0.0:25', '[::]:25'], EVERYONE),
    connector('one', ['192.168.1.1:25'], ['10.0.0.0/8']),
    connector('six', ['[2001:db8::1]:25'], ['2001:db8::/32']),
    connector('other port', ['0.0.0.0:587'], EVERYONE),
    connector('off', ['192.168.1.1:25'], ['10.9.9.9'], false),
  ];
  test.each([
    ['192.168.1.1', 25, '10.1.1.1', 'one'],
    ['192.168.1.1', 25, '172.16.0.1', 'any'],
    ['192.168.1.2', 25, '10.1.1.1', 'any'],
    ['192.168.1.1', 25, '10.9.9.9', 'one'],
    ['::ffff:192.168.1.1', 25, '::ffff:10.1.1.1', 'one'],
    ['2001:db8::1', 25, '2001:db8::99', 'six'],
    ['fe80::1%eth0', 25, 'fe80::2%eth0', 'any'],
    ['2001:db8::1', 25, 'fe80::1%eth0', 'any'],
    ['2001:db8::2', 25, '2001:db8::99', 'any'],
    ['192.168.1.1', 587, '10.1.1.1', 'other port'],
    ['::1', 587, '::1', undefined],
    ['192.168.1.1', 26, '10.1.1.1', undefined],
  ])('on %s port %i a client at %s hits %s', (local, port, remote, expected) => {
    expect(choose(endpoints, local, port, remote)).toBe(expected);
    expect(explainSelection(endpoints, { address: local, port }, remote).connector?.Name).toBe(expected);
  });
});

describe('why', () => {
  test('names the deciding binding and range, and what stood against the others', () => {
    const all = [
      connector('Default', ['0.0.0.0:25'], EVERYONE),
      connector('Printers', ['0.0.0.0:25'], ['10.1.0.0/16']),
      connector('Closed', ['0.0.0.0:25'], ['10.1.2.3'], false),
      connector('Elsewhere', ['10.0.0.9:25'], ['10.1.2.3']),
      connector('Submission', ['0.0.0.0:587'], EVERYONE),
    ];
    const choice = explainSelection(all, { address: '10.0.0.1', port: 25 }, '10.1.2.3');
    expect(choice.why).toBe(
      'Printers takes 10.1.2.3: its binding 0.0.0.0:25 and remote range 10.1.0.0/16 are the most specific.',
    );
    expect(choice.passed.map((p) => `${p.connector.Name} ${p.why}`)).toEqual([
      'Closed is disabled',
      'Elsewhere does not listen on 10.0.0.1 port 25',
      'Default its range 0.0.0.0-255.255.255.255 is wider than 10.1.0.0/16',
    ]);
  });

  test('reads the local address as people write it', () => {
    const all = [connector('six', ['[2001:db8::1]:25'], ['::/0']), connector('any', ['0.0.0.0:25'], EVERYONE)];
    const at = (address: string, client: string) =>
      explainSelection(all, { address, port: 25 }, client).connector?.Name;
    expect(at('2001:0DB8:0:0::1', '2001:db8::9')).toBe('six');
    expect(at('::ffff:10.0.0.1', '10.1.1.1')).toBe('any');
  });

  test('says so when nobody takes the client', () => {
    const only = [connector('Printers', ['0.0.0.0:25'], ['10.1.0.0/16'])];
    const choice = explainSelection(only, { address: '10.0.0.1', port: 25 }, '172.16.0.1');
    expect(choice.connector).toBeUndefined();
    expect(choice.why).toContain('No enabled connector takes 172.16.0.1 on 10.0.0.1:25; the client reads 421');
    expect(choice.passed[0]!.why).toBe('has no remote IP range with 172.16.0.1 in it');
  });

  test('says so when nobody listens there: that is no 421', () => {
    const only = [connector('Printers', ['0.0.0.0:25'], ['10.1.0.0/16'])];
    expect(explainSelection(only, { address: '::1', port: 25 }, '::1').why).toBe(
      'No enabled connector listens on [::1]:25; the connection is refused.',
    );
  });

  test('where a client could connect to: bindings of its family, else the same ports on an address of its family', () => {
    const four = [connector('A', ['127.0.0.1:25', '10.0.0.1:587'], []), connector('B', ['0.0.0.0:587'], [])];
    const six = [...four, connector('C', ['[::]:2525'], [])];
    const ends = (connectors: typeof four, family: 4 | 6) =>
      localEnds(connectors, family).map(({ address, port }) => `${address} ${port}`);
    expect(ends(four, 4)).toEqual(['127.0.0.1 25', '10.0.0.1 587', '0.0.0.0 587']);
    expect(ends(four, 6)).toEqual(['::1 25', ':: 587']);
    expect(ends(six, 6)).toEqual([':: 2525']);
  });
});

/** CIDR blocks nest or lie apart, whatever they are: the form ranges of one binding have. */
const block = (family: 4 | 6) =>
  fc
    .record({
      // Few low bits and few prefixes, so that blocks meet.
      seed: fc.bigInt({ min: 0n, max: 0xffn }),
      length: fc.constantFrom(...(family === 4 ? [0, 8, 24, 28, 30, 32] : [0, 64, 120, 124, 127, 128])),
    })
    .map(({ seed, length }) => {
      const width = family === 4 ? 32n : 128n;
      const base = family === 4 ? 0x0a000000n + seed : (0x20010db8n << 96n) + seed;
      const hosts = (1n << (width - BigInt(length))) - 1n;
      const low = base & ~hosts;
      return new IpRange(family, low, low | hosts, `${addressText(family, low)}/${length}`);
    });

test('agrees with a scan for the smallest range that holds the client', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.oneof(block(4), block(6)), {
        maxLength: 40,
        selector: (r) => `${r.family} ${r.low} ${r.high}`,
      }),
      fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 40, maxLength: 40 }),
      fc.array(fc.bigInt({ min: 0n, max: 0x1ffn }), { minLength: 1, maxLength: 30 }),
      (ranges, owners, clients) => {
        const names = ['a', 'b', 'c', 'd', 'e'];
        const connectors = names.map((Name, n) => ({
          Name,
          Enabled: Name !== 'e',
          Bindings: [new Binding('0.0.0.0', 25), new Binding('::', 25)],
          RemoteIPRanges: ranges.filter((_, i) => owners[i] === n),
        }));
        const selection = Selection.of(connectors.map((c) => [c.Name, c] as const));
        for (const seed of clients) {
          for (const family of [4, 6] as const) {
            const value = family === 4 ? 0x0a000000n + seed : (0x20010db8n << 96n) + seed;
            const holding = connectors
              .filter((c) => c.Enabled)
              .flatMap((c) =>
                c.RemoteIPRanges.filter((r) => r.contains(family, value)).map((r) => ({ c, size: r.size })),
              )
              .sort((x, y) => (x.size < y.size ? -1 : 1));
            const text = addressText(family, value);
            const local = family === 4 ? '127.0.0.1' : '::1';
            expect(selection.choose(local, 25, text)).toBe(holding[0]?.c.Name);
            expect(explainSelection(connectors, { address: local, port: 25 }, text).connector?.Name).toBe(
              holding[0]?.c.Name,
            );
          }
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('changes one after the other lead to the same as starting with the last state', () => {
  const state = fc.array(
    fc.record({
      enabled: fc.boolean(),
      ports: fc.uniqueArray(fc.constantFrom(25, 587), { minLength: 1 }),
      // Blocks of one size never meet; each connector takes some of its own.
      blocks: fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 4 }),
      present: fc.boolean(),
    }),
    { minLength: 3, maxLength: 3 },
  );
  fc.assert(
    fc.property(fc.array(state, { minLength: 1, maxLength: 5 }), (states) => {
      let selection = Selection.of<number>([]);
      let before: (Named | undefined)[] = [undefined, undefined, undefined];
      for (const now of states) {
        const after = now.map((s, n) => {
          const ranges = s.blocks.flatMap((b) => [`10.${n}.${b}.0/24`, `2001:db8:${n}:${b}::/64`]);
          const wide = [`10.${n}.0.0/16`, `2001:db8:${n}::/48`];
          return s.present
            ? connector(
                `${n}`,
                s.ports.map((p) => `0.0.0.0:${p}`),
                [...wide, ...ranges],
                s.enabled,
              )
            : undefined;
        });
        selection = selection.change(after.map((c, n) => ({ owner: n, before: before[n], after: c })));
        before = after;
      }
      const fresh = Selection.of(before.flatMap((c, n) => (c ? [[n, c] as const] : [])));
      for (const port of [25, 587])
        for (let n = 0; n < 3; n++)
          for (let b = 0; b < 9; b++)
            for (const client of [`10.${n}.${b}.9`, `2001:db8:${n}:${b}::9`, `172.16.${n}.${b}`])
              expect(selection.choose('127.0.0.1', port, client)).toBe(fresh.choose('127.0.0.1', port, client));
    }),
  );
});

test('reads every IPv6 address as the full parser does', () => {
  const six = [new Binding('::', 25)];
  const takes = (range: IpRange, client: string) =>
    Selection.of([
      ['x', { Enabled: true, Bindings: [...six, new Binding('0.0.0.0', 25)], RemoteIPRanges: [range] }],
    ]).choose(range.family === 6 ? '::1' : '127.0.0.1', 25, client) === 'x';
  const piece = fc.constantFrom(':', '::', '0', 'ffff', '12345', 'g', 'A', '1.2.3.4', '%eth0');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.ipV6(),
        fc.array(piece, { maxLength: 9 }).map((parts) => parts.join('')),
      ),
      (text) => {
        const parsed = parseAddress(text);
        if (!parsed) {
          if (text.includes('%')) return; // a zone is fine for a client, not for a range
          expect(takes(parseRange('::/0'), text) || takes(parseRange('0.0.0.0/0'), text), text).toBe(false);
          return;
        }
        const range = new IpRange(parsed.family, parsed.value, parsed.value, parsed.text);
        expect(takes(range, text), text).toBe(true);
      },
    ),
    { numRuns: 3000 },
  );
});

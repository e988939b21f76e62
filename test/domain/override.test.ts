/** Which override decides for a source, and what is said of a refusal by it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causeWords } from '../../src/domain/cause-words.ts';
import { type Connector, readConnector } from '../../src/domain/connector.ts';
import { overrideFor, type StoredOverride, settingsFor } from '../../src/domain/override.ts';
import { parseRange } from '../../src/domain/range.ts';

function connector(Overrides: readonly StoredOverride[], problems: string[] = []): Connector {
  const stored = {
    Name: 'Default EX',
    Guid: '00000000-0000-4000-8000-000000000001',
    WhenCreated: '2026-01-01T00:00:00Z',
    WhenChanged: '2026-01-01T00:00:00Z',
    Overrides,
  };
  return readConnector(stored, { server: 'EX', fqdn: 'ex' }, (key, message) => problems.push(`${key} ${message}`));
}

const limit = (RemoteIPRange: string, MaxInboundConnectionPerSource: number | string = 7): StoredOverride => ({
  RemoteIPRange,
  MaxInboundConnectionPerSource,
});

describe('an override', () => {
  it.each([
    ['10.1.2.3', '10.1.2.3', 5],
    ['10.1.2.4', '10.1.2.0/24', 100],
    ['10.1.9.9', '10.1.0.0/16', 50],
    ['10.9.9.9', undefined, 20],
    ['2001:db8:1:2::/64', '2001:db8:1:2::5', 3],
    ['2001:db8:1:3::/64', undefined, 20],
    ['', undefined, 20],
    ['nothing', undefined, 20],
  ])('%s: %s decides', (source, range, most) => {
    const c = connector([
      limit('10.1.0.0/16', 50),
      limit('10.1.2.3', 5),
      limit('10.1.2.0/24', 100),
      limit('2001:db8:1:2::5', 3),
    ]);
    expect(overrideFor(c, source)?.range.text).toBe(range);
    expect(Number(settingsFor(c, source).MaxInboundConnectionPerSource)).toBe(most);
  });

  it('of a connector without any is the connector itself, and the same object each time otherwise', () => {
    const [plain, c] = [connector([]), connector([limit('10.0.0.0/8')])];
    expect(settingsFor(plain, '10.1.2.3')).toBe(plain);
    expect(settingsFor(c, '10.1.2.3')).toBe(settingsFor(c, '10.9.9.9'));
    expect(settingsFor(c, '192.168.0.1')).toBe(c);
  });

  it('with a count for the source alone knows no percentage, unless it gives one', () => {
    const c = connector([
      limit('10.1.2.3'),
      { ...limit('10.1.2.4'), MaxInboundConnectionPercentagePerSource: 5 },
      { RemoteIPRange: '10.1.2.5', MessageRateLimit: 5 },
    ]);
    const of = (source: string) => settingsFor(c, source).MaxInboundConnectionPercentagePerSource;
    expect(['10.1.2.3', '10.1.2.4', '10.1.2.5', '10.1.2.6'].map(of)).toEqual([100, 5, 2, 2]);
  });

  it('is named in what is said of a refusal, and in what to type', () => {
    const c = settingsFor(connector([limit('10.1.2.0/24', 5)]), '10.1.2.3');
    const asked = { kind: 'setting' as const, connector: c, asked: 6, allowed: 5, source: '10.1.2.3' };
    expect(
      causeWords({
        ...asked,
        setting: 'MaxInboundConnectionPerSource',
        enough: { MaxInboundConnectionPerSource: '10' },
      }),
    ).toEqual({
      problem:
        '10.1.2.3 has 5 connections to Default EX, and MaxInboundConnectionPerSource is 5. So says its override of 10.1.2.0/24.',
      mend: ["rc new-override 'Default EX' 10.1.2.0/24 --max-inbound-connection-per-source 10"],
    });
    expect(
      causeWords({ ...asked, setting: 'MessageRateLimit', enough: { MessageRateLimit: 'Unlimited' } }).mend,
    ).toEqual(["rc set 'Default EX' --message-rate-limit Unlimited"]);
  });

  it.each([
    [[limit('10.1.2.3'), limit('10.1.2.3/32')], 'Overrides 10.1.2.3/32 stands twice'],
    [[{ RemoteIPRange: '10.1.2.3' }], 'has no limit'],
    [[{ ...limit('10.1.2.3'), MaxHopCount: 5 }], 'is no limit of one source'],
    [[{ ...limit('10.1.2.3'), Until: 'soon' }], 'is no date'],
    [[{ ...limit('10.1.2.3'), Before: { MessageRateLimit: 5 } }], 'beside an Until'],
    [[{ ...limit('10.1.2.3'), Until: '2026-11-29T18:00:00Z', Before: {} }], 'has no limit'],
    [
      [{ ...limit('10.1.2.3'), Until: '2026-11-29T18:00:00Z', Before: { MaxHopCount: 5 } }],
      'is no limit of one source',
    ],
    [[null], 'is not an object'],
    [{}, 'is not a list'],
  ])('that cannot be is told: %j', (given, problem) => {
    const problems: string[] = [];
    connector(given as StoredOverride[], problems);
    expect(problems.join()).toContain(problem);
  });

  it('that decides is the smallest of those that hold the address, in whatever order they stand', () => {
    const nets = fc.uniqueArray(
      fc
        .record({ bits: fc.integer({ min: 8, max: 32 }), third: fc.integer({ min: 0, max: 3 }) })
        .map(({ bits, third }) => {
          const { low } = parseRange(`10.0.${third}.1/${bits}`);
          return `10.0.${(low >> 8n) & 255n}.${low & 255n}/${bits}`;
        }),
      { maxLength: 12 },
    );
    const sources = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(nets, sources, (ranges, [third, last]) => {
        const source = `10.0.${third}.${last}`;
        const address = parseRange(source);
        const holding = ranges.map(parseRange).filter((range) => range.covers(address));
        const found = overrideFor(connector(ranges.map((range) => limit(range))), source);
        const smallest = holding.reduce<bigint | undefined>(
          (size, range) => (size === undefined || range.size < size ? range.size : size),
          undefined,
        );
        expect(found?.range.size).toBe(smallest);
      }),
    );
  });
});

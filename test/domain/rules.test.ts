/** Rules inside one connector and between connectors (column "legal"). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Connector } from '../../src/domain/connector.ts';
import { checkBetween, checkConnector } from '../../src/domain/rules.ts';
import { connector } from './connectors.ts';

const said = (settings: Record<string, unknown>) =>
  checkConnector(connector(settings)).map((v) => `${v.path}: ${v.message}`);

const BASIC =
  'AuthMechanism: BasicAuthRequireTLS needs BasicAuth and Tls with it: --auth-mechanism Tls,BasicAuth,BasicAuthRequireTLS';
const ALONE =
  'AuthMechanism: ExternalAuthoritative can only stand with Tls: --auth-mechanism Tls,ExternalAuthoritative';
const SERVERS =
  'AuthMechanism: ExternalAuthoritative needs ExchangeServers among PermissionGroups: --permission-groups ExchangeServers';
const TLS = 'RequireTLS: needs Tls among AuthMechanism: --auth-mechanism Tls';
const SECURE = 'DomainSecureEnabled: needs Tls among AuthMechanism: --auth-mechanism Tls';
const BOTH = 'DomainSecureEnabled: cannot go with ExternalAuthoritative';
const CHUNKS = 'BinaryMimeEnabled: needs ChunkingEnabled: --chunking-enabled true, or --binary-mime-enabled false';

describe('inside one connector', () => {
  test.each<[settings: Record<string, unknown>, violations: string[]]>([
    [{}, []],
    [{ AuthMechanism: 'None' }, []],
    [{ AuthMechanism: 'BasicAuth' }, []],
    [{ AuthMechanism: 'Tls, BasicAuth, BasicAuthRequireTLS' }, []],
    [{ AuthMechanism: 'BasicAuthRequireTLS' }, [BASIC]],
    [{ AuthMechanism: 'Tls, BasicAuthRequireTLS' }, [BASIC]],
    [{ AuthMechanism: 'BasicAuth, BasicAuthRequireTLS' }, [BASIC]],
    [{ AuthMechanism: 'Tls, ExternalAuthoritative', PermissionGroups: 'ExchangeServers' }, []],
    [{ AuthMechanism: 'ExternalAuthoritative', PermissionGroups: 'ExchangeServers' }, []],
    [{ AuthMechanism: 'Tls, ExternalAuthoritative' }, [SERVERS]],
    [{ AuthMechanism: 'Tls, ExternalAuthoritative', PermissionGroups: 'AnonymousUsers' }, [SERVERS]],
    [{ AuthMechanism: 'Tls, BasicAuth, ExternalAuthoritative', PermissionGroups: 'ExchangeServers' }, [ALONE]],
    [{ AuthMechanism: 'Integrated, ExternalAuthoritative' }, [ALONE, SERVERS]],
    [{ RequireTLS: true }, []],
    [{ RequireTLS: true, AuthMechanism: 'BasicAuth' }, [TLS]],
    [{ DomainSecureEnabled: true }, []],
    [{ DomainSecureEnabled: true, AuthMechanism: 'None' }, [SECURE]],
    [
      { DomainSecureEnabled: true, AuthMechanism: 'Tls, ExternalAuthoritative', PermissionGroups: 'ExchangeServers' },
      [BOTH],
    ],
    [{ ChunkingEnabled: false, BinaryMimeEnabled: false }, []],
    [{ BinaryMimeEnabled: false }, []],
    [{ ChunkingEnabled: false }, [CHUNKS]],
    [{ ConnectionTimeout: '00:05:01' }, []],
    [
      { ConnectionTimeout: '00:05:00' },
      [
        'ConnectionTimeout: 00:05:00 must be greater than ConnectionInactivityTimeout (00:05:00); to lower both: --connection-timeout 00:05:00 --connection-inactivity-timeout 00:01:00',
      ],
    ],
    [
      { ConnectionInactivityTimeout: '1.00:00:00' },
      [
        'ConnectionTimeout: 00:10:00 must be greater than ConnectionInactivityTimeout (1.00:00:00); to lower both: --connection-timeout 00:05:00 --connection-inactivity-timeout 00:01:00',
      ],
    ],
    [
      { RequireTLS: true, DomainSecureEnabled: true, AuthMechanism: 'None', ChunkingEnabled: false },
      [TLS, SECURE, CHUNKS],
    ],
  ])('%j', (settings, violations) => {
    expect(said(settings)).toEqual(violations);
  });

  test.each<[ranges: string[], violation: string | undefined]>([
    [['10.0.0.0/8', '10.1.0.0/16', '10.1.2.3'], undefined],
    [['10.0.0.0-10.0.0.9', '10.0.0.10-10.0.0.19'], undefined],
    [['::/0', '0.0.0.0/0'], undefined],
    [['10.0.0.0-10.0.0.10', '10.0.0.10-10.0.0.19'], '10.0.0.0-10.0.0.10 and 10.0.0.10-10.0.0.19 overlap in part'],
    // the one that reaches furthest is not the one just before
    [
      ['10.0.0.0-10.0.0.100', '10.0.0.10-10.0.0.20', '10.0.0.50-10.0.0.120'],
      '10.0.0.0-10.0.0.100 and 10.0.0.50-10.0.0.120 overlap in part',
    ],
    [
      ['2001:db8::-2001:db8::ff', '2001:db8::80-2001:db8::1ff'],
      '2001:db8::-2001:db8::ff and 2001:db8::80-2001:db8::1ff overlap in part',
    ],
  ])('own ranges %j', (ranges, violation) => {
    expect(said({ RemoteIPRanges: ranges })).toEqual(
      violation ? [`RemoteIPRanges: ${violation}; write them as one range`] : [],
    );
  });
});

describe('between connectors', () => {
  const A = (ranges: string[], more = {}) => connector({ Name: 'A', RemoteIPRanges: ranges, ...more });
  const B = (ranges: string[], more = {}) => connector({ Name: 'B', RemoteIPRanges: ranges, ...more });
  const messages = (...connectors: Connector[]) => checkBetween(connectors).map((v) => v.message);
  const advice = 'give one of them another binding or narrower --remote-ip-ranges';

  test('the same binding and the same range are refused, and both are named', () => {
    expect(messages(A(['10.0.0.0/24']), B(['10.0.0.0-10.0.0.255']))).toEqual([
      `"A" and "B" both listen on 0.0.0.0:25 with the same remote range 10.0.0.0-10.0.0.255; ${advice}`,
    ]);
  });

  test('a partial overlap is refused, and both ranges are named', () => {
    expect(messages(A(['10.0.0.0-10.0.0.100']), B(['10.0.0.50-10.0.0.150']))).toEqual([
      `"A" and "B" both listen on 0.0.0.0:25 with remote ranges that overlap in part (10.0.0.0-10.0.0.100 and 10.0.0.50-10.0.0.150); ${advice}`,
    ]);
  });

  test.each<[what: string, a: Connector, b: Connector]>([
    ['one inside the other', A(['0.0.0.0/0']), B(['10.0.0.0/24'])],
    ['three deep', A(['0.0.0.0/0', '10.0.0.5']), B(['10.0.0.0/24'])],
    ['side by side', A(['10.0.0.0/24']), B(['10.0.1.0/24'])],
    ['other families', A(['0.0.0.0/0']), B(['::/0'])],
    ['another port', A(['10.0.0.0/24']), B(['10.0.0.0/24'], { Bindings: ['0.0.0.0:26'] })],
    ['another address', A(['10.0.0.0/24']), B(['10.0.0.0/24'], { Bindings: ['127.0.0.1:25'] })],
  ])('%s is possible', (_, a, b) => {
    expect(messages(a, b)).toEqual([]);
  });

  test('only one of several bindings is enough to clash', () => {
    expect(
      messages(
        A(['10.0.0.1'], { Bindings: ['127.0.0.1:1', '[::]:25'] }),
        B(['10.0.0.1'], { Bindings: ['[::]:25', '127.0.0.1:2'] }),
      ),
    ).toEqual([`"A" and "B" both listen on [::]:25 with the same remote range 10.0.0.1; ${advice}`]);
  });

  test('a pair is named once for a binding, whatever the number of ranges', () => {
    expect(messages(A(['10.0.0.1', '10.0.0.2', '10.0.0.3']), B(['10.0.0.1', '10.0.0.2', '10.0.0.3']))).toHaveLength(1);
  });

  test('names are unique in any case of any script', () => {
    for (const [a, b] of [
      ['Relay', 'RELAY'],
      ['Straße', 'STRAẞE'],
      ['Σίσυφος', 'ΣΊΣΥΦΟΣ'],
      ['Kelvin', 'Kelvin'],
      ['ſ', 'S'],
    ]) {
      const other = { Bindings: ['0.0.0.0:26'] };
      expect(messages(connector({ Name: a }), connector({ Name: b, ...other }))).toEqual([
        `the name "${b}" is already taken on EX; names are unique`,
      ]);
    }
    expect(messages(connector({ Name: 'I' }), connector({ Name: 'ı', Bindings: ['0.0.0.0:26'] }))).toEqual([]);
  });

  test('agrees with a look at every pair of ranges', () => {
    const number = fc.integer({ min: 0, max: 30 });
    const rangeText = fc.tuple(number, number).map(([a, b]) => `10.0.0.${Math.min(a, b)}-10.0.0.${Math.max(a, b)}`);
    const one = fc.array(rangeText, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(one, { minLength: 2, maxLength: 4 }), (servers) => {
        const all = servers.map((ranges) => connector({ RemoteIPRanges: ranges }));
        // checkConnector refuses a connector whose own ranges overlap in part before this is asked
        if (all.some((c) => checkConnector(c).length)) return;
        const clash = all.some((a, i) =>
          all
            .slice(i + 1)
            .some((b) =>
              a.RemoteIPRanges.some((x) =>
                b.RemoteIPRanges.some((y) => x.same(y) || (x.overlaps(y) && !x.covers(y) && !y.covers(x))),
              ),
            ),
        );
        expect(checkBetween(all).length > 0).toBe(clash);
      }),
      { numRuns: 3000 },
    );
  });

  test('own ranges: agrees with a look at every pair', () => {
    const number = fc.integer({ min: 0, max: 30 });
    const rangeText = fc.tuple(number, number).map(([a, b]) => `10.0.0.${Math.min(a, b)}-10.0.0.${Math.max(a, b)}`);
    fc.assert(
      fc.property(fc.array(rangeText, { minLength: 1, maxLength: 6 }), (ranges) => {
        const c = connector({ RemoteIPRanges: ranges });
        const partial = c.RemoteIPRanges.some((x) =>
          c.RemoteIPRanges.some((y) => x.overlaps(y) && !x.covers(y) && !y.covers(x)),
        );
        expect(checkConnector(c).length > 0).toBe(partial);
      }),
      { numRuns: 2000 },
    );
  });
});

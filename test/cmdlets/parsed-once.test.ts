/**
 * A value is parsed once: what stands in argv becomes a value, and that value goes into the store and into what is shown. What
 * the store holds already is parsed once more at most: when it is read.
 */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Setting } from '../../src/domain/setting.ts';
import { SETTING_NAMES, SETTINGS } from '../../src/domain/settings.ts';
import { editTransport, readTransport } from '../../src/domain/transport.ts';
import { TRANSPORT_SETTING_NAMES, TRANSPORT_SETTINGS } from '../../src/domain/transport-settings.ts';
import { kebab } from '../../src/text/flag-name.ts';
import { storeIn, tempFolder } from '../support/temp-home.ts';

let home: string;
let parses: string[];

/** Everything that a kind of the catalogues parses, as `kind value`. */
function count(...catalogues: readonly Readonly<Record<string, Setting>>[]): void {
  const kinds = new Set(catalogues.flatMap((catalogue) => Object.values(catalogue).map(({ kind }) => kind)));
  for (const kind of kinds) {
    const { parse } = kind;
    vi.spyOn(kind, 'parse').mockImplementation(function (this: typeof kind, input) {
      if (input !== true) parses.push(`${kind.name} ${String(input)}`); // a switch is there or not
      return parse.call(this, input);
    });
  }
}

const rc = (...argv: string[]) => main(argv, { env: { RC_HOME: home }, silent: true });

beforeEach(async () => {
  home = join(tempFolder('once'), 'home');
  expect(await rc('new', 'Relay', '--bindings', '127.0.0.1:2599', '--remote-ip-ranges', '10.0.0.1')).toBe(0);
  parses = [];
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Values that need no other setting, other than the default, in a form that has to be parsed. */
const GIVEN: Readonly<Record<string, string>> = {
  AuthMechanism: 'tls,integrated',
  Bindings: '127.0.0.1:2601',
  ConnectionInactivityTimeout: '00:04:00',
  DeliveryMethod: 'discard',
  EarlyTalkers: 'refuse',
  ExtendedProtectionPolicy: 'allow',
  LimitScope: 'fleet',
  MaxInboundConnectionSourcePrefix: '24,64',
  MaxMessageSize: '35MB',
  MessageRateSource: 'all',
  PermissionGroups: 'anonymoususers',
  ProtocolLoggingLevel: 'verbose',
  RemoteIPRanges: '10.9.0.0/24',
  ReplyDialect: 'exchange2019',
  SizeEnabled: 'disabled',
  TlsCertificateName: '',
  TransportRole: 'hubtransport',
  // not below what Medium is by default
  UsedDiskSpaceHighThreshold: '98',
  UsedMemoryHighThreshold: '98',
  EventLoopDelayHighThreshold: '5000',
};

const valueFor = (name: string, { kind }: Setting) => GIVEN[name] ?? (kind.name === 'bool' ? 'yes' : kind.example);

describe('a value that is set is parsed once, and nothing else', () => {
  const withoutOthers = SETTING_NAMES.filter(
    (name) => !/^(DefaultDomain|DomainSecureEnabled|TlsCertificateName)$/.test(name),
  );
  test.each(withoutOthers)('%s', async (name) => {
    count(SETTINGS);
    const value = valueFor(name, SETTINGS[name]);
    expect(await rc('set', 'Relay', `--${kebab(name)}`, value)).toBe(0);
    const { kind } = SETTINGS[name];
    expect(parses.filter((parse) => parse === `${kind.name} ${value}`)).toHaveLength(1);
    for (const read of ['list 127.0.0.1:2599', 'list 10.0.0.1'])
      expect(parses.filter((parse) => parse === read)).toHaveLength(1);
  });

  test('in a list, what is added; what was there is not parsed again', async () => {
    count(SETTINGS);
    expect(await rc('set', 'Relay', '--add-remote-ip-ranges', '10.2.0.0/16', '--pass-thru')).toBe(0);
    expect(parses.sort()).toEqual(['list 10.0.0.1', 'list 10.2.0.0/16', 'list 127.0.0.1:2599']);
    expect(storeIn(home).connectors.at(-1)!.RemoteIPRanges).toEqual(['10.0.0.1', '10.2.0.0/16']);
  });

  test('a new connector parses what it is given', async () => {
    count(SETTINGS);
    const settings = ['--bindings', '[::1]:2600', '--remote-ip-ranges', '10.3.0.0/16', '--max-hop-count', '40'];
    expect(await rc('new', 'Another', ...settings)).toBe(0);
    expect(parses.filter((parse) => /2600|10\.3|int 40/.test(parse)).sort()).toEqual([
      'int 40',
      'list 10.3.0.0/16',
      'list [::1]:2600',
    ]);
  });

  test.each(TRANSPORT_SETTING_NAMES.filter((name) => !/Auth|Password|Tls|Secret|DeliveryMethod|Fqdn/.test(name)))(
    '%s',
    async (name) => {
      count(TRANSPORT_SETTINGS);
      const { kind } = TRANSPORT_SETTINGS[name];
      const value = valueFor(name, TRANSPORT_SETTINGS[name]);
      expect(await rc('set-transport-service', `--${kebab(name)}`, value, '--pass-thru')).toBe(0);
      expect(parses).toEqual([`${kind.name} ${value}`]);
    },
  );
});

test('the next host and the syslog server are places when the transport is read, also after a change of it', () => {
  const stored = { SmartHost: '[2001:db8::1]:2525', EventSyslog: 'TCP://logs.contoso.com' };
  expect(readTransport(stored)).toMatchObject({
    nextHost: { host: '2001:db8::1', port: 2525 },
    syslog: { protocol: 'tcp', host: 'logs.contoso.com', port: 514 },
  });
  const next = editTransport(stored, new Map([['SmartHost', { replace: '' }]]), () => expect.unreachable());
  expect(next).toEqual({ EventSyslog: 'TCP://logs.contoso.com' });
  expect(readTransport(next).nextHost).toBeUndefined();
  expect(readTransport(next).syslog?.host).toBe('logs.contoso.com');
});

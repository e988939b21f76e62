/** Usage types of New-ReceiveConnector: what each sets and needs (Exchange documentation, New-ReceiveConnector -Usage). */
import { describe, expect, test } from 'vitest';
import { checkConnector } from '../../src/domain/rules.ts';
import { SETTINGS, type SettingName } from '../../src/domain/settings.ts';
import { USAGES } from '../../src/domain/usage.ts';
import { connector } from './connectors.ts';

const ALL = 'All';
test.each<[name: string, groups: string, auth: string, bindings: string, ranges: string, needs: string[]]>([
  [
    'Client',
    'ExchangeUsers',
    'Tls, Integrated, BasicAuth, BasicAuthRequireTLS',
    '0.0.0.0:587,[::]:587',
    ALL,
    ['RemoteIPRanges'],
  ],
  ['Custom', 'None', 'Tls', '', ALL, ['Bindings', 'RemoteIPRanges']],
  [
    'Internal',
    'ExchangeServers, ExchangeLegacyServers',
    'Tls, ExchangeServer',
    '0.0.0.0:25,[::]:25',
    ALL,
    ['RemoteIPRanges'],
  ],
  ['Internet', 'AnonymousUsers', 'Tls', '', '0.0.0.0-255.255.255.255', ['Bindings']],
  ['Partner', 'Partners', 'Tls', '', ALL, ['Bindings', 'RemoteIPRanges']],
])('%s', (name, groups, auth, bindings, ranges, needs) => {
  const usage = USAGES.find((u) => u.name === name)!;
  const value = (setting: SettingName) => {
    const given = usage.sets[setting];
    return given === undefined ? undefined : String(SETTINGS[setting].kind.parse(given));
  };
  expect(value('PermissionGroups')).toBe(groups);
  expect(value('AuthMechanism')).toBe(auth);
  expect(value('Bindings') ?? '').toBe(bindings);
  expect(value('RemoteIPRanges') ?? ALL).toBe(ranges);
  expect(value('DomainSecureEnabled')).toBeUndefined();
  expect(usage.needs).toEqual(needs);
  const fixes: Record<string, string[]> = {
    Client: ['Bindings'],
    Internal: ['Bindings'],
    Internet: ['RemoteIPRanges'],
  };
  expect(usage.fixes).toEqual(fixes[name] ?? []);
});

describe('each usage', () => {
  test.each(USAGES)('$name makes a connector that breaks no rule', (usage) => {
    const c = connector({ ...usage.sets, ...(usage.sets.Bindings ? {} : { Bindings: ['127.0.0.1:2526'] }) });
    expect(checkConnector(c)).toEqual([]);
  });

  test('sets only settings that there are', () => {
    for (const usage of USAGES)
      for (const name of Object.keys(usage.sets)) expect(Object.hasOwn(SETTINGS, name)).toBe(true);
  });
});

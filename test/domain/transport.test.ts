import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Edit, elementsIn, replaced } from '../../src/domain/catalogue.ts';
import { parseSmartHost } from '../../src/domain/next-host.ts';
import type { Setting } from '../../src/domain/setting.ts';
import { checkTransport, editTransport, readTransport, transportSettingNamed } from '../../src/domain/transport.ts';
import { TRANSPORT_SETTING_NAMES, TRANSPORT_SETTINGS } from '../../src/domain/transport-settings.ts';

const refuse = (key: string, message: string) => {
  throw new Error(`${key}: ${message}`);
};

test('every default is legal, reads back from how it is stored and from how it prints', () => {
  const defaults = readTransport({}, refuse);
  expect(checkTransport(defaults)).toEqual([]);
  for (const name of TRANSPORT_SETTING_NAMES) {
    const { kind } = TRANSPORT_SETTINGS[name];
    const stored = kind.store(defaults[name]);
    expect(String(kind.parse(stored)), name).toBe(String(defaults[name]));
    expect(kind.store(kind.parse(String(defaults[name]))), name).toEqual(stored);
  }
});

test('every example that help shows is legal', () => {
  for (const name of TRANSPORT_SETTING_NAMES) {
    const { kind } = TRANSPORT_SETTINGS[name];
    expect(() => kind.parse(kind.example), name).not.toThrow();
  }
});

test.each([
  ['mail.contoso.com:25', 'mail.contoso.com', 25],
  ['mail.contoso.com', 'mail.contoso.com', 25],
  ['localhost:2600', 'localhost', 2600],
  ['192.0.2.1:587', '192.0.2.1', 587],
  ['[2001:db8::1]:25', '2001:db8::1', 25],
  ['[::1]', '::1', 25],
])('the next host %s', (text, host, port) => {
  expect(parseSmartHost(text)).toEqual({ host, port });
});

test.each([
  '',
  ':25',
  'a b:25',
  'host:0',
  'host:65536',
  'host:x',
  '1.2.3:25',
  '1.2.3.999:25',
  '::1:25',
  '[1.2.3.4]:25',
  '[::1',
  'u@h:25',
  'h:25:25',
])('no next host: %j', (text) => {
  expect(parseSmartHost(text)).toBeUndefined();
});

test.each([
  [{ DeliveryMethod: 'Relay' }, ['DeliveryMethod']],
  [{ DeliveryMethod: 'Relay', SmartHost: 'mail.contoso.com' }, []],
  [{ ReceiveProtocolLogMaxFileSize: '300MB' }, ['ReceiveProtocolLogMaxFileSize']],
  [{ MessageTrackingLogMaxDirectorySize: '1MB' }, ['MessageTrackingLogMaxFileSize']],
  [{ SmartHostTlsVerify: true }, ['SmartHostTlsVerify']],
  [{ SmartHostTlsVerify: true, SmartHostTls: 'Required' }, []],
  [{ SmartHostTlsCaFile: '/etc/rc/ca.pem' }, ['SmartHostTlsCaFile']],
  [{ SmartHostTls: 'Required', SmartHostTlsVerify: true, SmartHostTlsCaFile: '/etc/rc/ca.pem' }, []],
  [{ SmartHostAuthUser: 'relay' }, ['SmartHostAuthUser']],
  [{ SmartHostPasswordFile: '/etc/rc/password' }, ['SmartHostAuthUser']],
  [{ EventWebhookSecretFile: '/etc/rc/secret' }, ['EventWebhookSecretFile']],
  [{ EventWebhookSecretFile: '/etc/rc/secret', EventWebhook: 'https://a.test' }, []],
])('rules: %j breaks %j', (stored, paths) => {
  expect(checkTransport(readTransport(stored, refuse)).map((v) => v.path)).toEqual(paths);
});

test('edits: what equals the default is left out, lists are edited', () => {
  const edit = (stored: Record<string, unknown>, name: string, change: (setting: Setting) => Edit) => {
    const known = transportSettingNamed(name)!;
    return editTransport(stored, new Map([[known, change(TRANSPORT_SETTINGS[known])]]), refuse);
  };
  const stored = { RelayTimeout: '00:01:00', ProxyProtocolTrustedSources: ['10.0.0.1'] };
  expect(edit(stored, 'relaytimeout', (setting) => replaced(setting, '00:05:00'))).toEqual({
    ProxyProtocolTrustedSources: ['10.0.0.1'],
  });
  const other = (setting: Setting) => ({
    add: elementsIn(setting, '10.0.0.2'),
    remove: elementsIn(setting, ['10.0.0.1']),
  });
  expect(edit(stored, 'ProxyProtocolTrustedSources', other)).toEqual({
    RelayTimeout: '00:01:00',
    ProxyProtocolTrustedSources: ['10.0.0.2'],
  });
});

test('whatever stands in the store, reading gives every setting a legal value and reports the rest', () => {
  const anything = fc.dictionary(fc.oneof(fc.constantFrom(...TRANSPORT_SETTING_NAMES), fc.string()), fc.jsonValue());
  fc.assert(
    fc.property(anything, (stored) => {
      const settings = readTransport(stored, () => {});
      for (const name of TRANSPORT_SETTING_NAMES)
        expect(() => TRANSPORT_SETTINGS[name].kind.parse(settings[name])).not.toThrow();
    }),
  );
});

test.each([
  ['EventWebhook', 'hooks.contoso.com'],
  ['EventWebhook', 'ftp://hooks.contoso.com'],
  ['EventWebhook', 'https://user:password@hooks.contoso.com'],
  ['EventSyslog', 'logs.contoso.com:514'],
  ['EventSyslog', 'tls://logs.contoso.com'],
  ['EventSyslog', 'udp://logs.contoso.com:0'],
  ['EventCommand', 'bin/told'],
  ['EventFilter', ['warn']],
  ['EventFilter', ['17099-17000']],
  ['EventFilter', ['1021,x']],
] as const)('%s cannot be %j', (name, value) => {
  expect(() => TRANSPORT_SETTINGS[name].kind.parse(value)).toThrow(/allowed|not|no /);
});

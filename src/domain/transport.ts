/**
 * The settings of the transport service (transport-settings.ts) read, edited and checked. Functions only, so that commands which never
 * ask for them, such as `rc get`, load nothing of the table (docs/decisions/0320-bundles-by-what-lines-run.md).
 */

import { kebab } from '../text/flag-name.ts';
import { type Edit, editSettings, type Report, readSettings } from './catalogue.ts';
import { type NextHost, parseSmartHost, parseSyslogPlace, type SyslogPlace } from './next-host.ts';
import type { Site } from './setting.ts';
import { PRESSURE_RESOURCES } from './transport-pressure.ts';
import {
  TRANSPORT_SETTING_NAMES,
  TRANSPORT_SETTINGS,
  type TransportSettingName,
  type TransportSettings,
} from './transport-settings.ts';
import { type ByteSize, Unlimited } from './value.ts';

/** Bytes that a log may have: Infinity for Unlimited. */
export function bytesOf(size: ByteSize | Unlimited): number {
  return size instanceof Unlimited ? Number.POSITIVE_INFINITY : size.bytes;
}

/** The settings, and the places that two of them name. */
export interface Transport extends TransportSettings {
  /** Of SmartHost. */
  readonly nextHost: NextHost | undefined;
  /** Of EventSyslog. */
  readonly syslog: SyslogPlace | undefined;
}

function withPlaces(settings: TransportSettings): Transport {
  return { ...settings, nextHost: parseSmartHost(settings.SmartHost), syslog: parseSyslogPlace(settings.EventSyslog) };
}

const NOWHERE: Site = { server: '', fqdn: '' }; // no default of this table depends on the server
const nothing = () => {};
const BY_LOWER_NAME = new Map(TRANSPORT_SETTING_NAMES.map((name) => [name.toLowerCase(), name]));
const parsed = new WeakMap<object, Transport>();

/** The catalogue's spelling of a setting's name, case-insensitively. */
export function transportSettingNamed(name: string): TransportSettingName | undefined {
  return BY_LOWER_NAME.get(name.toLowerCase());
}

/** The settings with defaults filled in. Problems go to `report`. Cheap to call again with the same object. */
export function readTransport(stored: Readonly<Record<string, unknown>>, report: Report = nothing): Transport {
  const known = report === nothing ? parsed.get(stored) : undefined;
  if (known) return known;
  const settings = withPlaces(readSettings(TRANSPORT_SETTINGS, stored, NOWHERE, report) as TransportSettings);
  parsed.set(stored, settings);
  return settings;
}

/** What is stored with the edits made, in the table's order; values that equal the default are left out. */
export function editTransport(
  stored: Readonly<Record<string, unknown>>,
  edits: ReadonlyMap<TransportSettingName, Edit>,
  report: Report,
): Record<string, unknown> {
  const next: Record<string, unknown> = { ...stored };
  const { nextHost: _, syslog: __, ...values } = readTransport(stored);
  editSettings(TRANSPORT_SETTINGS, { stored: next, values }, edits, NOWHERE, report);
  const rank = (key: string) => (TRANSPORT_SETTING_NAMES as readonly string[]).indexOf(key);
  const ordered = Object.fromEntries(Object.entries(next).sort(([a], [b]) => rank(a) - rank(b)));
  parsed.set(ordered, withPlaces(values));
  return ordered;
}

/** Rules between the settings; every violation at once. */
export function checkTransport(t: Transport): { path: TransportSettingName; message: string }[] {
  const violations: { path: TransportSettingName; message: string }[] = [];
  const rule = (broken: boolean, path: TransportSettingName, message: string) => {
    if (broken) violations.push({ path, message });
  };
  rule(
    t.DeliveryMethod === 'Relay' && t.SmartHost === '',
    'DeliveryMethod',
    'Relay needs the next host: --smart-host mail.contoso.com:25',
  );
  rule(
    t.SmartHostTlsVerify && t.SmartHostTls !== 'Required',
    'SmartHostTlsVerify',
    'needs TLS that is never left out: --smart-host-tls Required',
  );
  rule(
    t.SmartHostTlsCaFile !== '' && !t.SmartHostTlsVerify,
    'SmartHostTlsCaFile',
    'is of use only where certificates are verified: --smart-host-tls-verify true',
  );
  rule(
    (t.SmartHostAuthUser === '') !== (t.SmartHostPasswordFile === ''),
    'SmartHostAuthUser',
    'SmartHostAuthUser and SmartHostPasswordFile go together: give both, or neither',
  );
  rule(
    t.EventWebhookSecretFile !== '' && t.EventWebhook === '',
    'EventWebhookSecretFile',
    'needs the address that gets the events: --event-webhook https://hooks.contoso.com/rc',
  );
  for (const resource of PRESSURE_RESOURCES) {
    const [medium, high] = [t[`${resource}MediumThreshold`], t[`${resource}HighThreshold`]];
    rule(
      medium > high,
      `${resource}MediumThreshold`,
      `${medium} is above ${resource}HighThreshold (${high}), so it would never be reached; both can be given at once: --${kebab(resource)}-medium-threshold ${high} --${kebab(resource)}-high-threshold ${medium}`,
    );
  }
  for (const log of ['ReceiveProtocolLog', 'MessageTrackingLog'] as const) {
    const [file, folder] = [t[`${log}MaxFileSize`], t[`${log}MaxDirectorySize`]];
    rule(
      bytesOf(file) > bytesOf(folder),
      `${log}MaxFileSize`,
      `${file} is more than ${log}MaxDirectorySize (${folder}); the files of a folder must fit into it`,
    );
  }
  return violations;
}

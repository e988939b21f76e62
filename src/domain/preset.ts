/**
 * What Exchange's setup gives the connectors that it makes itself, where that is not what New-ReceiveConnector gives: by the
 * kind of server and connector (documentation "Receive connectors" and "Message rate limits and throttling"; read 2026-11). Pure.
 */
import { SETTINGS, type SettingName } from './settings.ts';
import type { SettingValue } from './value.ts';

export const PRESETS = ['Mailbox', 'MailboxClient', 'MailboxHub', 'Edge'] as const;
type Preset = (typeof PRESETS)[number];

const TEXTS: Readonly<Record<Preset, Readonly<Partial<Record<SettingName, string>>>>> = {
  /** Default Frontend */
  Mailbox: { ProtocolLoggingLevel: 'Verbose' },
  /** Client Frontend, Client Proxy */
  MailboxClient: { MessageRateLimit: '5', MessageRateSource: 'User' },
  /** Default (Hub Transport) */
  MailboxHub: {
    MaxInboundConnectionPerSource: 'Unlimited',
    MaxInboundConnectionPercentagePerSource: '100',
    TransportRole: 'HubTransport',
  },
  /** Default internal receive connector of an Edge Transport server */
  Edge: { MessageRateLimit: '600', ConnectionTimeout: '00:05:00', ConnectionInactivityTimeout: '00:01:00' },
};

/** The settings of a preset. */
export function presetSettings(preset: Preset): ReadonlyMap<SettingName, SettingValue> {
  const rows = Object.entries(TEXTS[preset]) as [SettingName, string][];
  return new Map(rows.map(([name, text]) => [name, SETTINGS[name].kind.parse(text)]));
}

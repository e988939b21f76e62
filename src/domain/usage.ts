/** Usage types of New-ReceiveConnector: what each sets, and what it needs (Exchange documentation, -Usage). */
import type { SettingName } from './settings.ts';

export interface Usage {
  readonly name: 'Client' | 'Custom' | 'Internal' | 'Internet' | 'Partner';
  readonly sets: Readonly<Partial<Record<SettingName, unknown>>>;
  /** Settings the person must give. */
  readonly needs: readonly SettingName[];
  /** Settings the usage fixes at creation. */
  readonly fixes: readonly SettingName[];
  readonly help: string;
}

const ALL_IPV4 = ['0.0.0.0-255.255.255.255'];

export const USAGES: readonly Usage[] = [
  {
    name: 'Client',
    sets: {
      PermissionGroups: 'ExchangeUsers',
      AuthMechanism: 'Tls, BasicAuth, BasicAuthRequireTLS, Integrated',
      Bindings: ['0.0.0.0:587', '[::]:587'],
    },
    needs: ['RemoteIPRanges'],
    fixes: ['Bindings'],
    help: 'For mail clients that log on: ExchangeUsers, AUTH inside TLS, port 587; needs --remote-ip-ranges.',
  },
  {
    name: 'Custom',
    sets: { PermissionGroups: 'None', AuthMechanism: 'Tls' },
    needs: ['Bindings', 'RemoteIPRanges'],
    fixes: [],
    help: 'For everything else, such as a relay for applications: no permission groups; needs --bindings and --remote-ip-ranges.',
  },
  {
    name: 'Internal',
    sets: {
      PermissionGroups: 'ExchangeServers, ExchangeLegacyServers',
      AuthMechanism: 'Tls, ExchangeServer',
      Bindings: ['0.0.0.0:25', '[::]:25'],
    },
    needs: ['RemoteIPRanges'],
    fixes: ['Bindings'],
    help: 'For other mail servers of ours: ExchangeServers, port 25; needs --remote-ip-ranges.',
  },
  {
    name: 'Internet',
    sets: { PermissionGroups: 'AnonymousUsers', AuthMechanism: 'Tls', RemoteIPRanges: ALL_IPV4 },
    needs: ['Bindings'],
    fixes: ['RemoteIPRanges'],
    help: 'For mail from the internet: AnonymousUsers, all IPv4 addresses; needs --bindings.',
  },
  {
    name: 'Partner',
    sets: { PermissionGroups: 'Partners', AuthMechanism: 'Tls' },
    needs: ['Bindings', 'RemoteIPRanges'],
    fixes: [],
    help: 'For a partner: Partners, TLS; needs --bindings and --remote-ip-ranges. Mutual TLS is asked for with --domain-secure-enabled true.',
  },
];

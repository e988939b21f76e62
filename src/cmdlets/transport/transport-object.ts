/** The transport service as a pipeline object, and the parameters of its settings. */

import type { Site } from '../../domain/setting.ts';
import { readTransport } from '../../domain/transport.ts';
import { TRANSPORT_SETTINGS } from '../../domain/transport-settings.ts';
import type { Context } from '../../pipeline/context.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { serversMeant } from '../../pipeline/run.ts';
import { PsObject } from '../../pipeline/value.ts';
import type { Draft } from '../../store/draft.ts';
import type { Home } from '../../store/home.ts';
import { sameText } from '../../text/wildcard.ts';
import { settingParameters } from '../setting-parameters.ts';

export const IDENTITY = {
  name: 'Identity',
  type: 'string',
  position: 0,
  placeholder: 'SERVER',
  completes: 'server',
  help: 'The server: its name or FQDN; wildcards find several.',
} as const satisfies Parameter;

export const TRANSPORT_PARAMETERS = settingParameters(TRANSPORT_SETTINGS);

/** Scripts build `$path\*.log` of the folders of logs, so a folder that is not set is shown as the one of the home that it means. */
export function transportObject(draft: Draft, site: Site, home: Home): PsObject {
  const { server } = site;
  const { nextHost: _, syslog: __, ...settings } = readTransport(draft.transportOf(site));
  // of another server's home only its own machine knows where it is
  const { protocol, tracking } = draft.servers.isOwn({ Server: server }) ? home : { protocol: '', tracking: '' };
  return new PsObject('TransportService', {
    Name: server,
    ...settings,
    ReceiveProtocolLogPath: settings.ReceiveProtocolLogPath || protocol,
    MessageTrackingLogPath: settings.MessageTrackingLogPath || tracking,
    Identity: server,
  });
}

/**
 * The servers that an identity means, of those that -Server leaves.
 * @throws CmdletError when a plain name or FQDN finds none
 */
export function sitesMeant({ onServers, statement }: Context, identity: string | undefined): readonly Site[] {
  const { draft } = statement;
  const left = onServers ?? draft.servers.all;
  if (identity === undefined) return left;
  return serversMeant(draft, identity).filter(({ server }) => left.some((one) => sameText(one.server, server)));
}

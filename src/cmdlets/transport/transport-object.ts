/** The transport service as a pipeline object, and the parameters of its settings. */

import { readTransport, TRANSPORT_SETTINGS } from '../../domain/transport.ts';
import { PsObject } from '../../pipeline/value.ts';
import type { Draft } from '../../store/draft.ts';
import type { Home } from '../../store/home.ts';
import { sameText } from '../../text/wildcard.ts';
import { settingParameters } from '../setting-parameters.ts';

export const TRANSPORT_PARAMETERS = settingParameters(TRANSPORT_SETTINGS);

/** Scripts build `$path\*.log` of the folders of logs, so a folder that is not set is shown as the one of the home that it means. */
export function transportObject(draft: Draft, home: Home): PsObject {
  const { server } = draft.site;
  const settings = readTransport(draft.document.transport);
  return new PsObject('TransportService', {
    Name: server,
    ...settings,
    ReceiveProtocolLogPath: settings.ReceiveProtocolLogPath || home.protocol,
    MessageTrackingLogPath: settings.MessageTrackingLogPath || home.tracking,
    Identity: server,
  });
}

/** Is it this server that a name means? */
export function isThisServer(draft: Draft, name: string): boolean {
  return sameText(name, draft.site.server) || sameText(name, draft.site.fqdn);
}

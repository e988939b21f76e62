/** The transport service as a pipeline object, and the parameters of its settings. */

import { readTransport, TRANSPORT_SETTINGS } from '../../domain/transport.ts';
import { PsObject } from '../../pipeline/value.ts';
import type { Draft } from '../../store/draft.ts';
import { sameText } from '../../text/wildcard.ts';
import { settingParameters } from '../setting-parameters.ts';

export const TRANSPORT_PARAMETERS = settingParameters(TRANSPORT_SETTINGS);

export function transportObject(draft: Draft): PsObject {
  const { server } = draft.site;
  return new PsObject('TransportService', {
    Name: server,
    ...readTransport(draft.document.transport),
    Identity: server,
  });
}

/** Is it this server that a name means? */
export function isThisServer(draft: Draft, name: string): boolean {
  return sameText(name, draft.site.server) || sameText(name, draft.site.fqdn);
}

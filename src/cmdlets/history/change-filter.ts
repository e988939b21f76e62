/** Which changes concern some connectors or servers: history and diff ask the same. */
import { identityMatcher } from '../../domain/identity.ts';
import type { Servers } from '../../domain/servers.ts';
import type { Site } from '../../domain/setting.ts';
import { usage } from '../../pipeline/error.ts';
import type { ObjectChange } from '../../store/difference.ts';
import type { StoreDocument } from '../../store/document.ts';
import { sameText } from '../../text/wildcard.ts';

interface Concern {
  readonly identities?: readonly string[] | undefined;
  readonly onServers?: readonly Site[] | undefined;
}

/**
 * Does a change concern one of these? A plain name is that of this server's connector where it has one, as everywhere; else
 * those of all servers, for looking loses nothing. Asked from the newest to the oldest change, it follows renames backwards
 * by GUID. What belongs to no server (accepted domains, users) concerns none.
 * @returns `undefined` when all changes do
 */
export function changesConcerning(
  { connectors }: StoreDocument,
  servers: Servers,
  { identities, onServers }: Concern,
): ((change: ObjectChange) => boolean) | undefined {
  if (!identities && !onServers) return undefined;
  const onOne = (server: string) => !onServers || onServers.some((site) => sameText(site.server, server));
  const ofServers = (change: ObjectChange) =>
    !['AcceptedDomain', 'SmtpUser'].includes(change.kind) &&
    change.change !== 'order' &&
    onOne(change.server ?? servers.own.server);
  if (!identities) return ofServers;
  const matchers = identities.map((identity) => {
    if (identity === '') throw usage('An empty --identity names no connector.');
    const matcher = identityMatcher(identity);
    const here = (c: { Name: string; Guid: string; Server?: string }) =>
      servers.isOwn(c) && matcher.matches(c, servers.own.server);
    const ownOnly = !matcher.isPattern && onOne(servers.own.server) && connectors.some(here);
    return (Name: unknown, Guid: string, server: string) =>
      typeof Name === 'string' &&
      matcher.matches({ Name, Guid }, server) &&
      (!ownOnly || sameText(server, servers.own.server));
  });
  const matches = (Name: unknown, Guid: string, server: string) =>
    onOne(server) && matchers.some((matcher) => matcher(Name, Guid, server));
  const guids = new Set(connectors.filter((c) => matches(c.Name, c.Guid, servers.of(c).server)).map((c) => c.Guid));
  return ({ kind, name, guid = '', server = servers.own.server, settings }) => {
    if (kind === 'Server' || kind === 'TransportService' || (onServers && kind !== 'ReceiveConnector')) return false;
    if (matches(name, guid, server) || matches(settings.Name?.from, guid, server)) guids.add(guid);
    return guid !== '' && guids.has(guid);
  };
}

/** The server that a new connector is made on. */
import type { StoredConnector } from '../../domain/connector.ts';
import type { Site } from '../../domain/setting.ts';
import { usage } from '../../pipeline/error.ts';
import { serversMeant } from '../../pipeline/run.ts';
import type { Draft } from '../../store/draft.ts';
import { show } from '../../text/printable.ts';

/** The one that a name or FQDN means; this one when nothing is said. @throws CmdletError when it is none, or several */
export function oneServer(draft: Draft, text: string | undefined): Site {
  if (text === undefined) return draft.site;
  const sites = serversMeant(draft, text);
  const [site] = sites;
  if (site && sites.length === 1) return site;
  throw usage(`Server: a connector is made on one server, and ${show(text)} means ${sites.length}.`);
}

/** How a stored connector says that it is that server's: this home's own do not. */
export function ownerOf(draft: Draft, { server }: Site): Pick<StoredConnector, 'Server'> {
  return draft.servers.isOwn({ Server: server }) ? {} : { Server: server };
}

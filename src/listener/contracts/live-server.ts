/** What the listener acts by besides its connectors. */
import type { StoredAcceptedDomain, StoredTransport, StoredUser } from '../../store/document.ts';

/** The rest of the store as last applied; replaced as a whole, read at the moment of need. */
export interface LiveServer {
  readonly generation: number;
  readonly name: string;
  readonly fqdn: string;
  readonly acceptedDomains: readonly StoredAcceptedDomain[];
  readonly users: readonly StoredUser[];
  readonly transport: StoredTransport;
}

/** Who the client is: what it called itself, whom it logged on as, its certificate; and what it may for that. */

import type { Connector } from '../../domain/connector.ts';
import {
  ANONYMOUS,
  AUTHENTICATED,
  EXTERNALLY_SECURED,
  PARTNERS,
  type Right,
  rightsOf,
  userPrincipal,
} from '../../domain/permissions.ts';
import type { LiveServer } from '../contracts/live-server.ts';
import type { SessionConnector } from '../contracts/session-connector.ts';

/** TLS as it was negotiated. */
interface Tls {
  readonly protocol: string;
  readonly cipher: string;
  /** The client's certificate was asked for and verified. */
  readonly verified: boolean;
}

export class ClientIdentity {
  /** What it called itself; empty before HELO and EHLO. */
  helo = '';
  /** It said EHLO. */
  esmtp = false;
  /** The settings that the answer to its last EHLO was made of: what that promised holds until the next one. */
  promised: Connector | undefined;
  /** The user it authenticated as; empty for none. */
  user = '';
  #tls: Tls | undefined;
  readonly #connector: SessionConnector;
  readonly #server: () => LiveServer;

  constructor(connector: SessionConnector, server: () => LiveServer) {
    this.#connector = connector;
    this.#server = server;
  }

  get tls(): Tls | undefined {
    return this.#tls;
  }

  /** TLS began: what it said of itself before is forgotten (RFC 3207 section 4.2). */
  secured(tls: Tls): void {
    this.#tls = tls;
    this.helo = '';
    this.esmtp = false;
    this.user = '';
  }

  /** A user who was removed or disabled is nobody any more. */
  principals(): readonly string[] {
    if (this.isTrusted) return [EXTERNALLY_SECURED];
    if (this.isAuthenticated) return [AUTHENTICATED, userPrincipal(this.user)];
    return this.isPartner ? [ANONYMOUS, PARTNERS] : [ANONYMOUS];
  }

  /** What it may on this connector now. */
  rights(): ReadonlySet<Right> {
    return rightsOf(this.#connector.now, this.principals());
  }

  /** ExternalAuthoritative: whoever connects is trusted as an Exchange server. */
  get isTrusted(): boolean {
    return this.#connector.now.AuthMechanism.has('ExternalAuthoritative');
  }

  /** Its certificate was asked for and verified. */
  get isPartner(): boolean {
    return this.#tls?.verified === true && this.#connector.now.DomainSecureEnabled;
  }

  get isAuthenticated(): boolean {
    return this.user !== '' && this.#server().users.some((u) => u.Name === this.user && u.Enabled);
  }
}

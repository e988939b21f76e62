/** Where a session has its certificate from. */
import type { Connector } from '../../domain/connector.ts';

/** Certificates of the home's `certificates` folder, reloaded when files change. */
export interface Certificates {
  /** Options for `new TLSSocket`/`createSecureContext` of this connector now; makes a self-signed one at first need. */
  contextFor(connector: Connector): import('node:tls').SecureContext;
  /** Does `<I>issuer<S>subject` name a certificate we have? */
  has(name: string): boolean;
  /** PEM bundle of CAs that client certificates are verified against (DomainSecure), if any. */
  readonly clientCa: string | undefined;
  close(): void;
}

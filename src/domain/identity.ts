/** -Identity: a name, `SERVER\Name`, a GUID, a distinguished name, or a wildcard matched against Name and against Identity. */
import { foldText, hasWildcard, unescapeWildcard, Wildcard } from '../text/wildcard.ts';
import { guidIn } from './guid.ts';
import type { Owned, Servers } from './servers.ts';

interface Named {
  readonly Name: string;
  readonly Guid: string;
}

/** Finds connectors by identity. A wildcard may find none; a plain identity that finds none is for the caller to report. */
interface IdentityMatcher {
  readonly isPattern: boolean;
  matches(named: Named, server: string): boolean;
}

/** @throws WildcardError for a pattern that is not valid. */
export function identityMatcher(identity: string): IdentityMatcher {
  if (hasWildcard(identity)) {
    const pattern = new Wildcard(identity);
    // A backslash outside the name part separates server and name; a pattern without one can still match the whole Identity.
    return {
      isPattern: true,
      matches: (c, server) => pattern.matches(c.Name) || pattern.matches(`${server}\\${c.Name}`),
    };
  }
  const wanted = foldText(unescapeWildcard(identity));
  const guid = guidIn(wanted);
  const isDistinguished = wanted.startsWith('cn=');
  return {
    isPattern: false,
    matches(c, server) {
      const name = foldText(c.Name);
      if (name === wanted || (guid !== undefined && c.Guid.toLowerCase() === guid)) return true;
      if (wanted.includes('\\') && wanted === `${foldText(server)}\\${name}`) return true;
      if (!isDistinguished) return false;
      const whole = foldText(distinguishedName(c.Name, server));
      return wanted === whole || wanted.startsWith(`${whole},`); // Exchange's goes on up to the forest
    },
  };
}

/** What an identity means among connectors of several servers. */
export interface Meant<T> {
  readonly isPattern: boolean;
  /** More than one for a plain identity: it is the name of several other servers' connectors, and which is meant is open. */
  readonly found: readonly T[];
}

/**
 * The connectors that an identity means. A plain name is that of this server's connector, else of the only one that has it;
 * a wildcard means those of all servers.
 * @throws WildcardError for a pattern that is not valid
 */
export function connectorsMeant<T extends Named & Owned>(
  identity: string,
  connectors: readonly T[],
  servers: Servers,
): Meant<T> {
  const { isPattern, matches } = identityMatcher(identity);
  const found = connectors.filter((c) => matches(c, servers.of(c).server));
  if (isPattern || found.length < 2) return { isPattern, found };
  const own = found.filter((c) => servers.isOwn(c));
  return { isPattern, found: own.length ? own : found };
}

/** Where Exchange keeps a connector in Active Directory, from the server down; names escaped as RFC 4514 section 2.4 has it. */
export function distinguishedName(name: string, server: string): string {
  const escaped = (text: string) => text.replace(/[,+"\\<>;=]/g, '\\$&').replace(/^[# ]|\s$/g, '\\$&');
  return `CN=${escaped(name)},CN=SMTP Receive Connectors,CN=Protocols,CN=${escaped(server)},CN=Servers`;
}

/** Connectors that serve everybody and take mail from nobody: without the right to send, or with it for those who cannot show who they are. */
import { missingRight } from '../domain/cause-words.ts';
import type { Connector } from '../domain/connector.ts';
import {
  ANONYMOUS,
  AUTHENTICATED,
  EXTERNALLY_SECURED,
  PARTNERS,
  rightsOf,
  userPrincipal,
} from '../domain/permissions.ts';
import type { StoredUser } from '../store/document.ts';
import { shellWord } from '../text/shell-word.ts';
import type { CheckFinding, CheckInput } from './finding.ts';

export function senderFindings({ connectors, document }: CheckInput): CheckFinding[] {
  return connectors.filter((c) => c.Enabled).flatMap((c) => withoutSenders(c, document.users));
}

/** Who a client can be is client-identity.ts of the session. */
function withoutSenders(c: Connector, users: readonly StoredUser[]): CheckFinding[] {
  const submits = (...principals: string[]) => rightsOf(c, principals).has('SMTP-Submit');
  const maySend = (user: StoredUser) => submits(AUTHENTICATED, userPrincipal(user.Name));
  const auth = c.AuthMechanism;
  const name = shellWord(c.Name);
  if (auth.has('ExternalAuthoritative')) return submits(EXTERNALLY_SECURED) ? [] : [nobody(c, EXTERNALLY_SECURED)];
  if (submits(ANONYMOUS) || (c.DomainSecureEnabled && submits(ANONYMOUS, PARTNERS))) return [];
  if (submits(AUTHENTICATED) || users.some(maySend)) {
    if (!auth.has('BasicAuth')) {
      const names = [...new Set([...auth.names, 'Tls', 'BasicAuth', 'BasicAuthRequireTLS'])].join(',');
      const problem = `nobody can send: only who has logged on may, and AuthMechanism ${auth} offers no logon`;
      return [found('Warning', c, problem, [`rc set ${name} --auth-mechanism ${names}`, ...openToAll(c)])];
    }
    if (users.some((user) => user.Enabled && maySend(user))) return [];
    const off = users.find(maySend);
    const mend = off ? `rc set-smtp-user ${shellWord(off.Name)} --enabled=true` : 'rc new-smtp-user NAME';
    return [found('Information', c, 'nobody can send yet: only users may, and no user is there or enabled', [mend])];
  }
  if (!submits(ANONYMOUS, PARTNERS)) return [nobody(c, ANONYMOUS)];
  const names = [...new Set([...auth.names, 'Tls'])].join(',');
  const problem =
    'nobody can send: only partners may, who are known by their certificates, and DomainSecureEnabled is off';
  const mend = `rc set ${name} --auth-mechanism ${names} --domain-secure-enabled true`;
  return [found('Warning', c, problem, [mend, ...openToAll(c)])];
}

function nobody(c: Connector, principal: string): CheckFinding {
  const problem = `nobody can send: PermissionGroups ${c.PermissionGroups} gives no client the right ms-Exch-SMTP-Submit`;
  return found('Warning', c, problem, missingRight(c, 'SMTP-Submit', [principal]).mend);
}

function openToAll(c: Connector): readonly string[] {
  return missingRight(c, 'SMTP-Submit', [ANONYMOUS]).mend;
}

function found(
  severity: CheckFinding['severity'],
  c: Connector,
  problem: string,
  mend: readonly string[],
): CheckFinding {
  return { severity, check: 'Senders', about: c.Name, problem, mend };
}

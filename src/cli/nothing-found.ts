/** A wildcard that finds nothing is no error and gives nothing, as in PowerShell; whoever sits at a terminal is told so. */
import { connectorsMeant } from '../domain/identity.ts';
import type { Invocation } from '../pipeline/cmdlet.ts';
import type { Statement } from '../pipeline/statement.ts';
import { printed, type Value } from '../pipeline/value.ts';
import { show } from '../text/printable.ts';
import { nearest } from '../text/suggest.ts';
import { hasWildcard } from '../text/wildcard.ts';

/**
 * `Get-SmtpUser found nothing.`, or which names it looked for, and which is near.
 * @returns undefined where connectors are to be changed and there are some of that name
 */
export function nothingFound(invocation: Invocation, statement: Statement): string | undefined {
  const { cmdlet } = invocation;
  const identity = (invocation.arguments as Readonly<Record<string, Value | undefined>>).Identity ?? [];
  const asked = (Array.isArray(identity) ? identity : [identity]).map((one) => printed(one));
  // a store that cannot be read is looked at only by who asks for connectors: rc restore --what-if finds nothing in it
  if (cmdlet.changes && (cmdlet.group !== 'connectors' || !asked.length)) return undefined;
  const { document, servers } = statement.draft;
  const finds = (one: string) => !hasWildcard(one) || connectorsMeant(one, document.connectors, servers).found.length;
  const lacksConnectors = cmdlet.group === 'connectors' && asked.length > 0 && !asked.some(finds);
  if (cmdlet.changes && !lacksConnectors) return undefined;
  if (!asked.length || (cmdlet.group === 'connectors' && !lacksConnectors)) return `${cmdlet.name} found nothing.`;
  const names = cmdlet.group === 'connectors' ? document.connectors.map(({ Name }) => Name) : [];
  const starts = names.map((name) => name.split(' ')[0]!);
  const close = asked.map((one) => nearest(one.replaceAll('*', ''), [...names, ...starts])).find(Boolean);
  const meant = close && (names.includes(close) ? close : `${close}*`);
  return `${cmdlet.name} found nothing that matches ${asked.map(show).join(', ')}.${meant ? ` Did you mean ${show(meant)}?` : ''}`;
}

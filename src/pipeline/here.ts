/** Cmdlets that look at this machine, asked about other servers. */
import { type Cmdlet, commandWord } from './cmdlet.ts';
import type { Context } from './context.ts';
import { CmdletError } from './error.ts';

/**
 * What a cmdlet that looks at this machine cannot show is said.
 * @throws CmdletError when only others are meant
 */
export function expectHere(context: Context, cmdlet: Cmdlet): void {
  const { onServers } = context;
  if (!onServers) return;
  const { servers } = context.statement.draft;
  const elsewhere = onServers.filter(({ server }) => !servers.isOwn({ Server: server })).map(({ server }) => server);
  if (!elsewhere.length) return;
  const why = `what is on ${someOf(elsewhere)} only its own machine tells. There: rc ${commandWord(cmdlet)}`;
  if (elsewhere.length === onServers.length)
    throw new CmdletError(`This is ${servers.own.server}, and ${why}`, {
      id: 'ServerElsewhere',
      category: 'ResourceUnavailable',
      target: elsewhere[0]!,
    });
  context.warn(`This is ${servers.own.server} alone; ${why}`);
}

/** Names in a sentence; of many the first. */
export function someOf(names: readonly string[]): string {
  return `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`;
}

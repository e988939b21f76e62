/**
 * What listeners see, of all servers of a fleet: this machine's listener is asked as ever, the others through the engine. In no
 * fleet it is this machine's alone.
 */

import type { Said } from '../../fleet/ask-servers.ts';
import type { Topic } from '../../fleet/questions.ts';
import { isMember } from '../../fleet/when-member.ts';
import type { Cmdlet } from '../../pipeline/cmdlet.ts';
import type { Context } from '../../pipeline/context.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { expectHere, someOf } from '../../pipeline/here.ts';
import { StoreError } from '../../store/store-error.ts';

interface FromServer<T> {
  /** Empty where there is only this one. */
  readonly server: string;
  readonly rows: readonly T[];
}

interface Wanted {
  /** Is this server meant? */
  readonly here: boolean;
  /** Its name in a fleet; empty in none. */
  readonly own: string;
  readonly others: readonly string[];
}

/** Which servers a call means. @throws CmdletError when it means others, and this home is in no fleet */
export function serversWanted(context: Context, cmdlet: Cmdlet): Wanted {
  const { store, onServers } = context;
  if (!isMember(store.home)) {
    expectHere(context, cmdlet);
    return { here: true, own: '', others: [] };
  }
  const { servers } = context.statement.draft;
  const meant = onServers ?? servers.all;
  const others = meant.filter(({ server }) => !servers.isOwn({ Server: server })).map(({ server }) => server);
  return { here: others.length < meant.length, own: servers.own.server, others };
}

/**
 * Rows of this server and of the others. `here` may fail where others are asked too. Who tells nothing is told of: as a warning, or as an
 * error when it was asked for by name.
 * @param isRow what comes from other machines is checked by it
 */
export async function ofServers<T extends object>(
  context: Context,
  wanted: Wanted,
  topic: Topic,
  here: () => Promise<readonly T[]>,
  isRow: (row: object) => row is T,
  about: Readonly<Record<string, unknown>> = {},
): Promise<FromServer<T>[]> {
  const { own, others } = wanted;
  if (!own) return [{ server: '', rows: await here() }];
  const found: FromServer<T>[] = [];
  if (wanted.here) {
    try {
      found.push({ server: own, rows: await here() });
    } catch (error) {
      if (!(error instanceof CmdletError) || !others.length) throw error;
      context.warn(error.message);
    }
  }
  for (const { server, rows, left } of await saidOf(context, wanted, topic, about)) {
    found.push({ server, rows: rows.filter(isRow) });
    if (left > 0) context.warn(`${server} has ${left} more, for which there is no room; there all are to be seen.`);
  }
  return found;
}

/** Rows of the others alone: this server's are read otherwise. */
export function ofOthers<T extends object>(
  context: Context,
  wanted: Wanted,
  topic: Topic,
  isRow: (row: object) => row is T,
  about?: Readonly<Record<string, unknown>>,
): Promise<FromServer<T>[]> {
  return ofServers(context, { ...wanted, here: false }, topic, async () => [], isRow, about);
}

async function saidOf(
  context: Context,
  { own, others }: Wanted,
  topic: Topic,
  about: Readonly<Record<string, unknown>>,
): Promise<Said[]> {
  if (!others.length) return [];
  let said: Said[];
  try {
    const { askOthers } = await import('./ask-others.ts');
    said = await askOthers(context.store.home, topic, about, others);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    silent(context, others, `This is ${own} alone: ${someOf(others)} cannot be asked. ${error.message}`);
    return [];
  }
  const byProblem = new Map<string, string[]>();
  for (const { server, problem } of said)
    if (problem) byProblem.set(problem, [...(byProblem.get(problem) ?? []), server]);
  for (const [problem, servers] of byProblem) silent(context, servers, `${someOf(servers)}: ${problem}.`);
  return said.filter(({ problem }) => !problem);
}

function silent(context: Context, [first]: readonly string[], message: string): void {
  if (context.onServers)
    context.error(
      new CmdletError(message, { id: 'ServerNotAnswering', category: 'ResourceUnavailable', target: first! }),
    );
  else context.warn(message);
}

/** `EX02\Relay` in a fleet, as Identity is. */
export function connectorOf(server: string, name: string): string {
  return server && name ? `${server}\\${name}` : name;
}

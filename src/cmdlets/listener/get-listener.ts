/** Get-Listener: the running listener: its process, sockets, the generation it obeys and what keeps it from the next one. */

import { type ListenerStatus, listenerStatus, type WorkerStatus } from '../../control/listener-client.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { PsObject, type Value } from '../../pipeline/value.ts';
import { answerOf } from './listener-objects.ts';

export const getListener = defineCmdlet({
  name: 'Get-Listener',
  short: 'get-listener',
  group: 'server',
  looksHere: true,
  summary: 'Show the running listener: process, sockets, generation, last error',
  description:
    'State is Running, Lagging (the store is newer), Refusing (the store cannot be applied; LastError says why) or Stopped. Exit code 1 when it is stopped, or a binding that it should have is not open (NotOpen).',
  gives: 'Listener',
  parameters: [],
  examples: [
    { command: 'rc get-listener', language: 'Get-Listener', does: 'Shows the listener of this home.' },
    { command: 'rc get-listener --output list', does: 'Shows all of it.' },
    { command: "rc get-listener | jq -r '.Pid'", does: 'Gives its process id to a script.' },
  ],
  async *run({ context }) {
    const { store } = context;
    store.expectHome();
    const status = await answerOf(listenerStatus(store.home));
    if (!status || status.failed.length) context.statement.exitCode = 1;
    yield new PsObject('Listener', listenerState(status, context.store));
  },
});

/** The listener of a store's home, as properties. `status`: what it says, `undefined` where none runs. */
export function listenerState(
  status: ListenerStatus | undefined,
  store: Parameters<typeof wanted>[0] & { readonly home: { readonly folder: string } },
): Record<string, Value> {
  return properties(status, wanted(store), store.home.folder);
}

/** What the store says now; a store that cannot be read has a name and a generation that nobody knows. */
function wanted(store: { read(): { generation: number; server: { name: string } } }): {
  generation: number | null;
  server: string;
} {
  try {
    const { generation, server } = store.read();
    return { generation, server: server.name };
  } catch {
    return { generation: null, server: '' };
  }
}

function properties(
  status: ListenerStatus | undefined,
  store: { generation: number | null; server: string },
  home: string,
): Record<string, Value> {
  return {
    Server: store.server,
    State: stateOf(status, store.generation),
    Generation: status?.generation.applied ?? null,
    GenerationWanted: store.generation ?? status?.generation.seen ?? null,
    Connections: status?.sessions ?? 0,
    Bindings: status?.bound.map((b) => b.binding) ?? [],
    NotOpen: status?.failed.map((f) => `${f.binding} (${f.connectors.join(', ')}): ${f.advice || f.code}`) ?? [],
    LastError: status?.lastError ?? '',
    Workers: status?.workers?.map(worker) ?? [],
    ...(status?.fleet ? { Fleet: fleetLine(status.fleet) } : {}),
    Pid: status?.pid ?? null,
    Version: status?.version ?? '',
    StartedAt: status ? new Date(status.startedAt) : null,
    AppliedAt: status ? new Date(status.appliedAt) : null,
    Home: home,
  };
}

/** `default at redis://10.0.0.5:6379, 3 listeners` */
function fleetLine({ name, url, counting, fallback, nodes, problem }: NonNullable<ListenerStatus['fleet']>): string {
  const how = counting
    ? `${nodes} listener(s)`
    : `its limits are not counted there now, FleetFallback ${fallback} holds`;
  return `${name} at ${url}, ${how}${problem ? `; ${problem}` : ''}`;
}

function worker({ number, pid, sessions, generation, replaced }: WorkerStatus): string {
  const again = replaced ? `, replaced ${replaced} time(s)` : '';
  if (pid === null) return `${number}: starting${again}`;
  return `${number}: process ${pid}, ${sessions} session(s), generation ${generation}${again}`;
}

function stateOf(status: ListenerStatus | undefined, wantedGeneration: number | null): string {
  if (!status) return 'Stopped';
  if (status.lastError) return 'Refusing';
  return wantedGeneration !== null && status.generation.applied < wantedGeneration ? 'Lagging' : 'Running';
}

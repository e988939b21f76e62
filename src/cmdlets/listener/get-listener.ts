/** Get-Listener: the running listener: its process, sockets, the generation it obeys and what keeps it from the next one. */

import { type ListenerStatus, listenerStatus, type WorkerStatus } from '../../control/listener-client.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { PsObject, type Value } from '../../pipeline/value.ts';
import { tried } from '../../text/tried.ts';
import { answerOf } from './listener-objects.ts';

export const getListener = defineCmdlet({
  name: 'Get-Listener',
  short: 'get-listener',
  group: 'server',
  looksHere: true,
  summary: 'Show the running listener: process, sockets, generation, last error',
  description:
    'State is Running, Lagging (the store is newer), Refusing (the store cannot be applied; LastError says why), Stopping (nobody is let in, sessions finish) or Stopped. Exit code 1 when it is stopped or stopping, or a binding that it should have is not open (NotOpen).',
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
    if (!status || status.stopping || status.failed.length) context.statement.exitCode = 1;
    yield new PsObject('Listener', listenerState(status, context.store));
  },
});

/** Of a store, what is told beside its listener. */
interface StoreOfListener {
  read(): { readonly generation: number; readonly server: { readonly name: string } };
  readonly home: { readonly folder: string };
}

/** The listener of a store's home, as properties. `status`: what it says, `undefined` where none runs. */
export function listenerState(status: ListenerStatus | undefined, store: StoreOfListener): Record<string, Value> {
  const now = tried(() => store.read()); // one that cannot be read has a name and a generation that nobody knows
  return {
    Server: now?.server.name ?? '',
    State: stateOf(status, now?.generation),
    Generation: status?.generation.applied ?? null,
    GenerationWanted: now?.generation ?? status?.generation.seen ?? null,
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
    Home: store.home.folder,
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

function stateOf(status: ListenerStatus | undefined, wanted: number | undefined): string {
  if (!status) return 'Stopped';
  if (status.stopping) return 'Stopping';
  if (status.lastError) return 'Refusing';
  return wanted !== undefined && status.generation.applied < wanted ? 'Lagging' : 'Running';
}

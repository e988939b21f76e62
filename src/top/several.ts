/** Looks at the listeners of several servers as one: connectors are called SERVER\NAME, figures are sums. */
import type { EventRecord, ListenerStatus, Snapshot, SourceDetail } from '../control/listener-client.ts';

/** A look at the listener of a server. */
export interface LookAt {
  readonly server: string;
  readonly snapshot: Snapshot;
}

/** @param looks at least one @param silent what is told of servers that say nothing */
export function lookAtAll(
  looks: readonly LookAt[],
  events: readonly EventRecord[],
  silent: readonly string[],
): Snapshot {
  const all = looks.map(({ server, snapshot: { status } }) => ({ server, status }));
  const statuses = all.map(({ status }) => status);
  const sum = (of: (status: ListenerStatus) => number) => statuses.reduce((total, status) => total + of(status), 0);
  const flat = <T>(of: (status: ListenerStatus, called: (name: string) => string) => readonly T[]) =>
    all.flatMap(({ server, status }) => of(status, (name) => `${server}\\${name}`));
  const wrong = all.find(({ status }) => status.lastError);
  return {
    at: new Date().toISOString(),
    status: {
      pid: statuses[0]!.pid,
      version: [...new Set(statuses.map(({ version }) => version))].join(', '),
      home: statuses[0]!.home,
      startedAt: statuses.map(({ startedAt }) => startedAt).sort()[0]!,
      bound: flat(({ bound }, called) => bound.map((b) => ({ ...b, connectors: b.connectors.map(called) }))),
      failed: flat(({ failed }, called) => failed.map((f) => ({ ...f, connectors: f.connectors.map(called) }))),
      generation: {
        applied: Math.min(...statuses.map(({ generation }) => generation.applied)),
        seen: Math.max(...statuses.map(({ generation }) => generation.seen)),
      },
      appliedAt: statuses
        .map(({ appliedAt }) => appliedAt)
        .sort()
        .at(-1)!,
      lastError: wrong ? `${wrong.server}: ${wrong.status.lastError}` : '',
      sessions: sum(({ sessions }) => sessions),
      unmatched: sum(({ unmatched }) => unmatched),
      connectors: flat(({ connectors }, called) => connectors.map((c) => ({ ...c, name: called(c.name) }))),
    },
    sources: sourcesOf(looks),
    events,
    several: {
      run: all.map(({ server, status }) => `${server} ${status.pid} ${status.startedAt}`).join('\n'),
      silent,
      stopping: all.filter(({ status }) => status.stopping).map(({ server }) => server),
    },
  };
}

/** `STOPPING`, of several servers with which; '' when none is. */
export function stoppingText({ status, several }: Snapshot): string {
  if (several?.stopping.length) return `STOPPING on ${several.stopping.join(', ')}`;
  return status.stopping ? 'STOPPING' : '';
}

/** A source that no connector takes is one, however many servers it knocks at. */
function sourcesOf(looks: readonly LookAt[]): SourceDetail[] {
  const nowhere = new Map<string, SourceDetail>();
  const sources: SourceDetail[] = [];
  for (const { server, snapshot } of looks)
    for (const source of snapshot.sources) {
      if (source.guid) {
        sources.push({ ...source, connector: `${server}\\${source.connector}` });
        continue;
      }
      const known = nowhere.get(source.address);
      const refused = {
        minute: source.refused.minute + (known?.refused.minute ?? 0),
        hour: source.refused.hour + (known?.refused.hour ?? 0),
      };
      const lastRefused = [source.lastRefused, known?.lastRefused ?? ''].sort()[1]!;
      nowhere.set(source.address, { ...source, refused, lastRefused });
    }
  return [...sources, ...nowhere.values()];
}

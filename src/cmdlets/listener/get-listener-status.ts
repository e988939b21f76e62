/** Get-ListenerStatus: one screen that says how it goes: listener, connectors, busiest sources, last refusals, findings. */
import type { CheckFinding } from '../../checks/finding.ts';
import {
  type ConnectorStatus,
  type EventRecord,
  type ListenerStatus,
  listenerStatus,
  type SourceDetail,
  sources,
} from '../../control/listener-client.ts';
import { refusedInAll, shareTaken } from '../../control/source-usage.ts';
import type { StoredConnector } from '../../domain/connector.ts';
import { endsOf } from '../../domain/ends.ts';
import { limitsText } from '../../domain/override.ts';
import { endText, type TemporarySetting } from '../../domain/temporary.ts';
import { UNLIMITED } from '../../domain/value.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import type { Context } from '../../pipeline/context.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { PsObject, type Value } from '../../pipeline/value.ts';
import type { Draft } from '../../store/draft.ts';
import { temporaryText } from '../../store/ends.ts';
import { listenerState } from './get-listener.ts';
import { findingObject, worstFirst } from './invoke-connector-doctor.ts';
import { answerOf } from './listener-objects.ts';
import { isLook } from './other-listeners.ts';
import { ofOthers, serversWanted } from './over-fleet.ts';

/** Sources and refusals that are told; rc get-source and rc get-event tell all. */
const MOST_SOURCES = 5;
const MOST_REFUSALS = 3;

export const getListenerStatus = defineCmdlet({
  name: 'Get-ListenerStatus',
  short: 'status',
  group: 'server',
  summary: 'Show on one screen how the listener does',
  description:
    'The listener and its process; each connector with what is open against its limit; the sources nearest to their limit; the last refusals; what rc doctor finds. Exit code 1 when no listener runs or it is stopping, a binding is not open, or the store cannot be applied. In a fleet each server follows, with what its settings tell to doctor; --server narrows it.',
  gives: 'ListenerStatus',
  parameters: [],
  examples: [
    { command: 'rc status', language: 'Get-ListenerStatus', does: 'Shows how it goes.' },
    {
      command: 'rc status -o json',
      does: 'Gives the same to a program: Connectors, Sources, Refusals and Findings are lists.',
    },
    { command: "rc status | jq -r '.Findings[].Mend[]'", does: 'Lists what to type.' },
  ],
  async *run({ context }) {
    const { store, statement } = context;
    store.expectHome();
    const servers = serversWanted(context, getListenerStatus);
    const [{ examine, settingFindings }, { newestEvents }, { briefEvent }] = await Promise.all([
      import('../../checks/examine.ts'),
      import('../../records/event-log.ts'),
      import('../../control/brief-event.ts'),
    ]);
    const tell = (seen: Seen) => statusObject(context, seen, (event) => briefEvent(event, 0));
    if (servers.here) {
      const status = await ownStatus(context, servers.others.length > 0);
      const sites = servers.own ? [statement.draft.servers.own] : undefined;
      yield tell({
        listener: listenerState(status, store),
        status,
        sources: status ? ((await answerOf(sources(store.home))) ?? []) : [],
        refusals: await newestEvents(store.home.events, MOST_REFUSALS, { matches: isRefusal }),
        stored: () => storedHere(context),
        findings: await examine(store, context.host.clock(), false, sites),
      });
    }
    if (!servers.others.length) return;
    const said = await ofOthers(context, servers, 'look', isLook);
    const { draft } = statement;
    for (const { server, look } of said.flatMap(({ server, rows }) => rows.map((look) => ({ server, look })))) {
      const { status, events } = look;
      const { generation } = draft.document;
      const there = { read: () => ({ generation, server: { name: server } }), home: { folder: status.home } };
      yield tell({
        listener: listenerState(status, there),
        status,
        sources: look.sources,
        refusals: events.filter(isRefusal).slice(-MOST_REFUSALS),
        stored: () => draft.connectorsOf(draft.servers.meant(server)),
        findings: settingFindings(draft.document, server),
      });
    }
  },
});

/** What is known of a server's listener. */
interface Seen {
  readonly listener: Readonly<Record<string, Value>>;
  /** `undefined`: none runs. */
  readonly status: ListenerStatus | undefined;
  readonly sources: readonly SourceDetail[];
  /** Oldest first. */
  readonly refusals: readonly EventRecord[];
  /** Its connectors in the store. @throws StoreError when it cannot be read */
  readonly stored: () => readonly StoredConnector[];
  readonly findings: readonly CheckFinding[];
}

/** @param othersToo one that cannot be asked is told of, and the others are shown */
async function ownStatus(context: Context, othersToo: boolean): Promise<ListenerStatus | undefined> {
  try {
    return await answerOf(listenerStatus(context.store.home));
  } catch (error) {
    if (!othersToo || !(error instanceof CmdletError)) throw error;
    context.error(error);
    return undefined;
  }
}

const isRefusal = ({ level, data }: { readonly level: string; readonly data?: object }) =>
  level === 'Warning' && data !== undefined && 'address' in data;

function statusObject(context: Context, seen: Seen, brief: (event: EventRecord) => string): PsObject {
  const { status, refusals } = seen;
  const { statement, host } = context;
  const { State = '', ...listener } = seen.listener;
  if (!status || status.stopping || status.failed.length || State === 'Refusing') statement.exitCode = 1;
  const findings = worstFirst(seen.findings).filter(({ severity }) => severity !== 'Information');
  const stored = seen.stored();
  // of a store that cannot be read there are none, and no draft
  const draft = stored.length ? statement.draft : undefined;
  return new PsObject('ListenerStatus', {
    State,
    ...listener,
    Pressure: status?.pressure?.level ?? '',
    UnderPressure: (status?.pressure?.resources ?? []).filter(({ level }) => level !== 'Low').map(({ text }) => text),
    Connectors: status ? status.connectors.map((c) => connectorRow(c, status)) : draft ? storedRows(draft, stored) : [],
    Temporary: draft ? temporaryRows(draft, stored, host.clock()) : [],
    Sources: seen.sources.filter(isBusy).slice(0, MOST_SOURCES).map(sourceRow),
    Refusals: [...refusals].reverse().map(
      (event) =>
        new PsObject('Refusal', {
          Time: new Date(event.time),
          Id: event.id,
          Message: event.message,
          Summary: brief(event),
        }),
    ),
    Findings: findings.map(findingObject),
  });
}

/** What ends by itself, the first to end first. */
function temporaryRows(draft: Draft, connectors: readonly StoredConnector[], now: Date): PsObject[] {
  return connectors
    .flatMap((stored) => endsOf(stored).map((one) => ({ stored, one })))
    .sort((a, b) => Date.parse(a.one.until) - Date.parse(b.one.until))
    .map(({ stored, one: { what, until, setting, override } }) => {
      const site = draft.servers.of(stored);
      const text = (value: TemporarySetting['Value']) => temporaryText(setting!.Setting, value, site);
      const [value, before] = setting
        ? [text(setting.Value), text(setting.Before)]
        : [limitsText(override!), override!.Before ? limitsText(override!.Before) : ''];
      const colon = setting ? '' : ':';
      return new PsObject('TemporaryChange', {
        Connector: stored.Name,
        Setting: setting?.Setting ?? 'Overrides',
        ...(override ? { RemoteIPRange: override.RemoteIPRange } : {}),
        Value: value,
        Before: before,
        Until: new Date(until),
        Summary: `${stored.Name}: ${what}${colon} ${value} until ${endText(until, now)}, then ${before || (setting ? 'nothing' : 'the connector’s')}`,
      });
    });
}

/** What is open, the limit, and how much of it that is. */
function useOf(one: Pick<ConnectorStatus, 'connections' | 'limit'>): Record<string, Value> {
  return { Open: one.connections, Limit: one.limit ?? UNLIMITED, PercentUsed: Math.round(100 * shareTaken(one)) };
}

function connectorRow(c: ConnectorStatus, status: ListenerStatus): PsObject {
  const closed = status.failed.filter(({ connectors }) => connectors.includes(c.name)).map(({ binding }) => binding);
  return new PsObject('ConnectorStatus', {
    Name: c.name,
    Enabled: c.enabled,
    ...useOf(c),
    Accepted: c.accepted,
    Refused: refusedInAll(c),
    FullSources: c.sources.filter((source) => source.limit !== null && shareTaken(source) >= 1).length,
    NotOpen: closed,
  });
}

/** This server's; none where the store cannot be read, which a finding tells. */
function storedHere({ statement, store }: Context): readonly StoredConnector[] {
  try {
    store.read();
  } catch {
    return [];
  }
  return statement.draft.own;
}

/** Connectors as they stand in the store, where nobody listens. */
function storedRows(draft: Draft, connectors: readonly StoredConnector[]): PsObject[] {
  return connectors.map((stored) => {
    const { Name, Enabled, MaxInboundConnection } = draft.connector(stored);
    return new PsObject('ConnectorStatus', {
      Name,
      Enabled,
      Open: 0,
      Limit: MaxInboundConnection,
      PercentUsed: 0,
      Accepted: 0,
      Refused: 0,
      FullSources: 0,
      NotOpen: [],
    });
  });
}

const isBusy = ({ connections, refused }: SourceDetail) => connections > 0 || refused.hour > 0;

function sourceRow(source: SourceDetail): PsObject {
  return new PsObject('SourceStatus', {
    Connector: source.connector,
    Source: source.address,
    ...useOf(source),
    Rule: source.rule,
    RefusedHour: source.refused.hour,
    RefusedBy: source.because.filter(({ hour }) => hour > 0).map(({ cause }) => cause),
  });
}

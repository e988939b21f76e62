/** What several servers of a fleet logged of messages, by time: this machine's from its files, the others' through the engine. */
import type { Context } from '../../pipeline/context.ts';
import type { TrackingWanted } from '../../records/tracking-filter.ts';
import { newestTracking, readTrackingLog, type TrackingRecord } from '../../records/tracking-log-lines.ts';
import { inOrder } from './in-order.ts';
import { isDate, isTexts } from './other-listeners.ts';
import { ofOthers, type serversWanted } from './over-fleet.ts';

interface Asked {
  /** Of this machine's log. */
  readonly folder: string;
  readonly wanted: TrackingWanted;
  readonly matches: (record: TrackingRecord) => boolean;
  readonly period: { readonly start?: Date | undefined; readonly end?: Date | undefined };
  /** So many of all, the newest. */
  readonly most: number;
  /** Told when there are more. */
  readonly more: () => void;
}

interface OfServer {
  readonly record: TrackingRecord;
  readonly server: string;
}

/** As it comes from another machine. */
type Row = Omit<TrackingRecord, 'Timestamp'> & { readonly Timestamp: string };

/** Oldest first. */
export async function* trackingOverFleet(
  context: Context,
  servers: ReturnType<typeof serversWanted>,
  { folder, wanted, matches, period, most, more }: Asked,
): AsyncGenerator<OfServer> {
  const { start, end } = period;
  const isAll = most === Number.POSITIVE_INFINITY;
  const about = {
    ...wanted,
    ...(start ? { start: start.toISOString() } : {}),
    ...(end ? { end: end.toISOString() } : {}),
    ...(isAll ? {} : { newest: most + 1 }), // one more says whether there are more
  };
  const others = await ofOthers(context, servers, 'tracking', isRow, about);
  const theirs = others
    .flatMap(({ server, rows }) =>
      rows.map((row) => ({ record: { ...row, Timestamp: new Date(row.Timestamp) }, server })),
    )
    .sort(byTime);
  const own = (record: TrackingRecord) => ({ record, server: servers.own });
  if (isAll) {
    const ours = async function* () {
      for await (const record of readTrackingLog(folder, period)) if (matches(record)) yield own(record);
    };
    yield* inOrder(servers.here ? ours() : [], theirs, byTime);
    return;
  }
  const found = servers.here
    ? await newestTracking(folder, most, period, matches)
    : { records: [] as TrackingRecord[], more: false };
  const all = [...found.records.map(own), ...theirs].sort(byTime);
  yield* all.slice(-most);
  if (found.more || all.length > most) more();
}

const byTime = (a: OfServer, b: OfServer) => a.record.Timestamp.getTime() - b.record.Timestamp.getTime();

function isRow(row: Partial<Row>): row is Row {
  const { ClientIp, ConnectorId, Source, EventId, MessageId, Sender, MessageSubject } = row;
  const figures = [row.InternalMessageId, row.TotalBytes, row.RecipientCount];
  return (
    isDate(row.Timestamp) &&
    isTexts([ClientIp, ConnectorId, Source, EventId, MessageId, Sender, MessageSubject]) &&
    [row.Recipients, row.RecipientStatus].every(isTexts) &&
    figures.every((figure) => typeof figure === 'number')
  );
}

/**
 * The message tracking log: which message came from where, for whom, and what became of it. Its fields are a subset of
 * Exchange's, in Exchange's order and spelling (Exchange documentation, "Message tracking"). The listener writes it,
 * Get-MessageTrackingLog reads it.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openToReadLater } from '../store/home-files-later.ts';
import { parseCsvLine, parseLogFileName } from './log-csv.ts';

export const TRACKING_PREFIX = 'MSGTRK';
export const TRACKING_TYPE = 'Message Tracking Log';
export const TRACKING_FIELDS = [
  'date-time',
  'client-ip',
  'client-hostname',
  'server-ip',
  'server-hostname',
  'source-context',
  'connector-id',
  'source',
  'event-id',
  'internal-message-id',
  'message-id',
  'recipient-address',
  'recipient-status',
  'total-bytes',
  'recipient-count',
  'message-subject',
  'sender-address',
  'return-path',
] as const;

/** What happened. DISCARD is ours: the connector's delivery method is Discard. */
export const TRACKING_EVENTS = ['RECEIVE', 'DELIVER', 'SEND', 'FAIL', 'DEFER', 'DISCARD'] as const;

/** One record, named as Get-MessageTrackingLog shows it. */
export interface TrackingRecord {
  readonly Timestamp: Date;
  readonly ClientIp: string;
  readonly ClientHostname: string;
  readonly ServerIp: string;
  readonly ServerHostname: string;
  readonly SourceContext: string;
  readonly ConnectorId: string;
  readonly Source: string;
  readonly EventId: string;
  readonly InternalMessageId: number;
  readonly MessageId: string;
  readonly Recipients: readonly string[];
  readonly RecipientStatus: readonly string[];
  readonly TotalBytes: number;
  readonly RecipientCount: number;
  readonly MessageSubject: string;
  readonly Sender: string;
  readonly ReturnPath: string;
}

interface TrackingPeriod {
  readonly start?: Date;
  readonly end?: Date;
}

const HOUR = 3600_000;

/** Records of the period, oldest file first. A folder that is not there has none; lines cut short by a crash are passed over. */
export async function* readTrackingLog(folder: string, period: TrackingPeriod = {}): AsyncGenerator<TrackingRecord> {
  for (const file of await filesOf(folder, period)) yield* recordsOf(file, period);
}

/**
 * The newest `most` records of the period that match, oldest first, and whether there are more. Files are read from the
 * newest back, and no further than needed.
 */
export async function newestTracking(
  folder: string,
  most: number,
  period: TrackingPeriod = {},
  matches: (record: TrackingRecord) => boolean = () => true,
): Promise<{ records: TrackingRecord[]; more: boolean }> {
  let found: TrackingRecord[] = [];
  const wanted = most + 1; // one more says whether there are more
  for (const file of (await filesOf(folder, period)).reverse()) {
    const missing = wanted - found.length;
    let here: TrackingRecord[] = [];
    for await (const record of recordsOf(file, period)) {
      if (!matches(record)) continue;
      here.push(record);
      if (here.length >= 2 * missing + 1000) here = here.slice(-missing);
    }
    found = [...here.slice(-missing), ...found];
    if (found.length === wanted) return { records: found.slice(1), more: true };
  }
  return { records: found, more: false };
}

/** Paths of the files that may hold records of the period, oldest first. */
async function filesOf(folder: string, period: TrackingPeriod): Promise<string[]> {
  const [from, to] = limitsOf(period);
  const names = await readdir(folder).catch((error) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return (
    names
      .flatMap((name) => parseLogFileName(TRACKING_PREFIX, name) ?? [])
      // Lines are written a moment after they happen: one hour more at the start's side.
      .filter((file) => file.hour + 2 * HOUR > from && file.hour <= to)
      .sort((a, b) => a.hour - b.hour || a.number - b.number)
      .map((file) => join(folder, file.name))
  );
}

async function* recordsOf(path: string, period: TrackingPeriod): AsyncGenerator<TrackingRecord> {
  const [from, to] = limitsOf(period);
  for await (const record of readFile(path)) {
    const time = record.Timestamp.getTime();
    if (time >= from && time <= to) yield record;
  }
}

/** In milliseconds since 1970. */
function limitsOf({ start, end }: TrackingPeriod): [from: number, to: number] {
  return [start?.getTime() ?? Number.NEGATIVE_INFINITY, end?.getTime() ?? Number.POSITIVE_INFINITY];
}

async function* readFile(path: string): AsyncGenerator<TrackingRecord> {
  const input = (await openToReadLater(path)).createReadStream({ encoding: 'utf8' });
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const record = line.startsWith('#') ? undefined : parseRecord(line);
      if (record) yield record;
    }
  } finally {
    input.destroy();
  }
}

const list = (text: string) => (text === '' ? [] : text.split(';'));

function parseRecord(line: string): TrackingRecord | undefined {
  const f = parseCsvLine(line);
  if (f?.length !== TRACKING_FIELDS.length) return undefined;
  const at = (name: (typeof TRACKING_FIELDS)[number]) => f[TRACKING_FIELDS.indexOf(name)]!;
  const time = new Date(at('date-time'));
  if (Number.isNaN(time.getTime())) return undefined;
  return {
    Timestamp: time,
    ClientIp: at('client-ip'),
    ClientHostname: at('client-hostname'),
    ServerIp: at('server-ip'),
    ServerHostname: at('server-hostname'),
    SourceContext: at('source-context'),
    ConnectorId: at('connector-id'),
    Source: at('source'),
    EventId: at('event-id'),
    InternalMessageId: Number(at('internal-message-id')),
    MessageId: at('message-id'),
    Recipients: list(at('recipient-address')),
    RecipientStatus: list(at('recipient-status')),
    TotalBytes: Number(at('total-bytes')),
    RecipientCount: Number(at('recipient-count')),
    MessageSubject: at('message-subject'),
    Sender: at('sender-address'),
    ReturnPath: at('return-path'),
  };
}

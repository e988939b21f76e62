/** What other machines tell of their listeners, checked as what comes from outside: as much as is relied on. */

import {
  type ConnectorStatus,
  type EventRecord,
  isList,
  isStatus,
  type ListenerStatus,
  type Snapshot,
  type SourceDetail,
} from '../../control/listener-client.ts';
import type { SourceUsage } from '../../control/source-usage.ts';
import { parseRange } from '../../domain/range.ts';
import { isDate } from '../../text/is-date.ts';
import { isRecord } from '../../text/is-record.ts';

type Row = Readonly<Record<string, unknown>>;

export { isDate };

const isLimit = (value: unknown) => value === null || Number.isFinite(value);
export const isTexts = (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === 'string');
const areTexts = (row: Row, ...names: readonly string[]) => names.every((name) => typeof row[name] === 'string');

/** An address or network. */
export function isAddress(text: unknown): text is string {
  try {
    return typeof text === 'string' && parseRange(text) !== undefined;
  } catch {
    return false;
  }
}

export function isSource(row: Partial<SourceDetail>): row is SourceDetail {
  const { connector, address, refused, failedLogons, because, limit, connections, everywhere = 0 } = row;
  return (
    typeof connector === 'string' &&
    isAddress(address) &&
    isLimit(limit) &&
    [connections, everywhere].every(Number.isFinite) &&
    [refused, failedLogons].every(isRefused) &&
    isList(because)
  );
}

const isRefused = (count: SourceDetail['refused'] | undefined) =>
  Number.isFinite(count?.minute) && Number.isFinite(count?.hour);

export function isUsage(row: Partial<SourceUsage>): row is SourceUsage {
  const { address, connections, everywhere = 0, limit, connector } = row;
  return (
    isAddress(address) &&
    [connections, everywhere].every(Number.isFinite) &&
    isLimit(limit) &&
    isRecord(connector) &&
    isCounted(connector)
  );
}

/** A connector's figures. */
function isCounted(
  connector: object,
): connector is Pick<ConnectorStatus, 'name' | 'connections' | 'limit' | 'refused'> {
  const { name, connections, limit, refused } = connector as Partial<ConnectorStatus>;
  return (
    typeof name === 'string' &&
    Number.isFinite(connections) &&
    isLimit(limit) &&
    isRecord(refused) &&
    Object.values(refused).every(Number.isFinite)
  );
}

/** A look at a listener, as `rc top` and `rc status` show it. */
export function isLook(look: object): look is Snapshot {
  const { status, sources, events } = look as Partial<Snapshot>;
  if (!isStatus(status) || !isList(sources) || !isList(events)) return false;
  return isShowable(status as ListenerStatus) && sources!.every(isSource) && events!.every(isEventRecord);
}

function isShowable(status: ListenerStatus): boolean {
  const { bound, failed, generation, connectors, workers = [], pressure, fleet } = status;
  return (
    areTexts({ ...status }, 'version', 'home', 'lastError') &&
    [status.startedAt, status.appliedAt].every(isDate) &&
    [generation.applied, generation.seen, status.sessions].every(Number.isFinite) &&
    bound.every((one) => areTexts({ ...one }, 'binding')) &&
    failed.every((one) => areTexts({ ...one }, 'binding', 'code', 'advice') && isTexts(one.connectors)) &&
    connectors.every((c) => isCounted(c) && isList(c.sources) && Number.isFinite(c.accepted)) &&
    isList(workers) &&
    (pressure === undefined || (areTexts({ ...pressure }, 'level') && isList(pressure.resources))) &&
    (fleet === undefined || (isRecord(fleet) && areTexts(fleet, 'name', 'url', 'fallback')))
  );
}

export function isEventRecord(row: Partial<EventRecord>): row is EventRecord {
  const { message, time, id, level, data = {} } = row;
  return isTexts([message, level]) && isDate(time) && Number.isInteger(id) && isRecord(data);
}

/** Without a terminal: a line for each look, or its essentials as NDJSON. */
import { printable } from '../text/printable.ts';
import * as figures from './figures.ts';
import { busiest, type ConnectorRow, type SourceRow } from './rows.ts';
import { stoppingText } from './several.ts';
import type { Look, Rates } from './trend.ts';

/** `14:03:22  open 1,204  accepted 132/s  refused 980/s  busiest 192.0.2.77 20/20 on Default Frontend EX` */
export function plainLine(look: Look, connectors: readonly ConnectorRow[], sources: readonly SourceRow[]): string {
  const { snapshot } = look;
  const rates = ratesOf(connectors, look);
  const source = nearest(sources);
  const parts = [
    figures.clock(snapshot.at),
    `open ${openOf(connectors).padStart(6)}`,
    `accepted ${figures.rate(rates.accepted).padStart(6)}/s`,
    `refused ${figures.rate(rates.refused).padStart(6)}/s`,
    source
      ? `busiest ${source.address} ${figures.count(source.connections)}/${figures.limit(source.limit)} on ${source.connector}`
      : 'busiest -',
  ];
  const stopping = stoppingText(snapshot);
  if (stopping) parts.push(stopping);
  if (snapshot.status.lastError) parts.push('STORE REFUSED');
  if (snapshot.status.failed.length)
    parts.push(`NOT LISTENING on ${snapshot.status.failed.map((f) => f.binding).join(', ')}`);
  return printable(parts.join('  '));
}

/** An object of the same for programs; figures that are not known yet, and limits that are not there, are null. */
export function plainObject(look: Look, connectors: readonly ConnectorRow[], sources: readonly SourceRow[]): object {
  const { at, status } = look.snapshot;
  const rates = ratesOf(connectors, look);
  const source = nearest(sources);
  return {
    Time: at,
    Open: connectors.reduce((sum, row) => sum + row.connections, 0),
    AcceptedPerSecond: rounded(rates.accepted),
    RefusedPerSecond: rounded(rates.refused),
    Generation: status.generation.applied,
    GenerationSeen: status.generation.seen,
    Problem: status.lastError,
    NotListening: status.failed.map((failed) => failed.binding),
    BusiestSource: source
      ? { Address: source.address, Connector: source.connector, Open: source.connections, Limit: source.limit }
      : null,
    Connectors: connectors.map((row) => ({
      Name: row.name,
      Open: row.connections,
      Limit: row.limit,
      AcceptedPerSecond: rounded(row.rates.accepted),
      RefusedPerSecond: rounded(row.rates.refused),
      Refused: row.refused,
    })),
  };
}

function openOf(connectors: readonly ConnectorRow[]): string {
  return figures.count(connectors.reduce((sum, row) => sum + row.connections, 0));
}

function nearest(sources: readonly SourceRow[]): SourceRow | undefined {
  return busiest(sources.filter((source) => source.connections > 0));
}

/** Of all connectors, those refused by none included; or of the ones that are looked at. */
function ratesOf(connectors: readonly ConnectorRow[], look: Look): Rates {
  if (connectors.length === look.snapshot.status.connectors.length) return look.rates;
  const sum = (of: (row: ConnectorRow) => number | undefined) =>
    look.rates.accepted === undefined ? undefined : connectors.reduce((all, row) => all + (of(row) ?? 0), 0);
  return { accepted: sum((row) => row.rates.accepted), refused: sum((row) => row.rates.refused) };
}

function rounded(rate: number | undefined): number | null {
  return rate === undefined ? null : Math.round(rate * 10) / 10;
}

// What is wrong now, why, and what to do: connectors that refuse, sources at their limit, what doctor finds.
import type { ConnectorRow } from '../../view.ts';
import type { Feed } from '../live.ts';
import { counted, number } from '../parts/format.ts';
import { isFull } from '../sources.ts';

/** A finding of `rc doctor`. */
export interface Finding {
  readonly Severity: 'Error' | 'Warning' | 'Information';
  readonly Check: string;
  readonly Subject: string;
  readonly Problem: string;
  readonly Mend: readonly string[];
}

export interface Trouble {
  readonly key: string;
  readonly level: 'Error' | 'Warning';
  readonly what: string;
  /** Where it is looked at. */
  readonly href?: string;
  /** Why, one a line, each with where it is changed. */
  readonly why: readonly { readonly text: string; readonly act?: string; readonly href?: string }[];
  /** What to type. */
  readonly mend: readonly string[];
}

type Source = Feed['sources'][number];

const REASONS_SHOWN = 3;

/** Worst first. */
export function troublesOf(feed: Feed, findings: readonly Finding[]): Trouble[] {
  const rows = [...feed.connectors.values()]
    .map((row) => ({ row, rank: rankOf(row, feed) }))
    .filter(({ rank }) => rank >= RANKS.full)
    .sort((a, b) => b.rank - a.rank || b.row.minute - a.row.minute);
  const order = { Error: 0, Warning: 1, Information: 2 };
  return [
    ...rows.map(({ row }) => ofConnector(row, feed)),
    ...findings
      .filter(({ Severity }) => Severity !== 'Information')
      .sort((a, b) => order[a.Severity] - order[b.Severity])
      .map(ofFinding),
  ];
}

const RANKS = { closed: 5, refuses: 4, full: 3, near: 2, fine: 0 } as const;

/** How bad it is with a connector, in few steps, so that rows do not change places all the time. */
export function rankOf(row: ConnectorRow, feed: Feed): number {
  if (feed.server?.failed.some(({ connectors }) => connectors.includes(row.name))) return RANKS.closed;
  if (refusedOf(row, feed) > 0) return RANKS.refuses;
  if (isFullConnector(row) || isFullSource(row)) return RANKS.full;
  return (row.limit ?? 0) > 0 && row.open >= 0.75 * row.limit! ? RANKS.near : RANKS.fine;
}

/** The same in a word or two; empty when nothing is wrong. */
export function wordOf(row: ConnectorRow, feed: Feed): string {
  switch (rankOf(row, feed)) {
    case RANKS.closed:
      return 'not open';
    case RANKS.refuses:
      return 'refuses';
    case RANKS.full:
      return isFullConnector(row) ? 'full' : 'a source is at its limit';
    default:
      return '';
  }
}

const isFullConnector = ({ open, limit }: ConnectorRow) => limit !== null && open >= limit && limit > 0;
const isFullSource = ({ top }: ConnectorRow) => top !== null && top.limit !== null && top.open >= top.limit;
const sourcesOf = (row: ConnectorRow, feed: Feed) => feed.sources.filter(({ guid }) => guid === row.guid);

/** Refused in the last minute: connections, and senders, recipients, messages and logons of its sources. */
function refusedOf(row: ConnectorRow, feed: Feed): number {
  const bySource = sourcesOf(row, feed).reduce((sum, { refused }) => sum + refused.minute, 0);
  return Math.max(row.minute, bySource);
}

function ofConnector(row: ConnectorRow, feed: Feed): Trouble {
  const href = `#/connector/${row.guid}`;
  const closed = feed.server?.failed.filter(({ connectors }) => connectors.includes(row.name)) ?? [];
  const refused = refusedOf(row, feed);
  const mine = sourcesOf(row, feed).filter((source) => source.refused.minute > 0 || isFull(source));
  const why: Trouble['why'] = [
    ...closed.map(({ binding, advice, code }) => ({ text: `${binding} is not open: ${advice || code}` })),
    ...(isFullConnector(row)
      ? [
          {
            text: `All ${number(row.limit!)} connections are taken.`,
            act: 'MaxInboundConnection',
            href: `${href}/MaxInboundConnection`,
          },
        ]
      : []),
    ...mine.slice(0, REASONS_SHOWN).map((source) => ofSource(source, href)),
  ];
  const rest = mine.length - REASONS_SHOWN;
  return {
    key: `connector ${row.guid}`,
    level: closed.length ? 'Error' : 'Warning',
    what: closed.length
      ? `${row.name} is not open`
      : refused > 0
        ? `${row.name} refused ${counted(refused, 'time')} in the last minute`
        : `${row.name}: the next connection is refused`,
    href,
    why: rest > 0 ? [...why, { text: `and ${counted(rest, 'more source')}`, act: 'Sources', href: '#/sources' }] : why,
    mend: [],
  };
}

function ofSource(source: Source, href: string) {
  const { address, connections, limit, rule, refused, because } = source;
  const causes = because.filter(({ minute }) => minute > 0);
  const setting = isFull(source) ? rule : '';
  const full = isFull(source) ? `has ${number(connections)} of ${counted(limit ?? 0, 'connection')}` : '';
  const said = causes.map(({ cause, minute }) => `${cause} ${number(minute)}`).join(', ');
  const was = refused.minute > 0 ? `was refused ${counted(refused.minute, 'time')}${said ? ` (${said})` : ''}` : '';
  return {
    text: `${address} ${[full, was].filter(Boolean).join(' and ')}.`,
    act: setting || 'Why?',
    href: setting ? `${href}/${setting}` : `#/why/${encodeURIComponent(address)}`,
  };
}

function ofFinding({ Severity, Check, Subject, Problem, Mend }: Finding): Trouble {
  return {
    key: `finding ${Check} ${Subject} ${Problem}`,
    level: Severity === 'Error' ? 'Error' : 'Warning',
    what: Subject,
    why: [{ text: Problem }],
    mend: Mend,
  };
}

/** What is to be seen of a look: the rows of each panel of the view, chosen, filtered and sorted. */

import type { SessionStatus } from '../control/listener-client.ts';
import { printable } from '../text/printable.ts';
import { Wildcard, WildcardError } from '../text/wildcard.ts';
import { connectorRows, eventRows, sessionRows, sourceRows } from './rows.ts';
import { panelsOf, type State, viewOf } from './state.ts';
import { CONNECTORS, EVENTS, type Order, type PanelName, SESSIONS, SOURCES, type Table } from './tables.ts';
import type { Look } from './trend.ts';

type AnyRow = { readonly key: string };

export interface Panel {
  readonly name: PanelName;
  // biome-ignore lint/suspicious/noExplicitAny: a panel's rows and its table always belong together
  readonly table: Table<any>;
  readonly rows: readonly AnyRow[];
  /** Before the filter. */
  readonly all: number;
  readonly descending: boolean;
  /** The row that keys act on; 0 when there is none. */
  readonly selected: number;
}

export interface Shown {
  readonly look: Look;
  /** Sessions of the source that is looked at; `undefined` while they are being asked for. */
  readonly sessions: readonly SessionStatus[] | undefined;
  /** Which connectors are looked at (`rc top 'default*'`). */
  readonly wanted?: ((name: string, guid: string) => boolean) | undefined;
}

/** The panels of the view, from top to bottom. */
export function arrange(state: State, shown: Shown): Panel[] {
  const matches = filterOf(state.filter);
  const of = {
    connectors: () => panel('connectors', CONNECTORS, connectorsOf(shown), state, matches),
    sources: () => panel('sources', SOURCES, sourcesOf(state, shown), state, matches),
    sessions: () => panel('sessions', SESSIONS, sessionRows(shown.sessions ?? []), state, matches),
    events: () => panel('events', EVENTS, eventsOf(state, shown), state, matches),
  };
  return panelsOf(state).map((name) => of[name]());
}

export function connectorsOf({ look, wanted }: Shown) {
  const rows = connectorRows(look);
  return wanted ? rows.filter((row) => wanted(row.name, row.key)) : rows;
}

function sourcesOf(state: State, { look, wanted }: Shown) {
  const view = viewOf(state);
  const rows = sourceRows(look);
  if (view.kind !== 'all') return rows.filter((row) => row.guid === view.guid);
  return wanted ? rows.filter((row) => wanted(row.connector, row.guid)) : rows;
}

/** Events that name another connector, or within a source another address, are left out. */
function eventsOf(state: State, { look, wanted }: Shown) {
  const view = viewOf(state);
  const rows = eventRows(look);
  if (view.kind === 'all' && !wanted) return rows;
  return rows.filter(({ event: { data } }) => {
    const connector = data?.connector;
    if (view.kind === 'all') return connector === undefined || wanted!(String(connector), '');
    if (connector !== printable(view.name)) return false; // events are escaped when they are written
    return view.kind === 'connector' || data?.address === view.address;
  });
}

function panel<Row extends AnyRow>(
  name: PanelName,
  table: Table<Row>,
  all: readonly Row[],
  state: State,
  matches: (texts: readonly string[]) => boolean,
): Panel {
  const { order: wanted, reversed, selected, index } = state.panels[name];
  const order = table.orders.find((o) => o.name === wanted) ?? table.orders[0]!;
  const rows = all.filter((row) => matches(table.texts(row)));
  rows.sort(comparison(order, table.orders, reversed));
  const found = selected === undefined ? 0 : rows.findIndex((row) => row.key === selected);
  return {
    ...{ name, table, rows, all: all.length },
    descending: order.descending !== reversed,
    selected: Math.max(0, found >= 0 ? found : Math.min(index, rows.length - 1)),
  };
}

/** What is equal in one order stands in the others', the name last; so rows keep their places from look to look. */
function comparison<Row extends AnyRow>(order: Order<Row>, others: readonly Order<Row>[], reversed: boolean) {
  return (a: Row, b: Row): number => {
    const first = order.compare(a, b);
    if (first) return reversed ? -first : first;
    for (const other of others) {
      const next = other.compare(a, b);
      if (next) return next;
    }
    return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
  };
}

const EVERYTHING = () => true;

/** A filter without wildcards is looked for anywhere in the texts; one that is no pattern yet (`[`) filters nothing. */
function filterOf(filter: string): (texts: readonly string[]) => boolean {
  if (filter === '') return EVERYTHING;
  const pattern = patternOf(filter);
  return pattern instanceof Wildcard ? (texts) => texts.some((text) => pattern.matches(text)) : EVERYTHING;
}

/** An empty one is. */
export function isPattern(filter: string): boolean {
  return filter === '' || patternOf(filter) instanceof Wildcard;
}

function patternOf(filter: string): Wildcard | WildcardError {
  try {
    return new Wildcard(/[*?[]/.test(filter) ? filter : `*${filter}*`);
  } catch (error) {
    if (error instanceof WildcardError) return error;
    throw error;
  }
}

/**
 * The panels' tables: which columns at which width, in which orders they sort, which text a filter looks at. Connectors and
 * sources have their figures in the same columns, so that the bars of both stand in one line.
 */
import { briefEvent } from '../control/brief-event.ts';
import * as figures from './figures.ts';
import { bar, type Glyphs } from './glyphs.ts';
import { blank, cell, cutMiddle, type Line, run, type Style, shown, span } from './line.ts';
import type { ConnectorRow, EventRow, SessionRow, SourceRow, Use } from './rows.ts';

export type PanelName = 'connectors' | 'sources' | 'sessions' | 'events';

interface Column<Row> {
  readonly title: string;
  readonly cells: number;
  readonly align?: 'left' | 'right';
  /** The order whose mark it carries. */
  readonly order?: string;
  draw(row: Row, cells: number): Line;
}

export interface Order<Row> {
  readonly name: string;
  /** Its own direction, before it is reversed. */
  readonly descending: boolean;
  compare(a: Row, b: Row): number;
}

export interface Table<Row extends { readonly key: string }> {
  readonly title: string;
  readonly orders: readonly Order<Row>[];
  /** Texts a filter is held against. */
  texts(row: Row): readonly string[];
  columns(width: number, rows: readonly Row[], glyphs: Glyphs): readonly Column<Row>[];
  /** What stands there when there is nothing. */
  readonly nothing: string;
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** 10.0.0.9 before 10.0.0.10: runs of digits by their value. */
const collator = new Intl.Collator('en', { numeric: true });

function down<Row>(name: string, value: (row: Row) => number): Order<Row> {
  return { name, descending: true, compare: (a, b) => value(b) - value(a) };
}
function up<Row>(name: string, value: (row: Row) => string): Order<Row> {
  return { name, descending: false, compare: (a, b) => collator.compare(value(a), value(b)) };
}

/** Blanks between two columns. */
export function gapOf(width: number): number {
  return width >= 120 ? 2 : 1;
}

interface Measures {
  readonly bar: number;
  /** Room for the column of a time or total, and for that of a rule or the busiest source. */
  readonly total: boolean;
  readonly rule: boolean;
  readonly firstRate: boolean;
  /** What is left for names. */
  readonly names: number;
}

const RULE_CELLS = 39; // MaxInboundConnectionPercentagePerSource

function measures(width: number): Measures {
  const gap = gapOf(width);
  const bar = width < 72 ? 5 : Math.min(30, Math.max(7, (width - 72) >> 2));
  const [total, rule, firstRate] = [width >= 100, width >= 180, width >= 72];
  const columns = [
    6,
    9,
    bar + 5,
    7,
    ...(firstRate ? [7] : []),
    7,
    ...(total ? [9] : []),
    ...(rule ? [RULE_CELLS] : []),
  ];
  const names = width - 2 - columns.reduce((sum, cells) => sum + cells + gap, 0);
  return { bar, total, rule, firstRate, names };
}

function useColumns<Row extends Use>(m: Measures, glyphs: Glyphs): Column<Row>[] {
  return [
    right<Row>('OPEN', 6, (row) => figures.count(row.connections), glyphs, 'open'),
    right<Row>('LIMIT', 9, (row) => figures.limit(row.limit), glyphs),
    {
      title: 'USE',
      cells: m.bar + 5,
      order: 'use',
      draw: (row) => {
        const { filled, rest } = bar(row.share ?? 0, m.bar, glyphs);
        const text = figures.percent(row.share).padStart(5);
        return [run(filled, row.level), run(rest, 'dim'), span(text, row.share === undefined ? 'dim' : 'plain')];
      },
    },
    { title: 'STATE', cells: 7, draw: (row) => cell(row.state, 7, glyphs, row.level) },
  ];
}

type Draw<Row> = readonly [
  title: string,
  cells: number,
  text: (row: Row) => string,
  glyphs: Glyphs,
  order?: string,
  style?: (row: Row) => Style,
];

/** A column of figures. */
function right<Row>(...[title, cells, text, glyphs, order, style = () => 'plain']: Draw<Row>): Column<Row> {
  const draw = (row: Row) => cell(text(row), cells, glyphs, style(row), 'right');
  return { title, cells, align: 'right', ...(order ? { order } : {}), draw };
}

/** A column of texts. */
function left<Row>(...[title, cells, text, glyphs, order, style = () => 'plain']: Draw<Row>): Column<Row> {
  const draw = (row: Row) => cell(shown(text(row), glyphs), cells, glyphs, style(row));
  return { title, cells, ...(order ? { order } : {}), draw };
}

const someRefused = (value: number | undefined): Style => (value ? 'near' : 'plain');

export const CONNECTORS: Table<ConnectorRow> = {
  title: 'CONNECTOR',
  nothing: 'The store has no connector.',
  orders: [
    down('use', (row) => row.share ?? -1),
    down('open', (row) => row.connections),
    down('accepted', (row) => row.rates.accepted ?? -1),
    down('refused', (row) => row.rates.refused ?? -1),
    down('total', (row) => row.refused),
    up('name', (row) => row.name),
  ],
  texts: (row) => [row.name, ...row.bindings],
  columns(width, _rows, glyphs) {
    const m = measures(width);
    const rate1 = right<ConnectorRow>('ACC/S', 7, (row) => figures.rate(row.rates.accepted), glyphs, 'accepted');
    return [
      left('CONNECTOR', m.names, (row) => row.name, glyphs, 'name'),
      ...useColumns<ConnectorRow>(m, glyphs),
      ...(m.firstRate ? [rate1] : []),
      right<ConnectorRow>(
        'REF/S',
        7,
        (row) => figures.rate(row.rates.refused),
        glyphs,
        'refused',
        (row) => someRefused(row.rates.refused),
      ),
      ...(m.total ? [right<ConnectorRow>('REFUSED', 9, (row) => figures.count(row.refused), glyphs, 'total')] : []),
      ...(m.rule ? [left<ConnectorRow>('BUSIEST SOURCE', RULE_CELLS, busiestText, glyphs)] : []),
    ];
  },
};

function busiestText({ busiest: source, status }: ConnectorRow): string {
  if (!source) return '';
  const others = status.sourceCount > 1 ? ` of ${figures.count(status.sourceCount)}` : '';
  return `${source.address} ${figures.count(source.connections)}/${figures.limit(source.limit)}${others}`;
}

/** A source that no connector takes has none. */
export function connectorOf({ connector, guid }: Pick<SourceRow, 'connector' | 'guid'>): string {
  return guid ? connector : '(none takes it)';
}

export const SOURCES: Table<SourceRow> = {
  title: 'SOURCE',
  nothing: 'No source is connected, and none was refused within the hour.',
  orders: [
    down('use', (row) => row.share ?? -1),
    down('open', (row) => row.connections),
    down('refused', (row) => row.minute),
    down('total', (row) => row.hour),
    down('last', (row) => Date.parse(row.lastRefused) || 0),
    up('name', (row) => row.address),
    up('connector', (row) => row.connector),
  ],
  texts: (row) => [row.address, connectorOf(row)],
  columns(width, rows, glyphs) {
    const m = measures(width);
    const gap = gapOf(width);
    const longest = rows.reduce((most, row) => Math.max(most, row.address.length), 15);
    // The address is what counts: the connector's name gives way to it, and goes when hardly a letter would be left.
    const room = m.names - gap - longest;
    const address = room >= 6 ? longest : m.names;
    return [
      left('SOURCE', address, (row) => cutMiddle(row.address, address, glyphs), glyphs, 'name'),
      ...(room >= 6 ? [left<SourceRow>('CONNECTOR', room, connectorOf, glyphs, 'connector')] : []),
      ...useColumns<SourceRow>(m, glyphs),
      right<SourceRow>(
        'REF/MIN',
        7,
        (row) => figures.count(row.minute),
        glyphs,
        'refused',
        (row) => someRefused(row.minute),
      ),
      ...(m.firstRate ? [right<SourceRow>('REF/H', 7, (row) => figures.count(row.hour), glyphs, 'total')] : []),
      ...(m.total ? [right<SourceRow>('LAST REF', 9, lastText, glyphs, 'last')] : []),
      ...(m.rule ? [left<SourceRow>('LIMITED BY', RULE_CELLS, (row) => row.rule || '-', glyphs)] : []),
    ];
  },
};

function lastText({ lastRefused }: SourceRow): string {
  return lastRefused ? figures.clock(lastRefused) : '-';
}

const LEVELS = { Information: 'info', Warning: 'warning', Error: 'ERROR' } as const;
const SEVERITY = { Information: 0, Warning: 1, Error: 2 } as const;
const LEVEL_STYLE = { Information: 'dim', Warning: 'near', Error: 'full' } as const;

export const EVENTS: Table<EventRow> = {
  title: 'EVENT',
  nothing: 'No event yet.',
  orders: [
    down('time', (row) => row.event.number),
    down('level', (row) => SEVERITY[row.event.level]),
    down('id', (row) => row.event.id),
  ],
  texts: ({ event }) => [event.message, String(event.id), LEVELS[event.level]],
  columns(width, _rows, glyphs) {
    const gap = gapOf(width);
    return [
      left('TIME', 8, ({ event }) => figures.clock(event.time), glyphs, 'time'),
      left(
        'LEVEL',
        7,
        ({ event }) => LEVELS[event.level],
        glyphs,
        'level',
        ({ event }) => LEVEL_STYLE[event.level],
      ),
      right('ID', 5, ({ event }) => String(event.id), glyphs, 'id'),
      left(
        'EVENT',
        width - 2 - 8 - 7 - 5 - 3 * gap,
        ({ event }) => briefEvent(event, width - 2 - 8 - 7 - 5 - 3 * gap),
        glyphs,
      ),
    ];
  },
};

export const SESSIONS: Table<SessionRow> = {
  title: 'SESSION',
  nothing: 'No session is open.',
  orders: [
    { name: 'since', descending: false, compare: (a, b) => byText(a.session.since, b.session.since) },
    down('messages', (row) => row.session.messages),
    down('bytes', (row) => row.session.bytes),
    up('state', (row) => row.session.state),
    up('user', (row) => row.session.user),
  ],
  texts: ({ session }) => [session.remote, session.helo, session.user, session.state],
  columns(width, rows, glyphs) {
    const gap = gapOf(width);
    const remote = Math.min(
      47,
      rows.reduce((most, row) => Math.max(most, row.session.remote.length), 21),
    );
    const isWide = width >= 100;
    const user = isWide ? 20 : 10;
    const bytes = isWide
      ? [right<SessionRow>('BYTES', 9, ({ session }) => figures.count(session.bytes), glyphs, 'bytes')]
      : [];
    const used = remote + 8 + 7 + 3 + 6 + user + 6 * gap + (isWide ? 9 + gap : 0);
    return [
      left('SESSION', remote, ({ session }) => session.remote, glyphs),
      left('SINCE', 8, ({ session }) => figures.clock(session.since), glyphs, 'since'),
      left('STATE', 7, ({ session }) => session.state, glyphs, 'state'),
      left('TLS', 3, ({ session }) => (session.tls ? 'yes' : 'no'), glyphs),
      right('MSGS', 6, ({ session }) => figures.count(session.messages), glyphs, 'messages'),
      ...bytes,
      left('USER', user, ({ session }) => session.user || '-', glyphs, 'user'),
      left('HELO', Math.max(5, width - 2 - used), ({ session }) => session.helo || '-', glyphs),
    ];
  },
};

/** The heading: titles over their columns, the one sorted by with the direction. */
export function headingLine<Row>(
  columns: readonly Column<Row>[],
  gap: number,
  sorted: string,
  descending: boolean,
  active: boolean,
  glyphs: Glyphs,
): Line {
  const line = [blank(2)];
  for (const [i, { title, cells, align, order }] of columns.entries()) {
    if (i) line.push(blank(gap));
    const mark = order === sorted ? (descending ? glyphs.descending : glyphs.ascending) : '';
    const room = cells - title.length - mark.length;
    if (align === 'right' && room > 0) line.push(blank(room));
    line.push(
      ...(room < 0
        ? cell(title, cells, glyphs, active ? 'active' : 'heading')
        : [run(title + mark, active ? 'active' : 'heading')]),
    );
    if (align !== 'right' && room > 0) line.push(blank(room));
  }
  return line;
}

/** A row: its mark when it is the one that keys act on, its columns. */
export function rowLine<Row>(
  columns: readonly Column<Row>[],
  gap: number,
  row: Row,
  selected: boolean,
  glyphs: Glyphs,
): Line {
  const line = [selected ? run(`${glyphs.cursor} `, 'active') : blank(2)];
  for (const [i, column] of columns.entries()) {
    if (i) line.push(blank(gap));
    const drawn = column.draw(row, column.cells);
    line.push(...(selected && i === 0 ? drawn.map((piece) => ({ ...piece, style: 'active' as const })) : drawn));
  }
  return line;
}

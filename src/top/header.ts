/** The lines above the panels: which listener, how it fares, the course of its refusals, and what is wrong with it. */
import { connectorsOf, type Shown } from './arrange.ts';
import * as figures from './figures.ts';
import { type Glyphs, sparkline } from './glyphs.ts';
import {
  blank,
  cell,
  type Line,
  padded,
  run,
  type Span,
  type Style,
  shown as safe,
  span,
  spread,
  widthOf,
} from './line.ts';
import { type ConnectorRow, sourceRows } from './rows.ts';
import { stoppingText } from './several.ts';
import { type State, type View, viewOf } from './state.ts';
import type { Look } from './trend.ts';

/** What the frame is drawn of, besides the person's own choices. */
export interface Situation {
  /** The server's name in the store. */
  readonly server: string;
  readonly home: string;
  readonly everyMs: number;
  /** Nothing as long as no listener was seen. */
  readonly shown: Shown | undefined;
  /** No listener answers: since when (ISO 8601), and why it may not be asked, if that is it. */
  readonly gone?: { readonly since: string; readonly why: string } | undefined;
}

const GAP = blank(2);

function figure(label: string, value: string, style: Style = 'bold'): Span[] {
  return [span(`${label} `, 'dim'), span(value, style)];
}

export function titleLine(state: State, situation: Situation, columns: number, glyphs: Glyphs): Line {
  const look = situation.shown?.look;
  const left: Span[] = [span(safe(situation.server, glyphs), 'bold')];
  if (look) {
    const { status, at } = look.snapshot;
    left.push(GAP, ...figure('up', figures.uptime(Date.parse(at) - Date.parse(status.startedAt))));
    left.push(GAP, ...generation(look));
    if (columns >= 100) left.push(GAP, ...figure('rc', safe(status.version, glyphs)));
    if (columns >= 100 && !look.snapshot.several) left.push(GAP, ...figure('pid', String(status.pid)));
  }
  const every = `every ${situation.everyMs / 1000} s`;
  const right: Span[] = [
    ...(state.paused ? [span(' PAUSED ', 'alarm'), GAP] : []),
    ...(columns >= 70 ? [span(every, 'dim')] : []),
    ...(look ? [GAP, span(figures.clock(look.snapshot.at), 'bold')] : []),
  ];
  return spread(left, right, columns, glyphs);
}

function generation({ snapshot: { status } }: Look): Span[] {
  const { applied, seen } = status.generation;
  const line = figure('generation', String(applied));
  if (status.lastError)
    return [...line, span(', ', 'dim'), span(seen > applied ? `${seen} REFUSED` : 'store REFUSED', 'full')];
  return seen > applied ? [...line, span(', ', 'dim'), span(`${seen} wanted`, 'near')] : line;
}

export function figuresLine({ rates, refused, snapshot: { status } }: Look, columns: number, glyphs: Glyphs): Line {
  const total = span(`, ${figures.count(refused)} in all`, 'dim');
  const unmatched = status.unmatched ? [GAP, ...figure('No connector', figures.count(status.unmatched), 'near')] : [];
  const line = (all: boolean, others: boolean): Line => [
    ...figure('Sessions', figures.count(status.sessions)),
    GAP,
    ...figure('Accepted', `${figures.rate(rates.accepted)}/s`),
    GAP,
    ...figure('Refused', `${figures.rate(rates.refused)}/s`, rates.refused ? 'near' : 'bold'),
    ...(all ? [total] : []),
    ...(others ? unmatched : []),
  ];
  const fitting = [line(true, true), line(false, true), line(false, false)].find((l) => widthOf(l) <= columns);
  return padded(fitting ?? line(false, false), columns, glyphs);
}

/** Refusals a second, a cell for each look. */
export function courseLine({ course }: Look, everyMs: number, columns: number, glyphs: Glyphs): Line {
  const label = columns >= 100 ? 'Refused/s ' : 'Ref/s ';
  const room = columns - label.length - (columns >= 100 ? 28 : 12);
  const cells = Math.min(room, 300);
  const values = course.slice(-cells);
  const peak = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  const spark = sparkline(values, cells, peak, glyphs);
  const line: Span[] = [span(label, 'dim')];
  // Neighbours of one kind together: what is above zero in the colour of a warning.
  for (const [piece] of spark.matchAll(new RegExp(`[ ${glyphs.levels[0]}]+|[^ ${glyphs.levels[0]}]+`, 'g')))
    line.push(run(piece, piece.startsWith(' ') || piece.startsWith(glyphs.levels[0]!) ? 'dim' : 'near'));
  const over = columns >= 100 ? ` in ${spanOf(cells * everyMs)}` : '';
  line.push(span(` max ${figures.rate(peak)}${over}`, 'dim'));
  return padded(line, columns, glyphs);
}

function spanOf(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** What is wrong, the worst first, at most `most` lines. */
export function problemLines(situation: Situation, columns: number, most: number, glyphs: Glyphs): Line[] {
  const texts: string[] = [];
  if (situation.gone && situation.shown) texts.push(goneText(situation));
  const status = situation.shown?.look.snapshot.status;
  const stopping = situation.shown && stoppingText(situation.shown.look.snapshot);
  if (stopping) texts.push(`${stopping}: nobody is let in, and those who are in finish`);
  if (status?.lastError) texts.push(`STORE REFUSED, the last good one acts: ${flat(status.lastError)}`);
  for (const { binding, advice, connectors } of status?.failed ?? [])
    texts.push(`NOT LISTENING on ${binding} (${connectors.join(', ')}): ${flat(advice)}`);
  for (const text of situation.shown?.look.snapshot.several?.silent ?? []) texts.push(`NOT SEEN: ${flat(text)}`);
  const kept =
    texts.length > most ? [...texts.slice(0, most - 1), `${texts[most - 1]} (+${texts.length - most} more)`] : texts;
  return kept.map((text) => cell(` ${safe(text, glyphs)}`, columns, glyphs, 'alarm'));
}

function goneText({ gone, home }: Situation): string {
  if (gone?.why) return gone.why;
  return `NO LISTENER since ${figures.clock(gone?.since ?? '')}; waiting for one on ${home} (rc serve starts it)`;
}

const flat = (text: string) => text.replace(/\s*\n\s*/g, ' ');

/** The connector or source that is looked at by itself; nothing in the view of all. */
export function subjectLines(state: State, shown: Shown, columns: number, glyphs: Glyphs): Line[] {
  const view = viewOf(state);
  if (view.kind === 'all') return [];
  const connector = connectorsOf({ ...shown, wanted: undefined }).find((row) => row.key === view.guid);
  const name = safe(view.name, glyphs);
  const title = [span(view.kind === 'source' ? safe(view.address, glyphs) : name, 'active')];
  if (view.kind === 'source') title.push(span(view.guid ? ` on ${name}` : ', which no connector takes'));
  const facts =
    view.kind === 'source'
      ? sourceFacts(view, shown)
      : connector
        ? connectorFacts(connector, glyphs)
        : [connectorGone()];
  const lines = [title, ...facts];
  return lines.map((line) => padded(line, columns, glyphs));
}

function connectorGone(): Line {
  return [span('This connector is gone, and its sessions too.', 'dim')];
}

function connectorFacts(
  { connections, limit, share, state, level, status, rates, bindings }: ConnectorRow,
  glyphs: Glyphs,
): Line[] {
  const { connector, source, percentage, rate } = status.refused;
  return [
    [
      ...figure('Open', `${figures.count(connections)} of ${figures.limit(limit)}`),
      span(share === undefined ? '' : ` (${figures.percent(share)})`),
      GAP,
      span(state, level),
      GAP,
      ...figure('Accepted', `${figures.count(status.accepted)}, ${figures.rate(rates.accepted)}/s`),
      GAP,
      ...figure('Sources', figures.count(status.sourceCount)),
    ],
    [
      ...figure(
        'Refused',
        `${figures.count(connector + source + percentage + rate)}, ${figures.rate(rates.refused)}/s`,
      ),
      span(
        `: connector ${figures.count(connector)}, per source ${figures.count(source)}, percentage ${figures.count(percentage)}, rate ${figures.count(rate)}`,
        'dim',
      ),
    ],
    [...figure('Listens on', safe(bindings.join(', ') || 'nothing', glyphs))],
  ];
}

function sourceFacts(view: View & { kind: 'source' }, { look }: Shown): Line[] {
  const row = sourceRows(look).find((r) => r.guid === view.guid && r.address === view.address);
  if (!row) return [[span('No session, and not among the sources refused within the hour.', 'dim')]];
  const { connections, limit, share, state, level, minute, hour, lastRefused, rule } = row;
  return [
    [
      ...figure('Open', `${figures.count(connections)} of ${figures.limit(limit)}`),
      span(share === undefined ? '' : ` (${figures.percent(share)})`),
      GAP,
      span(state, level),
      ...(rule ? [GAP, ...figure('by', rule)] : []),
    ],
    [
      ...figure('Refused', `${figures.count(minute)} in the last minute, ${figures.count(hour)} in the last hour`),
      ...(lastRefused ? [span(`, last at ${figures.clock(lastRefused)}`)] : []),
    ],
  ];
}

/** One whole screen: exactly as many lines as it has rows, each exactly as wide. Pure: the same state and look give the same frame. */
import { arrange, isPattern, type Panel } from './arrange.ts';
import type { Glyphs } from './glyphs.ts';
import { courseLine, figuresLine, problemLines, type Situation, subjectLines, titleLine } from './header.ts';
import { type Heights, isTooSmall, LEAST, layout, type Size, scrolled } from './layout.ts';
import { blank, cell, cut, type Line, padded, shown as safe, span, spread, widthOf } from './line.ts';
import { eventLines, helpLines } from './overlay.ts';
import { type State, viewOf } from './state.ts';
import { gapOf, headingLine, rowLine } from './tables.ts';

export interface Frame {
  readonly lines: readonly Line[];
  /** For the next key: what it acts on. */
  readonly panels: readonly Panel[];
  readonly heights: Heights;
}

export function frame(state: State, situation: Situation, size: Size, glyphs: Glyphs): Frame {
  if (isTooSmall(size)) return { lines: full(tooSmall(size), size, glyphs), panels: [], heights: new Map() };
  const { columns, rows } = size;
  if (!situation.shown)
    return { lines: full(waiting(state, situation, size, glyphs), size, glyphs), panels: [], heights: new Map() };
  const { shown } = situation;
  const head: Line[] = [
    titleLine(state, situation, columns, glyphs),
    figuresLine(shown.look, columns, glyphs),
    courseLine(shown.look, situation.everyMs, columns, glyphs),
    ...problemLines(situation, columns, rows >= 20 ? 2 : 1, glyphs),
  ];
  const subject = subjectLines(state, shown, columns, glyphs);
  if (subject.length) head.push([], ...subject);
  head.push([]);
  const panels = arrange(state, shown);
  const heights = layout(state, panels, size, head.length);
  const body =
    overlay(state, situation, size, rows - head.length - 1, glyphs) ??
    panelLines(state, panels, heights, situation, columns, glyphs);
  const room = rows - 1;
  const lines = [...head, ...body].slice(0, room);
  while (lines.length < room) lines.push([]);
  lines.push(footer(state, panels, columns, glyphs));
  return { lines: full(lines, size, glyphs), panels, heights };
}

function full(lines: readonly Line[], { columns, rows }: Size, glyphs: Glyphs): Line[] {
  return Array.from({ length: rows }, (_, i) => padded(lines[i] ?? [], columns, glyphs));
}

function tooSmall({ columns, rows }: Size): Line[] {
  return [
    [span('The terminal is too small.', 'bold')],
    [span(`It has ${columns}x${rows}; rc top`)],
    [span(`needs ${LEAST.columns}x${LEAST.rows} at least.`)],
    [span('q quits.', 'dim')],
  ];
}

function waiting(state: State, situation: Situation, { columns, rows }: Size, glyphs: Glyphs): Line[] {
  const text = situation.gone?.why
    ? [situation.gone.why, 'It is asked again and again.']
    : [`No listener runs on ${situation.home}.`, 'Waiting for one: rc serve starts it.'];
  const known = situation.gone ? text : ['Asking the listener.'];
  const lines: Line[] = [
    titleLine(state, situation, columns, glyphs),
    [],
    ...known.map((line) => [span(safe(line, glyphs))]),
  ];
  while (lines.length < rows - 1) lines.push([]);
  return [...lines, footer(state, [], columns, glyphs)];
}

function overlay(
  state: State,
  situation: Situation,
  { columns }: Size,
  rows: number,
  glyphs: Glyphs,
): Line[] | undefined {
  if (!state.overlay) return undefined;
  if (state.overlay === 'help') return helpLines(columns, rows, glyphs);
  const wanted = state.overlay.event;
  const event = situation.shown?.look.events.find((e) => String(e.number) === wanted);
  return event ? eventLines(event, columns, rows, glyphs) : undefined;
}

function panelLines(
  state: State,
  panels: readonly Panel[],
  heights: Heights,
  situation: Situation,
  columns: number,
  glyphs: Glyphs,
): Line[] {
  const lines: Line[] = [];
  const gap = gapOf(columns);
  for (const panel of panels) {
    const height = heights.get(panel.name);
    if (height === undefined) continue;
    if (lines.length) lines.push([]);
    const { table, rows, selected } = panel;
    const active = panel.name === state.panel;
    const { order, top } = state.panels[panel.name];
    const columnsOf = table
      .columns(columns, rows, glyphs)
      .map((column) => ({ ...column, title: titled(column.title, panel) }));
    lines.push(headingLine(columnsOf, gap, order, panel.descending, active, glyphs));
    const first = scrolled(active ? top : 0, active ? selected : 0, rows.length, height);
    const shown = rows.slice(first, first + height);
    for (const [i, row] of shown.entries())
      lines.push(rowLine(columnsOf, gap, row, active && first + i === selected, glyphs));
    if (!rows.length) lines.push(cell(`  ${nothing(panel, state, situation, glyphs)}`, columns, glyphs, 'dim'));
    for (let i = Math.max(1, shown.length); i < height; i++) lines.push([]);
  }
  return lines;
}

/** How many there are stands with the title: what is not on the screen is known to be there. */
function titled(title: string, { table, rows, all }: Panel): string {
  if (title !== table.title || !all) return title;
  return rows.length === all ? `${title} ${all}` : `${title} ${rows.length}/${all}`;
}

function nothing(panel: Panel, state: State, { shown }: Situation, glyphs: Glyphs): string {
  if (panel.all) return `Nothing here matches ${safe(state.filter, glyphs)}`;
  if (panel.name === 'sessions' && !shown?.sessions) return 'Asking for the sessions.';
  if (panel.name === 'connectors' && shown?.wanted) return 'No connector of this name.';
  if (panel.name === 'events' && viewOf(state).kind !== 'all') return 'No event about it lately.';
  return panel.table.nothing;
}

function footer(state: State, panels: readonly Panel[], columns: number, glyphs: Glyphs): Line {
  if (state.question) {
    const answer = '? y/N ';
    const asked = cut(` Disconnect ${safe(state.question.about, glyphs)}`, columns - answer.length, glyphs);
    return cell(asked + answer, columns, glyphs, 'alarm');
  }
  if (state.typing) {
    const left = [span('Filter: ', 'key'), span(safe(state.filter, glyphs)), span('_', 'bold')];
    const right = isPattern(state.filter)
      ? [span('Enter keeps it, Esc clears it', 'dim')]
      : [span('not a valid pattern, so all is shown', 'near')];
    return spread(left, right, columns, glyphs);
  }
  if (state.notice) return cell(safe(state.notice.text, glyphs), columns, glyphs, state.notice.bad ? 'alarm' : 'bold');
  const keys: [string, string][] = state.overlay
    ? [['any key', 'closes']]
    : [['q', 'Quit'], ['?', 'Help'], ...(panels.length ? pairs(state) : [])];
  const line = state.filter ? [span(`Filter ${safe(state.filter, glyphs)}`, 'near'), blank(2)] : [];
  let used = widthOf(line);
  for (const [key, does] of keys) {
    const piece = [span(key, 'key'), span(` ${does}`, 'dim'), blank(2)];
    const cells = widthOf(piece);
    if (used + cells - 2 > columns) break;
    line.push(...piece);
    used += cells;
  }
  return padded(line, columns, glyphs);
}

const OPENS = { connectors: 'Sources', sources: 'Sessions', events: 'In full', sessions: '' } as const;

function pairs(state: State): [string, string][] {
  const opens = OPENS[state.panel];
  const pairs: [string, string][] = [['Tab', 'Panel']];
  if (viewOf(state).kind !== 'all' || state.filter || state.zoomed) pairs.push(['Esc', 'Back']);
  if (opens) pairs.push(['Enter', opens]);
  pairs.push(['/', 'Filter'], ['s', 'Sort'], ['p', state.paused ? 'Go on' : 'Pause'], ['z', 'Zoom']);
  if (state.panel === 'sources' || state.panel === 'sessions') pairs.push(['d', 'Disconnect']);
  return pairs;
}

/** What lies over the panels: help, or one event in full. */
import { wrap } from '../print/wrap.ts';
import { dateTime } from './figures.ts';
import type { Glyphs } from './glyphs.ts';
import { blank, cell, type Line, padded, run, type Style, shown, span, widthOf } from './line.ts';
import type { NumberedEvent } from './trend.ts';

function keysOf(glyphs: Glyphs): readonly (readonly [keys: string, does: string])[] {
  return [
    [`${glyphs.arrows}  j k`, 'move the cursor'],
    ['PgUp PgDn', 'a screen up or down'],
    ['Home End  g G', 'first, last row'],
    ['Tab  1 2 3', 'another panel'],
    ['Enter', 'sources, sessions, event'],
    ['Esc', 'back'],
    ['z', 'this panel alone'],
    ['s  < >', 'sort by the next column'],
    ['r', 'reverse the order'],
    ['/', 'filter: text, wildcards'],
    ['p  Space', 'pause'],
    ['d', 'disconnect (asks first)'],
    ['Ctrl-L', 'draw anew'],
    ['q  Ctrl-C', 'quit'],
  ];
}

const STATES: readonly (readonly [word: string, style: Style, means: string])[] = [
  ['ok', 'good', 'below 80% of the limit'],
  ['near', 'near', '80% of the limit or more'],
  ['FULL', 'full', 'at the limit, refuses'],
  ['refuses', 'near', 'for a limit of a source'],
  ['refused', 'near', 'within the last minute'],
  ['unbound', 'full', 'cannot listen, see above'],
  ['off', 'dim', 'Enabled is false'],
  ['removed', 'near', 'its last sessions end'],
];

export function helpLines(columns: number, rows: number, glyphs: Glyphs): Line[] {
  const keys = keysOf(glyphs).map(([key, does]) => [...cell(key, 15, glyphs, 'key'), span(does)]);
  const states = STATES.map(([word, style, means]) => [...cell(word, 9, glyphs, style), span(means)]);
  const lines: Line[] = [];
  const left = Math.max(...keys.map(widthOf)) + 3;
  for (let i = 0; i < Math.max(keys.length, states.length + 1); i++) {
    const state: Line = i === 0 ? [span('STATE', 'heading')] : (states[i - 1] ?? []);
    lines.push([...padded(keys[i] ?? [], left, glyphs), ...state]);
  }
  return boxed('Keys', lines, columns, rows, glyphs);
}

export function eventLines(event: NumberedEvent, columns: number, rows: number, glyphs: Glyphs): Line[] {
  const inner = Math.min(columns, 124) - 4;
  const lines: Line[] = wrap(shown(event.message, glyphs), inner).map((text) => [span(text)]);
  const data = Object.entries(event.data ?? {});
  if (data.length) lines.push([]);
  const names = Math.max(0, ...data.map(([name]) => name.length));
  for (const [name, value] of data)
    for (const [i, text] of wrap(shown(String(value), glyphs), Math.max(10, inner - names - 2)).entries())
      lines.push([...cell(i ? '' : shown(name, glyphs), names + 2, glyphs, 'dim'), span(text)]);
  const title = `${event.level} ${event.id}, ${dateTime(event.time)}`;
  return boxed(title, lines, columns, rows, glyphs, inner);
}

/** Lines in a frame in the middle of the room. What does not fit below is left out, with a word. */
function boxed(
  title: string,
  lines: readonly Line[],
  columns: number,
  rows: number,
  glyphs: Glyphs,
  least = 0,
): Line[] {
  const [across, side, topLeft, topRight, bottomRight, bottomLeft] = glyphs.box;
  const widest = Math.max(least, title.length + 2, ...lines.map(widthOf));
  const inner = Math.min(columns - 4, widest);
  const room = Math.max(0, rows - 2);
  const kept =
    lines.length > room ? [...lines.slice(0, room - 1), [span('The rest needs a higher terminal.', 'dim')]] : lines;
  const edge = blank(Math.max(0, (columns - inner - 4) >> 1));
  const rule = (text: string, from: string, to: string): Line => {
    const tail = across.repeat(Math.max(0, inner + 1 - text.length - 2));
    return [edge, run(from + across, 'dim'), span(` ${text} `.slice(0, inner + 1), 'heading'), run(tail + to, 'dim')];
  };
  const framed = [
    rule(title, topLeft, topRight),
    ...kept.map((line) => [edge, run(`${side} `, 'dim'), ...padded(line, inner, glyphs), run(` ${side}`, 'dim')]),
    rule('any key closes', bottomLeft, bottomRight),
  ];
  const above = Math.max(0, Math.min((rows - framed.length) >> 1, 3));
  return [...Array.from({ length: above }, (): Line => []), ...framed];
}

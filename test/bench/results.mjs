// What a benchmark found: tables and plots. Printed for whoever reads along; kept in the file of BENCH_RESULTS as JSON, a
// line each, from which run.mjs writes docs/performance.md.
import fs from 'node:fs';
import { median, percentile } from './bench.mjs';

/**
 * A row of a table: `who`, and its `values`, one a round (or why it is `missing`); `cpu` seconds of CPU for each piece of
 * work, one a round; `wanted` what is to be reached: `{ ratio }` of the first row to this one, `{ most }` or `{ least }`;
 * `percentile` of the values that is told instead of their median; `apart` when it is not to be compared with the first.
 *
 * A table: `title`, `text` that says what was done, `unit`, `better: 'more' | 'less'`, `rows`, the first of them ours.
 * With `times`, a name, the first row is what the others are told in multiples of, and `wanted.ratio` is the most.
 */
export function tellTable(table) {
  console.log(`\n${table.title}\n${printed(table)}`);
  keep({ kind: 'table', ...table });
}

/** A plot: `file` (its name without ending), `title`, `x`, `y` (names of the axes), `series: [{ name, points: [[x, y], …] }]`, `logX`. */
export function tellPlot(plot) {
  for (const { name, points } of plot.series) {
    console.log(`${plot.title}: ${name}: ${points.map(([x, y]) => `${x} → ${figure(y)}`).join(', ')}`);
  }
  keep({ kind: 'plot', ...plot });
}

function keep(found) {
  const file = process.env.BENCH_RESULTS;
  if (file) fs.appendFileSync(file, `${JSON.stringify(found)}\n`);
}

/** Runs `measure(server)` for each server in turn, `rounds` times; `[server, values]` of each, values in order of rounds. */
export async function inRounds(servers, rounds, measure) {
  const values = servers.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, server] of servers.entries())
      values[index].push(server.missing ? undefined : await measure(server));
  }
  return servers.map((server, index) => [server, values[index]]);
}

export const headOf = ({ times, rows }) => [
  '',
  'figure',
  'spread',
  'CPU each',
  times ? `times ${times}` : `${rows[0].who} : it`,
  'wanted',
];

/** The cells of a table, a row each, as text. */
export function cells({ unit, better, rows, times }) {
  const [first] = rows;
  const compared = (v, i) => {
    if (times) return v / first.values[i];
    return better === 'more' ? first.values[i] / v : v / first.values[i];
  };
  return rows.map((row) => {
    if (row.missing) return [row.who, row.missing, '', '', '', ''];
    const ratios = row === first || row.apart || first.missing ? [] : row.values.map(compared);
    const middle = percentile(row.values, row.percentile ?? 50);
    return [
      row.who,
      `${figure(middle)}${unit}`,
      spread(row.values, figure),
      row.cpu ? time(median(row.cpu)) : '',
      ratios.length ? `${ratioText(median(ratios))} (${spread(ratios, ratioText)})` : '',
      verdict(row, ratios.length ? median(ratios) : undefined, middle, times),
    ];
  });
}

function spread(values, text) {
  return values.length > 1 ? `${text(Math.min(...values))}–${text(Math.max(...values))}` : 'one run';
}

/** Whether what was wanted has been reached, in words. */
function verdict({ wanted }, ratio, value, times) {
  if (!wanted) return '';
  const [text, reached] =
    wanted.ratio !== undefined
      ? times
        ? [`≤ ${wanted.ratio}x`, ratio <= wanted.ratio]
        : [`≥ ${wanted.ratio}x`, ratio >= wanted.ratio]
      : wanted.most !== undefined
        ? [`≤ ${figure(wanted.most)}`, value <= wanted.most]
        : [`≥ ${figure(wanted.least)}`, value >= wanted.least];
  return `${text} ${reached ? 'reached' : '**not reached**'}`;
}

/** Three digits that count. */
export function figure(n) {
  if (n >= 1000) return Number(n.toPrecision(3)).toLocaleString('en-US');
  return String(Number(n.toPrecision(3)));
}
const ratioText = (n) => `${n >= 10 ? n.toFixed(0) : n.toFixed(2)}x`;

function time(seconds) {
  return seconds < 0.001 ? `${figure(seconds * 1e6)} µs` : `${figure(seconds * 1000)} ms`;
}

function printed(table) {
  const head = headOf(table);
  const all = [head, ...cells(table)];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all
    .map((row) =>
      `  ${row.map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  ')}`.trimEnd(),
    )
    .join('\n');
}

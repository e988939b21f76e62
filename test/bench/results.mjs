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

export const HEAD = ['', 'figure', 'spread', 'CPU each', 'rc serve : it', 'wanted'];

/** The cells of a table, a row each, as text. */
export function cells({ unit, better, rows }) {
  const [ours] = rows;
  return rows.map((row) => {
    const middle = (values) => percentile(values, row.percentile ?? 50);
    if (row.missing) return [row.who, row.missing, '', '', '', ''];
    const ratios =
      row === ours || row.apart
        ? []
        : row.values.map((v, i) => (better === 'more' ? ours.values[i] / v : v / ours.values[i]));
    const ratio = ratios.length
      ? `${ratioText(median(ratios))} (${ratioText(Math.min(...ratios))}–${ratioText(Math.max(...ratios))})`
      : '';
    return [
      row.who,
      `${figure(middle(row.values))}${unit}`,
      row.values.length > 1 ? `${figure(Math.min(...row.values))}–${figure(Math.max(...row.values))}` : 'one run',
      row.cpu ? time(median(row.cpu)) : '',
      ratio,
      verdict(row, ratios.length ? median(ratios) : undefined, middle(row.values)),
    ];
  });
}

/** Whether what was wanted has been reached, in words. */
function verdict({ wanted }, ratio, value) {
  if (!wanted) return '';
  const [text, reached] =
    wanted.ratio !== undefined
      ? [`≥ ${wanted.ratio}x`, ratio >= wanted.ratio]
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
  const all = [HEAD, ...cells(table)];
  const widths = HEAD.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all
    .map((row) =>
      `  ${row.map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  ')}`.trimEnd(),
    )
    .join('\n');
}

// Writes docs/performance.md from a whole run: between its two marks, so that what stands around them by hand stays.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cells, headOf } from './results.mjs';
import { svg } from './svg.mjs';

const BEGIN = '<!-- measured: npm run bench writes from here -->';
const END = '<!-- measured: to here -->';
const HEADINGS = {
  start: 'Start of a command',
  apply: 'A change and its effect',
  flood: 'A flood',
  messages: 'Messages of 1 KB',
  sizes: 'Messages of other shapes',
  idle: 'Idle sessions',
  growth: 'How cost grows',
  workers: 'More processes',
};

/** @returns the file that was written */
export function writeReport({ root, told, versions, seconds }) {
  const file = path.join(root, 'docs/performance.md');
  const plots = path.join(root, 'docs/performance');
  fs.mkdirSync(plots, { recursive: true });
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : `# Performance\n\n${BEGIN}\n${END}\n`;
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`${file} has lost its marks ${BEGIN} and ${END}`);
  const parts = told.map((bench) => part(bench, plots));
  fs.writeFileSync(
    file,
    `${before}${BEGIN}\n\n${[machine(versions, seconds, root), ...parts].join('\n\n')}\n\n${END}${after}`,
  );
  return file;
}

function part({ name, printed, kept, failed }, plots) {
  const pieces = [`## ${HEADINGS[name] ?? name}`];
  if (failed) pieces.push(`This part ${failed}.`);
  for (const found of kept) pieces.push(found.kind === 'plot' ? plot(found, plots) : table(found));
  if (!kept.length && printed.trim()) pieces.push(`\`\`\`text\n${printed.trim()}\n\`\`\``);
  return pieces.join('\n\n');
}

function plot(found, folder) {
  fs.writeFileSync(path.join(folder, `${found.file}.svg`), svg(found));
  return `![${found.title}](performance/${found.file}.svg)`;
}

function table(found) {
  const used = cells(found);
  const head = headOf(found);
  const columns = head
    .map((_, column) => column)
    .filter((column) => column < 2 || used.some((row) => row[column] !== ''));
  const rows = [head, ...used].map((row) => columns.map((column) => row[column].replaceAll('|', '\\|')));
  const widths = columns.map((_, i) => Math.max(3, ...rows.map((row) => row[i].length)));
  const line = (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [top, ...body] = rows.map(line);
  return [`### ${found.title}`, found.text, [top, rule, ...body].join('\n')].filter(Boolean).join('\n\n');
}

/** What it was measured on. */
function machine(versions, seconds, root) {
  const [cpu] = os.cpus();
  const gb = (os.totalmem() / 2 ** 30).toFixed(0);
  const rows = [
    [
      'measured',
      `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, in ${seconds} s, version ${commit(root)}`,
    ],
    [
      'machine',
      `${os.cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${gb} GB, ${os.type()} ${os.release()}, load before ${load()}`,
    ],
    ['disk', disk(os.tmpdir())],
    ['rc serve', `Node ${process.versions.node}`],
    ...versions,
  ];
  const widths = [0, 1].map((i) => Math.max(...rows.map((row) => row[i].length)));
  const line = (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [line(['', '']), `| ${widths.map((w) => '-'.repeat(w)).join(' | ')} |`, ...rows.map(line)].join('\n');
}

const loadBefore = os.loadavg()[0];
const load = () => loadBefore.toFixed(1);

function commit(root) {
  try {
    const git = (...args) =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const changed = git('status', '--porcelain', '--untracked-files=no').trim() !== '';
    return `${git('rev-parse', '--short', 'HEAD').trim()}${changed ? ' with changes' : ''}`;
  } catch {
    return 'unknown';
  }
}

/** File system of the folder that mail is kept in meanwhile. */
function disk(folder) {
  try {
    const [, line] = execFileSync('df', ['-T', folder], { encoding: 'utf8' }).trim().split('\n');
    const [device, type] = line.split(/\s+/);
    return `${type} on ${device}`;
  } catch {
    return 'unknown';
  }
}

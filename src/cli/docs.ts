/** `npm run docs`: writes what is made from the tables. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { schemaText } from '../transfer/schema.ts';
import { connectorSettingsTypes } from './manual/library.ts';
import { manPages } from './manual/man.ts';
import { commandsPage, settingsPage } from './manual/markdown.ts';

/** Path in the project and text of every page. */
export function generatedPages(version: string): Map<string, string> {
  const pages = new Map([
    ['docs/commands.md', commandsPage()],
    ['docs/settings.md', settingsPage()],
    ['docs/store.schema.json', schemaText()],
    ['src/library/connector-settings.ts', connectorSettingsTypes()],
  ]);
  for (const [name, text] of manPages(version)) pages.set(`man/${name}`, text);
  return pages;
}

/** Writes the pages that differ, and removes manual pages of commands that are gone; the paths of both. */
export function writeDocs(root: string): string[] {
  const pages = generatedPages(String(process.env.RC_VERSION));
  const touched: string[] = [];
  for (const [path, text] of pages) {
    const file = join(root, path);
    if (textOf(file) === text) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    touched.push(path);
  }
  for (const name of readdirSync(join(root, 'man'))) {
    if (!name.endsWith('.1') || pages.has(`man/${name}`)) continue;
    rmSync(join(root, 'man', name));
    touched.push(`man/${name} (removed)`);
  }
  if (nameManPages(join(root, 'package.json'), pages)) touched.push('package.json');
  return touched;
}

/** npm installs the manual pages that `man` of package.json names, one by one. */
function nameManPages(file: string, pages: ReadonlyMap<string, string>): boolean {
  const text = textOf(file);
  if (text === undefined) return false;
  const man = [...pages.keys()].filter((page) => page.startsWith('man/')).sort();
  const next = `${JSON.stringify({ ...JSON.parse(text), man }, null, 2)}\n`;
  if (next !== text) writeFileSync(file, next);
  return next !== text;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

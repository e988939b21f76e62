/**
 * Which bundle each module of the command line stands in. In the sources a module imports what it may need; a command needs a
 * part of that. The build runs everyday lines once (everyday.js) and sees which modules each of them ran; a module that exports
 * nothing but functions, and constants that are plain data, is imported, where it stands in another bundle, as these constants and
 * functions that load it when they are called.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import everyday from './everyday.js';

const { LINES, runLine } = everyday;

/** Modules of the language, of which those that no line runs stand beside those that scripts run. */
const OF_SCRIPTS = /^src\/(?:language|cmdlets\/objects)\//;

/**
 * @param files all modules of the command line @param bundle bundles for this process: its text @param plugins of all bundles
 * @returns the bundle of a module, and the plugin of each bundle that makes imports of modules in others late
 */
export async function homes(root, entry, files, bundle, plugins) {
  const exported = await exportsThatMayBeLate(root, files, bundle, plugins);
  const ran = await filesRunBy(root, entry, bundle, [...plugins, lateImports(root, exported, () => true)]);
  const homeOf = (file) => {
    // What the language shares with lines of other bundles, neither loads the other's bundle for: it is little.
    if (ran.language.has(file) && (ran.table.has(file) || ran.more.has(file))) return 'rc';
    const first = Object.keys(ran).find((name) => ran[name].has(file));
    if (first === 'help' && (ran.script.has(file) || ran.rest.has(file))) return 'commands';
    return first ?? (OF_SCRIPTS.test(file) ? 'script' : 'rest');
  };
  const late = (own) => lateImports(root, exported, (file) => homeOf(file) !== own && homeOf(file) !== 'rc');
  return { homeOf, late };
}

/** What each module exports that exports nothing but functions and plain data: its names, with the data. */
async function exportsThatMayBeLate(root, files, bundle, plugins) {
  const names = [...files];
  const text = await bundle({
    stdin: { contents: names.map((file, i) => `export * as m${i} from './${file}';`).join('\n'), resolveDir: root },
    plugins,
  });
  const modules = evaluated(text);
  const mayBeLate = (values, file) => values.every(isFunction) || (values.every(isData) && !dependsOnHere(root, file));
  return new Map(
    names
      .map((file, i) => [file, modules[`m${i}`]])
      .filter(([file, exported]) => mayBeLate(Object.values(exported), file)),
  );
}

const isFunction = (value) => typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value));

const isData = (value) => isFunction(value) || isPlain(value);

/** Is it the same when it is read back from JSON? Infinity and NaN are not. */
function isPlain(value) {
  if (value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value)) return true;
  if (typeof value !== 'object') return false;
  const isOwn = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return isOwn && Object.values(value).every(isPlain);
}

/** Constants of such a module may be others where it runs than where it is built. */
const dependsOnHere = (root, file) => /\bprocess\b|'node:/.test(fs.readFileSync(path.join(root, file), 'utf8'));

/** The modules that the lines of each bundle run, each line in a new world, all on one home. */
async function filesRunBy(root, entry, bundle, plugins) {
  const tells = {
    name: 'modules tell that they run',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/, namespace: 'file' }, ({ path: file }) => {
        const name = path.relative(root, file);
        if (!name.startsWith('src/')) return undefined;
        return { contents: `ran(${JSON.stringify(name)});\n${fs.readFileSync(file, 'utf8')}`, loader: 'ts' };
      });
    },
  };
  const text = await bundle({ entryPoints: [entry], plugins: [...plugins, tells] });
  fs.mkdirSync(path.join(root, 'dist'), { recursive: true });
  const home = fs.mkdtempSync(path.join(root, 'dist', 'home-'));
  const piped = path.join(home, 'piped');
  const runOnHome = (line, tells) => {
    const { main } = evaluated(text, tells);
    return runLine(
      line,
      (words, streams) => main(['--home', home, ...words], { env: {}, silent: true, ...streams }),
      piped,
    );
  };
  const ran = {};
  try {
    await runOnHome({ argv: ['set', 'default*', '--max-hop-count', '59'] }); // makes the home, which is done once
    for (const [name, lines] of Object.entries(LINES)) {
      ran[name] = new Set();
      for (const line of lines) {
        const code = await runOnHome(line, (file) => ran[name].add(file));
        if (code !== (line.code ?? 0))
          throw new Error(`the build runs rc ${line.argv.join(' ')}, and it ended with ${code}`);
      }
    }
  } finally {
    fs.rmSync(home, { recursive: true, force: true });
  }
  return ran;
}

const require = createRequire(import.meta.url);

function evaluated(text, ran = () => {}) {
  const module = { exports: {} };
  new Function('module', 'exports', 'require', 'ran', text)(module, module.exports, require, ran);
  return module.exports;
}

/** The plugin: an import of such a module is its data, and functions of the same names, each the real one from its first call on. */
function lateImports(root, exported, isLate) {
  const late = (file, name, value, i) =>
    isFunction(value)
      ? `let real${i}; export let ${name} = (...given) => (real${i} ??= ${name} = require('./${file}').${name})(...given);`
      : `export const ${name} = ${JSON.stringify(value)};`;
  return {
    name: 'late modules',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\./ }, ({ path: to, namespace, resolveDir, kind }) => {
        if (namespace === 'late module' || kind !== 'import-statement') return undefined;
        const file = path.relative(root, path.resolve(resolveDir, to));
        return exported.has(file) && isLate(file) ? { path: file, namespace: 'late module' } : undefined;
      });
      onLoad({ filter: /^/, namespace: 'late module' }, ({ path: file }) => ({
        contents: Object.entries(exported.get(file))
          .map(([name, value], i) => late(file, name, value, i))
          .join('\n'),
        resolveDir: root,
      }));
    },
  };
}

/**
 * Which bundle each module of the command line stands in. In the sources a module imports what it may need; a command needs a
 * part of that. The build runs everyday lines once (everyday.js) and sees which modules each of them ran; a module that exports
 * nothing but functions is imported, where it stands in another bundle, as functions that load it when they are called.
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
  const functions = await functionsOf(root, files, bundle, plugins);
  const ran = await filesRunBy(root, entry, bundle, [...plugins, lateImports(root, functions, () => true)]);
  const homeOf = (file) => {
    // What two kinds of lines share, neither loads the other's bundle for.
    if (ran.more.has(file) && ran.language.has(file)) return 'rc';
    const first = Object.keys(ran).find((name) => ran[name].has(file));
    if (first === 'help' && (ran.script.has(file) || ran.rest.has(file))) return 'commands';
    return first ?? (OF_SCRIPTS.test(file) ? 'script' : 'rest');
  };
  const late = (own) => lateImports(root, functions, (file) => homeOf(file) !== own && homeOf(file) !== 'rc');
  return { homeOf, late };
}

/** The names that each module exports, for modules that export functions only. */
async function functionsOf(root, files, bundle, plugins) {
  const names = [...files];
  const text = await bundle({
    stdin: { contents: names.map((file, i) => `export * as m${i} from './${file}';`).join('\n'), resolveDir: root },
    plugins,
  });
  const modules = evaluated(text);
  return new Map(
    names
      .map((file, i) => [file, modules[`m${i}`]])
      .filter(([, exported]) => Object.values(exported).every(isFunction))
      .map(([file, exported]) => [file, Object.keys(exported)]),
  );
}

const isFunction = (value) => typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value));

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
  const ran = {};
  try {
    for (const [name, lines] of Object.entries(LINES)) {
      ran[name] = new Set();
      for (const line of lines) {
        const { main } = evaluated(text, (file) => ran[name].add(file));
        const run = (words, streams) => main(['--home', home, ...words], { env: {}, silent: true, ...streams });
        const code = await runLine(line, run, piped);
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

/** The plugin: an import of such a module is functions of the same names, each the real one from its first call on. */
function lateImports(root, functions, isLate) {
  return {
    name: 'late modules',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\./ }, ({ path: to, namespace, resolveDir, kind }) => {
        if (namespace === 'late module' || kind !== 'import-statement') return undefined;
        const file = path.relative(root, path.resolve(resolveDir, to));
        return functions.has(file) && isLate(file) ? { path: file, namespace: 'late module' } : undefined;
      });
      onLoad({ filter: /^/, namespace: 'late module' }, ({ path: file }) => ({
        contents: functions
          .get(file)
          .map(
            (name, i) =>
              `let real${i}; export let ${name} = (...given) => (real${i} ??= ${name} = require('./${file}').${name})(...given);`,
          )
          .join('\n'),
        resolveDir: root,
      }));
    },
  };
}

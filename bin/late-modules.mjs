/**
 * Modules of the language that are loaded when they are used. In the sources a module imports what it may need; a pipeline needs a
 * third of that. The build runs everyday lines once and sees which modules they ran. Each of the others, if it exports nothing
 * but functions, is imported as functions that load it when they are called, and stands in another bundle.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Lines whose modules are in the language's own bundle. One that is missing here costs its users a file more to read, never an answer. */
const EVERYDAY = [
  'Get-ReceiveConnector default* | Set-ReceiveConnector -MaxInboundConnectionPerSource 100',
  'Get-ReceiveConnector | Where-Object Enabled | Where-Object { $_.MaxHopCount -gt 30 } | Set-ReceiveConnector -MaxHopCount 60',
];

/**
 * Modules that no everyday line runs, and of these the ones that can be late.
 * @param files all modules of the language @param bundle bundles for this process: its text @param plugins of the language's bundle
 * @returns `idle` modules that did not run; `plugin` that makes imports of such modules late
 */
export async function lateModules(root, files, bundle, plugins) {
  const functions = await functionsOf(root, files, bundle);
  const ran = await filesRunBy(root, bundle, [...plugins, lateImports(root, functions)]);
  for (const file of ran) functions.delete(file);
  return { idle: (file) => !ran.has(file), plugin: lateImports(root, functions) };
}

/** The names that each module exports, for modules that export functions only. */
async function functionsOf(root, files, bundle) {
  const names = [...files];
  const text = await bundle({
    stdin: { contents: names.map((file, i) => `export * as m${i} from './${file}';`).join('\n'), resolveDir: root },
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

/** Runs the everyday lines on a home of their own: the modules that ran. */
async function filesRunBy(root, bundle, plugins) {
  const ran = new Set();
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
  const { main } = evaluated(
    await bundle({ entryPoints: ['src/cli/entry.ts'], plugins: [...plugins, tells] }),
    (file) => ran.add(file),
  );
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-late-modules-'));
  try {
    for (const line of EVERYDAY) {
      const code = await main(['--home', home, '-c', line], { env: {}, silent: true });
      if (code !== 0) throw new Error(`the build runs ${line}, and it ended with ${code}`);
    }
  } finally {
    fs.rmSync(home, { recursive: true, force: true });
  }
  return ran;
}

function evaluated(text, ran = () => {}) {
  const module = { exports: {} };
  new Function('module', 'exports', 'require', 'ran', text)(module, module.exports, process.getBuiltinModule, ran);
  return module.exports;
}

/** The plugin: an import of such a module is functions of the same names, each the real one from its first call on. */
function lateImports(root, functions) {
  return {
    name: 'late modules',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\./ }, ({ path: to, namespace, resolveDir, kind }) => {
        if (namespace === 'late module' || kind !== 'import-statement') return undefined;
        const file = path.relative(root, path.resolve(resolveDir, to));
        return functions.has(file) ? { path: file, namespace: 'late module' } : undefined;
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

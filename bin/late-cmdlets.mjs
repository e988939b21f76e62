/**
 * Tables of cmdlets that load a cmdlet when it is used. In the sources a table is a list of imports, and whoever asks it for one
 * cmdlet has loaded them all. In a bundle each import is what finds a cmdlet and tells it apart (its names, its group), taken from the
 * cmdlet itself at build time, and getters for everything else, which load its module.
 */
import fs from 'node:fs';
import path from 'node:path';

/** Modules that are lists of cmdlets. */
const TABLES = [
  'src/cmdlets/fast-path.ts',
  'src/cmdlets/table.ts',
  'src/cmdlets/objects/object-cmdlets.ts',
  'src/language/cmdlets/table.ts',
];

/** What is known of a cmdlet before its module is loaded. */
const AT_ONCE = new Set([
  'name',
  'short',
  'aliases',
  'words',
  'group',
  'changes',
  'input',
  'looksHere',
  'hidden',
  'gives',
]);

/**
 * The cmdlets of each module that a table imports and that exports nothing but cmdlets: its file → name of the export → cmdlet.
 * @param bundle bundles an entry for this process: its text
 */
async function cmdletsOfTables(root, bundle) {
  const files = new Set();
  for (const table of TABLES)
    for (const [, from] of fs
      .readFileSync(path.join(root, table), 'utf8')
      .matchAll(/^import \{.*\} from '(\.[^']+)';$/gm))
      files.add(path.join(path.dirname(table), from));
  const names = [...files];
  const text = await bundle(names.map((file, i) => `export * as m${i} from './${file}';`).join('\n'));
  const module = { exports: {} };
  new Function('module', 'exports', 'require', text)(module, module.exports, process.getBuiltinModule);
  return new Map(
    names
      .map((file, i) => [file, module.exports[`m${i}`]])
      .filter(([, exported]) => Object.values(exported).every(isCmdlet)),
  );
}

const isCmdlet = (value) => typeof value === 'object' && 'name' in value && typeof value.run === 'function';

/** Makes esbuild plugins by which tables load cmdlets late. Those that are there anyway stay as they are. */
export async function lateCmdlets(root, bundle) {
  const cmdlets = await cmdletsOfTables(root, bundle);
  return (isThere) => ({
    name: 'late cmdlets',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\./ }, ({ path: to, importer, namespace, resolveDir }) => {
        if (namespace === 'late cmdlet' || !TABLES.includes(path.relative(root, importer))) return undefined;
        const file = path.relative(root, path.resolve(resolveDir, to));
        return cmdlets.has(file) && !isThere(file) ? { path: file, namespace: 'late cmdlet' } : undefined;
      });
      onLoad({ filter: /^/, namespace: 'late cmdlet' }, ({ path: file }) => ({
        contents: lateModule(file, cmdlets.get(file)),
        resolveDir: root,
      }));
    },
  });
}

function lateModule(file, exported) {
  const late = ([name, cmdlet]) => {
    const properties = Object.keys(cmdlet).map((key) =>
      AT_ONCE.has(key)
        ? `${key}: ${JSON.stringify(cmdlet[key])}`
        : `get ${key}() { return require('./${file}').${name}.${key}; }`,
    );
    return `export const ${name} = { ${properties.join(', ')} };`;
  };
  return Object.entries(exported).map(late).join('\n');
}

/**
 * The bundles of the command line. Most of what `rc` costs at its start is code that is read, so there are several: `rc.cjs` has what
 * `rc get` and `rc set` run, each other one what lines of another kind run besides (everyday.js, homes.mjs), `rest.cjs` everything else.
 * Each module exists once; a bundle asks for one of another by its file, `rest:src/cli/help.ts`, and bin/rc joins them.
 */
import path from 'node:path';
import everyday from './everyday.js';
import { homes } from './homes.mjs';
import { lateCmdlets } from './late-cmdlets.mjs';

const { NAMES } = everyday;
const ENTRY = 'src/cli/entry.ts';

/** What bin/rc compiles, one function each. */
const AS_FUNCTION = {
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
  footer: { js: '})' },
};

/**
 * Name and text of each.
 * @param bundle esbuild with our options: `{ text, metafile }` @param build esbuild itself @param leaveApart plugin: packages that stand beside
 */
export async function* commandBundles(root, { bundle, build, leaveApart }) {
  const source = (contents) => ({ stdin: { contents, resolveDir: root } });
  const textOf = async (options) => (await bundle(options)).text;
  const cmdletsBut = await lateCmdlets(root, async (contents) => textOf(source(contents)));
  const all = await bundle({ entryPoints: [ENTRY] });
  const files = Object.keys(all.metafile.inputs).filter((file) => file.startsWith('src/'));
  const { homeOf, late } = await homes(root, ENTRY, files, textOf, [cmdletsBut(() => false)]);
  const isFirst = (file) => homeOf(file) === 'rc';

  /** What each bundle is asked for by the others. */
  const asked = Object.fromEntries(NAMES.map((name) => [name, new Set()]));
  const others = (own) => ({
    name: 'other bundles',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path: to, resolveDir, kind }) => {
        const file = path.relative(root, path.resolve(resolveDir, to));
        if (!file.startsWith('src/')) return undefined; // a package's own
        const home = homeOf(file);
        // In the first bundle nothing is wrapped to be run later, so a module of its own that it imports with import() is asked for too.
        if (home === own && !(own === 'rc' && kind !== 'import-statement')) return undefined;
        asked[home].add(file);
        return { path: `${home}:${file}`, external: true };
      });
    },
  });
  const bundled = (own, contents) =>
    bundle({
      ...AS_FUNCTION,
      ...source(contents),
      plugins: [leaveApart, cmdletsBut(isFirst), late(own), lateAddresses(root), others(own)],
    });

  const first = rcEntry(await exportsOf(build, root, files.filter(isFirst)));
  const done = new Map([['rc', await bundled('rc', first)]]);
  const made = {};
  // A bundle that is asked for more than when it was made is made again.
  const unmade = () => NAMES.find((name) => name !== 'rc' && made[name] !== asked[name].size);
  for (let name = unmade(); name; name = unmade()) {
    made[name] = asked[name].size;
    done.set(name, await bundled(name, entry([...asked[name]].sort())));
  }
  const twice = [...done.values()]
    .flatMap(({ metafile }) =>
      Object.keys(metafile.inputs).filter((file) => /^(?:\.\.\/|src\/|node_modules\/)/.test(file)),
    )
    .filter((file, i, of) => of.indexOf(file) !== i);
  if (twice.length) throw new Error(`in two bundles, so there twice when rc runs: ${twice.join(', ')}`);
  for (const [name, { text }] of done) yield { name: `${name}.cjs`, text };
}

/** ipaddr.js runs when the first IPv6 address comes: most stores have none. */
const lateAddresses = (resolveDir) => ({
  name: 'late',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^ipaddr\.js$/ }, ({ namespace, path: name }) =>
      namespace === 'late' ? undefined : { path: name, namespace: 'late' },
    );
    onLoad({ filter: /^/, namespace: 'late' }, () => ({
      contents: "export default { get IPv6() { return require('ipaddr.js').IPv6; } };",
      resolveDir,
    }));
  },
});

/** What each module exports, by its file. */
async function exportsOf(build, root, files) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: files,
    outdir: 'none',
    format: 'esm',
    write: false,
    metafile: true,
  });
  return new Map(Object.values(metafile.outputs).map(({ entryPoint, exports }) => [entryPoint, exports]));
}

/** The entry of the first bundle: `main`, and a function that gives any of its modules to the others; all of them run at once. */
function rcEntry(exported) {
  const modules = [...exported].filter(([, names]) => names.length);
  const alias = (name, number) => `${name}_${number}`;
  const imports = modules.map(
    ([file, names], k) => `import { ${names.map((name) => `${name} as ${alias(name, k)}`)} } from './${file}';`,
  );
  const cases = modules.map(
    ([file, names], k) => `case '${file}': return { ${names.map((name) => `${name}: ${alias(name, k)}`)} };`,
  );
  return `export { main } from './${ENTRY}';
    ${imports.join('\n')}
    export function moduleNamed(file) { switch (file) { ${cases.join('\n')} } }`;
}

/** The entry of another: its modules run when they are asked for. */
function entry(files) {
  const cases = [...files].map((file) => `case '${file}': return require('./${file}');`);
  return `export function moduleNamed(file) { switch (file) { ${cases.join('\n')} } }`;
}

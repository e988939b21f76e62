/**
 * The bundles of the command line. Most of what `rc` costs at its start is code that is read, so there are four:
 * `rc.cjs` has what the everyday commands need (all that src/cli/entry.ts imports), `language.cjs` what a pipeline in `rc -c` needs
 * besides, `script.cjs` the rest of the language (what src/cli/language.ts imports and a plain pipeline does not run, late-modules.mjs),
 * `rest.cjs` everything else. Each module exists once; a bundle asks for one of another by its file, `rest:src/cli/help.ts`, and bin/rc
 * joins them.
 */
import path from 'node:path';
import { lateCmdlets } from './late-cmdlets.mjs';
import { lateModules } from './late-modules.mjs';

const ENTRY = 'src/cli/entry.ts';
const LANGUAGE = 'src/cli/language.ts';
/** Cmdlets of objects, and those of the language itself. */
const OF_LANGUAGE = /^src\/(?:cmdlets\/objects|language)\//;

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
  /** Modules of ours in a bundle, by file. */
  const filesIn = ({ metafile }) => Object.keys(metafile.inputs).filter((file) => file.startsWith('src/'));
  const textOf = async (options) => (await bundle(options)).text;
  const late = await lateCmdlets(root, async (contents) => textOf(source(contents)));

  /** What each bundle is asked for by the others. */
  const asked = { rc: new Set(), language: new Set(), script: new Set(), rest: new Set() };
  const at = (name, homeOf) => ({
    name: 'other bundles',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path: to, resolveDir, kind }) => {
        const file = path.relative(root, path.resolve(resolveDir, to));
        if (!file.startsWith('src/')) return undefined; // a package's own
        const home = homeOf(file, kind);
        // In the first bundle nothing is wrapped to be run later, so a module of its own that it imports with import() is asked for too.
        if (home === name && !(name === 'rc' && kind === 'dynamic-import')) return undefined;
        asked[home].add(file);
        return { path: `${home}:${file}`, external: true };
      });
    },
  });
  const addresses = lateAddresses(root);
  const bundled = (options, plugins) => bundle({ ...AS_FUNCTION, ...options, plugins: [leaveApart, ...plugins] });
  /** The modules that such a bundle would have. */
  const filesOf = async (options, plugins) => new Set(filesIn(await bundled(options, plugins)));

  const inRc = await filesOf({ entryPoints: [ENTRY] }, [
    at('rc', (_, kind) => (kind === 'dynamic-import' ? 'rest' : 'rc')),
    addresses,
  ]);
  const cmdlets = late.plugin((file) => inRc.has(file));
  /** Where a module is that the language needs, before it is known which of its modules are late. */
  const firstHome = (own) => (file, kind) =>
    inRc.has(file)
      ? 'rc'
      : kind === 'dynamic-import' || (kind === 'require-call' && late.files.has(file) && !OF_LANGUAGE.test(file))
        ? 'rest'
        : own(file, kind);
  const ofLanguage = await filesOf({ entryPoints: [LANGUAGE] }, [
    cmdlets,
    at(
      'language',
      firstHome(() => 'language'),
    ),
  ]);
  const { idle, plugin: modules } = await lateModules(root, ofLanguage, textOf, [leaveApart, cmdlets]);
  for (const files of Object.values(asked)) files.clear(); // where they are is known only from here on
  const inLanguage = await filesOf({ entryPoints: [LANGUAGE] }, [
    cmdlets,
    modules,
    at(
      'language',
      firstHome((file, kind) => (kind === 'require-call' && idle(file) ? 'script' : 'language')),
    ),
  ]);
  const inScript = await filesOf(source(entry(asked.script)), [
    cmdlets,
    at(
      'script',
      firstHome((file) => (inLanguage.has(file) ? 'language' : 'script')),
    ),
  ]);
  for (const file of asked.rest) if (inLanguage.has(file) || inScript.has(file)) asked.rest.delete(file);
  const homeOf = (file) =>
    inRc.has(file) ? 'rc' : inLanguage.has(file) ? 'language' : inScript.has(file) ? 'script' : 'rest';

  const exported = await exportsOf(build, root, [...inRc]);
  const rc = await bundled(source(rcEntry(exported)), [at('rc', homeOf), addresses]);
  const rest = await bundled(source(entry(asked.rest)), [at('rest', homeOf)]);
  const script = await bundled(source(entry(asked.script)), [cmdlets, at('script', homeOf)]);
  const language = await bundled(source(entry(asked.language)), [cmdlets, modules, at('language', homeOf)]);
  const files = [rc, language, script, rest].flatMap(({ metafile }) =>
    Object.keys(metafile.inputs).filter((file) => /^(?:\.\.\/|src\/|node_modules\/)/.test(file)),
  );
  const twice = files.filter((file, i) => files.indexOf(file) !== i);
  if (twice.length) throw new Error(`in two bundles, so there twice when rc runs: ${twice.join(', ')}`);
  for (const [name, { text }] of Object.entries({ rc, language, script, rest })) yield { name: `${name}.cjs`, text };
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

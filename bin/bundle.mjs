/** The bundles in dist/, as texts. Those of the command line: command-bundles.mjs. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { commandBundles } from './command-bundles.mjs';
import everyday from './everyday.js';

/** Packages that few commands need stand beside the bundles, so that `rc get` does not read them: name, what is exported. */
const APART = {
  yaml: "module.exports = require('yaml')",
  commander: "module.exports = require('commander')",
  chalk: "module.exports = require('chalk')",
  'cli-table3': "module.exports = require('cli-table3')",
  'string-width': "module.exports = require('string-width').default",
  'postal-mime': "module.exports = require('postal-mime')",
  'nodemailer/lib/mail-composer': "module.exports = require('nodemailer/lib/mail-composer')",
  '@redis/client': "module.exports = { createClient: require('@redis/client').createClient }",
};
/** `@redis/client` stands in `redis-client.cjs`, `nodemailer/lib/mail-composer` in `mail-composer.cjs`. */
const apartFile = (name) =>
  `${name
    .replace(/^@([^/]+)\//, '$1-')
    .split('/')
    .at(-1)}.cjs`;

export const BUNDLES = [
  ...everyday.NAMES.map((name) => `${name}.cjs`),
  'listener.cjs',
  'worker.cjs',
  'messages.cjs',
  'library.cjs',
  'library.mjs',
  'library.d.ts',
  ...Object.keys(APART).map(apartFile),
];

/** Every bundle's name and text. */
export async function* bundles(root) {
  const { build } = createRequire(path.join(root, 'package.json'))('esbuild');
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const bundle = async (options) => {
    const { outputFiles, metafile } = await build({
      absWorkingDir: root,
      bundle: true,
      platform: 'node',
      target: 'node20.19',
      format: 'cjs',
      supported: { 'dynamic-import': false }, // require() instead: the bundle runs in a vm.Script, which has no import()
      minify: true,
      legalComments: 'none',
      define: { 'process.env.RC_VERSION': JSON.stringify(version) },
      write: false,
      metafile: true,
      logLevel: 'warning',
      logOverride: { 'empty-import-meta': 'silent' },
      ...options,
    });
    return { text: ascii(outputFiles[0].text), metafile };
  };
  const source = (contents) => ({ stdin: { contents, resolveDir: root } });

  for (const [name, exports] of Object.entries(APART))
    yield { name: apartFile(name), ...(await bundle({ ...source(exports), plugins: [noPrograms] })) };
  yield {
    name: 'listener.cjs',
    ...(await bundle({ entryPoints: ['src/listener/main.ts'], plugins: [leaveEngine, rawText, pageScript(root)] })),
  };
  yield { name: 'worker.cjs', ...(await bundle({ entryPoints: ['src/listener/workers/entry.ts'] })) };
  yield { name: 'messages.cjs', ...(await bundle({ entryPoints: ['src/messages/reading-thread.ts'] })) };

  yield {
    name: 'library.cjs',
    ...(await bundle({ entryPoints: ['src/library/library.ts'], plugins: [leaveEngine, rawText, pageScript(root)] })),
  };
  yield { name: 'library.mjs', text: LIBRARY_MODULE };
  yield { name: 'library.d.ts', text: libraryTypes(root) };

  yield* commandBundles(root, { bundle, build, leaveApart });
}

/** commander loads `child_process`, and with it Node's sockets and streams, for commands that are programs of their own: we have none. */
const noPrograms = {
  name: 'no programs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ path: name }) => ({ path: name, namespace: 'no programs' }));
    onLoad({ filter: /^/, namespace: 'no programs' }, () => ({ contents: '' }));
  },
};

const leaveApart = leaveOut(Object.keys(APART));
/** The client of a fleet's engine, which the listener and the library load only when they are in one. */
const leaveEngine = leaveOut(['@redis/client']);

function leaveOut(names) {
  const filter = new RegExp(`^(?:${names.join('|')})$`);
  return {
    name: 'apart',
    setup({ onResolve }) {
      onResolve({ filter }, ({ path: name }) => ({ path: `./${apartFile(name)}`, external: true }));
    },
  };
}

/** `import page from './page.html?raw'` is the file's text, as vite has it in the tests. */
const rawText = {
  name: 'raw text',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\?raw$/ }, ({ path: file, resolveDir }) => ({
      path: path.resolve(resolveDir, file.slice(0, -'?raw'.length)),
      namespace: 'raw',
    }));
    onLoad({ filter: /.*/, namespace: 'raw' }, ({ path: file }) => ({
      contents: fs.readFileSync(file, 'utf8'),
      loader: 'text',
    }));
  },
};

/** `import app from './app.ts?script'` is the script built for browsers, as one text. */
const pageScript = (root) => ({
  name: 'page script',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\?script$/ }, ({ path: file, resolveDir }) => ({
      path: path.resolve(resolveDir, file.slice(0, -'?script'.length)),
      namespace: 'script',
    }));
    onLoad({ filter: /.*/, namespace: 'script' }, async ({ path: file }) => ({
      contents: await browserScript(root, file),
      loader: 'text',
    }));
  },
});

/** A script of the page and all it imports, as the text that browsers get. */
export async function browserScript(root, file) {
  const { build } = createRequire(path.join(root, 'package.json'))('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [file],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  return ascii(outputFiles[0].text);
}

/** The library for `import`: the same code as for `require`, once in a process. */
const LIBRARY_MODULE = `import library from './library.cjs';
export const { startListener, ListenerError } = library;
`;

/** The library's declarations: files that hold nothing but types, one after the other. */
function libraryTypes(root) {
  const files = ['src/messages/message-types.ts', 'src/library/connector-settings.ts', 'src/library/library-types.ts'];
  return files
    .map((file) => fs.readFileSync(path.join(root, file), 'utf8').replace(/^import type .*\n/gm, ''))
    .join('\n');
}

/** esbuild escapes what is not ASCII in strings, not in regular expressions. A bundle of one byte a character loads faster. */
function ascii(text) {
  return text.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

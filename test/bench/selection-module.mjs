// The listener's choice of a connector, from the sources: bundled on the spot, because the built listener does not export it.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root, temporaryHome } from './bench.mjs';

/** Selection, parseRange and Binding. */
export async function selectionModule() {
  const file = path.join(temporaryHome(), 'selection.mjs');
  await build({
    stdin: {
      contents: `export { Selection } from './src/domain/selection.ts'; export { parseRange } from './src/domain/range.ts'; export { Binding } from './src/domain/value.ts';`,
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: file,
    logLevel: 'error',
  });
  return import(pathToFileURL(file).href);
}

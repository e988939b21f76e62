'use strict';
// Makes V8's code caches of the bundles: at the build, and at the first run with another Node.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const v8 = require('node:v8');
const { LINES, NAMES, runLine } = require('./everyday.js');

/** Node versions whose caches are kept. */
const VERSIONS = 4;

/**
 * Makes the caches of bundles that ran without one. Where it cannot be done (a folder of somebody else's, a full disk),
 * `rc` goes on without: it only starts slower.
 */
async function keep(main, uncached) {
  // Flags of V8 are part of a cache: one made with other flags would never fit again.
  if (process.execArgv.length || process.env.NODE_OPTIONS) return;
  const dist = path.dirname(uncached[0].cache);
  let home;
  try {
    fs.accessSync(dist, fs.constants.W_OK);
    home = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-code-cache-'));
    const env = { ...process.env, RC_OUTPUT: undefined };
    const run = (argv, streams) => main(['--home', home, ...argv], { env, silent: true, ...streams });
    await withoutBaseline(async () => {
      const piped = path.join(home, 'piped');
      for (const line of Object.values(LINES).flat()) await runLine(line, run, piped);
    });
    for (const { script, cache } of uncached) put(cache, script.createCachedData());
    removeOld(dist);
  } catch {
  } finally {
    if (home !== undefined) fs.rmSync(home, { recursive: true, force: true });
  }
}

/** Functions that ran often enough for V8's baseline compiler are left out of a cache, and they are those that count most. */
async function withoutBaseline(work) {
  const isDefault = process.arch === 'x64' || process.arch === 'arm64';
  if (isDefault) v8.setFlagsFromString('--no-sparkplug');
  try {
    await work();
  } finally {
    if (isDefault) v8.setFlagsFromString('--sparkplug');
  }
}

function put(file, contents) {
  const temporary = `${file}.${process.pid}`;
  try {
    fs.writeFileSync(temporary, contents);
    fs.renameSync(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

function removeOld(dist) {
  const caches = fs
    .readdirSync(dist)
    .filter((name) => /^rc-.*\.cache$/.test(name))
    .map((name) => ({ name, made: fs.statSync(path.join(dist, name)).mtimeMs }))
    .sort((a, b) => b.made - a.made);
  for (const { name } of caches.slice(VERSIONS))
    for (const bundle of NAMES) fs.rmSync(path.join(dist, name.replace(/^rc/, bundle)), { force: true });
}

module.exports = { keep };

'use strict';
// Makes V8's code caches of the bundles: at the build, and at the first run with another Node.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/** Run once before the caches are made, so that they hold the functions that the everyday commands use, compiled. */
const EVERYDAY = [
  ['get'],
  ['get', 'default*', '--select', 'Name,MaxInbound*'],
  ['set', 'default*', '--max-inbound-per-source', '100'],
  ['get', '--output', 'table'],
  ['-c', 'Get-ReceiveConnector default* | Set-ReceiveConnector -MaxInboundConnectionPerSource 100'],
];

/** Node versions whose caches are kept. */
const VERSIONS = 4;

/** Where it cannot be done (a folder of somebody else's, a full disk), `rc` goes on without: it only starts slower. */
async function keep(main, uncached) {
  const dist = path.dirname(uncached[0].cache);
  let home;
  try {
    fs.accessSync(dist, fs.constants.W_OK);
    home = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-code-cache-'));
    const env = { ...process.env, RC_OUTPUT: undefined };
    for (const argv of EVERYDAY) await main(['--home', home, ...argv], { env, silent: true });
    for (const { script, cache } of uncached) put(cache, script.createCachedData());
    removeOld(dist);
  } catch {
  } finally {
    if (home !== undefined) fs.rmSync(home, { recursive: true, force: true });
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
    for (const bundle of ['rc', 'rest']) fs.rmSync(path.join(dist, name.replace(/^rc/, bundle)), { force: true });
}

module.exports = { keep };

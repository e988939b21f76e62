// npm run fuzz -- SECONDS SEED: the fuzzer against the built listener. Prints the seed; a failure names the seed of its case.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [seconds = 60, seed = Math.floor(Math.random() * 2 ** 31)] = process.argv.slice(2).map(Number);
if (!(seconds > 0) || !Number.isInteger(seed)) {
  console.error('usage: npm run fuzz -- SECONDS SEED');
  process.exit(2);
}
const here = import.meta.dirname;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-fuzz-'));
const entry = path.join(folder, 'fuzz.mjs');
const stdin = {
  contents: `export * from ${JSON.stringify(path.join(here, 'fuzz.ts'))};
    export { homeAt } from ${JSON.stringify(path.join(here, '../../src/store/home.ts'))};
    export { listenerStatus } from ${JSON.stringify(path.join(here, '../../src/control/listener-client.ts'))};`,
  resolveDir: here,
};
const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile: entry, banner, logLevel: 'error' });
const { corpus, fuzz, homeAt, listenerStatus } = await import(pathToFileURL(entry));

const home = homeAt(path.join(folder, 'home'));
fs.mkdirSync(home.folder, { mode: 0o700 });
const port = 20_000 + Math.floor(Math.random() * 10_000);
fs.writeFileSync(
  home.store,
  JSON.stringify({
    schemaVersion: 1,
    generation: 1,
    server: { name: 'EX', fqdn: 'mail.contoso.com' },
    connectors: [
      {
        Name: 'Default EX',
        Guid: '00000000-0000-4000-8000-000000000001',
        WhenCreated: '2025-01-01T00:00:00Z',
        WhenChanged: '2025-01-01T00:00:00Z',
        AuthMechanism: 'Tls, BasicAuth',
        Bindings: [`127.0.0.1:${port}`],
        MaxInboundConnectionPerSource: 1000,
        MaxMessageSize: '64KB',
        PermissionGroups: 'AnonymousUsers, ExchangeUsers',
        TarpitInterval: '00:00:00',
        AuthTarpitInterval: '00:00:00',
        ProtocolLoggingLevel: 'Verbose',
      },
    ],
    acceptedDomains: [],
    users: [],
    transport: {},
  }),
);
const serving = spawn(process.execPath, [path.join(here, '../../bin/rc'), 'serve'], {
  env: { ...process.env, RC_HOME: home.folder },
  stdio: ['ignore', 'pipe', 'pipe'],
});
let out = '';
let err = '';
serving.stdout.on('data', (text) => (out += text));
serving.stderr.on('data', (text) => (err += text));
const ended = new Promise((resolve) => serving.once('exit', resolve));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
while (!out.includes('Ctrl-C') && serving.exitCode === null) await pause(20);

const residentMB = () =>
  Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${serving.pid}/status`, 'utf8'))?.[1]) / 1024;
/** Messages of clients that went away may still be arriving, so file by file. */
function emptyMaildir() {
  const folder = path.join(home.mail, 'new');
  for (const file of fs.existsSync(folder) ? fs.readdirSync(folder) : [])
    fs.rmSync(path.join(folder, file), { force: true });
}
const memory = [];
const target = {
  port,
  async settle() {
    if (serving.exitCode !== null) throw new Error(`the listener ended with ${serving.exitCode}:\n${err}`);
    const giveUp = Date.now() + 30_000;
    while ((await listenerStatus(home)).sessions > 0) {
      if (Date.now() > giveUp) throw new Error('sessions are left behind');
      await pause(5);
    }
    if (/\bError\b/.test(err)) throw new Error(`the listener reported an error:\n${err}`);
    memory.push(residentMB());
    if (memory.length % 50 === 0) emptyMaildir();
  },
};
console.log(`fuzzing for ${seconds} s with seed ${seed}`);
let code = 0;
try {
  const made = await fuzz(target, { seed, seconds, said: corpus(path.join(here, '../dialogues')) });
  const at = (share) =>
    Math.max(...memory.slice(Math.floor(memory.length * share), Math.floor(memory.length * (share + 0.2)) || 1));
  const [before, after] = [at(0.3), at(0.8)];
  console.log(`${made} connections, memory ${before.toFixed(0)} MB after a third, ${after.toFixed(0)} MB at the end`);
  if (memory.length >= 50 && after > before * 1.5 + 32) throw new Error('memory grows');
} catch (error) {
  code = 1;
  console.error(error.message);
}
serving.kill('SIGTERM');
await ended;
fs.rmSync(folder, { recursive: true, force: true });
process.exit(code);

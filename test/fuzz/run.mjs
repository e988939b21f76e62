// npm run fuzz -- SECONDS SEED [TARGET]: the fuzzer. Its targets share the time: smtp (the built listener, and its memory), headers
// (with Python as a second reader), import, control, certificates. Prints the seed; a failure names the seed of its case, and
// `npm run fuzz -- 1 THAT_SEED TARGET` tries that case first.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Which part of the time each target has. */
const SHARES = { smtp: 0.5, headers: 0.15, import: 0.15, control: 0.1, certificates: 0.1 };
const [seconds = 60, seed = Math.floor(Math.random() * 2 ** 31)] = process.argv.slice(2, 4).map(Number);
const only = process.argv[4];
if (!(seconds > 0) || !Number.isInteger(seed) || (only !== undefined && !SHARES[only])) {
  console.error(`usage: npm run fuzz -- SECONDS SEED [${Object.keys(SHARES).join('|')}]`);
  process.exit(2);
}
/** The listener's resident memory may grow by so much in a run, in MB. */
const MOST_GROWTH = 64;
/** Connections before its memory is measured. */
const WARM = 100;
const here = import.meta.dirname;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-fuzz-'));
const entry = path.join(folder, 'fuzz.mjs');
const stdin = {
  contents: `${['fuzz', 'random', 'headers', 'files', 'control'].map((file) => `export * from ${JSON.stringify(path.join(here, `${file}.ts`))};`).join('\n')}
    export { selfSigned } from ${JSON.stringify(path.join(here, '../../src/certificates/self-signed.ts'))};
    export { homeAt } from ${JSON.stringify(path.join(here, '../../src/store/home.ts'))};
    export { listenerStatus } from ${JSON.stringify(path.join(here, '../../src/control/listener-client.ts'))};`,
  resolveDir: here,
};
const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile: entry, banner, logLevel: 'error' });
const parts = await import(pathToFileURL(entry));
const { corpus, fuzz, homeAt, listenerStatus, tryCases } = parts;

/** The built listener, whose memory is measured. */
async function smtp(options) {
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
  try {
    // What every first use takes once is no growth: the threads for passwords, TLS, code that is compiled.
    const said = corpus(path.join(here, '../dialogues'));
    const begun = performance.now();
    await fuzz(target, {
      seed: 0,
      cases: WARM,
      said: said.filter((one) => /AUTH|STARTTLS/i.test(Buffer.concat(one).toString())),
    });
    const first = Math.max(...memory.splice(0));
    const seconds = Math.max(1, options.seconds - (performance.now() - begun) / 1000);
    const made = await fuzz(target, { ...options, seconds, said });
    const most = Math.max(...memory);
    console.log(`smtp: memory ${first.toFixed(0)} MB warm, ${most.toFixed(0)} MB at most`);
    if (most > first + MOST_GROWTH) throw new Error(`memory grew by more than ${MOST_GROWTH} MB`);
    return made;
  } finally {
    serving.kill('SIGTERM');
    await ended;
  }
}

const TARGETS = {
  smtp,
  async headers(options) {
    const python = new parts.PythonReader(path.join(here, 'second-reader.py'));
    try {
      return await tryCases((random) => parts.checkHeader(python, parts.makeHeader(random)), options);
    } finally {
      python.close();
    }
  },
  import: (options) => tryCases(parts.importCase, options),
  async control(options) {
    const place = path.join(folder, 'control');
    fs.mkdirSync(place, { mode: 0o700 });
    const hostile = await parts.HostileListener.at(homeAt(place));
    try {
      return await tryCases((random) => hostile.ask(random), options);
    } finally {
      await hostile.close();
    }
  },
  certificates(options) {
    const own = parts.selfSigned('mail.contoso.com', new Date(), 7);
    const files = parts.pemFiles(path.join(here, '../certificates/fixtures'), [
      'names.pem',
      'leaf-last.pem',
      'encrypted.pem',
    ]);
    return tryCases(parts.certificateCase([own.certificate + own.key, ...files]), options);
  },
};

console.log(`fuzzing for ${seconds} s with seed ${seed}`);
let code = 0;
for (const [name, share] of Object.entries(SHARES)) {
  if (only !== undefined && only !== name) continue;
  try {
    const made = await TARGETS[name]({ seed, seconds: only ? seconds : seconds * share });
    console.log(`${name}: ${made} cases`);
  } catch (error) {
    code = 1;
    console.error(
      `${name}: ${error.message}\nagain: npm run fuzz -- 5 ${/^seed (\d+)/.exec(error.message)?.[1] ?? seed} ${name}`,
    );
  }
}
fs.rmSync(folder, { recursive: true, force: true });
process.exit(code);

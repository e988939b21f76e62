// A store of 10,000 connectors against one of two: whole processes, in turn, medians. Prints ratios; issue: under 2x.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const RC = path.resolve(import.meta.dirname, '../../bin/rc');
const rounds = Number(process.env.ROUNDS ?? 15);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-large-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));

function home(count) {
  const at = path.join(folder, String(count));
  fs.mkdirSync(at);
  const when = '2024-01-01T00:00:00.000Z';
  const connectors = Array.from({ length: count }, (_, i) => ({
    Name: `Relay ${i}`,
    Guid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    WhenCreated: when,
    WhenChanged: when,
    Bindings: [`10.${i >> 8}.${i & 255}.1:25`],
    MaxHopCount: 30,
    PermissionGroups: 'AnonymousUsers',
  }));
  const server = { name: 'EX', fqdn: 'ex.contoso.com' };
  const document = {
    $schema: '',
    schemaVersion: 1,
    generation: 1,
    server,
    connectors,
    acceptedDomains: [],
    users: [],
    transport: {},
  };
  fs.writeFileSync(path.join(at, 'store.json'), `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 });
  run(at, ['set', 'Relay 0', '--comment', 'first']); // makes stamp and history
  return at;
}

function run(at, args) {
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [RC, ...args], { env: { ...process.env, RC_HOME: at } });
  if (status !== 0) throw new Error(`rc ${args.join(' ')}: ${stderr}`);
  return performance.now() - begun;
}

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
const homes = { small: home(2), large: home(10_000) };
const cases = {
  'get NAME': () => ['get', 'Relay 1'],
  'set NAME': (i) => ['set', 'Relay 1', '--max-hop-count', String(31 + (i % 60))],
  'set NAME --bindings': (i) => ['set', 'Relay 1', '--bindings', `127.0.0.1:${3000 + i}`],
};
for (const [name, args] of Object.entries(cases)) {
  const times = { small: [], large: [] };
  for (let i = 0; i < rounds; i++) for (const size of ['small', 'large']) times[size].push(run(homes[size], args(i)));
  const [small, large] = [median(times.small), median(times.large)];
  console.log(
    `rc ${name}: ${small.toFixed(0)} ms with 2 connectors, ${large.toFixed(0)} ms with 10,000: ${(large / small).toFixed(2)}x`,
  );
}

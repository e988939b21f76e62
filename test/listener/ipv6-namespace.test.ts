/**
 * One client with a whole /64, with real addresses: a network namespace of our own, in which the loopback has six of them. The limits of
 * a source and what is told of it hold as they do for one address of IPv4 (docs/decisions/0152-a-source-of-ipv6-is-a-64.md).
 */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { RC, run } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';

const ADDRESSES = ['1:2::a', '1:2::b', '1:2:ffff::c', '1:3::a', '1:2::d', '1:2::e'].map((end) => `2001:db8:${end}`);
const LINK = ['ip link set lo up', ...ADDRESSES.map((address) => `ip -6 addr add ${address}/128 dev lo nodad`)];
const NAMESPACE = ['--map-root-user', '--net', 'bash', '-c'];

/** Run inside: serves the home, connects from each address in turn, says what each was told, and what get-source shows. */
const INSIDE = `
const { spawn, execFileSync } = require('node:child_process');
const { connect } = require('node:net');
const [rc, ...addresses] = process.argv.slice(1);
const serving = spawn(process.execPath, [rc, 'serve', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
serving.stdout.once('data', async () => {
  const told = [];
  for (const localAddress of addresses) {
    const socket = connect({ host: '2001:db8:1:2::a', port: 2525, localAddress }).setEncoding('latin1');
    told.push(await new Promise((resolve, reject) => socket.once('data', resolve).once('error', reject)));
  }
  const sources = execFileSync(process.execPath, [rc, 'get-source', '-o', 'json'], { encoding: 'utf8' });
  console.log(JSON.stringify({ told: told.map((text) => text.slice(0, 9)), sources: JSON.parse(sources) }));
  serving.kill();
  serving.once('exit', () => process.exit());
});`;

const canHaveNamespace = spawnSync('unshare', [...NAMESPACE, LINK.join(' && ')]).status === 0;

test.skipIf(!canHaveNamespace && !process.env.CI)(
  'two addresses of a /64 are one source with two connections, a third is refused; another /64 is not',
  async () => {
    const home = tempFolder();
    writeStore(home, [
      {
        Name: 'A',
        Bindings: ['[::]:2525'],
        MaxInboundConnection: 100,
        MaxInboundConnectionPerSource: 2,
        MaxInboundConnectionPercentagePerSource: 100,
      },
    ]);
    const script = [...LINK, `exec ${JSON.stringify(process.execPath)} -e "$INSIDE" "$@"`].join(' && ');
    const ran = await run('unshare', [...NAMESPACE, script, 'bash', RC, ...ADDRESSES], { home, env: { INSIDE } });
    expect(ran).toMatchObject({ code: 0 });
    const { told, sources } = JSON.parse(ran.stdout);
    expect(told.map((text: string) => text.slice(0, 3))).toEqual(['220', '220', '421', '220', '421', '421']);
    expect(sources).toMatchObject([
      { Source: '2001:db8:1:2::/64', Open: 2, RefusedMinute: 3 },
      { Source: '2001:db8:1:3::/64', Open: 1 },
    ]);
  },
);

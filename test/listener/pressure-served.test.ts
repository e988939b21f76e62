/** A listener whose mail is on a volume of 20 MB, where mounting one is allowed: it refuses before the disk is full, says so everywhere, and takes mail again. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { homeAt } from '../../src/store/home.ts';
import { dialogue, rowsOf } from '../rehearsal/rows.ts';
import { freePorts } from '../support/free-port.ts';
import { RunningListener } from '../support/listener.ts';
import { rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { until } from '../support/until.ts';
import { Client } from './harness.ts';

const REFUSED = '452 4.3.1 Insufficient system resources';

function smallDisk(path: string): boolean {
  mkdirSync(path, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    return false; // not allowed here; pressure.test.ts has the same with a machine that is made up
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', path]);
  });
  return true;
}

test.each([
  ['one process', []],
  ['two workers', ['--workers', '2']],
] as const)('%s', { timeout: 180_000 }, async (_, flags) => {
  const folder = tempFolder();
  const home = homeAt(folder);
  if (!smallDisk(home.mail)) {
    if (process.env.CI) expect.fail('CI cannot mount a small disk');
    return;
  }
  const [port] = (await freePorts(1)) as [number];
  writeStore(folder, [
    { Name: 'A', Bindings: [`127.0.0.1:${port}`], PermissionGroups: 'AnonymousUsers', TarpitInterval: '00:00:00' },
  ]);
  const listener = await RunningListener.start(folder, [...flags]);
  const client = await Client.open(port);
  onTestFinished(async () => {
    client.socket.destroy();
    await listener.stop();
  });
  await client.say('HELO x');
  const mail = async (wanted: string) => {
    await until(`MAIL is answered ${wanted}`, async () => {
      const reply = await client.say('MAIL FROM:<sue@fabrikam.com>');
      if (reply.startsWith('250')) await client.say('RSET');
      return reply === wanted;
    });
  };
  await mail('250 2.1.0 Sender OK');

  const filler = join(home.mail, 'filler');
  writeFileSync(filler, Buffer.alloc(20 * 1024 ** 2 - 100 * 1024));
  await mail(REFUSED);
  const status = JSON.parse((await rc(['status', '-o', 'json'], { home: folder })).stdout);
  const [{ Pressure, UnderPressure }] = Array.isArray(status) ? status : [status];
  expect([Pressure, UnderPressure]).toEqual(['High', [expect.stringMatching(/^the volume of .* is 99\.\d % used/)]]);
  const why = rowsOf(await rc(['why', '--from', '127.0.0.1', '--to', String(port)], { home: folder }));
  expect(dialogue(why).at(-1)).toMatchObject({
    Result: REFUSED,
    Why: expect.stringMatching(
      /^Back pressure: the volume of .* UsedDiskSpaceHighThreshold of the transport service is 99\./,
    ),
    Mend: ['rc set-transport-service --used-disk-space-medium-threshold 100 --used-disk-space-high-threshold 100'],
  });
  const events = (await rc(['get-event', '--output', 'ndjson'], { home: folder })).stdout;
  expect(events).toMatch(/"Id":15004/);
  expect(events).toMatch(/"Id":15006/);
  expect((await rc(['get-source', '--output', 'ndjson'], { home: folder })).stdout).toContain(
    'UsedDiskSpaceHighThreshold',
  );

  rmSync(filler);
  await mail('250 2.1.0 Sender OK');
  expect((await rc(['get-event', '--output', 'ndjson'], { home: folder })).stdout).toMatch(/"Id":15005/);
});

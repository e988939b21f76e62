/** `rc serve --temporary`: its home goes with it, and one that was left by a listener that was killed goes with the next. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environment, RC } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';

test('a killed one leaves its home behind, the next takes it away and leaves what is not ours or runs', async () => {
  const place = tempFolder('tmp');
  for (const name of ['rc-temporary-without-listener', 'rc-other']) mkdirSync(join(place, name));
  const homes = () => readdirSync(place).filter((name) => /^rc-temporary-.{6}$/.test(name));
  const serve = async () => {
    const child = spawn(process.execPath, [RC, 'serve', '--temporary', '--json'], {
      env: environment({ env: { TMPDIR: place } }),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout!, 'data');
    return child;
  };
  const end = async (child: Awaited<ReturnType<typeof serve>>, signal: NodeJS.Signals) => {
    child.kill(signal);
    await once(child, 'exit');
  };
  const running = await serve();
  const killed = await serve();
  expect(homes()).toHaveLength(2);
  await end(killed, 'SIGKILL');
  expect(homes()).toHaveLength(2);
  const next = await serve();
  expect(homes()).toHaveLength(2);
  await end(next, 'SIGTERM');
  await end(running, 'SIGTERM');
  expect(readdirSync(place).sort()).toEqual(['rc-other', 'rc-temporary-without-listener']);
});

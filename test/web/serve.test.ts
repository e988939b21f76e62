/** `rc serve --web` as a process: what it says of the way in, to whom, and what it leaves behind. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Binding } from '../../src/domain/value.ts';
import { openPage } from '../../src/listener/web/open-page.ts';
import { homeAt } from '../../src/store/home.ts';
import { Events } from '../listener/harness.ts';
import { freePort, freePorts } from '../support/free-port.ts';
import { rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { until } from '../support/until.ts';
import { ServedPage } from './scene.ts';

let served: ServedPage | undefined;
afterEach(async () => {
  await served?.stop();
  served = undefined;
});

async function home(): Promise<string> {
  const folder = tempFolder('web');
  writeStore(folder, [{ Name: 'Default EX', Bindings: [`127.0.0.1:${await freePort()}`] }]);
  return folder;
}

test('what goes to a pipe or a journal has no token; the file has', async () => {
  served = await ServedPage.start(await home(), `127.0.0.1:${await freePort()}`);
  const { token, out, err } = served;
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(out).toContain(`its token is in ${join(served.home, 'web.token')}`);
  const events = await until('the event is written', () => {
    const text = readFileSync(join(served!.home, 'events.ndjson'), 'utf8');
    return text.includes('"id":17090') && text;
  });
  for (const text of [out, err, events]) expect(text).not.toContain(token);
  const page = await fetch(served.url);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<div id="page">')]);
});

test('to a terminal it is a link that lets one in', async () => {
  const at = homeAt(tempFolder('web'));
  const listener = { connectors: [], live: [], state: { applied: 1 }, server: { name: 'EX', fqdn: 'ex.contoso.com' } };
  const page = openPage({
    address: new Binding('127.0.0.1', await freePort()),
    home: at,
    events: new Events(),
    listener: listener as never,
    observer: { look: () => ({}) } as never,
    runCommand: async () => ({ code: 0, stdout: '', stderr: '' }),
  });
  await page.open();
  const token = readFileSync(at.webToken, 'utf8').trim();
  const link = page.greeting(true);
  expect(link).toMatch(/^The page is on http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+$/);
  expect(link.endsWith(`#token=${token}`)).toBe(true);
  await page.close();
});

test('a port that is taken: it does not start, and says what to do', async () => {
  served = await ServedPage.start(await home(), `127.0.0.1:${await freePort()}`);
  const { port } = new URL(served.url);
  const { code, stderr } = await rc(['serve', '--web', port], { home: await home() });
  expect(stderr).toContain(
    `rc serve: The page cannot be on 127.0.0.1:${port}: something else listens there already. Give --web another port.`,
  );
  expect(code).toBe(1);
});

test('without --web nothing listens for it and no token is made', async () => {
  const folder = await home();
  const [smtp] = await freePorts(1);
  await rc(['set', 'Default*', '--bindings', `127.0.0.1:${smtp}`], { home: folder });
  const { RunningListener } = await import('../support/listener.ts');
  const listener = await RunningListener.start(folder);
  expect(() => readFileSync(join(folder, 'web.token'))).toThrow(/ENOENT/);
  expect(listener.stderr).not.toContain('17090');
  await listener.stop();
});

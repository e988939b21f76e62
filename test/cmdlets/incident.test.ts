/** The incident of docs/operations.md, from the alert to the fix, with the very commands that stand there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Client, freePort } from '../listener/harness.ts';
import { RunningListener } from '../support/listener.ts';
import { bash, ROOT } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { until } from '../support/until.ts';

const section = /^## An alert: [\s\S]*?(?=^## )/m.exec(readFileSync(join(ROOT, 'docs/operations.md'), 'utf8'))![0];
/** The commands, without what stands beside them; the address is one that a test can connect from. */
const COMMANDS = [...section.matchAll(/^ {4}(rc .*?)(?: {3,}.*)?$/gm)].map((m) =>
  m[1]!.replaceAll('10.1.2.3', '127.0.0.3'),
);
const command = (start: string) => COMMANDS.find((line) => line.startsWith(start))!;

let home: string;
let port: number;
let listener: RunningListener;
const clients: Client[] = [];

beforeEach(async () => {
  home = tempFolder();
  port = await freePort();
  const Bindings = [`127.0.0.1:${port}`];
  writeStore(home, [
    { Name: 'Default EX', Bindings, RemoteIPRanges: ['127.0.0.0/8'], PermissionGroups: 'AnonymousUsers' },
  ]);
  listener = await RunningListener.start(home);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.destroy();
  await listener.stop();
});

async function typed(line: string, code = 0): Promise<Record<string, unknown>[]> {
  const ran = await bash(`set -o pipefail; ${line}`, { home });
  expect([line, ran.code, ran.stderr.replace(/^(?:What if: .*| {2}\S.* → .*)\n/gm, '')]).toEqual([line, code, '']);
  return ran.stdout
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text));
}

test('every step does what the page says', async () => {
  const connect = async () => clients.push(await Client.open(port, { localAddress: '127.0.0.3' }));
  for (let n = 0; n < 25; n++) await connect();
  const seen = new Set<string>();
  const step = (start: string, code?: number) => {
    seen.add(command(start));
    return typed(command(start), code);
  };

  expect(await step('rc get-listener')).toMatchObject([{ State: 'Running' }]);
  const refused = COMMANDS.filter((line) => line.startsWith('rc get-source | rc where'));
  expect(new Set(refused).size).toBe(1);
  const source = { Connector: 'Default EX', Source: '127.0.0.3', Rule: 'MaxInboundConnectionPerSource' };
  expect(await step('rc get-source | ')).toMatchObject([{ ...source, Open: 20, Limit: 20, RefusedMinute: 5 }]);
  expect(await until('the event', async () => (await step('rc get-event 1021'))[0])).toMatchObject({
    Address: '127.0.0.3',
  });
  const told = await step('rc test-receive-connector', 1);
  expect(told.find((row) => row.Step === 'Connect')).toMatchObject({
    Why: '127.0.0.3 has 20 connections to Default EX, and MaxInboundConnectionPerSource is 20.',
    Mend: ["rc set 'Default EX' --max-inbound-connection-per-source 40"],
  });
  expect(await step('rc get-session --source 127.0.0.3 | rc sort')).toHaveLength(20);

  await step("rc set 'Default*' --max-inbound-per-source 100 --what-if");
  await connect();
  expect(clients.at(-1)!.lines[0]).toMatch(/^421 4\.3\.2 /);
  await step("rc set 'Default*' --max-inbound-per-source 100 --wait");
  await connect();
  expect(clients.at(-1)!.lines[0]).toMatch(/^220 /);
  expect((await step('rc test-receive-connector')).at(-1)).toMatchObject({ Step: 'Result', Accepted: true });
  expect(await step('rc get-source --source')).toMatchObject([{ ...source, Open: 21, Limit: 100, PercentUsed: 21 }]);

  expect(await step('rc get-session --source 127.0.0.3 | rc where')).toHaveLength(21);
  await until('all are gone', async () => (await listener.status())?.sessions === 0);
  await step("rc set 'Default*' --connection-inactivity-timeout");
  // The first generation is the store as the test wrote it.
  expect((await step('rc history')).map((entry) => entry.Generation)).toEqual([3, 2, 1]);
  await step('rc undo --what-if');
  expect([...seen].sort()).toEqual([...new Set(COMMANDS)].sort());
});

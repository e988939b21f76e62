/** --wait: the command returns when the running listener obeys; it fails, saying why, when it does not. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { RunningListener } from '../support/listener.ts';
import { rc } from '../support/rc.ts';
import { storeIn, tempFolder, writeStore } from '../support/temp-home.ts';
import { until } from '../support/until.ts';

const after: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of after.splice(0)) await undo();
});

async function withListener(): Promise<{ home: string; listener: RunningListener }> {
  const home = tempFolder();
  writeStore(home, [{ Name: 'A', Bindings: [`127.0.0.1:${await freePort()}`], PermissionGroups: 'AnonymousUsers' }]);
  const listener = await RunningListener.start(home);
  after.push(() => listener.stop());
  return { home, listener };
}

/** A listener that only answers: what the real one says in cases that are hard to bring about. */
async function answering(home: string, answer: object): Promise<void> {
  const server: Server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => server.listen(join(home, 'control.sock'), done));
  after.push(() => new Promise((done) => server.close(done)));
}

describe('--wait', () => {
  it('returns when the listener has applied the generation, for every changing command', async () => {
    const { home, listener } = await withListener();
    const port = await freePort();
    const commands = [
      ['set', 'A', '--max-inbound-per-source', '7'],
      ['new', 'B', '--custom', '--bindings', `127.0.0.1:${port}`, '--remote-ip-ranges', '127.0.0.1'],
      ['undo'],
      ['undo', '4'],
      ['remove', 'B', '--confirm=false'],
    ];
    for (const command of commands) {
      const ran = await rc([...command, '--wait'], { home });
      expect({ code: ran.code, stderr: ran.stderr }, command.join(' ')).toEqual({ code: 0, stderr: '' });
      expect((await listener.status())!.generation.applied).toBe(storeIn(home).generation);
    }
    const state = JSON.parse((await rc(['get-listener'], { home })).stdout) as Record<string, unknown>;
    expect(state).toMatchObject({
      State: 'Running',
      Generation: 6,
      GenerationWanted: 6,
      Pid: listener.child.pid,
      LastError: '',
    });
  });

  it('fails when a binding cannot be opened; the change stays and is said to', async () => {
    const { home } = await withListener();
    const blocker = createTcpServer();
    await new Promise<void>((done) => blocker.listen(0, '127.0.0.1', done));
    after.push(() => new Promise((done) => blocker.close(done)));
    const { port } = blocker.address() as AddressInfo;
    const ran = await rc(['set', 'A', '--bindings', `127.0.0.1:${port}`, '--wait'], { home });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      new RegExp(`The change is written \\(generation 2\\) and applied, but:\n  127.0.0.1:${port} \\(A\\) is not open`),
    );
    expect(storeIn(home).generation).toBe(2);
  });

  it('fails when no listener runs, when it refuses, and when it does not answer in time', async () => {
    const home = tempFolder();
    writeStore(home, [{ Name: 'A', Bindings: ['127.0.0.1:2525'] }]);
    const set = (n: number, wait = '--wait') => rc(['set', 'A', '--max-hop-count', String(n), wait], { home });
    expect(await set(5)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The change is written (generation 2), but no listener runs on'),
    });
    await answering(home, { result: 'refused', generation: 3, reason: 'Bindings: cannot be' });
    expect(await set(6)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/generation 3\), but the listener refused it .*: Bindings: cannot be\n.*rc undo 3/),
    });
    for (const undo of after.splice(0)) await undo();
    await answering(home, { result: 'timeout', generation: 4 });
    expect(await set(7, '--wait=1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has not applied it within 1 s'),
    });
    expect(storeIn(home).connectors[0]!.MaxHopCount).toBe(7);
  });

  it('is refused on commands that change nothing, and does nothing with --what-if', async () => {
    const home = tempFolder();
    writeStore(home, [{ Name: 'A', Bindings: ['127.0.0.1:2525'] }]);
    expect(await rc(['get', '--wait'], { home })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--wait is for commands'),
    });
    expect(await rc(['set', 'A', '--max-hop-count', '5', '--wait', '--what-if'], { home })).toMatchObject({ code: 0 });
  });
});

describe('rc get-listener', () => {
  it('says Stopped with exit code 1 when none runs', async () => {
    const home = tempFolder();
    writeStore(home, []);
    const { code, stdout } = await rc(['get-listener'], { home });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ Server: 'EX', State: 'Stopped', Pid: null, GenerationWanted: 1 });
  });

  it('says what keeps it from a store edited to something that cannot be', async () => {
    const { home, listener } = await withListener();
    await rc(['set', 'A', '--comment', 'first', '--wait'], { home });
    const file = join(home, 'store.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"Bindings"', '"MaxHopCount": 900,\n      "Bindings"'));
    await until('the listener has seen it', async () => (await listener.status())?.lastError);
    const refusing = JSON.parse((await rc(['get-listener'], { home })).stdout) as Record<string, string>;
    expect(refusing).toMatchObject({ State: 'Refusing', Generation: 2 });
    expect(refusing.LastError).toMatch(/MaxHopCount: .*900.* out of range/);
    writeFileSync(file, text.replace('"Bindings"', '"MaxHopCount": 90,\n      "Bindings"'));
    await until('the listener has applied the mended file', async () => (await listener.status())?.lastError === '');
    const ran = await rc(['set', 'A', '--comment', 'x', '--wait'], { home });
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' });
    expect(storeIn(home)).toMatchObject({ generation: 4, connectors: [{ MaxHopCount: 90, Comment: 'x' }] });
  });
});

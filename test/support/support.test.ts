import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freePorts } from './free-port.ts';
import { SECONDS } from './longest-first.ts';
import { bash, ROOT, rc } from './rc.ts';
import { SERVER, storeIn, tempFolder, writeStore } from './temp-home.ts';
import { InVain, until } from './until.ts';

describe('what tests stand on', () => {
  test('rc runs in a home of its own, which first use fills', async () => {
    const home = tempFolder();
    const { code, stdout, stderr } = await rc(['get', '--select', 'Name'], { home });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`{"Name":"Default ${SERVER}"}\n{"Name":"Client ${SERVER}"}\n`);
    expect(storeIn(home).connectors).toHaveLength(2);
  });

  test('bash finds rc', async () => {
    const home = tempFolder();
    writeStore(home, [{ Name: 'Relay', Bindings: ['127.0.0.1:2526'] }]);
    expect((await bash('rc get Relay --select Identity; echo "exit $?"', { home })).stdout).toBe(
      '{"Identity":"EX\\\\Relay"}\nexit 0\n',
    );
  });

  test('a folder is there and is new each time', () => {
    const [a, b] = [tempFolder(), tempFolder()];
    expect(a).not.toBe(b);
    expect(existsSync(a)).toBe(true);
  });

  test('files that are said to be long are there', () => {
    expect(Object.keys(SECONDS).filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  test('free ports can be listened on', async () => {
    const ports = await freePorts(3);
    expect(new Set([...ports, ...(await freePorts(3))]).size).toBe(6); // who was given one may not listen on it yet
    const server = createServer().listen(ports[0], '127.0.0.1');
    await until('the server to listen', () => server.listening);
    server.close();
  });

  test('waiting ends with the answer, or says what it waited for', async () => {
    let asked = 0;
    expect(await until('the third time', () => ++asked === 3 && 'now')).toBe('now');
    await expect(until('never', () => undefined, { timeout: 20 })).rejects.toThrow('waited 20 ms in vain for: never');
    let looked = 0;
    const ended = () => {
      looked++;
      throw new InVain('it ended');
    };
    await expect(until('what has ended', ended)).rejects.toThrow('it ended');
    expect(looked).toBe(1);
  });
});

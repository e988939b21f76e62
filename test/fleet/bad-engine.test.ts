/** Engines and documents that cannot be: a clear error, nothing changed, and what to type. */
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../listener/harness.ts';
import { freePort } from '../support/free-port.ts';
import { rc } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { until } from '../support/until.ts';
import { hasEngine, Member, TestEngine } from './scene.ts';

describe.skipIf(!hasEngine)('joining an engine that is not as it should be', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await TestEngine.start();
  });
  afterAll(() => engine?.stop());

  /** @returns what was said; the home is as before */
  async function refused(url: string, ...flags: string[]): Promise<string> {
    const member = await Member.make('BAD', 30);
    const before = readFileSync(join(member.home, 'store.json'), 'utf8');
    const ran = await member.tried('join-fleet', url, ...flags);
    expect(ran.code, ran.stderr).toBe(1);
    expect(readFileSync(join(member.home, 'store.json'), 'utf8')).toBe(before);
    expect(existsSync(join(member.home, 'fleet.json'))).toBe(false);
    return ran.stderr;
  }

  test('a key of somebody else under the name', async () => {
    await engine.say('SET', 'rc:{other}:document', 'mine');
    expect(await refused(engine.url, '--name', 'other')).toMatch(/something that is not a fleet's.*--name NAME/s);
    await engine.say('HSET', 'rc:{hash}:document', 'format', 'shopping', 'id', '1', 'generation', '1');
    expect(await refused(engine.url, '--name', 'hash')).toMatch(/no fleet of ours.*--name NAME/s);
    expect(await engine.say('GET', 'rc:{other}:document')).toContain('mine');
    await engine.say('HSET', 'rc:{plain}:document', 'apples', '3');
    expect(await refused(engine.url, '--name', 'plain')).toMatch(/a hash that rc has not made.*--name NAME/s);
    expect(await engine.say('HLEN', 'rc:{plain}:document')).toBe(':1\r\n');
  });

  test('a document that a newer rc wrote, or that is none', async () => {
    const fields = ['id', 'x', 'generation', '7', 'document', '{}'];
    await engine.say('HSET', 'rc:{newer}:document', 'format', 'receive-connector fleet 9', ...fields);
    expect(await refused(engine.url, '--name', 'newer')).toMatch(/newer rc \(form 9; this one knows up to 1\)/);
    await engine.say('HSET', 'rc:{odd}:document', 'format', 'receive-connector fleet 1', ...fields);
    expect(await refused(engine.url, '--name', 'odd')).toMatch(/is not what rc wrote .*left untouched/s);
  });

  test('a user who lacks a right is told which, and what it needs', async () => {
    await engine.say('ACL', 'SETUSER', 'weak', 'on', '>pw', '~rc:*', '&rc:*', '+@all', '-evalsha', '-eval');
    const file = join(tempFolder('secret'), 'password');
    writeFileSync(file, 'pw\n', { mode: 0o600 });
    const said = await refused(`redis://weak@127.0.0.1:${engine.port}`, '--name', 'weak', '--password-file', file);
    expect(said).toMatch(/lacks a right .*evalsha.*It needs.*ACL SETUSER weak ~rc:\{NAME\}:\*.*\+evalsha\./s);
  });

  test('the user of docs/fleet.md has all that is needed', async () => {
    const doc = readFileSync(join(import.meta.dirname, '../../docs/fleet.md'), 'utf8');
    const words = /^ {4}ACL SETUSER (.*)$/m.exec(doc)![1]!.split(' ');
    await engine.say('ACL', 'SETUSER', ...words.map((word) => (word === '>PASSWORD' ? '>pw' : word)));
    const file = join(tempFolder('secret'), 'password');
    writeFileSync(file, 'pw\n', { mode: 0o600 });
    const member = await Member.make('ACL', 31);
    await member.rc('join-fleet', `redis://rc@127.0.0.1:${engine.port}`, '--password-file', file);
    await member.rc('set', 'Relay', '--max-hop-count', '20');
    expect((await member.fleet()).State).toBe('Connected');
    await member.rc('set', 'Relay', '--limit-scope', 'Fleet');
    await member.serve();
    await until('its listener counts there', async () => (await member.listener!.status())?.fleet?.counting === true);
    const client = await Client.open(member.port, { host: member.address });
    expect(client.lines[0]).toMatch(/^220 /);
    expect(await engine.say('HVALS', 'rc:{default}:connector:relay')).toContain('1');
    expect(JSON.parse((await member.rc('get-session', '--output', 'ndjson')).stdout)).toMatchObject({ Server: 'ACL' });
    await client.end();
    await member.stop();
    expect(member.told(17201)).toEqual([]);
    await member.rc('leave-fleet');
    expect(await engine.say('EXISTS', 'rc:{default}:document')).toContain(':0');
  });

  test('a copy of a home: it does not take the connectors out of the fleet of who runs; taken out, it comes back by joining', async () => {
    const [one, two] = [await Member.make('EX51', 34), await Member.make('EX52', 35)];
    for (const member of [one, two]) await member.join(engine, '--name', 'copies');
    const key = (name: string) => `rc:{copies}:${name}`;
    const twin = { server: 'EX52', home: 'elsewhere:1', host: 'mx9', pid: 7, version: '1', started: 1, generation: 1 };
    await engine.say('HSET', key('nodes'), 'twin', JSON.stringify(twin));
    await engine.say('ZADD', key('alive'), '1e15', 'twin');
    const refused = await two.tried('leave-fleet');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/runs as server EX52 from another home \(on mx9.*rc leave-fleet --keep/s);
    expect((await one.rc('get')).stdout).toContain('EX52\\\\Relay');
    await engine.say('ZREM', key('alive'), 'twin');
    const home = tempFolder('copy');
    cpSync(two.home, home, { recursive: true });
    expect((await rc(['leave-fleet'], { home })).code).toBe(0); // nobody runs: it is taken for the server
    const lost = await two.tried('set', 'Relay', '--max-hop-count', '9');
    expect(lost.stderr).toContain(`To come back: rc join-fleet ${engine.url} --name copies`);
    await two.rc('join-fleet', engine.url, '--name', 'copies');
    expect((await one.rc('get')).stdout).toContain('EX52\\\\Relay');
    await two.rc('set', 'EX51\\Relay', '--max-hop-count', '9');
  });

  test('too old', async () => {
    const port = await freePort();
    const info = '# Server\r\nredis_version:5.0.14\r\nrun_id:abc\r\n';
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        for (const word of String(chunk).match(/INFO|SELECT|CLIENT|HELLO|AUTH/gi) ?? [])
          socket.write(/INFO/i.test(word) ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n');
      });
    });
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    expect(await refused(`redis://127.0.0.1:${port}`)).toMatch(
      /is Redis 5\.0\.14; a fleet needs Redis 6\.2, Valkey 7\.2/,
    );
    server.close();
  });

  test('a replica takes no changes', async () => {
    const replica = await TestEngine.start(['--save', '', '--replicaof', '127.0.0.1', String(engine.port)]);
    try {
      expect(await refused(replica.url, '--name', 'replica')).toMatch(/is a replica and takes no changes/);
    } finally {
      await replica.stop();
    }
  });

  test('old data: a generation that goes back is not followed, and a member puts its own there again', async () => {
    const member = await Member.make('OLD', 32);
    await member.join(engine, '--name', 'old');
    const before = (await engine.say('HGET', 'rc:{old}:document', 'document')).split('\r\n')[1]!;
    const { generation } = member.store;
    await member.rc('set', 'Relay', '--max-hop-count', '20');
    await engine.say('HSET', 'rc:{old}:document', 'document', before, 'generation', String(generation));
    const ran = await member.tried('set', 'Relay', '--max-hop-count', '21');
    expect(ran.stderr).toMatch(/went back from \d+ to \d+: the engine has old data.*rc join-fleet .*--name old/s);
    expect((await member.fleet()).State).toBe('NotFollowed');
    expect((await member.rc('join-fleet', engine.url, '--name', 'old')).stderr).toContain('is there again');
    await member.rc('set', 'Relay', '--max-hop-count', '22');
    expect((await member.fleet()).State).toBe('Connected');
  });

  test('connectors of a server by the same names are not overwritten', async () => {
    const first = await Member.make('SAME', 33);
    await first.join(engine, '--name', 'same');
    const second = await Member.make('SAME', 34);
    const ran = await second.tried('join-fleet', engine.url, '--name', 'same');
    expect(ran.stderr).toMatch(/by the same names:\n {2}SAME\\Relay\n.*--server NAME/s);
    await second.rc('join-fleet', engine.url, '--name', 'same', '--server', 'OTHER');
    expect(second.store.connectors).toHaveLength(2);
  });

  test('a new address: the fleet goes on where it is put', async () => {
    const [one, two] = [await Member.make('N1', 35), await Member.make('N2', 36)];
    for (const member of [one, two]) await member.join(engine, '--name', 'moved');
    const other = await TestEngine.start();
    try {
      await two.rc('set', '*\\Relay', '--max-hop-count', '20');
      await two.rc('join-fleet', other.url, '--name', 'moved');
      await one.rc('join-fleet', other.url, '--name', 'moved');
      expect(one.store.generation).toBe(two.store.generation);
      await one.rc('set', '*\\Relay', '--max-hop-count', '30');
      await two.rc('set', '*\\Relay', '--max-hop-count', '31');
      expect(two.store.generation).toBe(one.store.generation + 1);
    } finally {
      await other.stop();
    }
  });
});

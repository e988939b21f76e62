/** Joining, changing and leaving a fleet, with a real engine and real listeners. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rc } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { until } from '../support/until.ts';
import { fleetOf, hasEngine, Member, TestEngine } from './scene.ts';

const names = (member: Member) =>
  member.store.connectors.map((c) => `${c.Server ?? member.store.server.name}\\${c.Name}`).sort();

describe.skipIf(!hasEngine)('a fleet of three', () => {
  let engine: TestEngine;
  let members: Member[];

  beforeAll(async () => {
    engine = await TestEngine.start();
    members = await fleetOf(3, engine);
  });

  afterAll(async () => {
    for (const member of members ?? []) await member.stop();
    await engine?.stop();
  });

  test('each has the connectors of all, and says which generation it acts by', async () => {
    for (const member of members) {
      await until(`${member.server} has all`, () => names(member).length === 3);
      expect(names(member)).toEqual(['EX01\\Relay', 'EX02\\Relay', 'EX03\\Relay']);
    }
    expect((await members[0]!.rc('get-fleet')).stdout).toContain('EX03: generation');
    const fleet = await members[1]!.fleet();
    expect(fleet).toMatchObject({ Name: 'default', State: 'Connected', Server: 'EX02', LiveNodes: 3, LastError: '' });
    expect(fleet.Generation).toBe(fleet.FleetGeneration);
  });

  test('a change on one acts on all before --wait returns, and all have its line of history', async () => {
    const [one, two, three] = members as [Member, Member, Member];
    await one.rc('set', 'EX03\\Relay', '--max-inbound-per-source', '77', '--wait=20');
    const { generation } = one.store;
    for (const member of [two, three]) {
      expect((await member.listener!.status())!.generation.applied).toBe(generation);
      const relay = member.store.connectors.find((c) => (c.Server ?? member.server) === 'EX03');
      expect(relay).toMatchObject({ MaxInboundConnectionPerSource: 77 });
      const [line] = readFileSync(join(member.home, 'history.ndjson'), 'utf8').trim().split('\n').reverse();
      expect(JSON.parse(line!)).toMatchObject({ generation, command: expect.stringContaining('set') });
      expect(JSON.parse(line!).user).toContain('@EX01');
      expect((await member.tried('doctor')).stdout).not.toMatch(/history/i);
    }
  });

  test('changes at the same moment on all three are all made, one after the other', async () => {
    const before = members[0]!.store.generation;
    await Promise.all(
      members.map((member, i) => member.rc('new-accepted-domain', `d${i}`, '--domain-name', `d${i}.example`)),
    );
    await until('all have all', () => members.every((member) => member.store.generation === before + 3));
    for (const member of members)
      expect(member.store.acceptedDomains.map(({ DomainName }) => DomainName).sort()).toEqual([
        'd0.example',
        'd1.example',
        'd2.example',
      ]);
  });

  test('undo on another server takes a change back everywhere', async () => {
    const [one, two] = members as [Member, Member];
    await one.rc('set', 'EX01\\Relay', '--max-hop-count', '33', '--wait=20');
    await two.rc('undo', String(one.store.generation), '--wait=20');
    for (const member of members)
      expect(member.store.connectors.find((c) => (c.Server ?? member.server) === 'EX01')).not.toHaveProperty(
        'MaxHopCount',
      );
  });

  test('an edit of store.json by hand becomes a change of the fleet', async () => {
    const [one, two] = members as [Member, Member];
    const path = join(one.home, 'store.json');
    const { store } = one;
    const connectors = store.connectors.map((c) => (c.Server ? c : { ...c, Comment: 'by hand' }));
    writeFileSync(path, `${JSON.stringify({ ...store, connectors }, null, 2)}\n`);
    await until('EX02 has it', () =>
      two.store.connectors.some((c) => (c as { Comment?: string }).Comment === 'by hand'),
    );
    await until('one generation', () => one.store.generation === two.store.generation);
  });

  test('a listener that was away has every line of the history when it comes back', async () => {
    const [one, , three] = members as [Member, Member, Member];
    await three.stop();
    for (const count of ['41', '42', '43']) await one.rc('set', 'EX01\\Relay', '--max-hop-count', count);
    await three.serve();
    const { generation } = one.store;
    await until('it follows', () => three.store.generation === generation);
    const lines = readFileSync(join(three.home, 'history.ndjson'), 'utf8').trim().split('\n');
    const last = lines.slice(-3).map((line) => JSON.parse(line) as { generation: number; changes: unknown[] });
    expect(last.map((line) => line.generation)).toEqual([generation - 2, generation - 1, generation]);
    expect(last.every(({ changes }) => changes.length === 1)).toBe(true);
  });

  test('the engine away: changes are refused and nothing is written; listeners go on, and follow when it is back', async () => {
    const [one, two] = members as [Member, Member];
    const before = readFileSync(join(one.home, 'store.json'), 'utf8');
    engine.signal('SIGSTOP');
    const refused = await one.tried('set', 'Relay', '--max-hop-count', '50');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/engine .* cannot be asked .*Nothing was changed/s);
    expect(readFileSync(join(one.home, 'store.json'), 'utf8')).toBe(before);
    expect((await two.listener!.status())!.pid).toBe(two.listener!.child.pid);
    expect((await one.fleet()).State).toBe('EngineAway');
    engine.signal('SIGCONT');
    await until(
      'it can be changed again',
      async () => (await one.tried('set', 'Relay', '--max-hop-count', '50')).code === 0,
    );
  });

  test('two machines with one server name: the second is refused, and told what to type', async () => {
    const twin = await Member.make('EX01', 9);
    const refused = await twin.tried('join-fleet', engine.url, '--server', 'EX01');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/listener runs as server EX01 .*--server NAME/s);
    expect(existsSync(join(twin.home, 'fleet.json'))).toBe(false);
  });

  test('leaving keeps this server’s own and takes it out of the fleet', async () => {
    const [one, , three] = members as [Member, Member, Member];
    const left = await three.rc('leave-fleet', '--wait=20');
    expect(left.stderr).toContain('EX03 has left the fleet "default". Still in it: EX01, EX02.');
    expect(names(three)).toEqual(['EX03\\Relay']);
    expect(three.store.servers).toBeUndefined();
    await until('EX01 knows', () => names(one).length === 2);
    expect((await three.fleet()).State).toBe('None');
    await three.rc('set', 'Relay', '--max-hop-count', '12');
    await three.rc('join-fleet', engine.url, '--server', 'EX03');
    await until('EX01 has it again', () => names(one).length === 3);
  });
});

describe.skipIf(!hasEngine)('joining', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await TestEngine.start(['--save', '', '--requirepass', 'geheim']);
  });
  afterAll(() => engine?.stop());

  const passwordFile = (text: string) => {
    const file = join(tempFolder('secret'), 'password');
    writeFileSync(file, `${text}\n`, { mode: 0o600 });
    return file;
  };

  test('a password comes from a file and stays in one that only the owner reads', async () => {
    const member = await Member.make('PW01', 20);
    await member.join(engine, '--name', 'pw', '--password-file', passwordFile('geheim'));
    expect(statSync(join(member.home, 'fleet.password')).mode & 0o777).toBe(0o600);
    for (const file of ['fleet.json', 'history.ndjson', 'store.json'])
      expect(readFileSync(join(member.home, file), 'utf8')).not.toContain('geheim');
    await member.rc('set', 'Relay', '--max-hop-count', '20');
    const other = await Member.make('PW02', 21);
    const ran = await rc(['join-fleet', engine.url, '--name', 'pw', '--server', 'PW02'], {
      home: other.home,
      env: { RC_FLEET_PASSWORD_FILE: passwordFile('geheim') },
    });
    expect(ran.code, ran.stderr).toBe(0);
    // The users' hashes do not travel in the clear.
    const user = await rc(['new-smtp-user', 'scanner', '--password-file', passwordFile('x')], { home: other.home });
    expect(user.stderr).toMatch(/do not travel .* in the clear.*rediss:.*--allow-plaintext/s);
    await other.rc(
      'join-fleet',
      engine.url,
      '--name',
      'pw',
      '--password-file',
      passwordFile('geheim'),
      '--allow-plaintext',
    );
    await other.rc('new-smtp-user', 'scanner', '--password-file', passwordFile('x'));
    const behind = await member.tried('set', 'Relay', '--max-hop-count', '21');
    expect(behind.stderr).toMatch(/do not travel/);
  });

  const cases: [what: string, args: (engine: TestEngine) => Promise<string[]> | string[], says: RegExp][] = [
    ['no URL', () => ['ex.contoso.com:6379'], /no address of an engine.*redis:\/\/ex\.contoso\.com:6379/s],
    ['a password in the URL', () => ['redis://rc:geheim@127.0.0.1'], /has a password in it.*--password-file/s],
    [
      'a port where nobody is',
      () => ['redis://127.0.0.1:1'],
      /127\.0\.0\.1:1 cannot be asked .*ECONNREFUSED.*Nothing listens there/s,
    ],
    ['no URL at all', () => [], /not said\. Give redis:/],
    ['a port that is none', () => ['redis://127.0.0.1:99999'], /port 99999 is not between 1 and 65535/],
    ['no password', (e) => [e.url], /does not let us in .*--password-file/s],
    ['a wrong password', (e) => [e.url, '--password-file', passwordFile('falsch')], /does not let us in/],
    ['a name that cannot be', (e) => [e.url, '--name', 'a b'], /"a b" is no name of a fleet; allowed/],
    ['a server’s name that cannot be', (e) => [e.url, '--server', 'EX\\1'], /wildcard, slash or backslash/],
  ];
  test.each(cases)('%s: a clear error, nothing changed', async (_, args, says) => {
    const member = await Member.make('BAD', 22);
    const before = readFileSync(join(member.home, 'store.json'), 'utf8');
    const ran = await member.tried('join-fleet', ...(await args(engine)));
    expect(ran.code).toBeGreaterThan(0);
    expect(ran.stderr).toMatch(says);
    expect(ran.stderr).not.toContain('geheim');
    expect(readFileSync(join(member.home, 'store.json'), 'utf8')).toBe(before);
    expect(existsSync(join(member.home, 'fleet.json'))).toBe(false);
  });
});

describe.skipIf(!hasEngine)('join-fleet --what-if', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await TestEngine.start();
  });
  afterAll(() => engine?.stop());

  test('looks at the engine, says what would be, and writes nothing', async () => {
    const home = tempFolder();
    const look = (...more: string[]) =>
      rc(['join-fleet', engine.url, '--server', 'EX01', ...more, '--what-if'], { home });
    await rc(['new-accepted-domain', 'contoso.com'], { home });
    const before = readFileSync(join(home, 'store.json'), 'utf8');
    const keys = () => engine.say('DBSIZE');
    const empty = await keys();
    const founded = await look();
    expect(founded).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^What if: Joining .*\n {2}It is not there yet/),
    });
    expect(await keys()).toBe(empty);
    expect(readFileSync(join(home, 'store.json'), 'utf8')).toBe(before);
    expect(existsSync(join(home, 'fleet.json'))).toBe(false);

    const other = tempFolder();
    await rc(['new-accepted-domain', 'contoso.com'], { home: other });
    await rc(['join-fleet', engine.url, '--server', 'EX02'], { home: other });
    const joined = await look();
    expect(joined.stderr).toMatch(/EX01 and its connectors would come beside the others/);
    expect(joined.stderr).toContain('WARNING: The fleet has the accepted domain "contoso.com" already');
    expect(existsSync(join(home, 'fleet.json'))).toBe(false);
  });

  test('what would be refused is said, and nothing else', async () => {
    const home = tempFolder();
    for (const url of ['redis://127.0.0.1:1', engine.url]) {
      const flags = url === engine.url ? ['--name', 'secret'] : [];
      if (flags.length) await rc(['new-smtp-user', 'sue', '--password-stdin'], { home, input: 'a long password' });
      const { code, stderr } = await rc(['join-fleet', url, ...flags, '--what-if'], { home });
      expect({ code, stderr }, url).toMatchObject({ code: 1, stderr: expect.stringMatching(/cannot be asked|TLS/) });
      expect(stderr).not.toContain('What if');
    }
  });
});

/** history, diff, undo and export/import as a person uses them: the built rc, one process a command. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rc } from '../support/rc.ts';
import { SERVER, storeIn, tempFolder, writeStore } from '../support/temp-home.ts';

/** In the form that rc makes. */
const HASH = `scrypt$16384$8$5$${'A'.repeat(22)}==$${'A'.repeat(43)}=`;

interface Entry {
  Generation: number;
  Who: string;
  Command: string;
  Undoes: number | null;
  Recorded: boolean;
  Changes: { Name: string; Change: string; Settings: { Setting: string; Before: unknown; After: unknown }[] }[];
}

async function made(): Promise<string> {
  const home = tempFolder();
  writeStore(home, [
    { Name: 'Relay', Bindings: ['127.0.0.1:2526'], RemoteIPRanges: ['10.0.0.1'] },
    { Name: 'Default EX', Bindings: ['127.0.0.1:2525'] },
  ]);
  return home;
}

async function ok(home: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await rc(args, { home });
  expect({ code, stderr }, `rc ${args.join(' ')}`).toEqual({ code: 0, stderr: '' });
  return stdout;
}

async function history(home: string, ...args: string[]): Promise<Entry[]> {
  return JSON.parse(await ok(home, 'history', '--output', 'json', ...args)) as Entry[];
}

describe('rc history', () => {
  it('says who, when, with which command, and every setting before and after', async () => {
    const home = await made();
    await ok(home, 'set', 'Relay', '--max-hop-count', '30');
    await ok(home, 'set', '*', '--max-hop-count', '40', '--comment', "it's mine");
    const [newest, older, found] = await history(home);
    expect(newest).toMatchObject({
      Generation: 3,
      Command: `rc set '*' --max-hop-count 40 --comment 'it'\\''s mine'`,
      Changes: [
        {
          Name: 'Relay',
          Settings: [
            { Setting: 'Comment', Before: '', After: "it's mine" },
            { Setting: 'MaxHopCount', Before: 30, After: 40 },
          ],
        },
        { Name: 'Default EX', Settings: [{}, { Setting: 'MaxHopCount', Before: 60, After: 40 }] },
      ],
    });
    expect(older).toMatchObject({ Generation: 2, Changes: [{ Settings: [{ Before: 60, After: 30 }] }] });
    expect(found).toMatchObject({ Generation: 1, Changes: [] });
    expect(newest!.Who).not.toBe('');
  });

  it('says so when it has nothing of a name, and is silent about a pattern', async () => {
    const home = await made();
    expect(await rc(['history', 'Rely'], { home })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: "WARNING: There is no change of 'Rely' to show.\n",
    });
    expect(await rc(['history', 'Rely*'], { home })).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('filters by connector, through its renames, by number and by time', async () => {
    const home = await made();
    await ok(home, 'set', 'Relay', '--max-hop-count', '30');
    await ok(home, 'set', 'Relay', '--name', 'Printers');
    await ok(home, 'set', 'Default*', '--max-hop-count', '9');
    await ok(home, 'set', 'Printers', '--max-hop-count', '31');
    expect((await history(home, 'Printers')).map((e) => e.Generation)).toEqual([5, 3, 2]);
    expect((await history(home, 'relay')).map((e) => e.Generation)).toEqual([3, 2]);
    expect((await history(home, '--last', '2')).map((e) => e.Generation)).toEqual([5, 4]);
    expect(await history(home, '--since', '2099-01-01')).toEqual([]);
    expect(await history(home, '--since', '1h', '--until', '1h')).toEqual([]);
    expect(await rc(['history', '--since', 'soon'], { home })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"soon" is not a moment; allowed: an age (30m, 2h, 7d)'),
    });
  });

  it('knows the user behind sudo, and never a secret', async () => {
    const home = await made();
    const env = { SUDO_USER: 'alice' };
    await rc(['set', 'Relay', '--comment', 'x'], { home, env });
    expect((await history(home))[0]!.Who).toMatch(/ \(alice\)$/);
    expect(readFileSync(join(home, 'history.ndjson'), 'utf8')).toContain('"sudoUser":"alice"');
  });
});

describe('rc diff', () => {
  it('compares the last change, two generations, or a generation with now; exit 1 when they differ', async () => {
    const home = await made();
    await ok(home, 'set', 'Relay', '--max-hop-count', '30');
    await ok(home, 'set', 'Relay', '--remote-ip-ranges', '10.0.0.1,10.0.0.2');
    const last = await rc(['diff', '--output', 'csv'], { home });
    expect(last.code).toBe(1);
    expect(last.stdout).toMatch(/RemoteIPRanges/);
    const unified = await rc(['diff', '1', '3', '--unified'], { home });
    expect(unified.stdout.split('\n').slice(2)).toEqual([
      '@@ ReceiveConnector "Relay" @@',
      '-MaxHopCount : 60',
      '+MaxHopCount : 30',
      ' RemoteIPRanges : 10.0.0.1',
      '+RemoteIPRanges : 10.0.0.2',
      '',
    ]);
    expect(await rc(['diff', '1', '--identity', 'Default*'], { home })).toMatchObject({ code: 0, stdout: '' });
    expect(await rc(['diff', '3', '3'], { home })).toMatchObject({ code: 0, stdout: '' });
    expect(await rc(['diff', '7'], { home })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('There is no generation 7 in the history; it goes from 1 to 3.'),
    });
  });

  it('compares an export made before a change with now', async () => {
    const home = await made();
    const file = join(tempFolder(), 'before.json');
    writeFileSync(file, await ok(home, 'export'));
    expect(await rc(['diff', file], { home })).toMatchObject({ code: 0, stdout: '' });
    await ok(home, 'set', 'Relay', '--max-hop-count', '30');
    const { code, stdout } = await rc(['diff', file, '--unified'], { home });
    expect(code).toBe(1);
    expect(stdout).toContain('-MaxHopCount : 60\n+MaxHopCount : 30\n');
  });
});

describe('rc undo', () => {
  it('goes further back with every undo, and can itself be undone', async () => {
    const home = await made();
    await ok(home, 'set', 'Relay', '--max-hop-count', '30');
    await ok(home, 'new', 'Second', '--custom', '--bindings', '127.0.0.1:2527', '--remote-ip-ranges', '10.0.0.1');
    await ok(home, 'remove', 'Default*', '--confirm=false');
    await ok(home, 'undo');
    expect(storeIn(home).connectors.map((c) => c.Name)).toEqual(['Relay', 'Default EX', 'Second']);
    await ok(home, 'undo');
    expect(storeIn(home).connectors.map((c) => c.Name)).toEqual(['Relay', 'Default EX']);
    await ok(home, 'undo');
    expect(storeIn(home).connectors[0]!.MaxHopCount).toBeUndefined();
    expect(await rc(['undo'], { home })).toMatchObject({ code: 1 });
    await ok(home, 'undo', '6');
    expect(storeIn(home).connectors.map((c) => c.Name)).toEqual(['Relay', 'Default EX', 'Second']);
    expect((await history(home)).map((e) => e.Undoes)).toEqual([6, 2, 3, 4, null, null, null, null]);
  });

  it('with --what-if says what would go back, and changes nothing', async () => {
    const home = await made();
    await ok(home, 'set', 'Relay', '--max-hop-count', '30');
    const ran = await rc(['undo', '--what-if'], { home });
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    expect(ran.stderr).toMatch(
      /^What if: Undoing generation 2 \(rc set Relay --max-hop-count 30, by .*\)\.\n {2}Relay {2}MaxHopCount {2}30 → 60\n$/,
    );
    expect(storeIn(home).generation).toBe(2);
  });

  it('refuses to lose a later change to the same setting, unless forced; elements added later stay', async () => {
    const home = await made();
    await ok(home, 'set', 'Relay', '--max-hop-count', '30', '--add-remote-ip-ranges', '10.0.0.2');
    await ok(home, 'set', 'Relay', '--add-remote-ip-ranges', '10.0.0.3', '--comment', 'later');
    await ok(home, 'set', 'Relay', '--max-hop-count', '50');
    expect(await rc(['undo', '2'], { home })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Relay MaxHopCount was changed again since, to 50'),
    });
    expect(storeIn(home).generation).toBe(4);
    await ok(home, 'undo', '2', '--force');
    expect(storeIn(home).connectors[0]).toMatchObject({ RemoteIPRanges: ['10.0.0.1', '10.0.0.3'], Comment: 'later' });
    expect(storeIn(home).connectors[0]!.MaxHopCount).toBeUndefined();
  });

  it('refuses what would not be valid any more', async () => {
    const home = await made();
    await ok(home, 'set', 'Relay', '--bindings', '127.0.0.1:2600');
    await ok(home, 'new', 'Third', '--custom', '--bindings', '127.0.0.1:2526', '--remote-ip-ranges', '10.0.0.1');
    expect(await rc(['undo', '2'], { home })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/cannot be taken back, because then:\n.*both listen on 127.0.0.1:2526/),
    });
  });

  it('--to goes back to everything as it was', async () => {
    const home = await made();
    const before = storeIn(home).connectors;
    await ok(home, 'set', '*', '--max-hop-count', '30');
    await ok(home, 'remove', 'Relay', '--confirm=false');
    await ok(home, 'set', '*', '--name', 'Only');
    await ok(home, 'undo', '--to', '1');
    expect(storeIn(home)).toMatchObject({ generation: 5 });
    expect(storeIn(home).connectors.map(({ WhenChanged: _, ...c }) => c)).toEqual(
      before.map(({ WhenChanged: _, ...c }) => c),
    );
  });

  it('takes back an edit by hand', async () => {
    const home = await made();
    await ok(home, 'set', 'Relay', '--max-hop-count', '30');
    const file = join(home, 'store.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"MaxHopCount": 30', '"MaxHopCount": 77'));
    expect((await history(home))[0]).toMatchObject({
      Generation: 3,
      Recorded: false,
      Command: '(store.json edited by hand)',
    });
    await ok(home, 'undo');
    expect(storeIn(home)).toMatchObject({ generation: 4, connectors: [{ MaxHopCount: 30 }, {}] });
  });
});

describe('rc export and import', () => {
  it('round-trip: the same text comes out again, as JSON and as YAML', async () => {
    const [one, two] = [await made(), tempFolder()];
    await ok(one, 'set', 'Relay', '--max-message-size', '50MB', '--banner', '220 a: "b" # c', '--comment', 'é — yes');
    writeStore(two, [{ Name: 'Old', Bindings: ['127.0.0.1:9'] }]);
    for (const form of ['json', 'yaml']) {
      const text = await ok(one, 'export', '--output', form);
      const file = join(tempFolder(), `all.${form}`);
      writeFileSync(file, text);
      await rc(['import', file, '--replace'], { home: two });
      expect(await ok(two, 'export', '--output', form)).toBe(text);
    }
    expect(storeIn(two).connectors.map((c) => c.Name)).toEqual(['Relay', 'Default EX']);
  });

  it('takes what rc get writes, and a partial document; the rest stays', async () => {
    const home = await made();
    const full = await ok(home, 'get', 'Relay');
    await ok(home, 'set', '*', '--max-hop-count', '30', '--comment', 'x');
    await rc(['import', '-'], { home, input: full });
    expect(storeIn(home).connectors[0]!.MaxHopCount).toBeUndefined();
    expect(storeIn(home).connectors[1]).toMatchObject({ MaxHopCount: 30 });
    await rc(['import', '-'], { home, input: 'connectors:\n  - Name: relay\n    MaxHopCount: 12\n' });
    expect(storeIn(home).connectors[0]).toMatchObject({ Name: 'relay', MaxHopCount: 12, RemoteIPRanges: ['10.0.0.1'] });
  });

  it('writes all of it or nothing, and says every mistake with its place', async () => {
    const home = await made();
    const input = `connectors:
  - Name: Good
    Bindings: 127.0.0.1:3000
  - Name: Bad
    Bindings: 127.0.0.1:70000
    MaxHopCont: 5
  - Name: Twin
    Bindings: [127.0.0.1:2526]
    RemoteIPRanges: [10.0.0.1]
`;
    const ran = await rc(['import', '-'], { home, input });
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toMatch(/line 5, column 15: connectors\[1\] "Bad" Bindings: .*70000/);
    expect(ran.stderr).toMatch(
      /line 6, column 17: connectors\[1\] "Bad" MaxHopCont: is not a setting; did you mean MaxHopCount\?/,
    );
    const fixed = input.replace('70000', '3001').replace('MaxHopCont', 'MaxHopCount');
    expect(await rc(['import', '-'], { home, input: fixed })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('both listen on 127.0.0.1:2526'),
    });
    expect(storeIn(home).generation).toBe(1);
  });

  it('--what-if says what would change; --replace removes what is not there', async () => {
    const home = await made();
    const input = '[{"Name":"Relay","Bindings":["127.0.0.1:2526"],"MaxHopCount":8}]';
    const said = await rc(['import', '-', '--replace', '--what-if'], { home, input });
    expect(said.stderr).toContain('Default EX  removed  Bindings 127.0.0.1:2525');
    expect(said.stderr).toContain('MaxHopCount  60 → 8');
    expect(storeIn(home).generation).toBe(1);
    await rc(['import', '-', '--replace'], { home, input });
    expect(storeIn(home).connectors).toMatchObject([{ Name: 'Relay', MaxHopCount: 8 }]);
  });

  it('copies connectors between servers: names, FQDN, banner and GUIDs become the new server’s', async () => {
    const [one, two] = [await made(), tempFolder()];
    await ok(one, 'set', 'Default*', '--fqdn', 'ex.contoso.com', '--banner', '220 ex.contoso.com ready');
    await ok(one, 'set', 'Relay', '--fqdn', 'mail.contoso.com');
    writeStore(two, [], { server: { name: 'EX2', fqdn: 'ex2.contoso.com' } });
    const guids = storeIn(one).connectors.map((c) => c.Guid);
    const plain = await ok(one, 'export');
    expect(await rc(['import', '-'], { home: two, input: plain })).toMatchObject({
      stderr: expect.stringContaining('from server EX, and this is EX2'),
    });
    await ok(two, 'undo');
    await rc(['import', '-', '--server', 'ex2'], { home: two, input: plain });
    const [relay, other] = storeIn(two).connectors;
    expect(relay).toMatchObject({ Name: 'Relay', Fqdn: 'mail.contoso.com' });
    expect(other).toMatchObject({ Name: 'Default EX2', Banner: '220 ex2.contoso.com ready' });
    expect(other!.Fqdn).toBeUndefined();
    expect(guids).not.toContain(relay!.Guid);
    const sent = JSON.parse(await ok(one, 'export', '--server', 'EX2')) as { connectors: Record<string, string>[] };
    expect(sent.connectors.map((c) => c.Name)).toEqual(['Relay', 'Default EX2']);
    expect(sent.connectors[0]!.Guid).toBeUndefined();
  });

  it('with every setting written out it is the same configuration, single rights included', async () => {
    const home = await made();
    await ok(home, 'set', 'Relay', '--permission-groups', 'AnonymousUsers');
    const right = ['--user', 'NT AUTHORITY\\ANONYMOUS LOGON', '--extended-rights', 'ms-Exch-SMTP-Accept-Any-Recipient'];
    await rc(['add-ad-permission', 'Relay', ...right], { home });
    const all = await ok(home, 'export', '--all-settings');
    expect(all).toContain('"MaxHopCount": 60');
    expect(all).not.toContain('Custom');
    expect(await rc(['import', '-', '--replace'], { home, input: all })).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('nothing was changed'),
    });
  });

  it('leaves password hashes out unless asked', async () => {
    const home = await made();
    const user = {
      Name: 'u',
      PasswordHash: HASH,
      Enabled: true,
      Guid: '11111111-1111-4111-8111-000000000008',
      WhenChanged: '2024-01-02T03:04:05Z',
    };
    writeStore(home, [], { users: [user] });
    expect(await ok(home, 'export')).not.toContain('scrypt');
    expect(await ok(home, 'export', '--include-secrets')).toContain(HASH);
  });
});

describe('rc validate', () => {
  it('gives one object a mistake and exit 1, or nothing and 0', async () => {
    const home = await made();
    expect(await rc(['validate'], { home })).toMatchObject({ code: 0, stdout: '' });
    const file = join(home, 'store.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"Bindings"', '"MaxHopCount": 0, "Bindings"'));
    const { code, stdout } = await rc(['validate'], { home });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ File: file, Line: 14, Column: 22, Severity: 'Error' });
    writeFileSync(file, '{"schemaVersion": 1,\n "generation": 2,,}');
    expect(JSON.parse((await rc(['validate'], { home })).stdout)).toMatchObject({ Line: 2, Column: 18 });
  });

  it('checks a file by itself, with a place in it', async () => {
    const home = tempFolder();
    const input = `{"connectors": [\n  {"Name": "A", "Bindings": ["1.2.3.4:25"], "RequireTLS": true, "AuthMechanism": "None"},\n  {"Name": "C", "Bindings": ["1.2.3.4:26"]}\n]}`;
    const { code, stdout } = await rc(['validate', '-'], { home, input });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      Line: 2,
      Column: 59,
      Problem: 'needs Tls among AuthMechanism: --auth-mechanism Tls',
    });
    const twice = await rc(['validate', '-'], {
      home,
      input: input.replace('"Name": "C"', '"Name": "C", "Name": "D"'),
    });
    expect(twice.code).toBe(1);
    expect(JSON.parse(twice.stdout)).toMatchObject({ Line: 3, Severity: 'Error' });
  });
});

it('a home that first use made has a history of it', async () => {
  const home = tempFolder();
  await ok(home, 'get');
  expect(await history(home)).toMatchObject([
    { Generation: 1, Changes: [{ Name: SERVER }, { Name: `Default ${SERVER}`, Change: 'new' }, {}] },
  ]);
});

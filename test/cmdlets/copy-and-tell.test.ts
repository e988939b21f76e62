/** Connectors copied, made of piped ones and imported under their own names; and every change says what it changes. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import { RC, rc } from '../support/rc.ts';
import { storeIn, tempFolder, writeStore } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';

const RELAY = {
  Name: 'Relay',
  Guid: '11111111-1111-4111-8111-111111111111',
  Bindings: ['127.0.0.1:2526'],
  RemoteIPRanges: ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16', '10.4.0.0/16'],
  PermissionGroups: 'AnonymousUsers',
  MaxMessageSize: '50MB',
  ConnectionTimeout: '00:20:00',
  Comment: 'for printers',
  Grants: [
    { User: 'NT AUTHORITY\\ANONYMOUS LOGON', ExtendedRights: ['ms-Exch-SMTP-Accept-Any-Recipient'], Deny: false },
  ],
};
let home: string;
beforeEach(() => {
  home = tempFolder();
  writeStore(home, [
    RELAY,
    { Name: 'Other', Guid: '22222222-2222-4222-8222-222222222222', Bindings: ['127.0.0.1:2527'] },
  ]);
});
const named = (name: string) =>
  storeIn(home).connectors.find((c: { Name: string }) => c.Name === name) as Record<string, unknown>;
const settings = ({ Name: _, Guid: __, WhenCreated: ___, WhenChanged: ____, ...rest }: Record<string, unknown>) => rest;

describe('rc copy', () => {
  test('takes all settings and single rights; what is given goes before', async () => {
    const made = await rc(['copy', 'Relay', 'Scanners', '--bindings', '127.0.0.1:2530', '--max-hop-count', '7'], {
      home,
    });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(made.stdout)).toMatchObject({ Name: 'Scanners', PermissionGroups: 'AnonymousUsers, Custom' });
    expect(settings(named('Scanners'))).toEqual({
      ...settings(named('Relay')),
      Bindings: ['127.0.0.1:2530'],
      MaxHopCount: 7,
    });
    expect(named('Scanners').Guid).not.toBe(RELAY.Guid);
    expect(
      await rc(['-c', 'Get-ReceiveConnector Relay | Copy-ReceiveConnector -Name B -Bindings 127.0.0.1:2531'], { home }),
    ).toMatchObject({ code: 0 });
    expect(named('B').Grants).toEqual(RELAY.Grants);
  });

  test.each([
    [['copy', 'Relay', 'Scanners'], 'Relay'], // the same binding and ranges
    [['copy', '*', 'Scanners'], '2 connectors are meant ("Relay", "Other")'],
    [['copy', 'None', 'Scanners'], "object 'None' couldn't be found"],
    [['copy', 'Relay'], 'needs the connector and the name of its copy: rc copy Relay Scanners'],
    [['copy', 'Relay', 'Other', '--bindings', '127.0.0.1:1'], 'is already taken'],
  ])('%j is refused', async (argv, words) => {
    const { code, stderr } = await rc(argv, { home });
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain(words);
    expect(storeIn(home).connectors).toHaveLength(2);
  });
});

describe('rc get X | rc new Y', () => {
  test('takes the settings of what is piped, and its single rights', async () => {
    const piped = await rc(['get', 'Relay'], { home });
    const made = await rc(['new', 'Scanners', '--bindings', '127.0.0.1:2530'], { home, input: piped.stdout });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(settings(named('Scanners'))).toEqual({ ...settings(named('Relay')), Bindings: ['127.0.0.1:2530'] });
    const text = 'Get-ReceiveConnector Relay | New-ReceiveConnector -Name B -Bindings 127.0.0.1:2531 -Comment b';
    expect(await rc(['-c', text], { home })).toMatchObject({ code: 0 });
    expect(settings(named('B'))).toEqual({ ...settings(named('Relay')), Bindings: ['127.0.0.1:2531'], Comment: 'b' });
  });

  test('one that is complete in itself leaves standard input alone', async () => {
    const argv = ['new', 'C', '--custom', '--bindings', '127.0.0.1:2533', '--remote-ip-ranges', '10.0.0.1'];
    expect(await rc(argv, { home, input: 'no objects\n' })).toMatchObject({ code: 0, stderr: '' });
    expect(named('C').Comment).toBeUndefined();
  });

  test('several at once are refused', async () => {
    const piped = await rc(['get'], { home });
    const made = await rc(['new', 'D', '--bindings', '127.0.0.1:2530'], { home, input: piped.stdout });
    expect(made.code).toBe(2);
    expect(made.stderr).toContain('2 objects are piped in');
  });
});

test('import never renames by GUID, unless told', async () => {
  const file = join(home, 'x.json');
  const { stdout } = await rc(['export', 'Relay'], { home });
  writeFileSync(file, stdout.replace('"Relay"', '"Scanners"').replace('127.0.0.1:2526', '127.0.0.1:2530'));
  expect(await rc(['import', file], { home })).toMatchObject({ code: 0 });
  expect(storeIn(home).connectors.map((c: { Name: string }) => c.Name)).toEqual(['Relay', 'Other', 'Scanners']);
  expect(named('Scanners').Guid).not.toBe(RELAY.Guid);
  writeFileSync(file, stdout.replace('"Relay"', '"Printers"'));
  expect(await rc(['import', file, '--by-guid'], { home })).toMatchObject({ code: 0 });
  expect(storeIn(home).connectors.map((c: { Name: string }) => c.Name)).toEqual(['Printers', 'Other', 'Scanners']);
});

describe('a change says what it changes', () => {
  test('--what-if: before and after, and errors that it would be', async () => {
    const set = await rc(['set', 'Relay', '--max-inbound-per-source', '100', '--comment', 'x', '--what-if'], { home });
    expect(set.stderr).toContain('What if: Setting Receive connector');
    expect(set.stderr).toContain('  Relay  MaxInboundConnectionPerSource  20 → 100\n');
    expect(set.stderr).toContain('  Relay  Comment  for printers → x\n');
    const bad = await rc(['set', 'Relay', '--require-tls', 'true', '--auth-mechanism', 'None', '--what-if'], { home });
    expect(bad).toMatchObject({ code: 1 });
    expect(storeIn(home).generation).toBe(1);
  });

  test('--verbose after the fact: set, undo, copy, remove; -q is quiet', async () => {
    const verbose = async (...argv: string[]) => (await rc([...argv, '--verbose'], { home })).stderr;
    expect(await verbose('set', 'Relay', '--max-hop-count', '7')).toContain('Relay  MaxHopCount  60 → 7\n');
    expect(await verbose('undo')).toContain('Relay  MaxHopCount  7 → 60\n');
    expect(await verbose('copy', 'Relay', 'B', '--bindings', '127.0.0.1:2531')).toContain('B  new\n');
    expect(await verbose('remove', 'B', '--confirm=false')).toContain('B  removed\n');
    expect(await verbose('set', 'Relay', '--max-hop-count', '8', '-q')).not.toContain('→');
    expect((await rc(['set', 'Relay', '--max-hop-count', '9'], { home })).stderr).toBe('');
  });

  test.skipIf(!has('script'))('on a terminal without being asked', async () => {
    const env = { ...process.env, RC_HOME: home, NO_COLOR: '1', COLUMNS: '200' };
    const { stdout } = await promisify(execFile)('script', ['-qec', `${RC} set Relay --max-hop-count 7`, '/dev/null'], {
      env,
    });
    const [change, listener] = stdout.replaceAll('\r', '').split('\n');
    expect(change).toBe('Relay  MaxHopCount  60 → 7');
    expect(listener).toBe(`No listener runs on ${home}; this holds when one starts there.`);
  });
});

describe('what a change does not do, or does besides', () => {
  test('a limit that the percentage caps', async () => {
    const { stderr } = await rc(['set', 'Relay', '--max-inbound-per-source', '200'], { home });
    expect(stderr).toContain(
      'lets one source have 100 connections at most, so 200 is not reached; to let it: --max-inbound-connection-percentage-per-source 4',
    );
    const language = await rc(['-c', 'Set-ReceiveConnector Relay -MaxInboundConnectionPerSource Unlimited'], { home });
    expect(language.stderr).toContain('to let it: -MaxInboundConnectionPercentagePerSource 100');
    expect((await rc(['set', 'Relay', '--max-inbound-per-source', '100'], { home })).stderr).toBe('');
  });

  test('a list that was replaced', async () => {
    const { stderr } = await rc(['set', 'Relay', '--remote-ip-ranges', '10.9.9.9'], { home });
    expect(stderr).toContain('RemoteIPRanges was replaced, and 4 entries are gone: 10.1.0.0/16');
    expect(stderr).toContain('To add to a list: --add-remote-ip-ranges …; to take this back: rc undo');
    expect((await rc(['set', 'Relay', '--add-remote-ip-ranges', '10.9.9.8'], { home })).stderr).toBe('');
  });
});

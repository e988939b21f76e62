/** Where the store is, and who makes it: a home named with --home by nobody who only looks. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRoot, rcAs, STRANGER } from '../support/other-user.ts';
import { rc } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';

describe('a home named with --home that is not there', () => {
  it.each([
    [['get']],
    [['history']],
    [['validate']],
    [['export']],
    [['restore']],
    [['get-event']],
    [['get-event', '--follow']],
    [['certificates']],
    [['top', '--once']],
    [['set', 'Default*', '--comment', 'x', '--what-if']],
    [['-c', 'Get-ReceiveConnector']],
  ])('is not made by %j', async (args) => {
    const home = join(tempFolder(), 'typo');
    const { code, stdout, stderr } = await rc(['--home', home, ...args]);
    expect({ code, stdout, stderr }).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`Nothing is in ${home}`),
    });
    expect(stderr).toContain('serve');
    expect(existsSync(home)).toBe(false);
  });

  it.each([
    [['set', 'nobody', '--comment', 'x'], 'Nothing is in'],
    [['set', 'Default*', '--max-inbound-connection', 'many'], '"many" is not a number'],
    [['set', 'Default*', '--bindings', '127.0.0.1:2587'], '127.0.0.1:2587'],
    [['remove', 'nobody', '--confirm=false'], 'Nothing is in'],
    [['new', 'X', '--bindings', '127.0.0.1:2525', '--remote-ip-ranges', '::/0'], '2525'],
    [['undo'], 'Nothing is in'],
    [['import', 'no-such-file'], 'no-such-file'],
    [['new-smtp-user', 'anna', '--password-file', 'no-such-file'], 'no-such-file'],
    [['new-exchange-certificate', '--domain-name', 'a b'], '"a b"'],
    [['import-exchange-certificate', 'no-such-file'], 'no-such-file'],
    [['-c', 'Set-ReceiveConnector nobody -Comment x; Get-ReceiveConnector'], 'Nothing is in'],
    [
      ['-c', 'try { Set-ReceiveConnector nobody -Comment x -EA Stop } catch { "$_" }; Get-AcceptedDomain'],
      'Nothing is in',
    ],
  ])('is not made by a change that fails: %j', async (args, said) => {
    const home = join(tempFolder(), 'typo');
    const { code, stderr } = await rc(['--home', home, ...args]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(said);
    expect(existsSync(home)).toBe(false);
  });

  it.each([
    [['-c', 'Set-ReceiveConnector Default* -Comment x']],
    [['-c', 'try { Set-ReceiveConnector Default* -Comment x -ErrorAction Stop } catch { "$_" }']],
    [['new-exchange-certificate', '--domain-name', 'mail.contoso.com']],
    [['new-accepted-domain', 'contoso.com', '--domain-name', 'contoso.com']],
  ])('is made whole by a change that succeeds: %j', async (args) => {
    const home = join(tempFolder(), 'meant');
    expect(await rc(['--home', home, ...args])).toMatchObject({ code: 0, stderr: '' });
    expect(await rc(['--home', home, 'get', '--select', 'Name'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('nor is anything put into a folder that is empty', async () => {
    const home = tempFolder();
    expect(await rc(['--home', home, 'get'])).toMatchObject({ code: 1, stderr: expect.stringContaining('init home') });
    expect(readdirSync(home)).toEqual([]);
  });

  it('is made by a change, and by rc init home', async () => {
    const [one, two] = [join(tempFolder(), 'a'), join(tempFolder(), 'b')];
    expect(await rc(['--home', one, 'set', 'Default*', '--comment', 'x'])).toMatchObject({ code: 0, stderr: '' });
    expect((await rc(['--home', two, 'init', 'home'])).stdout).toContain(`A new store was made in ${two}`);
    expect((await rc(['--home', two, 'init', 'home'])).stdout).toContain('already');
    expect(await rc(['--home', two, 'get'])).toMatchObject({ code: 0, stderr: '' });
  });
});

it('with RC_HOME first use makes it, silently into a pipe', async () => {
  const home = join(tempFolder(), 'own');
  expect(await rc(['get'], { home })).toMatchObject({ code: 0, stderr: '' });
});

it('an empty HOME makes no ./.local', async () => {
  const cwd = tempFolder();
  await rc(['get', 'nobody'], { cwd, env: { HOME: '', XDG_DATA_HOME: tempFolder() } });
  mkdirSync(join(cwd, 'x'));
  await rc(['help'], { cwd: join(cwd, 'x'), env: { HOME: '' } });
  expect(existsSync(join(cwd, '.local')) || existsSync(join(cwd, 'x', '.local'))).toBe(false);
});

it.runIf(isRoot)('no HOME and a uid that nobody knows: rc says so', async () => {
  const { code, stderr } = await rcAs(STRANGER, ['get'], { env: { HOME: undefined } });
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('--home FOLDER, or RC_HOME') });
});

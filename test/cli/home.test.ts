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

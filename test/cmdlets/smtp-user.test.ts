import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyPassword } from '../../src/store/password.ts';
import { RC, rc, run } from '../support/rc.ts';
import { storeIn, tempFolder } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';

type User = { Name: string; PasswordHash: string; Enabled: boolean };
const users = (home: string) => storeIn(home).users as unknown as User[];

test('a user with a password from stdin; only its hash is kept, and nothing shows it', async () => {
  const home = tempFolder();
  const made = await rc(['new-smtp-user', 'scanner', '--password-stdin'], {
    home,
    input: 'corréct horse\nsecond line\n',
  });
  expect(made).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(made.stdout)).toMatchObject({ Name: 'scanner', Enabled: true });
  expect(await verifyPassword('corréct horse', users(home)[0]!.PasswordHash)).toBe(true);
  const shown = await rc(['get-smtp-user'], { home });
  expect(shown.stdout).not.toContain('scrypt');
  expect(readFileSync(join(home, 'store.json'), 'utf8')).not.toContain('horse');
});

test('a new password from a file, and out of service', async () => {
  const home = tempFolder();
  await rc(['new-smtp-user', 'scanner', '--password-stdin'], { home, input: 'one' });
  const file = join(home, 'password');
  writeFileSync(file, 'two\n', { mode: 0o644 });
  const open = await rc(['set-smtp-user', 'scanner', '--password-file', file], { home });
  expect(open).toMatchObject({ code: 0, stderr: expect.stringContaining('chmod 600') });
  chmodSync(file, 0o600);
  expect((await rc(['set-smtp-user', 'SCANNER', '--password-file', file, '--enabled=false'], { home })).stderr).toBe(
    '',
  );
  expect(users(home)[0]!.Enabled).toBe(false);
  expect(await verifyPassword('two', users(home)[0]!.PasswordHash)).toBe(true);
});

/** Runs `rc new-smtp-user scanner` on a terminal of its own and types an answer to each prompt; what the terminal showed. */
const ON_A_TERMINAL = `
import os, pty, sys
node, program, *answers = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execv(node, [node, program, 'new-smtp-user', 'scanner'])
shown = b''
prompts = [b'Password for scanner: ', b'The same again: ']
try:
    while True:
        chunk = os.read(terminal, 4096)
        if not chunk: break
        shown += chunk
        if prompts and prompts[0] in shown:
            prompts.pop(0)
            os.write(terminal, answers.pop(0).encode() + b'\\r')
except OSError:
    pass
os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)
`;

test.skipIf(!has('python3'))('a password is asked for on a terminal without echo, twice', async () => {
  const home = tempFolder();
  const type = (...answers: string[]) =>
    run('python3', ['-c', ON_A_TERMINAL, process.execPath, RC, ...answers], { home });
  expect((await type('geheim1', 'geheim2')).stdout).toContain('The two passwords are not the same.');
  expect(storeIn(home).users).toEqual([]);
  const same = await type('secret', 'secret');
  expect(same.stdout).not.toContain('secret');
  expect(await verifyPassword('secret', users(home)[0]!.PasswordHash)).toBe(true);
});

test('no terminal, no stdin, no file: refused, and the command line is no way', async () => {
  const home = tempFolder();
  const none = await rc(['new-smtp-user', 'scanner'], { home });
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('--password-stdin') });
  expect((await rc(['new-smtp-user', 'scanner', '--password', 'secret'], { home })).code).toBe(2);
  expect((await rc(['new-smtp-user', 'scanner', '--password-stdin'], { home, input: '\n' })).stderr).toContain('empty');
  expect((await rc(['new-smtp-user', 'scanner', '--password-file', '/nowhere'], { home })).code).toBe(1);
  expect(storeIn(home).users).toEqual([]);
});

test.each(['', 'two words', 'a\\b', '*', 'ANONYMOUS LOGON', 'ExchangeLegacyInterop', 'x'.repeat(65)])(
  'the name %j is refused',
  async (name) => {
    const home = tempFolder();
    expect((await rc(['new-smtp-user', name, '--password-stdin'], { home, input: 'x' })).code).toBe(2);
  },
);

test('one password is not for several users; names are unique; rights that stay behind are told', async () => {
  const home = tempFolder();
  for (const name of ['alice', 'bob']) await rc(['new-smtp-user', name, '--password-stdin'], { home, input: 'x' });
  expect((await rc(['set-smtp-user', '*', '--password-stdin'], { home, input: 'y' })).code).toBe(2);
  expect((await rc(['set-smtp-user', 'bob', '--name', 'Alice'], { home })).stderr).toContain('already taken');
  await rc(['add-ad-permission', 'Default*', '--user', 'bob', '--extended-rights', 'SMTP-Accept-Any-Recipient'], {
    home,
  });
  const gone = await rc(['remove-smtp-user', 'bob', '--confirm=false'], { home });
  expect(gone).toMatchObject({ code: 0, stderr: expect.stringContaining('still has single rights on "Default') });
  expect(users(home).map((user) => user.Name)).toEqual(['alice']);
});

test('a SecureString is a password, and no history has it', async () => {
  const home = tempFolder();
  const asked = await rc(['-c', 'New-SmtpUser scanner -Password (Read-Host -AsSecureString)'], {
    home,
    input: 'corréct horse\n',
  });
  expect(asked).toMatchObject({ code: 0, stderr: '' });
  expect(await verifyPassword('corréct horse', users(home)[0]!.PasswordHash)).toBe(true);
  const texts = [
    "Set-SmtpUser scanner -Password (ConvertTo-SecureString 'battery 1' -AsPlainText -Force)",
    'Set-SmtpUser scanner -Password (ConvertTo-SecureString battery -AsPlainText -Force)',
    '"battery" | ConvertTo-SecureString -AsPlainText -Force | % { Set-SmtpUser scanner -Password $_ }',
    '$p = @{ Password = ConvertTo-SecureString "battery" -AsPlainText }; Set-SmtpUser scanner @p',
  ];
  for (const text of texts) expect(await rc(['-c', text], { home })).toMatchObject({ code: 0, stderr: '' });
  expect(await verifyPassword('battery', users(home)[0]!.PasswordHash)).toBe(true);
  expect(storeIn(home).generation).toBeGreaterThan(4);
  expect(readFileSync(join(home, 'history.ndjson'), 'utf8')).not.toContain('battery');
});

test('a SecureString gives its text to ConvertFrom-SecureString -AsPlainText alone', async () => {
  const home = tempFolder();
  const text =
    '$p = ConvertTo-SecureString abc -AsPlainText -Force; "$p $($p.Length)"; ConvertFrom-SecureString $p -AsPlainText';
  expect((await rc(['-c', text], { home })).stdout).toBe('System.Security.SecureString 3\nabc\n');
  expect(await rc(['-c', 'ConvertTo-SecureString abc'], { home })).toMatchObject({ code: 1, stdout: '' });
});

test('a plain text is no password, and is not shown', async () => {
  const home = tempFolder();
  for (const given of [
    ['-c', "New-SmtpUser scanner -Password 'battery'"],
    ['new-smtp-user', 'scanner', '--password=battery'],
  ]) {
    const { code, stderr } = await rc(given, { home });
    expect(code).toBe(2);
    expect(stderr).toContain(given[0] === '-c' ? 'SecureString' : 'takes no value');
    expect(
      stderr
        .split('\n')
        .filter((line) => !line.startsWith('+'))
        .join('\n'),
    ).not.toContain('battery');
  }
});

/** `rc -c` and `rc -f` as processes: where the text comes from, what goes out, how it ends. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bash, rc } from '../support/rc.ts';
import { storeIn, tempFolder, writeStore } from '../support/temp-home.ts';
import { CONNECTORS } from './scene.ts';

function home(): string {
  const folder = tempFolder('scripts');
  writeStore(folder, CONNECTORS);
  return folder;
}

describe('where the text comes from', () => {
  test('an executable script with #!, arguments and Windows line ends', async () => {
    const at = home();
    const file = join(at, 'limit.ps1');
    writeFileSync(
      file,
      '#!/usr/bin/env -S rc -f\r\n# raises a limit\r\nforeach ($c in Get-ReceiveConnector $args[0]) {\r\n  Set-ReceiveConnector $c.Identity `\r\n    -MaxHopCount $args[1]\r\n}\r\n"$($args.Count) arguments"\r\n',
    );
    chmodSync(file, 0o755);
    const ran = await bash(`'${file}' '*EX' 42`, { home: at });
    expect(ran).toMatchObject({ code: 0, stdout: '2 arguments\n', stderr: '' });
    expect(storeIn(at).connectors.map((c) => c.MaxHopCount)).toEqual([42, 42, undefined]);
  });

  test('standard input, byte order mark and all', async () => {
    const ran = await rc(['-c', '-'], { home: home(), input: '\ufeff"a"\n"b"\n' });
    expect(ran).toMatchObject({ code: 0, stdout: 'a\nb\n', stderr: '' });
  });

  test.each([
    [['-c'], '-c needs a text'],
    [['-f'], '-f needs a file'],
    [['-f', 'nowhere.ps1'], 'The script "nowhere.ps1" does not exist.'],
    [['-f', '.'], 'cannot be read'],
    [['shell', 'extra'], 'rc shell does not know what to do with "extra"'],
  ])('%j is wrong usage', async (args, message) => {
    const ran = await rc(args, { home: home() });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(message);
    expect(ran.stdout).toBe('');
  });

  test('a script that is not UTF-8 is one of Windows’ code page, as Windows PowerShell takes it', async () => {
    const at = home();
    // "für €" in quotes of Word, and a dash of Word before a parameter
    const text = Buffer.from(
      'Get-ReceiveConnector Relay \x96ErrorAction Stop | % { \x93f\xfcr \x80 $($_.Name)\x94 }',
      'latin1',
    );
    writeFileSync(join(at, 'ansi.ps1'), text);
    expect(await rc(['-f', 'ansi.ps1'], { home: at, cwd: at })).toMatchObject({
      code: 0,
      stdout: 'für € Relay\n',
      stderr: '',
    });
    writeFileSync(join(at, 'calls.ps1'), '& ./ansi.ps1');
    expect((await rc(['-f', 'calls.ps1'], { home: at, cwd: at })).stdout).toBe('für € Relay\n');
    writeFileSync(join(at, 'program.ps1'), Buffer.from([0x7f, 0x45, 0xff, 0x00, 0x01]));
    const program = await rc(['-f', 'program.ps1'], { home: at, cwd: at });
    expect(program).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('The script "program.ps1" is not a text.'),
    });
  });

  test('a script that does not parse is named', async () => {
    const at = home();
    writeFileSync(join(at, 'bad.ps1'), 'Set-ReceiveConnector Relay -MaxHopCount 5\n\n  class C { }\n');
    const bad = await rc(['-f', 'bad.ps1'], { home: at, cwd: at });
    expect(bad).toMatchObject({ code: 2, stdout: '' });
    expect(bad.stderr).toBe(
      `ParserError: ${join(at, 'bad.ps1')}:3\nLine |\n   3 |    class C { }\n     |    ~~~~~\n     | 'class' is not part of this language. Write [pscustomobject]@{ … } and functions.\n`,
    );
    expect(storeIn(at).generation).toBe(1);
  });
});

describe('what goes out', () => {
  test('NDJSON into a pipe, texts as they are, or what --output says, before or behind the text', async () => {
    const at = home();
    const text = 'Get-ReceiveConnector Relay | select Name,MaxHopCount';
    expect((await rc(['-c', text], { home: at })).stdout).toBe('{"Name":"Relay","MaxHopCount":60}\n');
    for (const args of [
      ['-c', text, '--output', 'list'],
      ['-o', 'list', '-c', text],
    ])
      expect((await rc(args, { home: at })).stdout).toBe('\nName        : Relay\nMaxHopCount : 60\n\n');
    expect((await rc(['-c', '"$args"', '--', '--output', 'list'], { home: at })).stdout).toBe('--output list\n');
    expect((await rc(['-c', '"a"', '--output', 'json'], { home: at })).stdout).toBe('[\n  "a"\n]\n');
  });

  test('-? behind any cmdlet is its help, and nothing is done', async () => {
    const at = home();
    const ran = await rc(
      ['-c', 'Set-ReceiveConnector Relay -MaxHopCount 9 -?; (Get-ReceiveConnector Relay).MaxHopCount'],
      {
        home: at,
      },
    );
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('Set-ReceiveConnector [[-Identity] <String[]>]');
    expect(ran.stdout.trimEnd()).toMatch(/\n60$/);
  });

  test('names go through bash loops and back into rc', async () => {
    const at = home();
    const ran = await bash(
      `rc -c '(Get-ReceiveConnector *EX).Name' | while read -r name; do rc set "$name" --max-hop-count 9; done; rc -c "(Get-ReceiveConnector).Name" | rc set --max-local-hop-count 3`,
      { home: at },
    );
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(storeIn(at).connectors.map((c) => [c.MaxHopCount, c.MaxLocalHopCount])).toEqual([
      [9, 3],
      [9, 3],
      [undefined, 3],
    ]);
  });

  test('a reader that goes away ends it quietly', async () => {
    const ran = await bash('rc -c "1..100000" | head -1', { home: home() });
    expect(ran).toMatchObject({ code: 0, stdout: '1\n', stderr: '' });
  });

  test('script blocks in rc’s own commands', async () => {
    const at = home();
    const ran = await bash(
      `rc get | rc where '{ $_.Name -like "*EX" -and $_.MaxHopCount -ge 60 }' | rc foreach '{ "<$($_.Name)>" }'`,
      { home: at },
    );
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('<Default EX>');
    const wrong = await rc(['where', '{ $_.Name -like }'], { home: at, input: 'x\n' });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("You must provide a value expression following the '-like' operator.");
  });

  test('what a block of rc’s own command changes is written, all of it or nothing', async () => {
    const at = home();
    const set = (names: string, value: number) =>
      bash(`printf '${names}' | rc foreach '{ Set-ReceiveConnector $_ -MaxHopCount ${value} }'`, { home: at });
    expect(await set('Relay\\nClient EX\\n', 9)).toMatchObject({ code: 0, stderr: '' });
    expect(storeIn(at).connectors.map((c) => c.MaxHopCount)).toEqual([undefined, 9, 9]);
    expect(storeIn(at).generation).toBe(2);
    const failed = await set('Relay\\nnobody\\n', 10);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('Nothing was changed');
    expect(storeIn(at).generation).toBe(2);
    const wrong = await bash(`rc get Relay | rc where '{ $_.Name.Foo() }'`, { home: at });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain("does not contain a method named 'Foo'");
  });

  test('errors and warnings are on stderr; the exit code tells', async () => {
    const at = home();
    expect(await rc(['-c', 'Get-ReceiveConnector nobody; Write-Warning w; "out"'], { home: at })).toMatchObject({
      code: 1,
      stdout: 'out\n',
      stderr:
        "Get-ReceiveConnector: The operation couldn't be performed because object 'nobody' couldn't be found on 'EX'.\nWARNING: w\n",
    });
    expect((await rc(['-c', 'exit 9'], { home: at })).code).toBe(9);
    expect((await rc(['-c', 'Remove-ReceiveConnector Relay'], { home: at })).stderr).toContain('-Confirm:$false');
    const stopped = await rc(['set', 'nobody', '--max-hop-count', '5', '--error-action', 'Stop'], { home: at });
    expect(stopped.stderr.match(/couldn't be found/g)).toHaveLength(1);
  });

  test('the history has the statement', async () => {
    const at = home();
    await rc(['-c', '"x"; Get-ReceiveConnector Relay | Set-ReceiveConnector -MaxHopCount 5'], { home: at });
    const { stdout } = await rc(['history', '-o', 'json'], { home: at });
    expect(stdout).toContain('Get-ReceiveConnector Relay | Set-ReceiveConnector -MaxHopCount 5');
  });
});

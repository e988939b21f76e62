/**
 * Files, paths and questions in scripts. What is expected is what PowerShell 7.6.9 gave for the same texts in the same folder.
 */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';

let home: string;
let cwd: string;
beforeEach(() => {
  home = tempFolder();
  writeStore(home, [{ Name: 'Relay', Bindings: ['127.0.0.1:2525'] }]);
  cwd = tempFolder('files');
  mkdirSync(join(cwd, 'sub'));
  writeFileSync(join(cwd, 'one.txt'), 'a\nB 550\nc 550\n');
  writeFileSync(join(cwd, 'two.txt'), 'x\n');
  writeFileSync(join(cwd, 'sub/three.csv'), 'y');
});
const run = (text: string, input?: string) =>
  rc(['-o', 'table', '-c', text], { home, cwd, ...(input === undefined ? {} : { input }) });

/** Texts by what they print; one start for many. */
const SAME: Readonly<Record<string, string>> = {
  'Test-Path one.txt': 'True',
  'Test-Path nope': 'False',
  'Test-Path *.txt': 'True',
  'Test-Path sub -PathType Leaf': 'False',
  'Test-Path sub -PathType Container': 'True',
  'Join-Path a b': 'a/b',
  'Join-Path a/ /b': 'a/b',
  'Join-Path a b c d': 'a/b/c/d',
  "'a','b' | Join-Path -ChildPath c": 'a/c\nb/c',
  'Split-Path /srv/logs/x.csv': '/srv/logs',
  'Split-Path /srv/logs/x.csv -Leaf': 'x.csv',
  'Split-Path /srv/logs/x.tar.gz -LeafBase': 'x.tar',
  'Split-Path /srv/logs/x.tar.gz -Extension': '.gz',
  'Split-Path a/b/': 'a',
  'Split-Path a -IsAbsolute': 'False',
  "(Get-ChildItem).Name -join ','": 'sub,one.txt,two.txt',
  "(Get-ChildItem -Recurse).Name -join ','": 'sub,one.txt,two.txt,three.csv',
  "(Get-ChildItem *.txt).Name -join ','": 'one.txt,two.txt',
  "(Get-ChildItem -File).BaseName -join ','": 'one,two',
  '(Get-ChildItem -Recurse -Filter *.csv).Name': 'three.csv',
  '(Get-ChildItem -Exclude *.txt).Name': 'sub',
  '(Get-Item one.txt).Length': '14',
  'Get-Content *.txt': 'a\nB 550\nc 550\nx',
  'Get-Content one.txt -Tail 1': 'c 550',
  'Set-Content s.txt 1,2,3; Get-Content s.txt': '1\n2\n3',
  "'a','b' | Set-Content s.txt; Add-Content s.txt c; Get-Content s.txt": 'a\nb\nc',
  'Set-Content s.txt a,b -NoNewline; Get-Content s.txt -Raw': 'ab',
  'Remove-Item s.txt; Test-Path s.txt': 'False',
  'Copy-Item one.txt before.txt -WhatIf 6>$null; Move-Item one.txt before.txt -WhatIf 6>$null; Rename-Item one.txt before.txt -WhatIf 6>$null; Clear-Content one.txt -WhatIf 6>$null; Test-Path before.txt; (Get-Item one.txt).Length':
    'False\n14',
  'Copy-Item sub sub/again -Recurse -ErrorAction SilentlyContinue; Test-Path sub/again': 'False',
  "Copy-Item one.txt 'C:\\x.txt' -ErrorAction SilentlyContinue; $Error[0].FullyQualifiedErrorId":
    'DriveNotFound,Microsoft.PowerShell.Commands.CopyItemCommand',
  '(New-Item n.txt -Value hello).Name; Get-Content n.txt; Remove-Item n.txt': 'n.txt\nhello',
  '(New-Item d1 -ItemType Directory).Name; Remove-Item d1; Test-Path d1': 'd1\nFalse',
  "(Select-String 550 one.txt).LineNumber -join ','": '2,3',
  "(Select-String 'b 5' one.txt).Line": 'B 550',
  "'abc','abd','x' | Select-String 'ab' | ForEach-Object { $_.Line }": 'abc\nabd',
  'Select-String -Quiet 550 one.txt': 'True',
  "'a.c','abc' | Select-String 'a.c' -SimpleMatch -Raw": 'a.c',
  '(Select-String 550 one.txt | Out-String).Trim()': 'one.txt:2:B 550\none.txt:3:c 550',
  "('xx','550' | Select-String 550 | Out-String).Trim()": '550',
  'Select-String -Quiet nope one.txt': 'False',
  'Select-String 550 one.txt -NotMatch | % LineNumber': '1',
  'Select-String 550 one.txt -Context 1,0 | % { $_.Context.PreContext; (Split-Path "$_" -Leaf) }':
    'a\none.txt:2:B 550\none.txt:3:c 550',
  "(Select-String '5' one.txt -AllMatches).Matches.Count": '4',
  "(Select-String '(5)(0)' one.txt | select -First 1).Matches[0].Groups[1].Value": '5',
  "(Select-String 'B' one.txt -CaseSensitive).IgnoreCase": 'False',
  '$a = 1; function f { $a = 2; Set-Variable a 5 -Scope 1; Set-Variable n 4 -Scope Global; Get-Variable a -Scope 0 -ValueOnly; Get-Variable a -Scope 1 -ValueOnly }; f; $a; $n':
    '2\n5\n5\n4',
  'try { Set-Variable x 1 -Scope 7 -ErrorAction Stop } catch { "$_" }':
    "The scope number '7' exceeds the number of active scopes. (Parameter 'Scope')\nActual value was 7.",
  'function k { Remove-Variable a -Scope 1 }; k; "[$a]"': '[]',
  'Set-Variable p1,p2 7 -PassThru | % { $_.Name + $_.Value }': 'p17\np27',
  "'a','a','A','b','b','a' | Get-Unique": 'a\nA\nb\na',
  "'a','A','b' | Get-Unique -CaseInsensitive": 'a\nb',
  "Get-Date '2026-11-28 15:04:05' -UFormat '%Y-%m-%d %H:%M:%S'": '2026-11-28 15:04:05',
  "Get-Date '2026-02-03 05:04:05' -UFormat '%A %a %B %b %d %e %I %p %j %y %D %T %R %F %%'":
    'Tuesday Tue February Feb 03  3 05 AM 034 26 02/03/26 05:04:05 05:04 2026-02-03 %',
  'Split-Path (Resolve-Path *.txt) -Leaf': 'one.txt\ntwo.txt',
};

test('as PowerShell does', async () => {
  const texts = Object.keys(SAME);
  const { stdout, stderr } = await run(texts.map((text) => `${text}; '@@'`).join('\n'));
  expect(stderr).toBe('');
  const answers = stdout.split(/@@\n/).map((part) => part.replace(/\n$/, ''));
  expect(Object.fromEntries(texts.map((text, i) => [text, answers[i]]))).toEqual(SAME);
});

describe('Read-Host', () => {
  test('without a terminal reads the next line of standard input', async () => {
    const text =
      '$a = Read-Host "Address"; $b = Read-Host; "$b-$a"; Get-ReceiveConnector | select -ExpandProperty Name';
    expect(await run(text, '10.1.2.3\r\nx\n')).toMatchObject({ code: 0, stdout: 'x-10.1.2.3\nRelay\n', stderr: '' });
  });

  test('a secure one is never printed', async () => {
    const { stdout, stderr } = await run(
      '$p = Read-Host -AsSecureString Password; "$p"; $p | ConvertTo-Json; $p',
      'hunter2\n',
    );
    expect(stdout).toContain('System.Security.SecureString');
    expect(stdout + stderr).not.toContain('hunter2');
  });

  test('nobody to ask: an error that says so', async () => {
    expect(await run('Read-Host Name')).toMatchObject({ code: 1, stderr: expect.stringContaining('nobody to ask') });
  });
});

describe('Remove-Item', () => {
  test('a folder with something in it is asked about, or -Recurse', async () => {
    expect((await run('Remove-Item sub')).stderr).toContain('-Recurse');
    expect(existsSync(join(cwd, 'sub/three.csv'))).toBe(true);
    expect((await run('Remove-Item sub -Recurse -WhatIf')).stderr).toContain(
      'What if: Performing the operation "Remove Directory"',
    );
    expect(await run('Remove-Item sub -Recurse')).toMatchObject({ code: 0 });
    expect(existsSync(join(cwd, 'sub'))).toBe(false);
  });

  test('a link is removed, and not what it leads to', async () => {
    symlinkSync(join(cwd, 'sub'), join(cwd, 'link'));
    expect(await run('Remove-Item link -Recurse')).toMatchObject({ code: 0 });
    expect(existsSync(join(cwd, 'sub/three.csv'))).toBe(true);
  });

  test('one that is not there is an error, and the rest goes on', async () => {
    const { code, stderr } = await run('Remove-Item nope.txt; Test-Path one.txt');
    expect(code).toBe(1);
    expect(stderr).toContain('because it does not exist');
  });
});

test('encodings: written as asked, read by their mark', async () => {
  expect(await run('Set-Content u.txt "grün" -Encoding unicode; Get-Content u.txt')).toMatchObject({
    stdout: 'grün\n',
  });
  expect(readFileSync(join(cwd, 'u.txt')).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xfe]));
});

test('Write-Debug, Write-Information and Write-Progress are quiet until asked; Out-GridView prints a table and says so', async () => {
  expect(await run('Write-Debug d; Write-Information i; Write-Progress p -PercentComplete 5')).toMatchObject({
    stdout: '',
    stderr: '',
  });
  expect((await run('Write-Debug d -Debug; Write-Information i -InformationAction Continue')).stderr).toBe(
    'DEBUG: d\ni\n',
  );
  const grid = await run('Get-ReceiveConnector | select Name,Enabled | Out-GridView -Title x');
  expect(grid.stderr).toContain('There is no window here');
  expect(grid.stdout).toMatch(/Name +Enabled\n-+ +-+\nRelay +True/);
});

describe('Start-Transcript', () => {
  const text = (name: string) =>
    readFileSync(join(cwd, name), 'utf8').replace(/(time|User|Username|Machine|Process ID): .*/g, '$1: …');

  test('keeps what is shown, in its order, between a header and a footer', async () => {
    const ran = await run(
      'Start-Transcript t.log; "hello"; 1,2 | % { [pscustomobject]@{ A = $_; B = "x" } }; Write-Host hi; Write-Warning careful; Write-Error bad; Get-Item one.txt | % Name; Stop-Transcript; "after"',
    );
    expect(ran.stdout).toContain('Transcript started, output file is t.log');
    expect(ran.stdout).toContain(`Transcript stopped, output file is ${join(cwd, 't.log')}`);
    expect(text('t.log')).toMatch(
      /^\*{22}\nPowerShell transcript start\nStart time: …\nUsername: …\nRunAs User: …\nMachine: …\nHost Application: rc\nProcess ID: …\n\*{22}\nTranscript started, output file is t\.log\nhello\n\nA B\n- -\n1 x\n2 x\n\nhi\nWARNING: careful\nWrite-Error: bad\none\.txt\n\*{22}\nPowerShell transcript end\nEnd time: …\n\*{22}\n$/,
    );
  });

  test('-NoClobber leaves what is there, -Append goes on, nothing else is kept', async () => {
    writeFileSync(join(cwd, 'there.log'), 'old\n');
    const kept = await run('Start-Transcript there.log -NoClobber');
    expect(kept).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('already exists and NoClobber was specified'),
    });
    expect(text('there.log')).toBe('old\n');
    await run('Start-Transcript there.log -Append -UseMinimalHeader; "more"');
    expect(text('there.log')).toMatch(/^old\n\*+\nPowerShell transcript start\nStart time: …\n\*+\n[\s\S]*more\n\*+\n/);
    await run('Start-Transcript there.log; Stop-Transcript');
    expect(text('there.log')).not.toContain('old');
  });

  test('what is redirected away is not kept; what is merged into the output is, once', async () => {
    await run('Start-Transcript t.log -UseMinimalHeader; Write-Warning away 3>$null; Write-Warning merged 3>&1; "end"');
    expect(text('t.log')).toContain('\nmerged\nend\n');
    expect(text('t.log')).not.toMatch(/away|WARNING/);
  });

  test('a file that cannot be, and none to stop, are errors', async () => {
    expect(await run('Start-Transcript nowhere/t.log')).toMatchObject({ code: 1 });
    expect((await run('Stop-Transcript')).stderr).toContain('The host is not currently transcribing.');
  });
});

/**
 * Texts that want to run for ever, or to fill memory or the disk: each ends with an error that says why, in bounded time, and what
 * was done before it stays. What counts, and how much of it, says docs/language.md, "Limits".
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { storeIn, tempFolder, writeStore } from '../support/temp-home.ts';
import { CONNECTORS, SMALL, scene } from './scene.ts';

const DEEP = 'The script failed due to call depth overflow.';
const TOO_DEEP = 'calls were nested too deep 3 times';
const ROUNDS = 'rounds of loops';
const TEXT = 'The text would be longer than 16777216 characters.';
const LIST = 'The list would have more than 1000000 elements.';
const GROWS = 'lists or texts grow too large for what is done with them';
const MEMORY = 'MB in memory';
const COMPLEX = 'the script is too complex';

const TEXTS: readonly (readonly [what: string, ends: string, texts: readonly string[]])[] = [
  [
    'calls',
    DEEP,
    [
      'function f { f }; f',
      '$b = { & $b }; & $b',
      'function a { b }; function b { a }; a',
      'filter f { $_ | f }; 1 | f',
      "$t = 'Invoke-Expression $t'; Invoke-Expression $t",
      '$b = { . $b }; . $b',
      'function g($n) { & { & { g ($n - 1) } } }; g 1',
      '$x = { $y = { & $x }; & $y }; & $x',
      'function f { 1 | ForEach-Object { f } }; f',
    ],
  ],
  [
    'calls that grow',
    TOO_DEEP,
    ['function f { f; f }; f', 'function f { try { f } finally { f } }; f', 'function f { try { f } catch { f } }; f'],
  ],
  [
    'loops',
    ROUNDS,
    [
      'while ($true) { }',
      'for (;;) { $i++ }',
      'do { } until ($false)',
      'foreach ($i in 1..1000000) { foreach ($j in 1..1000000) { $x++ } }',
      '1..1000000 | ForEach-Object { 1..1000000 } | Out-Null',
      '& { foreach ($i in 1..1000) { 1..1000000 } } | Sort-Object | Out-Null',
      '$ErrorActionPreference = "SilentlyContinue"; :a while ($true) { continue a }',
    ],
  ],
  [
    'texts',
    TEXT,
    [
      "'x' * 1e9",
      "'x' * 100000000",
      '$s = \'x\'; 1..40 | % { $s = "$s$s" }',
      "'x'.PadLeft(2000000000)",
      "[string]::new('x', 1000000000)",
      "New-Object string('x', 1000000000)",
      "'a'.Replace('a', 'b' * 16000000).Replace('b', 'cccccccccc')",
      "[string]::Join('x' * 20, (1..1000000))",
      "(1..1000000) -join ('x' * 1000)",
      '"{0}" * 16000000 -f 1',
      "[void][System.Text.StringBuilder]::new().Append('x', 2000000000)",
    ],
  ],
  [
    'lists',
    LIST,
    [
      '1..1000000000',
      '@(0) * 1000000000',
      '$x = (1..600000) + (1..600000)',
      "('x' * 16000000).ToCharArray().Count",
      '$a = 1..1000000; $a += 1; $a.Count',
    ],
  ],
  [
    'what grows',
    GROWS,
    [
      '$s = "x"; while ($true) { $s += $s }',
      '$a = @(1); while ($true) { $a += $a }',
      '$e = [System.Text.StringBuilder]::new(); while ($true) { [void]$e.Append("x" * 100000) }',
      'while ($true) { 1/0 }',
      '$o = [pscustomobject]@{}; 1..100000 | % { $o | Add-Member "p$_" $_ }',
    ],
  ],
  [
    'regular expressions',
    'takes too long on a text of',
    [
      "('a' * 45 + '!') -match '^(a+)+$'",
      "('a' * 50 + '!') -replace '(a|aa)+$','b'",
      "[regex]::Match('a' * 45 + '!', '^(a|a)*$').Success",
      "('a' * 45 + '!') -split '(a+)+$'",
      "switch -Regex ('a' * 45 + '!') { '^(a+)+$' { 1 } }",
      "'a' * 50 | Select-String '^(a+)+b$'",
    ],
  ],
  [
    'what holds itself',
    COMPLEX,
    [
      '$a = @(1,2); $a[0] = $a; $a | Out-String',
      '$a = @(1,2); $a[0] = $a; Compare-Object $a $a',
      '$a = @(1,2); $a[0] = $a; $a | Export-Clixml x.xml',
    ],
  ],
  ['brackets', COMPLEX, ["Invoke-Expression ('(' * 200000)", "Invoke-Expression ('1+' * 200000 + '1')"]],
  ['JSON', 'nested deeper', ["('[' * 100000 + ']' * 100000) | ConvertFrom-Json"]],
  [
    'JSON that is written',
    '-Depth is at most 100',
    ['$o = 1; 1..500 | % { $o = @{ a = $o } }; $o | ConvertTo-Json -Depth 100000'],
  ],
  [
    'widths',
    'not in a correct format',
    ["'{0,1000000000}' -f 1", "'{0,-2000000000}' -f 1", "[string]::Format('{0,1000000000}', 1)"],
  ],
  ['sleep', 'is not a number of seconds', ['Start-Sleep 1000000000', 'Start-Sleep -Milliseconds 99999999999']],
];

describe.each(TEXTS)('%s end with: %s', (_, ends, texts) => {
  test.each(texts)('%s', { timeout: 120_000 }, async (text) => {
    const told = await scene().run(text, { limits: SMALL });
    expect([...told.errors, told.complaint].join('\n')).toContain(ends);
    expect(told.code).not.toBe(0);
  });
});

test.each([
  '$o = [pscustomobject]@{ a = 1 }; $o.a = $o; "$o"',
  '$h = @{}; $h.self = $h; "$h"; $h | ConvertTo-Json -WarningAction SilentlyContinue | Out-Null',
  "'{0:N999999999}' -f 1 | Out-Null; (1).ToString('D999999999') | Out-Null",
  "'a' * 60 -like '*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b'",
  "'x' | Out-String -Width 2147483647",
  '$h = @{}; foreach ($i in 1..50000) { $h["k$i"] = $i }; $h.Count',
])('%s is no harm', async (text) => {
  expect(await scene().run(text)).toMatchObject({ code: 0, errors: [], complaint: '' });
});

test.each([
  ['while ($true) { }', 'more than 5000000 rounds of loops'],
  ['function f { f; f }; f', 'nested too deep 20 times'],
])('%s with the usual limits: %s', { timeout: 120_000 }, async (text, ends) => {
  expect((await scene().run(text)).errors.join('\n')).toContain(ends);
});

test('what was done before it stays, and the statement that did not end is undone', async () => {
  const one = scene();
  const told = await one.run(
    'Set-ReceiveConnector Relay -MaxHopCount 9\nwhile ($true) { Set-ReceiveConnector Relay -MaxHopCount 5 }',
    { limits: { rounds: 2000 } },
  );
  expect(told.errors.at(-1)).toContain(ROUNDS);
  expect(one.stored('Relay')?.MaxHopCount).toBe(9);
}, 300_000);

describe('in a process with little memory', () => {
  const run = (text: string) => {
    const home = tempFolder('hostile');
    writeStore(home, CONNECTORS);
    const rc = join(import.meta.dirname, '../../bin/rc');
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--max-old-space-size=400', rc, '--home', home, '-c', text],
      {
        cwd: home,
        encoding: 'utf8',
        maxBuffer: 64 * 1024 ** 2,
        env: { ...process.env, NODE_OPTIONS: '' },
      },
    );
    return { status, stderr, home };
  };

  test.each([
    ["$a = 1..10000 | % { ('x' * 16000000).ToUpper() }", MEMORY],
    ["1..10000 | % { ('x' * 16000000).ToUpper() } | Sort-Object | Out-Null", MEMORY],
    ['$l = [System.Collections.ArrayList]@(); while ($true) { [void]$l.Add("x" * 16000000) }', GROWS],
    ['Get-Content /dev/zero', 'is larger than'],
    ['Import-Csv /dev/zero', 'is larger than'],
    ['Select-String x /dev/zero', 'is larger than'],
  ])('%s', { timeout: 300_000 }, (text, ends) => {
    const { status, stderr, home } = run(text);
    expect(stderr).toContain(ends);
    expect(status).toBe(1);
    expect(storeIn(home).generation).toBe(1);
  });

  test('files of a text are bounded together', { timeout: 300_000 }, () => {
    const { status, stderr, home } = run("while ($true) { 'x' * 16000000 | Add-Content flood.txt }");
    expect(stderr).toContain('more than 1073741824 bytes were to be written to files');
    expect(status).toBe(1);
    expect(statSync(join(home, 'flood.txt')).size).toBeLessThanOrEqual(1024 ** 3);
  });
});

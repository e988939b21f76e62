/**
 * `rc init pwsh` in PowerShell 7.6.9 itself: the module loaded once, each line run in it, what it gave as JSON. Without PowerShell the
 * test is skipped; CI installs it (.ci/run), so there a missing one is a failure.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findPowerShell } from '../oracle/theirs.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';

const program = findPowerShell();
const BIN = path.join(import.meta.dirname, '../../bin');

/** What is typed, one after the other in one session, by a name. */
const LINES = {
  seedFirst: 'Get-ReceiveConnector default* | Select Name,MaxInbound*',
  seedSecond: 'Get-ReceiveConnector default* | Set-ReceiveConnector -MaxInboundConnectionPerSource 100',
  after: '(Get-ReceiveConnector "Default EX").MaxInboundConnectionPerSource',
  sizes: 'Get-ReceiveConnector | Where-Object MaxMessageSize -gt 40MB | ForEach-Object Name',
  sizesByText: "Get-ReceiveConnector | Where-Object { $_.MaxMessageSize -lt '40 MB' } | ForEach-Object Name",
  spans:
    "Get-ReceiveConnector | Where-Object { $_.ConnectionTimeout -ge '00:10:00' } | Measure-Object | ForEach-Object Count",
  sorted: 'Get-ReceiveConnector | Sort-Object MaxMessageSize -Descending | ForEach-Object Name',
  megabytes: '(Get-ReceiveConnector Relay).MaxMessageSize.ToMB()',
  printed: '"$((Get-ReceiveConnector Relay).MaxMessageSize)"',
  roundTrip:
    'Get-ReceiveConnector Relay | Set-ReceiveConnector -MaxHopCount 31; (Get-ReceiveConnector Relay).MaxHopCount',
  edit: "Set-ReceiveConnector Relay -RemoteIPRanges @{Add='10.9.9.9'}; (Get-ReceiveConnector Relay).RemoteIPRanges -contains '10.9.9.9'",
  notThere:
    'Get-ReceiveConnector Nothing -ErrorAction SilentlyContinue -ErrorVariable e; $e[0].GetType().Name; $e[0].Exception.Message',
  caught:
    'try { Set-ReceiveConnector Relay -MaxHopCount 9999 -ErrorAction Stop } catch { "caught " + $_.Exception.Message }',
  typedHere:
    'try { Set-ReceiveConnector Relay -MaxInboundConnection abc -ErrorAction Stop } catch { $_.Exception.Message }',
  preferStop: '$ErrorActionPreference = "Stop"; try { Get-ReceiveConnector Nothing } catch { "caught" }; "after"',
  preferSilence: '$ErrorActionPreference = "SilentlyContinue"; Get-ReceiveConnector Nothing; "after"',
  preferWhatIf:
    '$WhatIfPreference = $true; Set-ReceiveConnector Relay -MaxHopCount 40; $WhatIfPreference = $false; (Get-ReceiveConnector Relay).MaxHopCount',
  answer: 'Test-ReceiveConnector Relay -From 203.0.113.9 | Select-Object -Last 1 | ForEach-Object Accepted',
  whatIf: 'Set-ReceiveConnector Relay -MaxHopCount 40 -WhatIf; (Get-ReceiveConnector Relay).MaxHopCount',
  remove: 'Remove-ReceiveConnector Relay -Confirm:$false; @(Get-ReceiveConnector).Count',
  completesName: "(TabExpansion2 'Get-ReceiveConnector Def' 24).CompletionMatches.CompletionText",
  completesParameter: "(TabExpansion2 'Set-ReceiveConnector x -MaxInb' 30).CompletionMatches.CompletionText",
  help: '(Get-Help Set-ReceiveConnector).Synopsis',
  helpParameter: '(Get-Help Set-ReceiveConnector -Parameter MaxHopCount).name',
  example: '@((Get-Help Get-ReceiveConnector).examples.example).Count -gt 0',
} as const;

const SCRIPT = `
rc init pwsh | Out-String | Invoke-Expression
foreach ($line in (Get-Content -Raw $args[0] | ConvertFrom-Json)) {
  $Error.Clear()
  $values = @(& ([scriptblock]::Create($line.text)) 2>&1 | ForEach-Object { if ($_ -is [string] -or $_ -is [ValueType]) { $_ } else { "$_" } })
  ConvertTo-Json -Compress -InputObject ([ordered] @{ name = $line.name; values = $values })
}
`;

let told: Record<string, unknown[]>;
let output = '';
describe.runIf(Boolean(process.env.CI) || program !== undefined)('in PowerShell itself', () => {
  beforeAll(() => {
    if (!program) throw new Error('PowerShell 7.6.9 is not here: .ci/run installs it where dotnet is');
    const home = tempFolder('pwsh');
    writeStore(home, [
      { Name: 'Default EX', Bindings: ['127.0.0.1:2525'] },
      { Name: 'Relay', Bindings: ['127.0.0.1:2526'], MaxMessageSize: '50MB', RemoteIPRanges: ['192.168.5.10'] },
    ]);
    const folder = tempFolder('pwsh-script');
    const lines = path.join(folder, 'lines.json');
    fs.writeFileSync(lines, JSON.stringify(Object.entries(LINES).map(([name, text]) => ({ name, text }))));
    const script = path.join(folder, 'script.ps1');
    fs.writeFileSync(script, SCRIPT);
    const env = {
      ...process.env,
      RC_HOME: home,
      HOME: folder,
      PATH: `${BIN}:${process.env.PATH}`,
      POWERSHELL_TELEMETRY_OPTOUT: '1',
      NO_COLOR: '1',
    };
    const ran = spawnSync(program, ['-NoProfile', '-NonInteractive', '-File', script, lines], {
      encoding: 'utf8',
      env,
      timeout: 240_000,
    });
    output = ran.stdout + ran.stderr;
    const answers = ran.stdout.split('\n').filter((line) => line.startsWith('{"name"'));
    told = Object.fromEntries(answers.map((line) => JSON.parse(line)).map(({ name, values }) => [name, values]));
  }, 300_000);

  const gives = (name: keyof typeof LINES): unknown[] => {
    expect(Object.keys(told), output).toContain(name);
    return told[name]!;
  };

  test("the seed's two lines", () => {
    expect(gives('seedFirst')).toEqual([expect.stringMatching(/^@\{Name=Default EX; MaxInboundConnection=5000; /)]);
    expect(gives('seedSecond')).toEqual([]);
    expect(gives('after')).toEqual([100]);
  });

  test('sizes and spans compare, sort and print as what they are', () => {
    expect(gives('sizes')).toEqual(['Relay']);
    expect(gives('sizesByText')).toEqual(['Default EX']);
    expect(gives('spans')).toEqual([2]);
    expect(gives('sorted')).toEqual(['Relay', 'Default EX']);
    expect(gives('megabytes')).toEqual([50]);
    expect(gives('printed')).toEqual(['50 MB (52,428,800 bytes)']);
  });

  test('objects go into the pipe as they came out of it', () => {
    expect(gives('roundTrip')).toEqual([31]);
    expect(gives('edit')).toEqual([true]);
  });

  test('errors are ErrorRecords', () => {
    expect(gives('notThere')).toEqual(['ErrorRecord', expect.stringContaining('Nothing')]);
    expect(gives('caught')).toEqual([expect.stringMatching(/^caught .*9999/s)]);
    expect(gives('typedHere')).toEqual([expect.stringMatching(/ For example: -MaxInboundConnection 100$/)]);
  });

  test('-WhatIf changes nothing, -Confirm:$false does not ask', () => {
    expect(gives('whatIf')).toEqual([31]);
    expect(output).toContain('What if: Setting Receive connector "EX\\Relay".');
    expect(gives('remove')).toEqual([1]);
  });

  test("the caller's preferences hold, as for any cmdlet", () => {
    expect(gives('preferStop')).toEqual(['caught', 'after']);
    expect(gives('preferSilence')).toEqual(['after']);
    expect(gives('preferWhatIf')).toEqual([31]);
  });

  test('an answer of no is no error', () => expect(gives('answer')).toEqual([false]));

  test('Tab completes names and parameters', () => {
    expect(gives('completesName')).toEqual(["'Default EX'"]);
    expect(gives('completesParameter')).toEqual(
      expect.arrayContaining(['-MaxInboundConnection', '-MaxInboundConnectionPerSource']),
    );
  });

  test('Get-Help knows the cmdlets', () => {
    expect(String(gives('help')[0]).trim()).not.toBe('');
    expect(gives('helpParameter')).toEqual(['MaxHopCount']);
    expect(gives('example')).toEqual([true]);
  });
});

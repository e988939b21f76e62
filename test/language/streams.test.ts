/** Errors, warnings, preferences and transactions: what a script tells, keeps, and gives back as its exit code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CONNECTORS, SMALL, scene } from './scene.ts';

const NOT_FOUND = (name: string) =>
  `The operation couldn't be performed because object '${name}' couldn't be found on 'EX'.`;

describe('errors', () => {
  test('an error ends its statement, the script goes on, the exit code says so', async () => {
    const told = await scene().run('Get-ReceiveConnector nobody; "after"');
    expect(told.errors).toEqual([`Get-ReceiveConnector: ${NOT_FOUND('nobody')}`]);
    expect(told.out).toEqual(['after']);
    expect(told.code).toBe(1);
  });

  test('-ErrorAction Stop and $ErrorActionPreference = "Stop" end the script; the error is told once', async () => {
    for (const text of [
      'Get-ReceiveConnector nobody -ErrorAction Stop; "after"',
      '$ErrorActionPreference = "Stop"; Get-ReceiveConnector nobody; "after"',
      '$ErrorActionPreference = "Stop"; 1/0; "after"',
      'Write-Error "x" -ErrorAction Stop; "after"',
      'foreach ($i in 1..3) { Get-ReceiveConnector nobody -ea Stop; $i }; "after"',
    ]) {
      const told = await scene().run(text);
      expect(told.errors).toHaveLength(1);
      expect(told.out).toEqual([]);
      expect(told.code).toBe(1);
    }
  });

  test('-ErrorAction SilentlyContinue keeps the error in $Error and $? but shows nothing and fails nothing', async () => {
    const told = await scene().run(
      'Get-ReceiveConnector nobody -ErrorAction SilentlyContinue; $?; $Error.Count; $Error[0].Exception.Message',
    );
    expect(told.errors).toEqual([]);
    expect(told.out).toEqual(['False', '1', NOT_FOUND('nobody')]);
    expect(told.code).toBe(0);
  });

  test('-ErrorAction Ignore leaves no trace', async () => {
    const told = await scene().run('Get-ReceiveConnector nobody -ErrorAction Ignore; $Error.Count');
    expect(told.out).toEqual(['0']);
    expect(told.code).toBe(0);
  });

  test('$? is about the last statement', async () => {
    const told = await scene().run('$?; Get-ReceiveConnector nobody -ea SilentlyContinue; $?; $?; if ($?) { "good" }');
    expect(told.out).toEqual(['True', 'False', 'True', 'good']);
  });

  test('$Error holds the newest first, and can be cleared', async () => {
    const told = await scene().run(
      'Get-ReceiveConnector a -ea SilentlyContinue; Get-ReceiveConnector b -ea SilentlyContinue; $Error[0].TargetObject; "$($Error[1])"; $Error[0].FullyQualifiedErrorId; $Error.Clear(); $Error.Count',
    );
    expect(told.out).toEqual(['b', NOT_FOUND('a'), 'ManagementObjectNotFound,Get-ReceiveConnector', '0']);
  });

  test('-PipelineVariable is the object that is on its way, until the pipeline has ended', async () => {
    const told = await scene().run(
      [
        'Get-ReceiveConnector Relay -PipelineVariable c | foreach { $_.RemoteIPRanges } | foreach { "$($c.Name) $_" }',
        '"[$c]"',
        'function Find-Connector { [CmdletBinding()] param() Get-ReceiveConnector Relay }',
        'Find-Connector -pv c | select -ExpandProperty Bindings | foreach { $c.Name }',
      ].join('\n'),
    );
    expect(told.errors).toEqual([]);
    expect(told.out).toEqual(['Relay 192.168.5.10', 'Relay 192.168.5.11', '[]', 'Relay']);
  });

  test('-ErrorVariable, +ErrorVariable, -WarningVariable and -OutVariable collect', async () => {
    const told = await scene().run(
      [
        'Get-ReceiveConnector a,Relay -ErrorVariable problems -ea SilentlyContinue -OutVariable found | Out-Null',
        '"$($problems.Count) $($problems[0].TargetObject) $($found.Count) $($found[0].Name)"',
        'Get-ReceiveConnector b -ErrorVariable +problems -ea SilentlyContinue',
        '$problems.Count',
        'Get-ReceiveConnector Relay -ErrorVariable problems | Out-Null',
        '$problems.Count',
        'Set-ReceiveConnector Relay -MaxHopCount 60 -WarningVariable w -WarningAction SilentlyContinue',
        '$w',
      ].join('\n'),
    );
    expect(told.errors).toEqual([]);
    expect(told.warnings).toEqual([]);
    expect(told.out).toEqual([
      '1 a 1 Relay',
      '2',
      '0',
      "The command completed successfully but no settings of 'EX\\Relay' have been modified.",
    ]);
  });

  test.each([
    ['1/0', 'RuntimeException: Attempted to divide by zero.'],
    ['$null.ToUpper()', 'InvalidOperation: You cannot call a method on a null-valued expression.'],
    [
      '"a".Foo()',
      "InvalidOperation: Method invocation failed because [System.String] does not contain a method named 'Foo'.",
    ],
    [
      '"a".Trimm()',
      "InvalidOperation: Method invocation failed because [System.String] does not contain a method named 'Trimm'. Did you mean Trim?",
    ],
    ['$null[0]', 'InvalidOperation: Cannot index into a null array.'],
    ['$a = 1,2; $a[5] = 1', 'OperationStopped: Index was outside the bounds of the array.'],
    [
      '$a = 1,2; $a.Add(3)',
      'MethodInvocationException: Exception calling "Add" with "1" argument(s): "Collection was of a fixed size." Use += to make a longer list.',
    ],
    ['[int]"abc"', 'InvalidArgument: Cannot convert value "abc" to type "System.Int32".'],
    [
      '[int]99999999999',
      'InvalidArgument: Cannot convert value "99999999999" to type "System.Int32". Error: "Value was either too large or too small for an Int32."',
    ],
    ['5 + "abc"', 'InvalidArgument: Cannot convert value "abc" to type "System.Int32".'],
    [
      '(Get-ReceiveConnector Relay) + 1',
      "InvalidOperation: Method invocation failed because [ReceiveConnector] does not contain a method named 'op_Addition'.",
    ],
    ['@{a=1} + 1', 'InvalidOperation: A hash table can only be added to another hash table.'],
    [
      '$rc = Get-ReceiveConnector Relay; $rc.Foo = 1',
      'SetValueInvocationException: Exception setting "Foo": "The property \'Foo\' cannot be found on this object. Verify that the property exists and can be set."',
    ],
    [
      '$rc = Get-ReceiveConnector Relay; $rc.MaxHopCount = 5000',
      'InvalidArgument: Exception setting "MaxHopCount": "5000" is out of range; allowed: a whole number from 1 to 500.',
    ],
    [
      '$rc = Get-ReceiveConnector Relay; $rc.RemoteIPRanges += "10.0.0.300"',
      'InvalidArgument: Exception setting "RemoteIPRanges": "10.0.0.300"',
    ],
    [
      '"{1}" -f 1',
      'InvalidOperation: Error formatting a string: Index (zero based) must be greater than or equal to zero and less than the size of the argument list.',
    ],
    [
      '(Get-ReceiveConnector Relay).MessageRateLimit.Value',
      'InvalidOperation: The value is Unlimited, so it has no .Value; ask .IsUnlimited first.',
    ],
    ['"a" -match "("', "OperationStopped: Invalid pattern '(' at offset 1. Not enough )'s."],
    ['"a" -like "[a"', 'The specified wildcard character pattern is not valid'],
    ['$ErrorActionPreference = "Contine"', 'Did you mean Continue?'],
    ['$x = "a" * 100MB', 'LimitsExceeded: The text would be longer than'],
    ['[string]::new("x", 2000000000)', 'LimitsExceeded: The text would be longer than'],
    ['$x = "a" * 16000000; $x.Insert(0, $x).Length', 'LimitsExceeded: The text would be longer than'],
    ['[timespan]::FromDays(1e300)', 'TimeSpan overflowed because the duration is too long.'],
    ['[datetime]::new(99999, 1, 1)', 'Year, Month, and Day parameters describe an un-representable DateTime.'],
    ['[convert]::ToString(5, 99)', 'Invalid Base.'],
    ['1..100000000', 'LimitsExceeded: The list would have more than'],
    ['[int]$n = 1; $n = "x"', 'InvalidArgument: Cannot convert value "x" to type "System.Int32".'],
  ])('%s', async (text, message) => {
    const told = await scene().run(`${text}\n"after"`);
    expect(told.errors).toHaveLength(1);
    expect(told.errors[0]).toContain(message);
    expect(told.out).toEqual(['after']);
    expect(told.code).toBeGreaterThan(0);
  });

  test('the binder names the cmdlet; mistakes alone make exit code 2', async () => {
    const told = await scene().run('Set-ReceiveConnector Relay -MaxHopCount abc');
    expect(told.errors[0]).toMatch(/^Set-ReceiveConnector: /);
    expect(told.code).toBe(2);
  });

  test('an error for one piped object is its own, the others go on', async () => {
    const told = await scene().run("'Relay','nobody','Client EX' | Get-ReceiveConnector | % Name");
    expect(told.out).toEqual(['Relay', 'Client EX']);
    expect(told.errors).toEqual([`Get-ReceiveConnector: ${NOT_FOUND('nobody')}`]);
  });

  test('exit ends the script with its code; what was done before stays', async () => {
    const one = scene();
    const told = await one.run('Set-ReceiveConnector Relay -MaxHopCount 5; if ($true) { exit 7 }; "never"');
    expect(told.code).toBe(7);
    expect(told.out).toEqual([]);
    expect(one.stored('Relay')?.MaxHopCount).toBe(5);
  });
});

describe('one statement, one transaction', () => {
  test('an object that fails undoes the statement, and only it', async () => {
    const one = scene();
    const told = await one.run(
      'Set-ReceiveConnector Relay -MaxHopCount 7\n"Relay","nobody" | Set-ReceiveConnector -MaxHopCount 9\nSet-ReceiveConnector "Client EX" -MaxHopCount 8',
    );
    expect(one.stored('Relay')?.MaxHopCount).toBe(7);
    expect(one.stored('Client EX')?.MaxHopCount).toBe(8);
    expect(one.generation()).toBe(3);
    expect(told.warnings).toEqual([
      expect.stringContaining('Nothing was changed by this statement, because of the error above.'),
    ]);
    expect(told.code).toBe(1);
  });

  test('a foreach is one statement', async () => {
    const one = scene();
    await one.run('foreach ($n in "Relay","Client EX","nobody") { Set-ReceiveConnector $n -MaxHopCount 9 }');
    expect(one.generation()).toBe(1);
    await one.run('foreach ($n in "Relay","Client EX") { Set-ReceiveConnector $n -MaxHopCount 9 }');
    expect(one.generation()).toBe(2);
  });

  test('-ErrorAction Continue, said, writes the rest; so does the preference, said', async () => {
    for (const text of [
      '"Relay","nobody" | Set-ReceiveConnector -MaxHopCount 9 -ErrorAction Continue',
      '$ErrorActionPreference = "Continue"; "Relay","nobody" | Set-ReceiveConnector -MaxHopCount 9',
      '"Relay","nobody" | Set-ReceiveConnector -MaxHopCount 9 -ea SilentlyContinue',
    ]) {
      const one = scene();
      await one.run(text);
      expect(one.stored('Relay')?.MaxHopCount).toBe(9);
    }
  });

  test('an error that was said not to matter keeps nothing from being written', async () => {
    const one = scene();
    const told = await one.run(
      'if (!(Get-ReceiveConnector Scanner -ErrorAction SilentlyContinue)) { New-ReceiveConnector Scanner -Bindings 127.0.0.1:2700 -RemoteIPRanges 10.0.0.1 | Out-Null; "made" } else { "there" }',
    );
    expect(told.out).toEqual(['made']);
    expect(told.code).toBe(0);
    expect(one.stored('Scanner')).toBeDefined();
  });

  test('within a statement its own changes are seen; outside not before it ends', async () => {
    const one = scene();
    const told = await one.run(
      'foreach ($n in 1..2) { Set-ReceiveConnector Relay -MaxHopCount (10 + $n); (Get-ReceiveConnector Relay).MaxHopCount }',
    );
    expect(told.out).toEqual(['11', '12']);
    expect(one.generation()).toBe(2);
  });

  test('what a changing statement gives is not shown when it is undone', async () => {
    const one = scene();
    const told = await one.run(
      'foreach ($n in "A","Relay") { New-ReceiveConnector $n -Bindings "127.0.0.1:26$($n.Length)0" -RemoteIPRanges 10.0.0.1 }',
    );
    expect(told.out).toEqual([]);
    expect(one.stored('A')).toBeUndefined();
  });

  test('a stopped statement is undone', async () => {
    const one = scene();
    const told = await one.run(
      'foreach ($n in "Relay","nobody") { Set-ReceiveConnector $n -MaxHopCount 9 -ErrorAction Stop }',
    );
    expect(one.generation()).toBe(1);
    expect(told.errors).toHaveLength(1);
    expect(told.warnings).toHaveLength(1);
  });

  test('the history gets the statement as it was written', async () => {
    const one = scene();
    const commands: string[] = [];
    const author = (command: string) => {
      commands.push(command);
      return { user: 'test', command };
    };
    const world = { ...one.world, author };
    const { runScript } = await import('../../src/language/runtime/script.ts');
    await runScript('1; Get-ReceiveConnector Relay |\n  Set-ReceiveConnector -MaxHopCount 5; 2', world);
    expect(commands).toContain('Get-ReceiveConnector Relay |\n  Set-ReceiveConnector -MaxHopCount 5');
  });
});

describe('what-if, confirm, verbose', () => {
  test('-WhatIf and $WhatIfPreference say what would be done and do nothing', async () => {
    for (const text of [
      'Get-ReceiveConnector Relay | Set-ReceiveConnector -MaxHopCount 5 -WhatIf',
      '$WhatIfPreference = $true; Set-ReceiveConnector Relay -MaxHopCount 5',
    ]) {
      const one = scene();
      const told = await one.run(text);
      expect(told.said).toEqual(['What if: Setting Receive connector "EX\\Relay".', '  Relay  MaxHopCount  60 → 5']);
      expect(one.generation()).toBe(1);
      expect(told.code).toBe(0);
    }
  });

  test('Remove asks; no terminal to ask on refuses and says what to pass', async () => {
    const one = scene();
    const told = await one.run('Remove-ReceiveConnector Relay; "after"');
    expect(told.errors[0]).toContain('pass -Confirm:$false');
    expect(told.code).toBe(1);
    expect(one.stored('Relay')).toBeDefined();
  });

  test('Yes to All holds for the statement, not for the next', async () => {
    const one = scene();
    const told = await one.run('Get-ReceiveConnector *EX | Remove-ReceiveConnector; Remove-ReceiveConnector Relay', {
      answers: ['a', 'n'],
    });
    expect(told.said).toHaveLength(2);
    expect(told.said[0]).toBe(
      '\nConfirm\nAre you sure you want to perform this action?\nRemoving Receive connector "EX\\Default EX".\n[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [?] Help (default is "Y"): ',
    );
    expect(one.stored('Client EX')).toBeUndefined();
    expect(one.stored('Relay')).toBeDefined();
  });

  test('$ConfirmPreference', async () => {
    const one = scene();
    expect((await one.run('$ConfirmPreference = "None"; Remove-ReceiveConnector Relay')).code).toBe(0);
    expect(one.stored('Relay')).toBeUndefined();
    const asked = await one.run('$ConfirmPreference = "Low"; Set-ReceiveConnector "Client EX" -MaxHopCount 5', {
      answers: ['n'],
    });
    expect(asked.said[0]).toContain('Are you sure');
    expect(one.stored('Client EX')?.MaxHopCount).toBeUndefined();
  });

  test('-Verbose and Write-…', async () => {
    const told = await scene().run(
      'Set-ReceiveConnector Relay -MaxHopCount 5 -Verbose; Write-Host a 1 (2,3); Write-Warning "careful"; Write-Verbose "quiet"; Write-Verbose "loud" -Verbose; Write-Error "bad"',
    );
    expect(told.verbose).toEqual(['Setting Receive connector "EX\\Relay".', 'loud']);
    expect(told.said).toEqual(['a 1 2 3']);
    expect(told.warnings).toEqual(['careful']);
    expect(told.errors).toEqual(['Write-Error: bad']);
  });
});

describe('pipelines end early and in time', () => {
  test('Select-Object -First stops what comes before it', async () => {
    const told = await scene().run('1..1000 | % { $n++; $_ } | Select-Object -First 3; "n=$n"');
    expect(told.out).toEqual(['1', '2', '3', 'n=3']);
  });

  test('endless or exploding work ends in an error', async () => {
    const told = await scene().run(
      'foreach ($a in 1..1000) { foreach ($b in 1..1000) { foreach ($c in 1..1000) { } } }; "after"',
      { limits: SMALL },
    );
    expect(told.errors[0]).toContain('Processing was stopped');
    expect(told.out).toEqual([]);
  });

  test('a text that doubles ends in an error', async () => {
    const told = await scene().run('$x = "ab"; foreach ($i in 1..100) { $x = "$x$x" }; $x.Length -le 16MB');
    expect(told.errors.length).toBeGreaterThan(0);
    expect(told.errors[0]).toContain('LimitsExceeded');
    expect(told.out).toEqual(['True']);
  });

  test.each([
    ['a list grown without end', '$a = @(); foreach ($i in 1..1000000) { $a += $i }'],
    [
      'long texts made over and over',
      '$x = "x" * 1MB; foreach ($i in 1..1000000) { $y = $x.Substring(1) + "y" + "$x" }',
    ],
    ['a long list joined over and over', '$a = 1..100000; foreach ($i in 1..1000000) { $y = "$a" }'],
  ])('%s ends in an error', async (_, text) => {
    const told = await scene().run(`${text}; "after"`, { limits: SMALL });
    expect(told.errors).toEqual([expect.stringContaining('Processing was stopped')]);
    expect(told.out).toEqual([]);
  });

  test('a catastrophic pattern ends in an error', async () => {
    const told = await scene().run('("a" * 60 + "!") -match "^(a+)+$"; ("a" * 60 + "!") -replace "(a|aa)+$"; "after"');
    expect(told.errors).toHaveLength(2);
    expect(told.errors[0]).toContain('takes too long');
    expect(told.out).toEqual(['after']);
  });

  test('ten thousand connectors go through where, sort and select', async () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({
      Name: `C${String(i).padStart(5, '0')}`,
      Guid: `00000000-0000-4000-8001-${String(i).padStart(12, '0')}`,
      Bindings: [`127.0.${i >> 8}.${i & 255}:25`],
      MaxHopCount: (i % 400) + 1,
    }));
    const told = await scene([...CONNECTORS, ...many]).run(
      'Get-ReceiveConnector | Where-Object { $_.MaxHopCount -gt 390 -and $_.Name -like "C*" } | Sort-Object MaxHopCount -Descending -Stable | Select-Object -First 2 Name, MaxHopCount',
    );
    expect(told.out).toEqual(['@{Name=C00399; MaxHopCount=400}', '@{Name=C00799; MaxHopCount=400}']);
  });
});

describe('redirection', () => {
  // as PowerShell 7.6.9 has it, but for the position in a file's errors
  test.each<[string, string[], Partial<Record<'errors' | 'warnings' | 'said', string[]>>?]>([
    ['Write-Error x 2>$null; "b"', ['b']],
    ['$a = Write-Error x 2>&1; "got $a"; $a.GetType().Name', ['got x', 'ErrorRecord']],
    ['& { Write-Error x; "o" } 2>&1 | ForEach-Object { "[$_]" }', ['[x]', '[o]']],
    ['& { Write-Warning w; Write-Host h; "o" } *>$null; "n"', ['n']],
    [
      '& { Write-Warning w; Write-Host h; 1/0; "o" } *> all.txt; gc all.txt',
      ['w', 'h', 'RuntimeException: Attempted to divide by zero.', 'o'],
    ],
    ['Write-Warning w 3>&1 | % { "[$_]" }', ['[w]']],
    ['Write-Host h 6>&1 | % { "[$_]" }', ['[h]']],
    ['Write-Verbose v -Verbose 4>&1 | % { "[$_]" }', ['[v]']],
    [
      'function f { 1/0; Write-Warning x }; f 2>&1 3>$null | % { $_.Exception.Message }',
      ['Attempted to divide by zero.'],
    ],
    ['Get-ReceiveConnector Nope 2> e.txt; gc e.txt', [expect.stringContaining("'Nope' couldn't be found")]],
    ['Write-Error a 2> e.txt; Write-Error b 2>> e.txt; gc e.txt', ['Write-Error: a', 'Write-Error: b']],
    ['Write-Error a > o.txt 2>&1; gc o.txt', ['Write-Error: a']],
    ['Write-Warning up | Write-Output 3>$null; "x"', ['x'], { warnings: ['up'] }],
    ['& { Write-Error in 2>$null; Write-Warning w } 3>$null; "x"', ['x']],
    ['1..2 | % { Write-Error "e$_" } 2>$null; Write-Error after', [], { errors: ['Write-Error: after'] }],
    ['Write-Output x 2>$null; Get-Content a.txt 2>$null; $?; $Error.Count', ['x', 'False', '1']],
  ])('%s', async (text, out, { errors = [], warnings = [], said = [] } = {}) => {
    const told = await scene().run(text);
    expect({
      complaint: told.complaint,
      out: told.out,
      errors: told.errors,
      warnings: told.warnings,
      said: told.said,
    }).toEqual({
      ...{ complaint: '', out, errors, warnings, said },
    });
  });

  test('an error that nobody sees keeps its statement from being written all the same, and the exit code says so', async () => {
    const one = scene();
    const told = await one.run('"Relay", "Nope" | Set-ReceiveConnector -MaxHopCount 9 2>$null');
    expect([told.code, told.errors, told.warnings.length]).toEqual([1, [], 1]);
    expect(one.stored('Relay')?.MaxHopCount).not.toBe(9);
  });
});

describe('where a script runs', () => {
  test.each<[string, string[]]>([
    ['$host.Name', ['ConsoleHost']],
    ['$Host.UI.RawUI.WindowTitle = "Relays"; $host.UI.RawUI.WindowTitle', ['Relays']],
    ['$host.Version.Major; $PSVersionTable.PSVersion.Major; "$($PSVersionTable.PSVersion)"', ['7', '7', '7.6.9']],
    ['if ($PSVersionTable.PSVersion.Major -lt 5) { "old" } else { "new" }', ['new']],
    ['(New-TimeSpan -Hours 2 -Minutes 5).TotalMinutes; "$(New-TimeSpan -Days 1)"', ['125', '1.00:00:00']],
    [
      '(New-TimeSpan -Start 2026-01-01 -End 2026-01-03).Days; "$(New-TimeSpan 2026-01-02 2026-01-01)"',
      ['2', '-1.00:00:00'],
    ],
  ])('%s', async (text, wanted) => {
    const told = await scene().run(text);
    expect([told.complaint, ...told.errors, ...told.out]).toEqual(['', ...wanted]);
  });

  test('a script that is called is read in whatever encoding it has', async () => {
    const one = scene();
    const text = "'Grüße'";
    writeFileSync(join(one.home, 'le.ps1'), Buffer.from(`\ufeff${text}`, 'utf16le'));
    writeFileSync(join(one.home, 'be.ps1'), Buffer.from(`\ufeff${text}`, 'utf16le').swap16());
    writeFileSync(join(one.home, 'bom.ps1'), `\ufeff${text}`);
    const told = await one.run('./le.ps1; . ./be.ps1; & ./bom.ps1');
    expect([told.complaint, ...told.errors, ...told.out]).toEqual(['', 'Grüße', 'Grüße', 'Grüße']);
  });
});

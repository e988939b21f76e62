/** Control flow, functions and errors that are caught; the values are those that PowerShell 7.6.9 prints. */
import { describe, expect, test } from 'vitest';
import { SMALL, scene } from './scene.ts';

async function out(text: string): Promise<readonly string[]> {
  const told = await scene().run(text);
  expect(told.complaint).toBe('');
  return told.out;
}

describe('loops keep what they gave, however they are left', () => {
  test.each([
    ['foreach ($i in 1..3) { "v$i"; break }', ['v1']],
    ['foreach ($i in 1..3) { "c$i"; continue; "x" }', ['c1', 'c2', 'c3']],
    ['foreach ($i in 1..3) { "e$i"; exit 3 }', ['e1']],
    ['foreach ($i in 1..3) { "t$i"; throw "no" }', ['t1']],
    ['$x = foreach ($i in 1..3) { $i; if ($i -eq 2) { break } }; "x=$x"', ['x=1 2']],
    ['$x = try { 1; 1/0; 2 } catch { "c" }; "x=$x"', ['x=1 c']],
    ['$i = 0; while ($true) { $i++; if ($i -gt 3) { break }; $i }', ['1', '2', '3']],
    ['$i = 4; do { $i--; $i } while ($i -gt 2)', ['3', '2']],
    ['$i = 2; do { $i++ } until ($i -ge 5); $i', ['5']],
    ['for ($k = 0; $k -lt 3; $k++) { $k }', ['0', '1', '2']],
    ['for (;;) { "once"; break }', ['once']],
    ['for ($a, $b = 0, 3; $a -lt $b; $a++) { "$a $b" }', ['0 3', '1 3', '2 3']],
    [
      ':outer foreach ($i in 1..3) { foreach ($j in 1..3) { if ($j -eq 2) { continue outer }; if ($i -eq 3) { break outer }; "$i$j" } }',
      ['11', '21'],
    ],
    ['1..3 | ForEach-Object { if ($_ -eq 2) { return }; $_ }', ['1', '3']],
    ['foreach ($i in 1..2) { 1..3 | ForEach-Object { if ($_ -eq 2) { break }; "$i$_" } }; "after"', ['11', 'after']],
    ['"before"; break; "after"', ['before']],
    ['"before"; return "last"; "after"', ['before', 'last']],
    ['foreach ($i in 1..3) { try { if ($i -eq 2) { continue }; $i } finally { "f$i" } }', ['1', 'f1', 'f2', '3', 'f3']],
  ])('%s', async (text, wanted) => {
    expect(await out(text)).toEqual(wanted);
  });
});

describe('switch', () => {
  test.each([
    ['switch (1,2,5) { 1 {"one"} 2 {"two"; break} default {"def $_"} }', ['one', 'two']],
    ['switch -Wildcard ("abc") { "a*" {"A"} "*c" {"C"} x {"no"} default {"d"} }', ['A', 'C']],
    ['switch -Regex ("srv12") { "(\\d+)" {"num $($Matches[1])"} }', ['num 12']],
    ['switch ("A") { a {"ci"} }', ['ci']],
    ['switch -CaseSensitive ("A") { a {"cs"} default {"none"} }', ['none']],
    ['switch (5) { {$_ -gt 3} {"gt3"} {$_ -lt 9} {"lt9"; continue} default {"d"} }', ['gt3', 'lt9']],
    ['switch (1..3) { 2 {continue} default {$_} }', ['1', '3']],
    ['switch ($null) { default {"null"} $null {"n2"} }', ['n2']],
    ['switch (@()) { default {"empty"} }', []],
    ['switch (Get-ReceiveConnector) { { $_.Name -like "*EX" } { $_.Name } }', ['Default EX', 'Client EX']],
  ])('%s', async (text, wanted) => {
    expect(await out(text)).toEqual(wanted);
  });
});

describe('try, catch, finally, throw, trap', () => {
  test.each([
    ['try { 1/0; "after" } catch { $_.Exception.Message }', ['Attempted to divide by zero.']],
    ['function f { 1/0; "after" }; try { f } catch { "caught" }', ['caught']],
    ['try { 1/0 } catch [System.DivideByZeroException] { "dbz" } catch { "other" }', ['dbz']],
    ['try { throw "x" } catch [System.IO.IOException] { "io" } catch { "other $_" }', ['other x']],
    ['try { throw [System.ArgumentException]::new("bad") } catch [ArgumentException] { "arg: $_" }', ['arg: bad']],
    ['try { throw @{a=1} } catch { $_.TargetObject.a }', ['1']],
    ['try { try { throw "in" } finally { "fin" } } catch { "out $_" }', ['fin', 'out in']],
    ['try { try { throw "in" } catch { throw } } catch { "re $_" }', ['re in']],
    ['try { try { throw "in" } catch { throw "new: $_" } } catch { "re $_" }', ['re new: in']],
    ['function g { try { return 1 } finally { "cleanup" } }; g', ['1', 'cleanup']],
    [
      'try { Get-ReceiveConnector nobody -ErrorAction Stop } catch { "$($_.CategoryInfo.Category) $($_.FullyQualifiedErrorId)" }',
      ['ObjectNotFound ManagementObjectNotFound,Get-ReceiveConnector'],
    ],
    [
      'try { Get-ReceiveConnector nobody -ea Stop } catch [Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException] { "typed" }',
      ['typed'],
    ],
    ['$ErrorActionPreference = "Stop"; try { Get-ReceiveConnector nobody } catch { "caught" }', ['caught']],
    [
      'try { throw "x" } catch { $_.FullyQualifiedErrorId; "$($_.CategoryInfo)" }',
      ['x', 'OperationStopped: (x:String) [], RuntimeException'],
    ],
    ['trap { "trapped $_"; continue }; 1/0; "after"', ['trapped Attempted to divide by zero.', 'after']],
    ['try { "a" } catch { } ; $Error.Count; try { 1/0 } catch { }; $Error.Count', ['a', '0', '1']],
  ])('%s', async (text, wanted) => {
    expect(await out(text)).toEqual(wanted);
  });

  test('what is caught is neither shown nor counted; what is thrown and not caught ends the script', async () => {
    const caught = await scene().run(
      'try { Get-ReceiveConnector nobody -ea Stop } catch { "c" }; try { throw "x" } catch { }',
    );
    expect(caught).toMatchObject({ code: 0, errors: [], out: ['c'] });
    const thrown = await scene().run('"a"; throw "no relay"; "b"');
    expect(thrown).toMatchObject({ code: 1, out: ['a'] });
    expect(thrown.errors).toEqual(['Exception: no relay']);
  });
});

describe('functions', () => {
  const F =
    'function f { [CmdletBinding()] param([Parameter(Mandatory)][string]$Name, [ValidateSet("A","B")]$Kind = "A", [ValidateRange(1,5)][int]$N = 3) "$Name $Kind $N" }; ';
  test.each([
    [
      'function a { param($x, [int]$n = 5, [switch]$s) "$x|$n|$s|$($args -join ",")" }; a 1 2 3 4; a -n 7 hello; a -s x -n:8',
      ['1|2|False|3,4', 'hello|7|False|', 'x|8|True|'],
    ],
    ['function n { param($a) "$a : $args" }; n -b 1 2', ['2 : -b 1']],
    [`${F}f x; f -Kind B y -N 5`, ['x A 3', 'y B 5']],
    [
      `${F}try { f } catch { $_.Exception.Message }`,
      ['Cannot process command because of one or more missing mandatory parameters: Name.'],
    ],
    [
      `${F}try { f '' } catch { $_.FullyQualifiedErrorId }`,
      ['ParameterArgumentValidationErrorEmptyStringNotAllowed,f'],
    ],
    [
      `${F}try { f x -Kind C } catch { $_.Exception.Message }`,
      [
        'Cannot validate argument on parameter \'Kind\'. The argument "C" does not belong to the set "A,B" specified by the ValidateSet attribute. Supply an argument that is in the set and then try the command again.',
      ],
    ],
    [
      `${F}try { f x -N 9 } catch { $_.Exception.Message }`,
      [
        "Cannot validate argument on parameter 'N'. The 9 argument is greater than the maximum allowed range of 5. Supply an argument that is less than or equal to 5 and then try the command again.",
      ],
    ],
    [`${F}try { f x -N abc } catch { $_.FullyQualifiedErrorId }`, ['ParameterArgumentTransformationError,f']],
    [
      `${F}try { f x -Zed 1 } catch { $_.Exception.Message }`,
      ["A parameter cannot be found that matches parameter name 'Zed'."],
    ],
    ['function c { param([Parameter(ValueFromPipeline)]$x) process { "p:$x" } }; 1..2 | c', ['p:1', 'p:2']],
    ['function d { param([Parameter(ValueFromPipeline)]$x) "e:$x" }; 1..3 | d', ['e:3']],
    [
      'function e { param([Parameter(ValueFromPipelineByPropertyName)]$Name) process { $Name } }; Get-ReceiveConnector *EX | e',
      ['Default EX', 'Client EX'],
    ],
    ['function g { begin { "b" } process { "p$_" } end { "e" } }; 1,2 | g; g', ['b', 'p1', 'p2', 'e', 'b', 'p', 'e']],
    ['function h { $input | % { "i$_" } }; 1,2 | h', ['i1', 'i2']],
    ['filter k { "f$_" }; 1,2 | k', ['f1', 'f2']],
    [
      'function m([string[]]$list, [Parameter(ValueFromRemainingArguments)]$rest) { "$list;$rest;$($rest.Count)" }; m a,b c d',
      ['a b;c d;2'],
    ],
    ['$x = 1; function s { $x = 2; $script:y = 3; $x }; s; $x; $y', ['2', '1', '3']],
    ['function s2 { $x }; function s3 { $x = 9; s2 }; s3', ['9']],
    [
      'function pb { param($a, $b = 2) $PSBoundParameters.Keys -join ","; $PSBoundParameters.ContainsKey("a") }; pb -a 1',
      ['a', 'True'],
    ],
    [
      'function two { param($a, $b) "$a-$b" }; $h = @{a=1;b=2}; two @h; $l = 3,4; two @l; & two 5 6; & "two" -b 7',
      ['1-2', '3-4', '5-6', '-7'],
    ],
    ['& { param($q) "q$q $args" } 1 2; . { $z = "dot" }; $z; & { $y = "call" }; "[$y]"', ['q1 2', 'dot', '[]']],
    ['$b = { param($v) $v * 2 }; & $b 21; $b.Invoke(4)', ['42', '8']],
    ['function r { foreach ($i in 1..5) { if ($i -eq 3) { return "r$i" } }; "no" }; r', ['r3']],
    ['function mi2 { $MyInvocation.MyCommand.Name }; mi2', ['mi2']],
    [
      'function sw { param([switch]$Force) $Force.IsPresent }; sw; sw -Force; sw -Force:$false',
      ['False', 'True', 'False'],
    ],
    [
      'function v { param([ValidateScript({ $_ -gt 3 })]$v) "ok" }; try { v 2 } catch { $_.Exception.Message }',
      [
        'Cannot validate argument on parameter \'v\'. The " $_ -gt 3 " validation script for the argument with value "2" did not return a result of True. Determine why the validation script failed, and then try the command again.',
      ],
    ],
    ['function deep($n) { if ($n) { deep ($n - 1) } else { "end" } }; deep 800', ['end']],
    ['function deep($n) { deep ($n + 1) }; try { deep 0 } catch { $_.FullyQualifiedErrorId }', ['CallDepthOverflow']],
  ])('%s', async (text, wanted) => {
    expect(await out(text)).toEqual(wanted);
  });

  test('$PSCmdlet.ShouldProcess obeys -WhatIf, -Confirm and the preference', async () => {
    const f =
      'function wi { [CmdletBinding(SupportsShouldProcess)] param($t) if ($PSCmdlet.ShouldProcess($t, "Do it")) { "did $t" } }; ';
    const whatIf = await scene().run(`${f}wi x -WhatIf`);
    expect(whatIf).toMatchObject({ out: [], said: ['What if: Performing the operation "Do it" on target "x".'] });
    const asked = await scene().run(`${f}wi x -Confirm; wi y -Confirm`, { answers: ['n', 'y'] });
    expect(asked.out).toEqual(['did y']);
    const one = scene();
    await one.run(
      'function wi { [CmdletBinding(SupportsShouldProcess)] param() Set-ReceiveConnector Relay -MaxHopCount 9 }; wi -WhatIf',
    );
    expect(one.generation()).toBe(1);
  });
});

describe('operators', () => {
  test.each([
    ['$null ?? "d"; $z ??= 5; $z; $true ? "y" : "n"', ['d', '5', 'y']],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a variable of the language
    ['${nothing}?.Name; ${nothing}?[0]; "ok"', ['', '', 'ok']],
    ['5 -band 3; 5 -bor 3; 5 -bxor 3; -bnot 5; 1 -shl 4; 256 -shr 2', ['1', '7', '6', '-6', '16', '64']],
    ['1 -eq 1 && "and"; Get-ReceiveConnector nobody -ea SilentlyContinue || "or"', ['True', 'and', 'or']],
    ['$null = 5; $null.Count; @().Count; (Get-ReceiveConnector no*).Count', ['0', '0', '0']],
    [
      '[math]::Round(2.5); [math]::Round(3.14159, 2); [math]::Max(3, 7); [string]::IsNullOrEmpty("")',
      ['2', '3.14', '7', 'True'],
    ],
    [
      '$l = [System.Collections.Generic.List[string]]::new(); $l.Add("a"); $l.Add("b"); $l.Count; $l -join ","',
      ['2', 'a,b'],
    ],
    ['$a = [System.Collections.ArrayList]@(); [void]$a.Add(1); $a.Add(2); $a.Count', ['1', '2']],
    ['$s = [System.Text.StringBuilder]::new(); [void]$s.Append("a").AppendLine("b"); $s.ToString().Trim()', ['ab']],
    [
      '[ipaddress]"10.0.0.1" | % IPAddressToString; "x" -as [ipaddress]; $ip = $null; [ipaddress]::TryParse("10.1.2.3", [ref]$ip); "$ip"',
      ['10.0.0.1', '', 'True', '10.1.2.3'],
    ],
    [
      '[guid]::Empty.ToString(); [regex]::Escape("a.b"); ([regex]"(\\d+)").Match("x12").Groups[1].Value',
      ['00000000-0000-0000-0000-000000000000', 'a\\.b', '12'],
    ],
    ['ForEach-Object { "none" }', ['none']],
  ])('%s', async (text, wanted) => {
    expect(await out(text)).toEqual(wanted);
  });
});

describe('an error that is caught takes back what failed, and nothing else', () => {
  test('the rest of the statement is written', async () => {
    const one = scene();
    const told = await one.run(`
      foreach ($c in 'Relay', 'nobody', 'Client EX') {
        try { Set-ReceiveConnector $c -MaxHopCount 9 -ErrorAction Stop; "set $c" } catch { Write-Host "failed $c" }
      }`);
    expect(told).toMatchObject({ code: 0, out: ['set Relay', 'set Client EX'], said: ['failed nobody'], warnings: [] });
    expect([one.stored('Relay')?.MaxHopCount, one.stored('Client EX')?.MaxHopCount]).toEqual([9, 9]);
    expect(one.generation()).toBe(2);
  });

  test('what the failing pipeline did is taken back', async () => {
    const one = scene();
    const told = await one.run(`
      try {
        Set-ReceiveConnector Relay -MaxHopCount 9
        'Default EX', 'nobody' | Set-ReceiveConnector -MaxHopCount 8 -ErrorAction Stop
      } catch { "caught" }`);
    expect(told).toMatchObject({ code: 0, out: ['caught'] });
    expect([one.stored('Relay')?.MaxHopCount, one.stored('Default EX')?.MaxHopCount]).toEqual([9, undefined]);
  });

  test('an error that nobody catches keeps everything of the statement from being written', async () => {
    const one = scene();
    const told = await one.run('function f { Set-ReceiveConnector Relay -MaxHopCount 9; throw "no" }; f; "after"');
    expect(told).toMatchObject({ code: 1, out: [] });
    expect(told.warnings).toEqual([expect.stringContaining('Nothing was changed by this statement')]);
    expect(one.generation()).toBe(1);
  });

  test('a statement in a function, loop or try is part of the one at the top', async () => {
    const one = scene();
    await one.run(
      'function f { Set-ReceiveConnector Relay -MaxHopCount 9; Set-ReceiveConnector Relay -Comment x }; f; f',
    );
    expect(one.generation()).toBe(2); // the second call changes nothing
  });
});

describe('objects and texts', () => {
  test.each([
    ['$o = New-Object PSObject -Property @{ A = 1 }; $o | Add-Member NoteProperty B 2; "$($o.A) $($o.B)"', ['1 2']],
    ['$o = [pscustomobject]@{}; $o | Add-Member -NotePropertyName X -NotePropertyValue 5; $o.X', ['5']],
    ['$l = New-Object System.Collections.ArrayList; [void]$l.Add("x"); $l.Count', ['1']],
    ["Invoke-Expression '$n = 5'; $n", ['5']],
    ["try { Invoke-Expression 'class X {}' } catch { 'no' }", ['no']],
    [
      '(New-ReceiveConnector R2 -TransportRole Frontend -Custom -Bindings 0.0.0.0:2600 -RemoteIPRanges 10.0.0.1).TransportRole',
      ['FrontendTransport'],
    ],
  ])('%s', async (text, wanted) => {
    expect(await out(text)).toEqual(wanted);
  });
});

describe('a hostile script ends in an error', () => {
  test.each([
    ['an endless loop', 'while ($true) { }'],
    ['an endless loop in a function', 'function f { for (;;) { $i++ } }; f'],
    ['an endless loop around a try', 'while ($true) { try { throw 1 } catch { } finally { $i++ } }'],
    ['a catch that wants to go on', 'for (;;) { try { while ($true) { } } catch { "caught" } }'],
    ['doubling texts', '$x = "x"; while ($true) { $x += $x }; "after"'],
    [
      'a StringBuilder without end',
      '$s = [System.Text.StringBuilder]::new("x" * 1MB); while ($true) { [void]$s.Append($s.ToString()) }',
    ],
    ['a list without end', '$l = [System.Collections.Generic.List[object]]::new(); while ($true) { $l.Add(1) }'],
    ['a huge range', '1..100000000'],
  ])(
    '%s',
    async (_, text) => {
      const told = await scene().run(text, { limits: SMALL });
      expect(told.code).toBe(1);
      expect(told.out).not.toContain('caught');
    },
    120_000,
  );

  test('blocks that define functions that call blocks do not end the process', async () => {
    const told = await scene().run('$b = { & $b }; try { & $b } catch { $_.FullyQualifiedErrorId }');
    expect(told.out).toEqual(['CallDepthOverflow']);
  });
});

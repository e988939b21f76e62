/** Random statements: variables, tables, branches, loops, functions, errors, streams. */
import fc from 'fast-check';
import { value } from './expressions.ts';
import { int, join, list, number, pick, scalar, small, some, type Text, word } from './pieces.ts';

const assigned = pick(
  ...[
    '"$x"',
    '$x.Count',
    '$x.GetType().Name',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: PowerShell's
    '"${x}!"',
    '$x[0]',
    '$x',
    '@($x).Count',
    '"$($x)"',
    '$x -eq $null',
    "'$x'",
    '$x -is [array]',
    '"a$x`n"',
  ],
);
const change = pick(
  '$x += 1',
  "$x += 'a'",
  '$x++',
  '$x -= 1',
  '$x *= 2',
  '$x = $x, 1',
  '$x /= 2',
  '$x %= 3',
  '$x ??= 5',
  '$x--',
);
const variables: Text = fc.oneof(
  join('$x = ', value, '; ', assigned),
  join('$x = ', fc.oneof(scalar, list), '; ', change, '; ', assigned),
  join('[', pick('int', 'string', 'double', 'bool', 'array', 'int[]'), ']$x = ', scalar, '; ', change, '; ', assigned),
  join('$x, $y = ', fc.oneof(list, value), '; "$x|$y"'),
  join('$x = $y = ', scalar, '; "$x$y"'),
  join(
    '$l = [System.Collections.Generic.List[object]]::new(); ',
    some(join('$l.Add(', scalar, ')'), '; ', 1, 3),
    '; $l.Count; "$l"',
  ),
  join(
    '$l = [System.Collections.ArrayList]@(',
    some(scalar, ', ', 1, 3),
    '); ',
    pick('$l.Remove(10)', '$l.Reverse()', '$l.Insert(0, 5)', '$null = $l.Add(7)', '$l.RemoveAt(0)', '$l.Clear()'),
    '; $l',
  ),
  join(
    '$s = [System.Text.StringBuilder]::new(); ',
    some(join('$null = $s.Append(', scalar, ')'), '; ', 1, 3),
    '; $s.ToString(); $s.Length',
  ),
);

const entry = join(pick('a', 'B', "'c d'", '5'), ' = ', scalar);
const hashed: Text = fc.oneof(
  join(
    '$h = [ordered]@{',
    fc
      .uniqueArray(entry, { minLength: 0, maxLength: 3, selector: (one) => one.split(' =')[0] })
      .map((all) => all.join('; ')),
    '}; ',
    pick(
      '$h',
      '$h.Count',
      '$h.Keys',
      '$h.a',
      "$h['B']",
      '$h.Values',
      '$h.Contains("a")',
      '"$h"',
      '$h.GetEnumerator() | % { "$($_.Key)=$($_.Value)" }',
      '$h | ConvertTo-Json -Compress',
      '[pscustomobject]$h',
      '$h.zz',
      '$h.a = 7; $h',
      '$h.Remove("a"); $h',
      'foreach ($k in $h.Keys) { $k }',
      '$h.Add("n", 1); $h.n',
      '$h[0]',
    ),
  ),
  join(
    '@{a = ',
    scalar,
    '}',
    pick(
      '.a',
      '.A',
      '.b',
      '.Count',
      '.Keys',
      '.ContainsKey("a")',
      ' | ft',
      ' | fl',
      ' | % { $_.a }',
      ' | ConvertTo-Json',
      '.GetEnumerator() | % Name',
      '',
      '.GetType().Name',
    ),
  ),
);

const condition = fc.oneof(value, join('$i ', pick('-gt', '-eq', '-lt'), ' 1'));
const pattern = fc.oneof(scalar, pick("'a*'", '{ $_ -gt 2 }', "'[ab]'", "'^a'", '{ $_ }', "'*'", "'1'", "'b'"));
const branches: Text = fc.oneof(
  join('if (', value, ") { 'yes' } else { 'no' }"),
  join('if (', value, ') { 1 } elseif (', value, ') { 2 }'),
  join(
    'switch',
    pick('', ' -Wildcard', ' -Regex', ' -CaseSensitive', ' -Exact'),
    ' (',
    fc.oneof(value, list),
    ') { ',
    some(join(pattern, ' { ', pick("'one'", '"<$_>"', "'b'; break", "'c'; continue", '$_', ''), ' }'), ' ', 1, 3),
    pick('', " default { 'none' }"),
    ' }',
  ),
  join('$r = if (', value, ') { ', scalar, ' } else { ', scalar, ' }; "$r"'),
  join(value, pick(' && ', ' || '), value),
);

const inLoop = pick(
  '"[$i]"',
  '$i',
  'if ($i -eq 2) { break }; $i',
  'if ($i -eq 2) { continue }; $i',
  '$i * 2',
  '$n = $n + 1',
  '"$i" | % { $_ }',
  '$i; return',
  'if ($i) { "t" } else { "f" }',
);
const loops: Text = fc.oneof(
  join('foreach ($i in ', fc.oneof(value, list), ') { ', inLoop, ' }'),
  join('for ($i = ', small, '; $i -lt ', small, '; $i++) { ', inLoop, ' }'),
  join('$i = 0; while ($i -lt ', small, ') { $i++; ', inLoop, ' }; $i'),
  join('$i = 0; do { $i++; ', inLoop, ' } ', pick('while', 'until'), ' ($i ', pick('-ge', '-gt'), ' 9)'),
  join(
    ':out foreach ($i in 1..3) { foreach ($j in 1..3) { if ($j -eq ',
    small,
    ') { ',
    pick('break', 'continue'),
    ' out }; "$i$j" } }',
  ),
  join('1..', small, ' | % { if ($_ -gt 2) { ', pick('return', '$_', '"x"'), ' }; $_ }'),
  join('$n = 0; ', list, ' | % { $n++ }; $n'),
);

const parameter = pick(
  '$a',
  '[int]$a',
  '[string]$a',
  '$a = 5',
  '[switch]$a',
  '[string[]]$a',
  '[Parameter(Mandatory)]$a',
  "[ValidateSet('x','abc')]$a",
  '[ValidateRange(1,10)][int]$a',
  '[bool]$a = $true',
  '[double]$a = 1.5',
  '[Alias("z")]$a',
);
const functions: Text = fc.oneof(
  join(
    'function f(',
    parameter,
    ', $b = 2) { "$a|$b|$($args.Count)" }; f ',
    fc.oneof(
      scalar,
      join('-a ', scalar),
      join('-b ', scalar),
      join(scalar, ' ', scalar),
      pick('', '-a', '-a:5', '-z 4', '1 2 3', '-q 1'),
    ),
  ),
  join(
    'function f { param(',
    parameter,
    ') ',
    pick('$a', '"<$a>"', '$PSBoundParameters.Count', '$a.GetType().Name', 'return $a; 9', '$args'),
    ' }; f ',
    fc.oneof(scalar, pick('', '-a 3', 'abc', "'x'")),
  ),
  join(
    'function f { process { ',
    pick('$_', '"<$_>"', '$_ * 2', 'if ($_) { $_ }'),
    ' } ',
    pick('', "end { 'end' }"),
    ' }; ',
    list,
    ' | f',
  ),
  join('filter f { ', pick('$_', '"<$_>"', '$_ * 2', 'if ($_) { $_ }'), ' }; ', list, ' | f'),
  join(
    'function f { [CmdletBinding()] param([Parameter(ValueFromPipeline)]',
    pick('$a', '[int]$a', '[string]$a'),
    ') process { "[$a]" } }; ',
    list,
    ' | f',
  ),
  join(
    'function f { ',
    pick('$args', '$args.Count', '$args[0]', '"$args"', '$input'),
    ' }; f ',
    some(scalar, ' ', 0, 3),
  ),
  join('$b = { ', pick('param($p) $p', '$args[0]', '$args.Count', '"x$args"'), ' }; & $b ', scalar),
  join('function f($n) { if ($n -le 1) { 1 } else { $n * (f ($n - 1)) } }; f ', pick('1', '3', '5', '10', '13', '0')),
  join('$x = 1; function f { ', pick('$x = 2', '$x++', '$x += 5; $x'), ' }; f; $x'),
  join('function f($a, $b) { "$a-$b" }; $p = @{', pick('a=1', 'a=1;b=2', 'b="x"', ''), '}; f @p'),
  join('$p = ', list, '; function f { $args.Count }; f @p'),
  join(
    '$p = @{',
    pick("Property='V'", 'Descending=$true', "Property='N';Descending=$true", 'Unique=$true'),
    "}; [pscustomobject]@{N='b';V=1},[pscustomobject]@{N='a';V=2} | Sort-Object @p",
  ),
);

const failing = fc.oneof(
  value,
  pick(
    '1/0',
    "throw 'bad'",
    "[int]'x'",
    '$null.Foo()',
    'Write-Error bad -ErrorAction Stop',
    'Get-Item /nothing -ErrorAction Stop',
    "throw [System.ArgumentException]'arg'",
    "'a'.Substring(5)",
    '$n[0]',
    'throw',
    '[datetime]"x"',
    'throw 42',
    "Write-Error 'e'",
  ),
);
const errors: Text = fc.oneof(
  join(
    'try { ',
    failing,
    '; 1 } catch { ',
    pick(
      '"c: $_"',
      '$_.Exception.Message',
      '"caught"',
      '$_.FullyQualifiedErrorId',
      '$_.Exception.GetType().Name',
      '$_.CategoryInfo.Category',
      'throw',
      '$_.TargetObject',
      '"$($_.CategoryInfo)"',
      '$_.Exception.InnerException.Message',
    ),
    pick(' }', " } finally { 'f' }"),
  ),
  join(
    'try { ',
    failing,
    ' } catch [',
    pick(
      'System.DivideByZeroException',
      'System.Management.Automation.RuntimeException',
      'System.ArgumentException',
      'InvalidCastException',
    ),
    "] { 'typed' } catch { 'other' }",
  ),
  join(failing, '; $?', pick('', '; $Error.Count', '; $Error[0].ToString()')),
  join('$ErrorActionPreference = ', pick("'SilentlyContinue'", "'Stop'", "'Continue'"), '; ', failing, '; 2'),
  join(
    'Write-Error ',
    pick("'e1'", "'e2' -Category InvalidData", "-Message 'm' -ErrorId 'Id7'"),
    pick('', ' -ErrorAction SilentlyContinue', ' 2>&1', ' 2>$null', ' -ErrorVariable v; "$v"'),
  ),
  join('trap { "t: $_"; ', pick('continue', 'break'), ' } ', failing, '; 3'),
);

const streams: Text = fc.oneof(
  join(
    'Write-Host ',
    fc.oneof(value, some(scalar, ' ', 1, 3)),
    pick('', ' -NoNewline', " -Separator ','", ' 6>$null', ' 6>&1', ' -ForegroundColor Red'),
  ),
  join(
    pick('Write-Warning', 'Write-Verbose -Verbose', 'Write-Output', 'Write-Verbose', 'Write-Debug'),
    ' ',
    fc.oneof(word, int, list, join('(', value, ')')),
    pick('', ' 3>$null', ' 3>&1', ' 4>&1', ' *>$null'),
  ),
  join('$w = Write-Warning ', word, ' 3>&1; "$w"; $w.GetType().Name'),
  join('Write-Output ', fc.oneof(list, value), pick('', ' -NoEnumerate'), ' | % { "<$_>" }'),
  join('$null = ', value, '; [void](', value, '); ', value, ' > $null; ', "'done'"),
);

const here: Text = join(
  '$v = ',
  scalar,
  '\n',
  pick(
    '@"\n<$v> "q" $($v)\n`tx\n"@',
    "@'\n$v 'q'\n'@",
    '@"\n\n"@',
    '@"\na\nb\n"@.Length',
    "@'\n  x  \n'@ -split '\\s'",
  ),
);

export const statement: Text = fc.oneof(
  { weight: 3, arbitrary: variables },
  { weight: 2, arbitrary: hashed },
  { weight: 2, arbitrary: branches },
  { weight: 3, arbitrary: loops },
  { weight: 3, arbitrary: functions },
  { weight: 3, arbitrary: errors },
  { weight: 2, arbitrary: streams },
  { weight: 1, arbitrary: here },
  { weight: 1, arbitrary: join('$i = ', number, '; ', condition) },
);

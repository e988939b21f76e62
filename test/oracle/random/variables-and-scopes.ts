/** Random texts about variables that commands fill, lists within lists, whole numbers of other sizes, tables in order, blocks that leave. */
import fc from 'fast-check';
import { int, join, list, number, pick, scalar, small, some, type Text, word } from './pieces.ts';

const whole = pick('byte', 'sbyte', 'int16', 'uint16', 'int', 'uint32', 'long');
const sized: Text = fc.oneof(
  join('([', whole, ']', fc.oneof(small, int, word), ')'),
  pick('5l', '0xFF', '0xFFFFFFFF', '7u', '200uy', '-3y', '300s', '65535us', '1kb', '0x7F'),
);
const integers: Text = fc
  .oneof(
    join(
      '(',
      sized,
      pick(' + ', ' - ', ' * ', ' / ', ' % ', ' -band ', ' -bor ', ' -bxor ', ' -shl ', ' -shr '),
      sized,
      ')',
    ),
    join('(', pick('-bnot ', '-', '+', '-not '), sized, ')'),
    join('(', sized, pick(' -eq ', ' -lt ', ' -ge ', ' -in '), fc.oneof(sized, scalar), ')'),
    join('(', sized, pick(' -is ', ' -as '), '[', whole, '])'),
    join('(', pick("'{0:X}'", "'{0:D4}'", "'{0,6}|'", "'{0:N1}'", "'{0:x2}'"), ' -f ', sized, ')'),
    join('[math]::', pick('Abs', 'Sign'), '(', sized, ')'),
    join('[', whole, ']::', pick('MaxValue', 'MinValue')),
    join(
      '[',
      whole,
      ']$n = ',
      small,
      '; $n',
      pick('++', '--', ' += 100', ' -= 1', ' *= 300'),
      '; $n; $n.GetType().Name',
    ),
    join(
      '@(',
      some(sized, ', ', 1, 4),
      ') | ',
      pick('sort', 'measure -Sum', 'group', 'select -Unique', '% GetType | % Name', 'ConvertTo-Json -Compress'),
    ),
    join('function f([', whole, ']$n) { "$n $($n.GetType().Name)" }; f ', scalar),
  )
  .map((text) => (/^\(/.test(text) ? `$r = ${text}; $r; if ($null -ne $r) { $r.GetType().Name }` : text));

const step = pick(
  'where { $_ }',
  '% { $_ }',
  'sort',
  'select -First 2',
  '% { $_, 1 }',
  'Write-Output',
  'select -Skip 1',
);
const filled: Text = fc
  .oneof(
    join(list, ' | % { $_ } -PipelineVariable p | ', step, ' | % { "$p|$_" }'),
    join(list, ' | Write-Output -OutVariable o | ', step, ' | Out-Null; $o.Count; "$o"'),
    join('$o = 9; ', list, ' | ', step, ' | % { $_ } -OutVariable ', pick('o', '+o'), '; "$o"; $o.Count'),
    join(
      'function f { [CmdletBinding()] param([Parameter(ValueFromPipeline)]$v) process { ',
      pick('$v', '"<$v>"', 'if ($v) { $v }'),
      ' } }; ',
      list,
      ' | f -OutVariable o | ',
      step,
      '; "$o"',
    ),
    join(list, ' | Tee-Object -Variable t | ', step, '; $t.Count'),
    join(
      '1..3 | % { $_ } -PipelineVariable a | % { $_ * 10 } -PipelineVariable b | ',
      pick('% { "$a $b $_" }', 'where { $a -gt 1 } | % { $b }', 'sort -Descending | % { "$a $b" }'),
    ),
    join('Write-Error ', word, ' -ErrorVariable ', pick('e', '+e'), ' -ErrorAction SilentlyContinue; $e.Count; "$e"'),
    join(
      'Write-Host ',
      word,
      ' -InformationVariable v',
      pick('', ' -InformationAction Ignore', ' 6>$null'),
      '; "$v"; $v.Count',
    ),
  )
  .filter((text) => !/Write-Host.*6>/.test(text));

const nested = pick(
  '(1,2),3',
  ',(1,(2,3))',
  '(1,2),(3,4)',
  ',@()',
  '@(,@(1))',
  '(,1),(,2)',
  "('a',('b','c'))",
  '1,(2,$null)',
);
const lists: Text = fc.oneof(
  join(
    '$l = ',
    nested,
    '; ',
    pick('$l.Count', '$l[0]', '$l[-1]', '"$l"', '$l[1][0]', '@($l).Count', '$l.Length', '$l[0].Count'),
  ),
  join(
    nested,
    ' | ',
    pick(
      '% { "$_" }',
      '% { $_.Count }',
      'measure | % Count',
      'ConvertTo-Json -Compress',
      'select -First 1',
      '% { $_ } | measure | % Count',
    ),
  ),
  join('$l = @(', nested, '); $l += ', fc.oneof(scalar, nested), '; $l.Count; "$l"'),
  join('foreach ($x in ', nested, ') { "[$x]" }'),
  join('(', nested, ')', pick(' -join "-"', ' -contains 1', ' -eq 1', '.Where({$_ -eq 3})', '.ForEach({"$_"})')),
  join('$a, $b = ', nested, '; "$a|$b"'),
);

const grouped: Text = join(
  '@(',
  some(fc.oneof(small, word), ', ', 1, 5),
  ') | group',
  pick('', ' Length', ' { "$_".Length }', ' { $_ -gt 5 }', ' -NoElement', ' -CaseSensitive'),
  pick(
    ' | Out-String',
    ' | Out-String -Width 60',
    ' | fl | Out-String',
    ' | ft Name,Count | Out-String',
    ' | sort Name | select Count,Name | Out-String',
    ' | sort Count,Name | % { "$($_.Name):$($_.Count)" }',
  ),
);

const entry = join(pick('a', 'B', "'c d'", 'e1', 'Zeta'), ' = ', scalar);
const ordered: Text = join(
  '$h = [ordered]@{',
  fc
    .uniqueArray(entry, { minLength: 1, maxLength: 4, selector: (one) => one.split(' =')[0] })
    .map((all) => all.join('; ')),
  '}; ',
  pick(
    '$h.GetEnumerator() | % { "$($_.Name)=$($_.Value)" }',
    'foreach ($e in $h.GetEnumerator()) { "$($e.Key)->$($e.Value)" }',
    'foreach ($k in $h.Keys) { "$k $($h[$k])" }',
    '$h.GetEnumerator() | sort Name | % Value',
    '$h.GetEnumerator() | where { $_.Value } | % Key',
    '$h.Keys | sort -Descending',
    '$h.Values | % { "<$_>" }',
    'foreach ($k in @($h.Keys)) { $h[$k] = 1 }; $h',
    '$h.Count; $h.Contains("a"); $h["a"]; $h.a',
    '$h | % { $_.Count }',
    '[pscustomobject]$h | fl',
    '$h.Insert(0, "n", 1); $h.Keys',
    '$h += @{ new = 2 }; $h.Count; $h.new',
    '$h | ConvertTo-Json -Compress',
    '$h | ft -AutoSize',
    '$h.Remove("a"); $h.Keys -join ","',
  ),
);

const clause = join(
  fc.oneof(word, pick("'^a'", "'\\d'", "'(?<x>.)b'", "'.'", '{ $_ -gt 3 }', "'e'")),
  ' { ',
  pick('"m $($Matches[0])"', "'b'; break", "'c'; continue", '$_', '"$_!"', '$Matches.x', 'return 9'),
  ' }',
);
const switched: Text = fc
  .oneof(
    join(
      'switch -Regex (',
      fc.oneof(word, list, int),
      ') { ',
      some(clause, ' ', 1, 3),
      pick('', " default { 'd' }"),
      ' }',
    ),
    join('foreach ($i in 1..3) { switch -Regex ("a$i", ', word, ') { ', some(clause, ' ', 1, 2), ' }; "after $i" }'),
    join(
      '$r = switch (',
      fc.oneof(word, small),
      ') { ',
      some(join(fc.oneof(word, small), ' { ', scalar, ' }'), ' ', 1, 3),
      ' default { \'d\' } }; "$r"',
    ),
  )
  .filter((text) => !/return 9.*after/.test(text));

const act = pick(
  "'try'",
  '1/0',
  "throw 'no'",
  'return 5',
  "'a'; return 'r'",
  "[int]'x'",
  'Get-Item /nothing -ErrorAction Stop',
  '$x = 1; $x',
);
const leaving: Text = fc.oneof(
  join('function f { try { ', act, " } finally { 'fin' }; 'end' }; f"),
  join('function f { try { ', act, ' } catch { "c $_"; ', act, ' } finally { \'fin\' } }; try { f } catch { "o $_" }'),
  join(
    'foreach ($i in 1..3) { try { if ($i -eq 2) { ',
    pick('continue', 'break', "throw 'x'", '1/0'),
    ' }; $i } catch { "c$i" } finally { "f$i" } }',
  ),
  join(
    'function g { ',
    act,
    ' }; function f { try { g } finally { "f" } }; try { f; "after" } catch { $_.FullyQualifiedErrorId }',
  ),
  join('$r = try { ', act, ' } catch { ', scalar, ' } finally { "lost?" }; "$r"'),
  join(
    '1..3 | % { try { if ($_ -eq 2) { ',
    pick("throw 'x'", '1/0', 'return'),
    ' }; $_ } catch { "c" } finally { "f" } }',
  ),
  join('& { try { ', act, ' } finally { $script:z = 7 } }; "<$z>"'),
);

const method = pick(
  ...[
    '.ToUpper()',
    ".Split(',')",
    ".Replace('a','b').Length",
    '.Trim()',
    ".TrimStart('a','A')",
    ".TrimEnd('5')",
    '.PadLeft(7)',
    ".PadRight(5,'*')",
  ],
  ...[
    ".IndexOf('A')",
    ".IndexOf('a','OrdinalIgnoreCase')",
    ".StartsWith('A','OrdinalIgnoreCase')",
    ".EndsWith('c')",
    ".Contains('B')",
    ".Contains('B','OrdinalIgnoreCase')",
  ],
  ...[
    '.Substring(1,1)',
    ".Insert(0,'>')",
    '.Remove(1,1)',
    '.ToCharArray() -join "."',
    ".Split([char[]]',;')",
    ".Split(',', 2)",
    ".Split(' ', 'RemoveEmptyEntries')",
  ],
  ...[
    ".CompareTo('abd')",
    ".Equals('ABC','OrdinalIgnoreCase')",
    ".LastIndexOf('b')",
    '.Normalize()',
    '.Chars(1)',

    '.GetType().Name',
    '.Length',
    '.ToString()',
    '.ToLowerInvariant()',
  ],
);
const texts: Text = fc.oneof(
  join('(', word, method, ')'),
  join('$s = ', word, '; $s', method),
  join('@(', some(word, ', ', 1, 3), ') | % { $_', method, ' }'),
  join(
    "'",
    pick('ab', 'a1b2', 'xyz'),
    "' -replace ",
    pick("'\\d'", "'(.)b'", "'[a-c]'"),
    ', { ',
    pick('$_.Value * 2', '"<$_>"', '$_.Index', '$_.Groups[1].Value'),
    ' }',
  ),
  join('[string]::', pick('Join', 'Concat', 'IsNullOrEmpty', 'IsNullOrWhiteSpace'), '(', word, ')'),
  join('(', number, ').ToString(', pick("'N2'", "'0.0'", "'D3'", "'X'", ''), ')'),
);

export const scoped: Text = fc.oneof(
  { weight: 4, arbitrary: integers },
  { weight: 3, arbitrary: filled },
  { weight: 3, arbitrary: lists },
  { weight: 2, arbitrary: grouped },
  { weight: 2, arbitrary: ordered },
  { weight: 3, arbitrary: switched },
  { weight: 3, arbitrary: leaving },
  { weight: 3, arbitrary: texts },
);

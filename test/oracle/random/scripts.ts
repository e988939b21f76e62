/** Random texts of several lines, put together as scripts of administrators are: records, reports, files, functions over a pipeline. */
import fc from 'fast-check';
import { date, int, join, list, number, pick, scalar, small, some, type Text, truth, word } from './pieces.ts';

const name = pick("'Relay'", "'Default EX'", "'scanner'", "'app 2'", "'éa'", "''");
const row = join(
  '[pscustomobject]@{Name=',
  name,
  '; Max=',
  int,
  '; On=',
  truth,
  '; Tags=',
  pick("'a','b'", "'x'", '@()', '$null'),
  '}',
);
const rows = join('$rows = @(', some(row, ', ', 1, 4), '); ');
const property = pick('Name', 'Max', 'On', 'Missing');
const condition = fc.oneof(
  join('$_.Max ', pick('-gt', '-le', '-eq', '-in'), ' ', int),
  join('$_.Name ', pick('-like', '-notlike', '-match', '-ceq', '-ne'), " '", pick('R*', '*e*', 'a', 'Relay'), "'"),
  pick('$_.On', '-not $_.On', '$_.Tags', "$_.Tags -contains 'b'", '$_.Missing'),
);
const calculated = pick(
  "@{n='N';e={[string]$_.Name + '!'}}",
  "@{Name='Sum';Expression={$_.Max + 1}}",
  "@{l='Tags';e={$_.Tags -join ';'}}",
  "@{n='Kind';e={if ($_.On) {'on'} else {'off'}}}",
  "@{n='P';e={'{0:P1}' -f ($_.Max / 100)}}",
);
const stage = fc.oneof(
  join('where { ', condition, pick('', ' -and $_.Max', ' -or $_.On'), ' }'),
  join('sort ', property, pick('', ' -Descending', ', Max', ' -Unique'), ' -Stable').map((text) =>
    /-Unique/.test(text) ? text.replace(' -Stable', '') : text,
  ),
  join('select ', pick('Max', 'On, Name', 'Max, Missing'), ', ', calculated),
  join('select ', pick('Name, Max', 'On, Name', 'Max, Missing', 'Name, Tags')),
  join('select -', pick('First 1', 'Last 2', 'Skip 1', 'Skip 1 -First 1', 'SkipLast 1', 'Index 0,2')),
  join('select -ExpandProperty ', pick('Name', 'Max', 'On'), pick('', ' -ErrorAction SilentlyContinue')),
  join('select ', property, ' -Unique'),
  join('% { ', pick('$_.Name', '"$($_.Name)=$($_.Max)"', "'{0,-8}|{1,5:N1}' -f $_.Name, $_.Max"), ' }'),
  join('% ', pick('Name', 'Max')),
);
const end = pick(
  '',
  '',
  ' | ft',
  ' | ft -AutoSize',
  ' | fl',
  ' | ConvertTo-Json -Depth 3',
  ' | ConvertTo-Json -Compress | ConvertFrom-Json',
  ' | Out-String',
);
const report: Text = fc.oneof(
  { weight: 4, arbitrary: join(rows, '$rows | ', some(stage, ' | ', 1, 2), end) },
  join(rows, '$rows | group ', pick('On', 'Name'), ' | % { "$($_.Name) $($_.Count)"; $_.Group[0].Max }'),
  join(
    rows,
    '$rows | group ',
    pick('On', 'Name'),
    pick('', ' -NoElement'),
    pick('', ' | ft -AutoSize', ' | fl', ' | fl *', ' | select *', ' | % { "$_" }'),
  ),
  join(
    rows,
    '$rows | measure Max',
    pick(' -Sum', ' -Average -Maximum', ' -Minimum'),
    ' | % ',
    pick('Sum', 'Average', 'Maximum', 'Count'),
  ),
);

const compared: Text = join(
  rows,
  '$other = ',
  pick('$rows', '$rows | select -First 1', '$rows + [pscustomobject]@{Name="new"; Max=1; On=$true; Tags=$null}'),
  '; Compare-Object $rows $other -Property ',
  pick('Name', 'Name, Max', 'On'),
  pick('', ' -IncludeEqual', ' -PassThru'),
  pick('', ' | ft -AutoSize', ' | sort Name | select -ExpandProperty SideIndicator'),
);

const parameter = fc.oneof(
  join('[', pick('int', 'string', 'double', 'bool', 'object', 'string[]'), ']$', pick('A', 'B')),
  join(
    '[Parameter(',
    pick('Mandatory', 'ValueFromPipeline', 'Position=0', 'ValueFromPipelineByPropertyName'),
    ')]$',
    pick('A', 'B'),
  ),
  join('[ValidateSet(', some(word, ',', 1, 2), ')]$A'),
  join('[ValidateRange(', pick('0,5', '-2,12', '3,3'), ')][int]$A'),
  join('$A = ', scalar),
);
const processes: Text = join(
  'function f { ',
  pick('', '[CmdletBinding()] '),
  'param(',
  parameter,
  ') ',
  fc.oneof(
    join('begin { $n = 0 } process { $n++; ', pick('"$_|$A"', '"$A$B"', '$_', 'if ($_) { $n }'), ' } end { "n=$n" }'),
    join('process { ', pick('"<$_>"', '$A', '$PSBoundParameters.Count'), ' }'),
    pick('"$A"; $args.Count', 'return $A; 5', '$A; $?', '$MyInvocation.MyCommand.Name'),
  ),
  ' }; ',
  fc.oneof(
    join(some(scalar, ', ', 1, 3), ' | f'),
    join('f ', scalar, pick('', ' -ErrorAction SilentlyContinue; "go on"')),
    join('f -A ', fc.oneof(word, number, list)),
    join('$p = @{A=', scalar, '}; f @p'),
    join('try { f ', word, ' -ErrorAction Stop } catch { $_.Exception.GetType().Name; "$_" }'),
    join(rows, '$rows | f'),
  ),
);

const thrown = pick(
  "throw 'no'",
  '1/0',
  "[int]'x'",
  'Get-Item nowhere -ErrorAction Stop',
  "Write-Error 'w' -ErrorAction Stop",
  '$null.Foo()',
  "[datetime]'x'",
  'throw [System.ArgumentException]::new("bad")',
  'Get-Content nowhere.txt',
  '@(1,2)[5].X()',
);
const caught: Text = join(
  'try { ',
  pick("'before'; ", ''),
  thrown,
  "; 'after' } ",
  pick(
    'catch { "c: $_" }',
    'catch [System.DivideByZeroException] { "zero" } catch { $_.Exception.GetType().FullName }',
    'catch [System.Management.Automation.ItemNotFoundException] { "none" } catch { $_.CategoryInfo.Category }',
    'catch [System.ArgumentException], [System.Management.Automation.RuntimeException] { "two" } catch { "other" }',
    'catch { $_.FullyQualifiedErrorId } finally { "f" }',
    'finally { "f" }',
    'catch { throw }',
    'catch { $_.Exception.Message.Length -gt 0 }',
  ),
  pick('', '; $?', '; $Error.Count', "; 'end'"),
);

const pattern = pick("'^R'", "'(\\w+) (\\w+)'", "'e.$'", "'^\\d+$'", "'a|b'", "'(?<first>\\w)'");
const switched: Text = join(
  'switch ',
  pick('', '-Wildcard ', '-Regex ', '-CaseSensitive ', '-Exact '),
  '(',
  fc.oneof(word, int, join(some(fc.oneof(word, int), ', ', 2, 3))),
  ') { ',
  some(
    join(
      fc.oneof(word, int, pattern, pick("'R*'", "'?b*'", '{ $_ -gt 5 }', '{ $_.Length -eq 3 }')),
      ' { ',
      pick('"hit $_"', "'h'; break", "'c'; continue", '$Matches[0]', '$_'),
      ' }',
    ),
    ' ',
    1,
    3,
  ).filter((text) => !/\{ '(?:R\*|\?b\*|a\*b)' \{/.test(text)),
  pick('', ' default { "d $_" }'),
  ' }',
);

const looped: Text = fc.oneof(
  join(
    ':outer foreach ($i in 1..',
    pick('3', '5'),
    ') { foreach ($j in ',
    list,
    ') { if ($i -eq ',
    small,
    ') { ',
    pick('break outer', 'continue outer', 'break', 'continue'),
    ' }; "$i,$j" } }',
  ),
  join(
    '$n = ',
    int,
    '; while ($true) { $n ',
    pick('+=', '-=', '*='),
    ' 3; if ($n -gt 50 -or $n -lt -50 -or $n -eq 0) { break } }; $n',
  ),
  join('$i = 0; do { $i++; if ($i % 2) { continue }; "i$i" } ', pick('while ($i -lt 5)', 'until ($i -ge 4)')),
  join('for ($i = 0, $j = 5; $i -lt 3; $i++, $j--) { "$i $j" }').map((text) =>
    text.replace('$i = 0, $j = 5', '$i = 0').replace('$i++, $j--', '$i++').replace(' $j', ''),
  ),
  join(
    '$s = @{}; foreach ($w in ',
    list,
    ') { $s["$w"]',
    pick('++', ' += 1'),
    ' }; $s.Keys | sort | % { "$_=$($s[$_])" }',
  ),
  join(
    '$t = [ordered]@{}; ',
    some(join('$t[', word, '] = ', scalar), '; ', 1, 3),
    '; foreach ($e in $t.GetEnumerator()) { "$($e.Key):$($e.Value)" }',
  ),
);

const files: Text = join(
  rows,
  fc.oneof(
    join(
      '$rows | select Name, Max | Export-Csv r.csv -NoTypeInformation',
      pick('', " -Delimiter ';'", ' -UseQuotes AsNeeded'),
      '; Get-Content r.csv; ',
    ),
    join('$rows | ConvertTo-Json | Set-Content r.json; (Get-Content r.json -Raw | ConvertFrom-Json) | % { $_.Name }; '),
    join('Set-Content l.txt ', list, '; Add-Content l.txt ', scalar, '; '),
    join('$rows | Export-Clixml r.xml; Import-Clixml r.xml | % { "$($_.Name) $($_.Max)" }; Remove-Item r.xml; '),
    join('$rows | ft Name, Max | Out-File t.txt; Get-Content t.txt; '),
    join(
      '"',
      pick('a', 'x$($rows.Count)', '$($rows[0].Name)'),
      '" > o.txt; ',
      scalar,
      ' >> o.txt; Get-Content o.txt; ',
    ),
  ),
  pick(
    '(Get-ChildItem).Name',
    'Copy-Item *.* copy -ErrorAction SilentlyContinue; (Get-ChildItem | sort Name).Name',
    "Get-ChildItem *.csv | Rename-Item -NewName { $_.Name -replace 'csv$', 'bak' }; (Get-ChildItem).Name",
    "if (Test-Path r.csv) { (Import-Csv r.csv)[0].Name } else { 'none' }",
    'Get-ChildItem -File | % { $_.Extension; $_.BaseName; (Get-Content $_).Count }',
    '(Get-Content l.txt -ErrorAction SilentlyContinue) | ? { $_ } | measure | % Count',
    "(Select-String -Pattern 'e' -Path *.*).LineNumber",
    'Remove-Item *.*; @(Get-ChildItem).Count',
  ),
);

const texts: Text = fc.oneof(
  join(word, ' -replace ', pattern, ', ', pick("'<$0>'", "'$2 $1'", "'$1'", "''", "'<$" + "{first}>'")),
  join(word, ' -split ', pick("','", "'[,;]'", "''", "' '"), pick('', ', 2', ', -2')),
  join('-split ', word),
  join("'", pick('{0:yyyy-MM-dd}', '{0:HH:mm}', '{0:dddd d MMM}', '{0:s}', '{0,20:d}|'), "' -f ", date),
  join(
    "'",
    pick('{0}-{1}', '{0:N2} {1}', '{0,6}|{1,-6}|', '{0:X4}', '{0:D3}', '{0:000.0}', '{1}', '{0:#,##0}'),
    "' -f ",
    pick('5', '42', '1234', '-7'),
    ', ',
    scalar,
  ),
  join(
    rows,
    '"',
    pick(
      '$($rows[0].Name)',
      '$($rows.Count) of $($rows[-1].Max)',
      '$($rows.Name -join ",")',
      '$($rows[0].Tags[0]) x',
      '$rows[0]',
      '$rows',
      '$($rows | select Name)',
      '$($rows | % Max)',
    ),
    '"',
  ),
  join(
    '[',
    pick('int', 'string', 'double', 'bool', 'char', 'datetime', 'timespan', 'string[]', 'int[]'),
    ']',
    fc.oneof(word, number, truth),
  ),
  join(small, '..', small, pick('', ' -join ","', ' | measure -Sum | % Sum', ' | select -Last 2')),
  join(
    '$x = ',
    fc.oneof(number, list),
    '; ',
    some(pick('$x += 2', '$x++', '$x *= 2', '$x = -$x', '$x -= 1'), '; ', 1, 2),
    '; "$x"; $x.GetType().Name',
  ),
  join(
    'Write-Error ',
    word,
    pick('', ' -ErrorAction SilentlyContinue', ' -ErrorVariable e -ErrorAction SilentlyContinue; "$e"; $e.Count'),
    '; $?; $Error.Count; "$($Error[0])"',
  ),
  join('Write-Output ', list, ' -OutVariable o | Out-Null; "$o"; $o.Count'),
  join(
    rows,
    '$rows | ',
    pick('Tee-Object -Variable t | Out-Null; $t.Count', '% -Begin { $s = 0 } -Process { $s += $_.Max } -End { $s }'),
  ),
);

export const script: Text = fc.oneof(
  { weight: 5, arbitrary: report },
  { weight: 2, arbitrary: compared },
  { weight: 4, arbitrary: processes },
  { weight: 3, arbitrary: caught },
  { weight: 2, arbitrary: switched },
  { weight: 2, arbitrary: looped },
  { weight: 3, arbitrary: files },
  { weight: 4, arbitrary: texts },
);

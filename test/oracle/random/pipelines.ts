/** Random pipelines: objects and values through the cmdlets that follow a Get-. */
import fc from 'fast-check';
import { date, int, join, number, pick, real, some, span, type Text, truth, word } from './pieces.ts';

const name = pick(
  "'b'",
  "'a'",
  "'C'",
  "'relay'",
  '$null',
  "'Default EX'",
  "'a long name of something'",
  "'é'",
  "'日本'",
);
const object: Text = join('[pscustomobject]@{N=', name, '; V=', int, '; W=', fc.oneof(truth, real, pick('$null')), '}');
const rich: Text = join(
  '[pscustomobject]@{N=',
  name,
  '; V=',
  number,
  '; L=',
  pick('@(1,2)', "'a','b','c'", '@()', '1..6', "@('x')"),
  '; D=',
  fc.oneof(date, span, pick('$null')),
  '; X=',
  fc.oneof(word, truth),
  fc.oneof(fc.constant(''), join('; Y=', word)),
  '}',
);
const objects = some(object, ', ', 1, 5);
const richObjects = fc
  .tuple(some(rich, ', ', 1, 1), fc.integer({ min: 1, max: 3 }), fc.boolean())
  .map(([one, times]) => (times === 1 ? one : `1..${times} | % { ${one} }`));
const values = some(
  fc.oneof(
    { weight: 4, arbitrary: int },
    { weight: 3, arbitrary: pick("'x'", "'B'", "'a10'", "'a9'", "'b'", "'é'", "'10'", "'A'") },
    { weight: 1, arbitrary: real },
    { weight: 1, arbitrary: truth },
  ),
  ', ',
  1,
  6,
);
const texts = some(pick("'abc'", "'a,b'", "'x 1'", "'ERROR: y'", "''", "'1,2,3'", "'N=5'"), ', ', 1, 4);
const connectors = pick(
  'Get-ReceiveConnector',
  'Get-ReceiveConnector *EX',
  'Get-ReceiveConnector Relay',
  'Get-ReceiveConnector nothing*',
);

const key = pick(
  'N',
  'V',
  'W',
  'n',
  'V,N',
  'N,V',
  'W,N',
  '*',
  'X',
  'V*',
  '{$_.V}',
  '@{e={$_.V};Descending=$true}',
  '{-$_.V},N',
);
const column = fc.oneof(
  { weight: 4, arbitrary: pick('N', 'V', 'W', 'N,V', 'V,N', '*', 'N,W', 'X', 'N*') },
  {
    weight: 1,
    arbitrary: pick(
      '@{n="X";e={$_.V*2}}',
      'N,@{n="Twice";e={$_.V*2};a="left"}',
      '@{l="F";e="V";f="N1"},N',
      '@{n="C";e={"$($_.N)"};a="center"},V',
      '@{n="W8";e={$_.N};w=8},V',
      '{$_.V + 1},N',
    ),
  },
);
const formatted = fc.oneof(
  join(pick('ft', 'Format-Table', 'fl', 'Format-List'), fc.oneof(fc.constant(''), join(' ', column))),
  join('ft ', column, pick(' -AutoSize', ' -Wrap', ' -HideTableHeaders', ' -AutoSize -Wrap', ' -GroupBy N')),
  join('fw', pick('', ' N', ' V -Column 3', ' N -AutoSize', ' N -Column 2')),
  pick(
    'fl -GroupBy N',
    'Out-String',
    'Out-String -Stream',
    'Out-String -Width 40',
    'ft | Out-String -Width 60',
    'fl * | Out-String',
  ),
);
const filter = fc.oneof(
  join('where V ', pick('-gt', '-ge', '-lt', '-le', '-eq', '-ne'), ' ', pick('0', '100', "'5'", '-1')),
  join(
    'where N ',
    pick('-like', '-notlike', '-match', '-eq', '-in', '-ne', '-clike', '-contains'),
    ' ',
    pick("'*a*'", "'a'", "'C'", '$null', "'re*'"),
  ),
  pick(
    'where W',
    'where { $_.V }',
    'where { $_.N -like "*a*" }',
    'where { $_.V -gt 0 -and $_.W }',
    'where -not W',
    'where { -not $_.N }',
    '? V -gt 5',
    'where N',
  ),
);
const stepOfObjects = fc.oneof(
  {
    weight: 3,
    arbitrary: join('sort ', key, pick('', '', ' -Descending', ' -Unique', ' -Top 2', ' -Bottom 2', ' -CaseSensitive')),
  },
  { weight: 3, arbitrary: filter },
  {
    weight: 3,
    arbitrary: fc.oneof(
      join('select ', column, pick('', '', ' -First 2', ' -Last 1', ' -Skip 1', ' -Unique')),
      pick(
        'select -First 2',
        'select -Last 1',
        'select -Skip 1',
        'select -SkipLast 1',
        'select -Index 0,2',
        'select * -ExcludeProperty W',
        'select N,V -Unique',
        'select -First 1 -Skip 1',
      ),
      join('select ', pick('N', 'V', 'W', 'N,V'), ' -ExcludeProperty ', pick('N', 'V', 'W*')),
    ),
  },
  {
    weight: 1,
    arbitrary: pick(
      '% { $_ }',
      '% { $_; $_ }',
      'Tee-Object -Variable t',
      '% { if ($_.V -gt 0) { $_ } }',
      'Write-Output',
    ),
  },
);
const endOfObjects = fc.oneof(
  { weight: 4, arbitrary: formatted },
  pick(
    '% N',
    '% V',
    '% { $_.V * 2 }',
    '% { "$_" }',
    '% { "$($_.N):$($_.V)" }',
    '% N | sort',
    '% W',
    '% -Begin { 0 } -Process { $_.V } -End { 9 }',
    'select -ExpandProperty V',
    'select -ExpandProperty N',
  ),
  join(
    'measure ',
    pick(
      'V',
      'V -Sum',
      'V -Average -Sum',
      'V -Maximum -Minimum',
      '',
      'N',
      'V -AllStats',
      'V,W -Sum',
      'X',
      'V -StandardDeviation',
    ),
    pick('', ' | fl', ' | % Count', ' | % Sum', ' | ft'),
  ),
  join(
    'group ',
    pick('N', 'V', 'W', 'N,W', '{$_.V -gt 0}', 'X', 'N -CaseSensitive'),
    pick(
      '',
      ' -NoElement',
      ' | % Count',
      ' | % Name',
      ' | select Name,Count',
      ' | sort Count -Descending | select -First 1 Name',
      ' | % { $_.Group.Count }',
      ' | ft',
    ),
  ),
  join(
    'ConvertTo-Csv',
    pick(
      '',
      ' -NoTypeInformation',
      " -Delimiter ';'",
      ' -UseQuotes Never',
      ' -UseQuotes AsNeeded',
      ' -QuoteFields N',
      ' -NoHeader',
    ),
    pick('', '', ' | ConvertFrom-Csv', ' | select -Skip 1'),
  ),
  join(
    'ConvertTo-Json',
    pick('', ' -Compress', ' -Depth 1', ' -AsArray', ' -Compress -AsArray'),
    pick('', '', ' | ConvertFrom-Json'),
  ),
  pick(
    'Get-Member -MemberType NoteProperty | % Name',
    'ConvertTo-Html -Fragment',
    '% GetType | % Name',
    'Out-Null',
    'sort N | group W -AsHashTable | % Count',
    'Get-Unique | % N',
  ),
);
// -PassThru is not here: it leaves its mark on the very numbers of PowerShell's process, for all texts that come later
const compared = join(
  'Compare-Object @(',
  some(pick('1', '2', '3', "'a'", "'B'", "'b'"), ', ', 1, 4),
  ') @(',
  some(pick('1', '2', '3', "'a'", "'b'"), ', ', 1, 4),
  ')',
  pick(
    '',
    ' -IncludeEqual',
    ' -ExcludeDifferent -IncludeEqual',
    ' -CaseSensitive',
    ' | sort InputObject | ft',
    ' -SyncWindow 0',
  ),
);
const stepOfValues = pick(
  ...[
    'sort',
    'sort -Unique',
    'sort -Descending',
    'sort { "$_" }',
    'sort -CaseSensitive',
    'sort -Top 2',
    'select -First 2',
    'select -Last 2',
  ],
  ...[
    'select -Unique',
    'select -Skip 1',
    'where { $_ -gt 1 }',
    'where { $_ -is [int] }',
    "where { $_ -like '*a*' }",
    '% { "<$_>" }',
    '% { $_ * 2 }',
  ],
  ...[
    '% { $_; $_ }',
    '% ToString',
    'Get-Unique',
    '% { if ($_) { $_ } }',
    'select -Index 1',
    'select -SkipLast 1',
    'Write-Output',
    '% { ,@($_, 1) }',
  ],
  ...["% { $_ -replace '\\d','#' }", "% { '{0,5}|' -f $_ }", 'Sort-Object { $_.GetType().Name }, { $_ }'],
);
const endOfValues = pick(
  ...[
    'measure',
    'measure | % Count',
    'group',
    'group | % Name',
    'group -NoElement',
    'ConvertTo-Json',
    'ConvertTo-Json -Compress',
    'Out-String',
  ],
  ...['% { [pscustomobject]@{A=$_} }', 'select @{n="X";e={$_}}', 'fw', 'ft', 'fl'],
  ...[
    'measure -Maximum -ErrorAction SilentlyContinue',
    'Out-String -Stream | % Length',
    'ConvertTo-Csv',
    '% GetType | % Name',
  ],
);
const stepOfTexts = pick(
  ...[
    "Select-String 'a'",
    "Select-String 'error' | % Line",
    "where { $_ -match 'a' }",
    "% { $_ -split ',' }",
    '% { $_.Length }',
    '% ToUpper',
    'sort',
  ],
  ...[
    'ConvertFrom-Csv',
    'ConvertFrom-Csv -Header A,B',
    'measure -Line -Word -Character',
    "% { $_.Split(',').Count }",
    "Select-String -Pattern '\\d' -NotMatch | % Line",
  ],
  ...['measure -Character | % Characters', '% Trim', "% Replace 'a' 'b'", 'Out-String -Width 40'],
);

function chain(start: Text, step: Text, end: Text): Text {
  return fc
    .tuple(start, fc.array(step, { minLength: 0, maxLength: 2 }), fc.option(end, { nil: undefined }))
    .map(([first, steps, last]) => [first, ...steps, ...(last === undefined ? [] : [last])].join(' | '));
}

export const pipeline: Text = fc.oneof(
  { weight: 5, arbitrary: chain(objects, stepOfObjects, endOfObjects) },
  {
    weight: 2,
    arbitrary: chain(
      richObjects,
      pick('select *', 'sort V', 'select N,L,D', '% { $_ }', 'select -First 1', 'select D,X,V'),
      endOfObjects,
    ),
  },
  { weight: 3, arbitrary: chain(values, stepOfValues, endOfValues) },
  { weight: 1, arbitrary: chain(texts, pick('sort', '% { $_ }', 'where { $_ }'), stepOfTexts) },
  { weight: 1, arbitrary: compared },
  {
    weight: 1,
    arbitrary: chain(
      connectors,
      pick(
        'sort Name',
        'select Name,Enabled',
        'where Enabled',
        'where { $_.MaxHopCount -gt 10 }',
        "where Name -like '*EX'",
        'where { $_.MaxMessageSize -gt 40MB }',
      ),
      pick(
        'ft Name,Bindings',
        'fl Name,RemoteIPRanges',
        '% Name',
        'select Name,MaxMessageSize | fl',
        'measure | % Count',
        'group Enabled | select Name,Count',
        'ft Name,@{n="R";e={$_.RemoteIPRanges.Count}} -AutoSize',
        '% { "$($_.Name) $($_.MaxInboundConnection)" }',
        'ConvertTo-Csv',
        'select Name,ConnectionTimeout | ConvertTo-Csv',
      ),
    ),
  },
);

/** The cmdlets that follow a Get-, as an administrator types them, on three connectors of one server. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Double } from '../../src/pipeline/number.ts';
import { CONNECTOR_TYPE, PsObject, type Value } from '../../src/pipeline/value.ts';
import { connector, THREE } from '../print/scene.ts';
import { tempFolder } from '../support/temp-home.ts';
import { run } from './objects-scene.ts';

/** What a value is, short: an object as its properties, anything else as it prints. */
function plain(value: Value): unknown {
  if (value instanceof PsObject)
    return Object.fromEntries(Object.entries(value.properties).map(([k, v]) => [k, plain(v)]));
  if (value instanceof Double) return value.value;
  if (Array.isArray(value)) return value.map((item) => plain(item as Value));
  return typeof value === 'object' && value !== null ? String(value) : value;
}

async function gives(text: string, input: Iterable<Value> = THREE): Promise<unknown[]> {
  const { values, said } = await run(text, input);
  expect(said).toEqual([]);
  return values.map(plain);
}

/** Commands that end in names, and the names they give. */
const NAMES: readonly [command: string, ...names: string[]][] = [
  ["where Name -like 'client*'", 'Client Frontend EX01'],
  ['where Enabled', 'Default Frontend EX01', 'Relay'],
  ['where -Not Enabled', 'Client Frontend EX01'],
  ['where Enabled -eq $false', 'Client Frontend EX01'],
  ['where MaxMessageSize -gt 50MB', 'Relay'],
  ["where MessageRateLimit -lt 'Unlimited'", 'Client Frontend EX01'],
  ['where MessageRateLimit -gt 1000000', 'Default Frontend EX01', 'Relay'],
  ["where Bindings -like '*:587'", 'Client Frontend EX01'],
  ["where RemoteIPRanges -contains '10.1.0.0-10.1.255.255'", 'Relay'],
  ["where Name -in 'relay','nothing'", 'Relay'],
  ["where Name -notin 'relay'", 'Default Frontend EX01', 'Client Frontend EX01'],
  ["where Name -match '^\\w+$'", 'Relay'],
  ["where Name -clike 'relay'"],
  ["where {$_.Name -like '*Front*' -and $_.Enabled}", 'Default Frontend EX01'],
  ["? { -not ($_.Bindings -like '*8181') } | select -First 1", 'Default Frontend EX01'],
  ["where ConnectionTimeout -gt '00:09:59' | select -Last 1", 'Relay'],
  ['where Nothing -eq 1'],
  ['sort Name', 'Client Frontend EX01', 'Default Frontend EX01', 'Relay'],
  ['sort Name -Descending', 'Relay', 'Default Frontend EX01', 'Client Frontend EX01'],
  ['sort Enabled,Name', 'Client Frontend EX01', 'Default Frontend EX01', 'Relay'],
  ['sort Enabled,Name -Descending', 'Relay', 'Default Frontend EX01', 'Client Frontend EX01'],
  ["sort @{e='Enabled';descending=$true},Name", 'Default Frontend EX01', 'Relay', 'Client Frontend EX01'],
  ['sort MaxMessageSize -Descending -Top 1', 'Relay'],
  ['sort Name -Bottom 1', 'Relay'],
  ['sort { $_.Name.Length }', 'Relay', 'Client Frontend EX01', 'Default Frontend EX01'],
  ['sort Enabled -Unique', 'Client Frontend EX01', 'Default Frontend EX01'],
  ['sort MessageRateLimit', 'Client Frontend EX01', 'Default Frontend EX01', 'Relay'],
  ['select -First 2', 'Default Frontend EX01', 'Client Frontend EX01'],
  ['select -Last 2', 'Client Frontend EX01', 'Relay'],
  ['select -Skip 1', 'Client Frontend EX01', 'Relay'],
  ['select -Skip 1 -First 1', 'Client Frontend EX01'],
  ['select -Last 1 -Skip 1', 'Client Frontend EX01'],
  ['select -First 1 -Last 1', 'Default Frontend EX01', 'Relay'],
  ['select -SkipLast 2', 'Default Frontend EX01'],
  ['select -Index 0,2', 'Default Frontend EX01', 'Relay'],
  ['select -SkipIndex 0,2', 'Client Frontend EX01'],
  ['select -First 0'],
  ['tee all.txt | select -First 1', 'Default Frontend EX01'],
];

describe('which objects', () => {
  test.each(NAMES)('%s', async (command, ...names) => {
    expect(await gives(`$input | ${command} | select -ExpandProperty Name`)).toEqual(names);
  });
});

describe('which properties', () => {
  test('wildcards take what matches, in declared order, and the first of a name wins', async () => {
    const [first] = (await gives('$input | select Name,MaxInbound*,name -First 1')) as Record<string, unknown>[];
    expect(Object.keys(first!)).toEqual([
      'Name',
      'MaxInboundConnection',
      'MaxInboundConnectionPerSource',
      'MaxInboundConnectionPercentagePerSource',
    ]);
  });

  test('a property keeps its type and its own spelling; one that is not there is empty', async () => {
    expect(await gives('$input | select MAXMESSAGESIZE,Nothing -Last 1')).toEqual([
      { MaxMessageSize: '100 MB (104,857,600 bytes)', Nothing: null },
    ]);
    expect(await gives('($input | select MaxMessageSize -Last 1).MaxMessageSize -gt 99MB')).toEqual([true]);
  });

  test('calculated properties, by their short keys too', async () => {
    expect(
      await gives("$input | select @{n='A';e={$_.Name.Length}},@{Label='B';Expression='Server'},{$_.Enabled} -First 1"),
    ).toEqual([{ A: 21, B: 'EX01', '$_.Enabled': true }]);
  });

  test('-ExcludeProperty alone keeps the others', async () => {
    const [first] = (await gives('$input | select -ExcludeProperty Max*,When* -First 1')) as Record<string, unknown>[];
    expect(Object.keys(first!).filter((name) => /^(Max|When)/.test(name))).toEqual([]);
    expect(Object.keys(first!)).toContain('Bindings');
  });

  test('-ExpandProperty takes lists apart', async () => {
    expect(await gives('$input | select -First 1 | select -ExpandProperty Bindings')).toEqual([
      '0.0.0.0:25',
      '[::]:25',
    ]);
    expect((await gives('($input | select -ExpandProperty Bindings).Count'))[0]).toBe(5);
  });

  test('-ExpandProperty of what is not there is an error of each object', async () => {
    const { values, said } = await run('$input | select -ExpandProperty Nothing', THREE);
    expect(values).toEqual([]);
    expect(said).toHaveLength(3);
    expect(said[0]).toContain('Property "Nothing" cannot be found.');
  });

  test('-Unique tells upper from lower case, -CaseInsensitive does not', async () => {
    expect(await gives("'a','A','b','a' | select -Unique")).toEqual(['a', 'A', 'b']);
    expect(await gives("'a','A','b','a' | select -Unique -CaseInsensitive")).toEqual(['a', 'b']);
    expect(await gives('$input | select Enabled -Unique')).toEqual([{ Enabled: true }, { Enabled: false }]);
  });

  test('-First stops what is before it', async () => {
    expect(await gives('$n = 0; 1..1000 | % { $n += 1; $_ } | select -First 2; $n')).toEqual([1, 2, 2]);
  });
});

describe('count and measure', () => {
  test('groups come in the order of their values', async () => {
    expect(await gives('$input | group Enabled -NoElement')).toEqual([
      { Name: 'False', Count: 1, Group: [], Values: [false] },
      { Name: 'True', Count: 2, Group: [], Values: [true] },
    ]);
    expect(await gives('($input | group Enabled)[1].Group.Name')).toEqual(['Default Frontend EX01', 'Relay']);
    expect(await gives('($input | group Enabled -AsHashTable)["True"].Count')).toEqual([2]);
    expect(await gives('($input | group Enabled,TransportRole | select -First 1).Name')).toEqual([
      'False, FrontendTransport',
    ]);
  });

  test('sizes measure as sizes', async () => {
    const [all] = await gives('$input | measure MaxMessageSize -Sum -Average -Maximum -Minimum');
    expect(all).toMatchObject({
      Count: 3,
      Sum: '172 MB (180,355,072 bytes)',
      Maximum: '100 MB (104,857,600 bytes)',
      Minimum: '36 MB (37,748,736 bytes)',
    });
  });

  test('numbers', async () => {
    expect(await gives('1,2,3,4 | measure -AllStats')).toEqual([
      {
        Count: 4,
        Average: 2.5,
        Sum: 10,
        Maximum: 4,
        Minimum: 1,
        StandardDeviation: 1.2909944487358056,
        Property: null,
      },
    ]);
    expect(await gives('($input | measure).Count')).toEqual([3]);
    expect(await gives('($input | measure MessageRateLimit -Sum).Sum')).toEqual(['Unlimited']);
  });

  test('texts', async () => {
    expect(await gives("'one two','three' | measure -Word -Line -Character")).toEqual([
      { Lines: 2, Words: 3, Characters: 12, Property: null },
    ]);
  });

  test('what is no number, and what is not there, is said', async () => {
    expect((await run("'x' | measure -Sum", [])).said[0]).toContain('Input object "x" is not numeric.');
    expect((await run('$input | measure Nothing -Sum', THREE)).said[0]).toContain(
      'The property "Nothing" cannot be found in the input for any objects.',
    );
  });
});

describe('for each', () => {
  test.each([
    ['$input | % { $_.Name.Length }', [21, 20, 5]],
    ['$input | foreach Name', ['Default Frontend EX01', 'Client Frontend EX01', 'Relay']],
    ['1,2 | % -Begin { 10 } -Process { $_ * 2 } -End { 20 }', [10, 2, 4, 20]],
    ['1,2 | % { 10 } { $_ * 2 } { 20 }', [10, 2, 4, 20]],
    ['$input | % Bindings | select -First 1', ['0.0.0.0:25']],
    ['1,2,3 | % { if ($_ -gt 1) { $_ } }', [2, 3]],
  ])('%s', async (command, values) => {
    expect(await gives(command)).toEqual(values);
  });
});

describe('compare', () => {
  test('what each side has alone, and what both have', async () => {
    expect(await gives('compare (1,2,3) (2,3,4)')).toEqual([
      { InputObject: 4, SideIndicator: '=>' },
      { InputObject: 1, SideIndicator: '<=' },
    ]);
    expect(await gives('compare (1,2,2) (2) -IncludeEqual')).toEqual([
      { InputObject: 2, SideIndicator: '==' },
      { InputObject: 1, SideIndicator: '<=' },
      { InputObject: 2, SideIndicator: '<=' },
    ]);
    expect(await gives('compare (1,2) (2,3) -ExcludeDifferent')).toEqual([{ InputObject: 2, SideIndicator: '==' }]);
    expect(await gives("(compare ('a') ('A') -CaseSensitive).Count")).toEqual([2]);
    expect(await gives("compare ('a') ('A')")).toEqual([]);
  });

  test('by properties, and the objects themselves', async () => {
    const before = [...THREE, connector({ Name: 'Gone' })];
    const text = `$b = @($input); compare $b $b[0..2] -Property Name,MaxMessageSize; (compare $b $b[0..2] -PassThru).Name`;
    expect(await gives(text, before)).toEqual([
      { Name: 'Gone', MaxMessageSize: '36 MB (37,748,736 bytes)', SideIndicator: '<=' },
      'Gone',
    ]);
  });
});

describe('files', () => {
  test('Export-Csv quotes every field, writes lists so that they read back, and no type', async () => {
    const folder = tempFolder('csv');
    await run('$input | select Name,Enabled,Bindings | Export-Csv out.csv -NoTypeInfo', THREE, folder);
    expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toBe(
      '"Name","Enabled","Bindings"\n' +
        '"Default Frontend EX01","True","0.0.0.0:25, [::]:25"\n' +
        '"Client Frontend EX01","False","0.0.0.0:587, [::]:587"\n' +
        '"Relay","True","192.168.5.1:25"\n',
    );
    const back = await run('(Import-Csv out.csv)[0].Bindings.Count; (Import-Csv out.csv)[1].Enabled', [], folder);
    expect(back.values).toEqual([2, false]);
  });

  test('-Append keeps the columns that are there, -Force leaves empty what is missing', async () => {
    const folder = tempFolder('csv');
    const text = `[pscustomobject]@{A=1;B=2} | Export-Csv x.csv -Append
      [pscustomobject]@{B=4;A=3} | Export-Csv x.csv -Append
      [pscustomobject]@{A=5} | Export-Csv x.csv -Append
      [pscustomobject]@{A=6} | Export-Csv x.csv -Append -Force`;
    const { said } = await run(text, [], folder);
    expect(said.join()).toContain('does not have a property that corresponds to the following column: B');
    expect(readFileSync(join(folder, 'x.csv'), 'utf8')).toBe('"A","B"\n"1","2"\n"3","4"\n"6",\n');
  });

  test.each([
    ['-Delimiter ";"', '"a";"b"\n"1,5";"x""y"\n'],
    ['-UseQuotes Never', 'a,b\n1,5,x"y\n'],
    ['-UseQuotes AsNeeded', 'a,b\n"1,5","x""y"\n'],
    ['-QuoteFields b', 'a,"b"\n1,5,"x""y"\n'],
    ['-NoHeader', '"1,5","x""y"\n'],
    ['-IncludeTypeInformation', '#TYPE System.Management.Automation.PSCustomObject\n"a","b"\n"1,5","x""y"\n'],
    ['-Encoding utf8BOM', '\ufeff"a","b"\n"1,5","x""y"\n'],
  ])('Export-Csv %s', async (options, text) => {
    const folder = tempFolder('csv');
    await run(`[pscustomobject]@{a='1,5';b='x"y'} | Export-Csv x.csv ${options}`, [], folder);
    expect(readFileSync(join(folder, 'x.csv'), 'utf8')).toBe(text);
  });

  test('Import-Csv reads quoted line breaks, blanks, missing fields, headings of its own, and Windows text', async () => {
    const folder = tempFolder('csv');
    writeFileSync(join(folder, 'a.csv'), Buffer.from('\ufeffA,B\r\n"one\r\ntwo" , x y\r\n3\r\n', 'utf16le'));
    expect((await run('Import-Csv a.csv', [], folder)).values.map(plain)).toEqual([
      { A: 'one\r\ntwo', B: 'x y' },
      { A: '3', B: null },
    ]);
    writeFileSync(join(folder, 'b.csv'), '1;2\n');
    expect((await run('Import-Csv b.csv -Delimiter ";" -Header X,Y', [], folder)).values.map(plain)).toEqual([
      { X: '1', Y: '2' },
    ]);
  });

  test('Out-File writes what a terminal shows; -NoClobber and a missing folder are refused', async () => {
    const folder = tempFolder('out');
    const text = `$input | ft Name | Out-File a.txt; 'x' | Out-File a.txt -NoClobber; 'x' | Out-File no/a.txt; 'y' | Out-File a.txt -Append`;
    const { said } = await run(text, THREE, folder);
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe(
      '\nName\n----\nDefault Frontend EX01\nClient Frontend EX01\nRelay\n\ny\n',
    );
    expect(said.join('\n')).toMatch(/NoClobber was given[\s\S]*Could not find a part of the path/);
  });

  test('Tee-Object writes and passes on', async () => {
    const folder = tempFolder('tee');
    const { values } = await run('1,2 | tee x.txt | % { $_ * 2 }; 3,4 | tee -Variable v | Out-Null; $v', [], folder);
    expect(values).toEqual([2, 4, 3, 4]);
    expect(readFileSync(join(folder, 'x.txt'), 'utf8')).toBe('1\n2\n');
  });

  test('Import-Clixml reads what Exchange has written', async () => {
    const folder = tempFolder('clixml');
    writeFileSync(
      join(folder, 'ex.xml'),
      `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">
  <Obj RefId="0">
    <TN RefId="0">
      <T>Deserialized.Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector</T>
      <T>Deserialized.System.Object</T>
    </TN>
    <ToString>EX01\\Relay</ToString>
    <Props>
      <Obj N="AuthMechanism" RefId="1"><TN RefId="1"><T>Deserialized.System.Enum</T></TN><ToString>Tls, BasicAuth</ToString><I32>6</I32></Obj>
      <Obj N="Bindings" RefId="2">
        <TN RefId="2"><T>Deserialized.Microsoft.Exchange.Data.MultiValuedProperty\`1[[Microsoft.Exchange.Data.IPBinding]]</T></TN>
        <LST><S>[::]:25</S><S>0.0.0.0:25</S></LST>
      </Obj>
      <Obj N="MaxMessageSize" RefId="3"><TN RefId="3"><T>Deserialized.Microsoft.Exchange.Data.ByteQuantifiedSize</T></TN><ToString>36 MB (37,748,736 bytes)</ToString><Props /></Obj>
      <Obj N="MaxInboundConnectionPerSource" RefId="4"><TN RefId="4"><T>Deserialized.Microsoft.Exchange.Data.Unlimited\`1[[System.Int32]]</T></TN><ToString>Unlimited</ToString></Obj>
      <TS N="ConnectionTimeout">PT10M</TS>
      <S N="Name">Relay</S>
      <S N="Comment">tab_x0009_here</S>
      <B N="Enabled">true</B>
      <Nil N="DefaultDomain" />
      <Ref N="Again" RefId="2" />
    </Props>
  </Obj>
</Objs>`,
    );
    const [relay] = (await run('Import-Clixml ex.xml', [], folder)).values as PsObject[];
    expect(relay!.type).toBe('ReceiveConnector');
    expect(plain(relay!)).toEqual({
      AuthMechanism: 'Tls, BasicAuth',
      Bindings: ['[::]:25', '0.0.0.0:25'],
      MaxMessageSize: '36 MB (37,748,736 bytes)',
      MaxInboundConnectionPerSource: 'Unlimited',
      ConnectionTimeout: '00:10:00',
      Name: 'Relay',
      Comment: 'tab\there',
      Enabled: true,
      DefaultDomain: null,
      Again: ['[::]:25', '0.0.0.0:25'],
    });
    const { values } = await run(
      "Import-Clixml ex.xml | where { $_.MaxMessageSize -gt 30MB -and $_.ConnectionTimeout -gt '00:05:00' -and $_.AuthMechanism -eq 'BasicAuth,Tls' } | % Name",
      [],
      folder,
    );
    expect(values).toEqual(['Relay']);
  });

  test.each(['<Objs', '<a/>', 'text', '<Objs></Obj>', '<!DOCTYPE x [<!ENTITY a "b">]><Objs>&a;</Objs>'])(
    'Import-Clixml refuses %j',
    async (text) => {
      const folder = tempFolder('clixml');
      writeFileSync(join(folder, 'x.xml'), text);
      const { values, said, code } = await run('Import-Clixml x.xml', [], folder);
      expect([values, code]).toEqual([[], 1]);
      expect(said[0]).toMatch(/not CLIXML/);
    },
  );
});

describe('texts', () => {
  test('ConvertTo-Json writes two levels and says when that cuts something', async () => {
    expect(await gives("[pscustomobject]@{A=1;B=@('x')} | ConvertTo-Json -Compress")).toEqual(['{"A":1,"B":["x"]}']);
    expect(await gives('1,2 | ConvertTo-Json -Compress')).toEqual(['[1,2]']);
    expect(await gives('1 | ConvertTo-Json -AsArray -Compress')).toEqual(['[1]']);
    expect(await gives('ConvertTo-Json @(1) -Compress')).toEqual(['[1]']);
    const deep = await run('@{a=@{b=@{c=@{d=1}}}} | ConvertTo-Json -Compress', []);
    expect(deep.values).toEqual(['{"a":{"b":{"c":"System.Collections.Hashtable"}}}']);
    expect(deep.said).toEqual([
      'WARNING: Resulting JSON is truncated as serialization has exceeded the set depth of 2.',
    ]);
  });

  test('ConvertFrom-Json gives typed settings, tables when asked, and says what is wrong', async () => {
    expect(
      await gives(`('{"MaxMessageSize":"36 MB (37,748,736 bytes)"}' | ConvertFrom-Json).MaxMessageSize -gt 30MB`),
    ).toEqual([true]);
    expect(await gives(`('[1,2,3]' | ConvertFrom-Json).Count`)).toEqual([3]);
    expect(await gives(`('{"a":{"b":1}}' | ConvertFrom-Json -AsHashtable).a.b`)).toEqual([1]);
    const bad = await run("'{a' | ConvertFrom-Json", []);
    expect(bad.said[0]).toContain('Conversion from JSON failed');
  });

  test('ConvertTo-Csv and back', async () => {
    expect(await gives('$input | select Name,Enabled -First 1 | ConvertTo-Csv')).toEqual([
      '"Name","Enabled"',
      '"Default Frontend EX01","True"',
    ]);
    expect(await gives(`'A,B','1,2' | ConvertFrom-Csv`)).toEqual([{ A: '1', B: '2' }]);
  });

  test('ConvertTo-Html escapes what it is given', async () => {
    expect(await gives("[pscustomobject]@{A='<b>&';B=1,2} | ConvertTo-Html -Fragment")).toEqual([
      '<table>',
      '<colgroup><col/><col/></colgroup>',
      '<tr><th>A</th><th>B</th></tr>',
      '<tr><td>&lt;b&gt;&amp;</td><td>1, 2</td></tr>',
      '</table>',
    ]);
    const page = (await gives('$input | ConvertTo-Html Name -Title T')) as string[];
    expect(page[3]).toBe('<title>T</title>');
    expect(page.at(-1)).toBe('</body></html>');
    expect(await gives('$input | select -First 1 | ConvertTo-Html Name,Enabled -As List -Fragment')).toEqual([
      '<table>',
      '<tr><td>Name:</td><td>Default Frontend EX01</td></tr>',
      '<tr><td>Enabled:</td><td>True</td></tr>',
      '</table>',
    ]);
  });

  test('Out-String gives the text, by line when asked', async () => {
    expect(await gives('$input | ft Name | Out-String -Width 20')).toEqual([
      '\nName\n----\nDefault Frontend EX…\nClient Frontend EX01\nRelay\n\n',
    ]);
    expect(await gives('($input | ft Name -HideTableHeaders | Out-String -Stream).Count')).toEqual([5]);
  });

  test('Get-Member shows each type once', async () => {
    expect(await gives('$input | gm Name,Enabled')).toEqual([
      { TypeName: CONNECTOR_TYPE, Name: 'Enabled', MemberType: 'Property', Definition: 'bool Enabled {get;set;}' },
      { TypeName: CONNECTOR_TYPE, Name: 'Name', MemberType: 'Property', Definition: 'string Name {get;set;}' },
    ]);
    expect(await gives('$input | select Name -First 1 | gm')).toEqual([
      {
        TypeName: `Selected.${CONNECTOR_TYPE}`,
        Name: 'Name',
        MemberType: 'NoteProperty',
        Definition: 'string Name=Default Frontend EX01',
      },
    ]);
  });
});

describe('what is typed wrong is said', () => {
  test.each([
    ['$input | where Name -eq', /needs a value|value/],
    ['$input | where Name -eq a -like b', /one operator|ambiguous|does not know/i],
    ['$input | where', /needs a condition/],
    ['$input | foreach', /needs a block/],
    ['$input | ft @{n="a";x=1}', /key is not valid/],
    ['$input | ft @{width=3}', /needs an expression/],
    ['$input | select -First -1', /whole number/],
    ['$input | Export-Csv', /needs a file name/],
    ['$input | Export-Csv x.csv -Delimiter ab', /one character/],
    ['$input | group -AsString', /-AsHashTable/],
    ['$input | fw -Column 0', /at least 1/],
    ['compare', /ReferenceObject/],
    ["$input | where Name -like '[a'", /\[a/],
    ["$input | where MaxMessageSize -gt 'large'", /a size is needed/],
    ["'A,a','1,2' | ConvertFrom-Csv", /is already present/],
    ["'[[[1]]]' | ConvertFrom-Json -Depth 2", /nested deeper than 2/],
    ["('[' * 3000 + ']' * 3000) | ConvertFrom-Json", /nested deeper than 1024/],
    ["('[' * 3000 + ']' * 3000) | ConvertFrom-Yaml", /not YAML: it is nested more than 100 levels deep/],
    ["('- ' * 3000 + 'a') | ConvertFrom-Yaml", /not YAML: it is nested more than 100 levels deep/],
    ['"a: &a`n  b: *a" | ConvertFrom-Yaml', /not YAML: it holds itself \(an anchor and its alias\)/],
    ['$input | ft | sort Name', /laid out for the eye/],
  ])('%s', async (command, message) => {
    const { said, code } = await run(command, THREE);
    expect(said.join('\n')).toMatch(message);
    expect(code).not.toBe(0);
  });
});

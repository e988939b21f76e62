/** Objects between processes: what one `rc` prints into a pipe the next reads as what it was. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bash } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';

function scene(): { home: string; cwd: string } {
  const home = tempFolder('pipes');
  writeStore(home, [
    { Name: 'Default EX', Bindings: ['127.0.0.1:2601'], MaxMessageSize: '36MB', MaxInboundConnectionPerSource: 20 },
    { Name: 'Client EX', Bindings: ['127.0.0.1:2602'], MaxMessageSize: '100MB', Enabled: false },
    {
      Name: 'Relay',
      Bindings: ['127.0.0.1:2603'],
      MaxInboundConnectionPerSource: 'Unlimited',
      RemoteIPRanges: ['10.0.0.0/8', '192.168.5.10'],
    },
  ]);
  return { home, cwd: tempFolder('here') };
}

test.each([
  ['rc get | rc where MaxMessageSize -gt 50MB | rc foreach Name', 'Client EX\n'],
  ['rc get | rc where MaxInboundConnectionPerSource -lt 50 | rc foreach Name', 'Default EX\nClient EX\n'],
  ['rc get | rc where MaxInboundConnectionPerSource -gt 50 | rc foreach Name', 'Relay\n'],
  ['rc get | rc where Enabled -eq false | rc foreach Name', 'Client EX\n'],
  ["rc get | rc where Enabled -eq '$true' | rc sort Name | rc foreach Name", 'Default EX\nRelay\n'],
  ['rc get | rc where Enabled | rc foreach Name', 'Default EX\nRelay\n'],
  ['rc get | rc where --not Enabled | rc foreach Name', 'Client EX\n'],
  ['rc get | rc where Name -in Relay,Nothing | rc foreach Name', 'Relay\n'],
  ['rc get | rc where RemoteIPRanges --contains 10.0.0.0-10.255.255.255 | rc foreach Name', 'Relay\n'],
  [
    'rc get | rc where \'{ $_.MaxMessageSize -gt 50MB -or $_.Name -eq "relay" }\' | rc foreach Name',
    'Client EX\nRelay\n',
  ],
  ['rc get | rc sort MaxMessageSize,Name --descending | rc select Name --first 1', '{"Name":"Client EX"}\n'],
  ['rc get Relay | rc select Name,\'@{n="Twice";e={$_.MaxHopCount*2}}\'', '{"Name":"Relay","Twice":120}\n'],
  ['rc get Relay | rc select --expand-property RemoteIPRanges', '10.0.0.0/8\n192.168.5.10\n'],
  [
    'rc get | rc group Enabled --no-element',
    '{"Values":[false],"Count":1,"Group":[],"Name":"False"}\n{"Values":[true],"Count":2,"Group":[],"Name":"True"}\n',
  ],
  ['rc get | rc measure | rc foreach Count', '3\n'],
  [
    'rc get | rc ft Name,Enabled',
    '\nName       Enabled\n----       -------\nDefault EX    True\nClient EX    False\nRelay         True\n\n',
  ],
  [
    'rc get Relay | rc fl Name,RemoteIPRanges',
    '\nName           : Relay\nRemoteIPRanges : {10.0.0.0/8, 192.168.5.10}\n\n',
  ],
  [
    'rc get | rc fw --column 3',
    '\nDefault EX                               Client EX                               Relay\n\n',
  ],
  ['rc get Relay | rc select Name,Enabled | rc convertto-csv', '"Name","Enabled"\n"Relay","True"\n'],
  [
    'rc get Relay | rc select Name,MaxMessageSize --output csv | rc convertfrom-csv | rc where MaxMessageSize -gt 30MB',
    '{"Name":"Relay","MaxMessageSize":"36 MB (37,748,736 bytes)"}\n',
  ],
  ['rc get | rc where Enabled | rc out-null', ''],
  [
    'rc get Relay | rc where Enabled -o table',
    '\nIdentity Bindings         Enabled\n-------- --------         -------\nEX\\Relay {127.0.0.1:2603} True\n\n',
  ],
  ['rc get | rc convertto-json --compress | rc convertfrom-json | rc foreach Name', 'Default EX\nClient EX\nRelay\n'],
  ["printf 'Relay\\nClient EX\\n' | rc get - | rc foreach Name", 'Relay\nClient EX\n'],
])('%s', async (script, stdout) => {
  const ran = await bash(`set -o pipefail; ${script}`, scene());
  expect([ran.stderr, ran.stdout, ran.code]).toEqual(['', stdout, 0]);
});

test('where passes on what set takes', async () => {
  const at = scene();
  const ran = await bash(
    'rc get | rc where MaxMessageSize -lt 50MB | rc set --max-message-size 60MB; rc get | rc foreach MaxMessageSize',
    at,
  );
  expect(ran.stdout).toBe('60 MB (62,914,560 bytes)\n100 MB (104,857,600 bytes)\n60 MB (62,914,560 bytes)\n');
});

test('a file of before shows what has changed since', async () => {
  const at = scene();
  const ran = await bash(
    'rc get | rc export-clixml before.xml; rc set Relay --max-hop-count 5; rc get | rc compare before.xml --property Name,MaxHopCount',
    at,
  );
  expect(ran.stdout).toBe(
    '{"Name":"Relay","MaxHopCount":5,"SideIndicator":"=>"}\n{"Name":"Relay","MaxHopCount":60,"SideIndicator":"<="}\n',
  );
  expect(readFileSync(join(at.cwd, 'before.xml'), 'utf8')).toMatch(/^<Objs Version="1\.1\.0\.1"/);
});

test('head ends it quietly', async () => {
  const ran = await bash('set -o pipefail; rc get | rc ft Name | head -1', scene());
  expect(ran.stderr).toBe('');
});

test.each([
  ['rc get | rc where Name -eq', 2, /value/],
  ["rc get | rc where Name -like '['", 2, /wildcard/],
  ['rc get | rc where MaxMessageSize -gt large', 1, /a size is needed on the right/],
  ['rc get | rc select --first x', 2, /whole number/],
  ['rc get | rc ft --group-by Name,Enabled', 2, /one property/],
  [
    "rc get | rc where Name -match '(a+)+$' | cat; echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab | rc where Length -gt 5 | rc where --property Length -match '('",
    2,
    /Invalid pattern '\(' at offset 1/,
  ],
  ['rc get | rc export-csv no/such/folder.csv', 1, /Could not find a part of the path/],
  ['rc import-csv none.csv', 1, /Could not find file .*none\.csv/],
  ['rc select Name < /dev/null', 2, /needs objects piped/],
  ['rc get --output xml', 2, /not a format/],
  ["node -e \"console.log('['.repeat(1e5) + ']'.repeat(1e5))\" | rc select Name", 2, /nested deeper/],
])('%s', async (script, code, message) => {
  const ran = await bash(`set -o pipefail; ${script}`, scene());
  expect(ran.stderr).toMatch(message);
  expect(ran.code).toBe(code);
});

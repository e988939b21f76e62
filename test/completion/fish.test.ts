/** `rc init fish | source`: the cmdlets' names, wildcards quoted at Enter, and completion. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { quoteFishWildcards } from '../../src/cli/completion/fish-line.ts';
import { SERVER, storeIn, writeStore } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';
import { Prompt } from './prompt.ts';

let prompt: Prompt | undefined;
afterEach(() => {
  prompt?.close();
  prompt = undefined;
});

const read = (name: string) => readFileSync(join(prompt!.folder, name), 'utf8');
const limits = () => storeIn(prompt!.home).connectors.map((c) => c.MaxInboundConnectionPerSource);

test.skipIf(!has('fish'))(
  'the two lines of the story run as typed, and file names expand as ever in other commands',
  async () => {
    prompt = await Prompt.at('fish');
    const shown = await prompt.run('Get-ReceiveConnector default* | Select Name,MaxInbound*');
    expect(shown).toContain(`Default ${SERVER}`);
    await prompt.run('Get-ReceiveConnector default* | Set-ReceiveConnector -MaxInboundConnectionPerSource 100');
    expect(limits()).toEqual([100, undefined]);
    await prompt.run('Set-ReceiveConnector -Identity "Default*" -Enabled $false');
    expect(storeIn(prompt.home).connectors[0]!.Enabled).toBe(false);
    await prompt.run('Get-ReceiveConnector d* --select Name > one; echo d* > two');
    expect(JSON.parse(read('one'))).toEqual({ Name: `Default ${SERVER}` });
    expect(read('two')).toBe('default2\n');
  },
);

test.skipIf(!has('fish'))('a command that is there already is never shadowed', async () => {
  prompt = await Prompt.at('fish', 'function Select; echo mine $argv; end');
  await prompt.run('Select a > one; type -t sort tee > two');
  expect(read('one')).toBe('mine a\n');
  expect(read('two')).toBe('file\nfile\n');
});

test.skipIf(!has('fish'))('Tab completes commands, flags, values and names, quoted for fish', async () => {
  prompt = await Prompt.at('fish');
  const name = `It's 5 $ (x)`;
  writeStore(prompt.home, [{ Name: name, Bindings: ['127.0.0.1:2525'] }]);
  await prompt.run('rc get It\t--select Name > one');
  expect(JSON.parse(read('one'))).toEqual({ Name: name });
  await prompt.run(`rc get "It\t--select Name > two`);
  expect(read('two')).toBe(read('one'));
  await prompt.run('rc set It\t--auth-m\tTls,BasicAuth,BasicAuthR\t');
  expect(storeIn(prompt.home).connectors[0]!.AuthMechanism).toBe('Tls, BasicAuth, BasicAuthRequireTLS');
  await prompt.run('Set-ReceiveConnector It\t-MaxInboundConnectionPerS\t77');
  expect(limits()).toEqual([77]);
});

test.each([
  ['Get-ReceiveConnector default*', "Get-ReceiveConnector 'default*'"],
  ['Get-ReceiveConnector default* | Select Name,Max*', "Get-ReceiveConnector 'default*' | Select 'Name,Max*'"],
  ['ls *.txt; Get-ReceiveConnector a?c', "ls *.txt; Get-ReceiveConnector 'a?c'"],
  ['Get-ReceiveConnector d* > out*', "Get-ReceiveConnector 'd*' > out*"],
  ['Get-ReceiveConnector d* 2>&1 | cat *', "Get-ReceiveConnector 'd*' 2>&1 | cat *"],
  ['not Get-ReceiveConnector d*; and echo *', "not Get-ReceiveConnector 'd*'; and echo *"],
  ['RC_HOME=/x* Get-ReceiveConnector d*', "RC_HOME=/x* Get-ReceiveConnector 'd*'"],
  ['Get-ReceiveConnector \'d*\' "e*" f\\*', 'Get-ReceiveConnector \'d*\' "e*" f\\*'],
  ['Get-ReceiveConnector $name* ~/x*', 'Get-ReceiveConnector $name\\* ~/x\\*'],
  ["Get-ReceiveConnector 'It''s'*", "Get-ReceiveConnector 'It''s'\\*"],
  ['echo (Get-ReceiveConnector d*) *', "echo (Get-ReceiveConnector 'd*') *"],
  ['Get-ReceiveConnector (ls *) d*', "Get-ReceiveConnector (ls *) 'd*'"],
  ['for c in *; Get-ReceiveConnector $c; end', 'for c in *; Get-ReceiveConnector $c; end'],
  ['echo Get-ReceiveConnector *', 'echo Get-ReceiveConnector *'],
  ['Get-ReceiveConnector d* # all of *', "Get-ReceiveConnector 'd*' # all of *"],
  ['Get-ReceiveConnector X -Enabled $true', 'Get-ReceiveConnector X -Enabled \\$true'],
  ['Get-ReceiveConnector X -Confirm:$False $truest', 'Get-ReceiveConnector X -Confirm:\\$False $truest'],
  ["Get-ReceiveConnector 'd*", "Get-ReceiveConnector 'd*"],
  ['Get-ReceiveConnector d*\\\n  e*', "Get-ReceiveConnector d\\*\\\n  'e*'"],
])('wildcards of %s', (line, quoted) => {
  const names = new Set(['Get-ReceiveConnector', 'Select']);
  expect(quoteFishWildcards(line, names)).toBe(quoted);
  expect(quoteFishWildcards(quoted, names)).toBe(quoted);
});

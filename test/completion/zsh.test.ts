/** `eval "$(rc init zsh)"`: the cmdlets' names behind noglob, and completion. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { SERVER, storeIn, writeStore } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';
import { Prompt } from './prompt.ts';

let prompt: Prompt;
afterEach(() => prompt?.close());

const read = (name: string) => readFileSync(join(prompt.folder, name), 'utf8');
const limits = () => storeIn(prompt.home).connectors.map((c) => c.MaxInboundConnectionPerSource);

test.skipIf(!has('zsh'))(
  'the two lines of the story run unchanged, also where zsh would complain of no match',
  async () => {
    prompt = await Prompt.at('zsh');
    const shown = await prompt.run('Get-ReceiveConnector default* | Select Name,MaxInbound*');
    expect(shown).toContain(`Default ${SERVER}`);
    expect(shown).toMatch(/Name +MaxInbound +MaxInboundPerSource/);
    await prompt.run('Get-ReceiveConnector default* | Set-ReceiveConnector -MaxInboundConnectionPerSource 100');
    expect(limits()).toEqual([100, undefined]);
    await prompt.run(
      'Get-ReceiveConnector nosuch*; echo d* > after; Get-ReceiveConnector nosuch 2>/dev/null; echo $? >> after',
    );
    expect(read('after')).toBe('default2\n1\n');
  },
);

test.skipIf(!has('zsh'))('lines of other notes run, with $true and $false, which stay nothing elsewhere', async () => {
  prompt = await Prompt.at('zsh');
  await prompt.run(
    'Get-ReceiveConnector -Identity "Client*" | Set-ReceiveConnector -Enabled $False -MaxMessageSize 100MB',
  );
  await prompt.run('Set-ReceiveConnector "Default*" -Enabled:$false -Confirm:$false -MessageRateLimit 1000');
  expect(storeIn(prompt.home).connectors).toMatchObject([
    { Enabled: false, MessageRateLimit: 1000 },
    { Enabled: false, MaxMessageSize: '100MB' },
  ]);
  await prompt.run('Get-ReceiveConnector | Where Enabled -eq $true | Select Name > one');
  expect(read('one')).toBe('');
  await prompt.run('Get-ReceiveConnector | Select Name, MessageRateLimit | Sort-Object Name | ft > two');
  expect(read('two')).toMatch(/^\nName +MessageRateLimit\n-+ +-+\nClient [^\n]+ Unlimited\nDefault [^\n]+ 1000\n/);
  await prompt.run('echo "[$true$false]" > three; set | grep -c -i "^true=" >> three');
  expect(read('three')).toBe('[]\n0\n');
});

test.skipIf(!has('zsh'))('Ctrl-C while rc asks leaves file names expanding', async () => {
  prompt = await Prompt.at('zsh');
  prompt.type('Get-ReceiveConnector d* | Set-ReceiveConnector -Confirm -Enabled false\r');
  await prompt.sees('Are you sure');
  await prompt.interrupt();
  await prompt.run('echo d* > after');
  expect(read('after')).toBe('default2\n');
});

test.skipIf(!has('zsh'))(
  'a command that is there already is never shadowed, and evaluating twice changes nothing',
  async () => {
    prompt = await Prompt.at('zsh', 'Select() { echo mine "$@"; }');
    await prompt.run('eval "$(rc init zsh)"');
    await prompt.run('Select d* > one; whence -w sort tee select Get-ReceiveConnector > two');
    expect(read('one')).toBe('mine default2\n');
    expect(read('two')).toBe('sort: command\ntee: command\nselect: reserved\nGet-ReceiveConnector: alias\n');
    await prompt.run('Get-ReceiveConnector d* --select Name > three');
    expect(JSON.parse(read('three'))).toEqual({ Name: `Default ${SERVER}` });
  },
);

test.skipIf(!has('zsh'))('Tab completes commands, flags, values and names, quoted for zsh', async () => {
  prompt = await Prompt.at('zsh');
  const name = `It's 5 $ (x)`;
  writeStore(prompt.home, [{ Name: name, Bindings: ['127.0.0.1:2525'] }]);
  await prompt.run('rc get It\t--select Name > one');
  expect(JSON.parse(read('one'))).toEqual({ Name: name });
  await prompt.run(`rc get "It\t--select Name > two`);
  await prompt.run(`rc get 'it\t--select Name > three`);
  expect([read('two'), read('three')]).toEqual([read('one'), read('one')]);
  await prompt.run('rc set It\t--auth-m\tTls,basicauthr\t,BasicAuth');
  expect(storeIn(prompt.home).connectors[0]!.AuthMechanism).toBe('Tls, BasicAuth, BasicAuthRequireTLS');
  await prompt.run('Set-ReceiveConnector It\t-MaxInboundConnectionPerS\t77');
  expect(limits()).toEqual([77]);
  await prompt.run('Get-ReceiveConnector It\t| Select Name,MaxInboundConnectionPerS\t > four');
  expect(JSON.parse(read('four'))).toEqual({ Name: name, MaxInboundConnectionPerSource: 77 });
});

test.skipIf(!has('zsh'))('compinit may come after it', async () => {
  prompt = new Prompt('zsh');
  await prompt.run('eval "$(rc init zsh)"; autoload -Uz compinit; compinit -u -D; rc get > all');
  await prompt.run('rc get Def\t--select Name > one');
  expect(JSON.parse(read('one'))).toEqual({ Name: `Default ${SERVER}` });
});

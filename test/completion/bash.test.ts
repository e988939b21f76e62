/** `eval "$(rc init bash)"`: the cmdlets' names at a bash prompt, with files around that the patterns would match. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { bash } from '../support/rc.ts';
import { SERVER, storeIn, tempFolder, writeStore } from '../support/temp-home.ts';
import { Prompt } from './prompt.ts';

let prompt: Prompt;
afterEach(() => prompt?.close());

const read = (name: string) => readFileSync(join(prompt.folder, name), 'utf8');
const limits = () => storeIn(prompt.home).connectors.map((c) => c.MaxInboundConnectionPerSource);

describe('at a bash prompt', () => {
  test('the two lines of the story run unchanged, and file names expand as ever afterwards', async () => {
    prompt = await Prompt.at('bash');
    const shown = await prompt.run('Get-ReceiveConnector default* | Select Name,MaxInbound*');
    expect(shown).toContain(`Default ${SERVER}`);
    expect(shown).toMatch(/Name +MaxInbound +MaxInboundPerSource/);
    await prompt.run('Get-ReceiveConnector default* | Set-ReceiveConnector -MaxInboundConnectionPerSource 100');
    expect(limits()).toEqual([100, undefined]);
    await prompt.run('echo d* *X > after');
    expect(read('after')).toBe('default2 MaxInboundX\n');
  });

  test('in lists, loops, substitutions and behind assignments, and on the same line file names expand again', async () => {
    prompt = await Prompt.at('bash');
    await prompt.run('Get-ReceiveConnector d* --select Name > one; echo d* > two');
    expect(JSON.parse(read('one'))).toEqual({ Name: `Default ${SERVER}` });
    expect(read('two')).toBe('default2\n');
    await prompt.run('for p in d c; do Get-ReceiveConnector $p* --select Name; echo d*; done > three');
    expect(read('three')).toBe(`{"Name":"Default ${SERVER}"}\ndefault2\n{"Name":"Client ${SERVER}"}\ndefault2\n`);
    await prompt.run('echo "$(Get-ReceiveConnector d* | Select Name,MaxInbound*)" d* > four');
    expect(read('four')).toBe(
      `{"Name":"Default ${SERVER}","MaxInboundConnection":5000,"MaxInboundConnectionPerSource":20,"MaxInboundConnectionPercentagePerSource":2} default2\n`,
    );
    await prompt.run(
      'false && Get-ReceiveConnector d* > no || RC_OUTPUT=csv Get-ReceiveConnector d* --select Name > five',
    );
    expect(read('five')).toBe(`"Name"\n"Default ${SERVER}"\n`);
    expect(() => read('no')).toThrow();
  });

  test.each([
    ['in the shell itself', 'Set-ReceiveConnector d* -Confirm -Enabled false; echo never > never'],
    ['in a pipeline', 'Get-ReceiveConnector d* | Set-ReceiveConnector -Confirm -Enabled false; echo never > never'],
  ])('Ctrl-C while rc asks, %s, leaves file names expanding', async (_where, line) => {
    prompt = await Prompt.at('bash');
    prompt.type(`${line}\r`);
    await prompt.sees('Are you sure');
    await prompt.interrupt();
    await prompt.run('echo d* > after; declare -p GLOBIGNORE > still');
    expect(read('after')).toBe('default2\n');
    expect(read('still')).toBe('');
    expect(() => read('never')).toThrow();
    expect(storeIn(prompt.home).connectors[0]!.Enabled).toBeUndefined();
  });

  test('lines of other notes run, with $true and $false, which stay nothing elsewhere', async () => {
    prompt = await Prompt.at('bash');
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

  test('the exit status is that of rc', async () => {
    prompt = await Prompt.at('bash');
    await prompt.run('Get-ReceiveConnector nosuch 2> error; echo $? > status');
    expect(read('status')).toBe('1\n');
    expect(read('error')).toContain("object 'nosuch' couldn't be found");
  });

  test('dotglob stays on', async () => {
    prompt = await Prompt.at('bash', 'shopt -s dotglob; touch .hidden');
    await prompt.run('Get-ReceiveConnector d* --select Name > one; echo *idd* d* > two');
    expect(JSON.parse(read('one'))).toEqual({ Name: `Default ${SERVER}` });
    expect(read('two')).toBe('.hidden default2\n');
  });

  test('with nullglob no name is lost: a pattern that vanished would mean all connectors', async () => {
    prompt = await Prompt.at('bash', 'shopt -s nullglob');
    await prompt.run('Get-ReceiveConnector cl* --select Name > one; echo nothing* d* > two');
    // The redirection makes the line one that cannot be read again safely: refused, nothing shown.
    expect(read('one')).toBe('');
    expect(read('two')).toBe('default2\n');
    const shown = await prompt.run('Get-ReceiveConnector cl* --select Name | cat');
    expect(shown).toContain(`{"Name":"Client ${SERVER}"}`);
    expect(shown).not.toContain(`{"Name":"Default ${SERVER}"}`);
    await prompt.run('Set-ReceiveConnector nosuch* -MaxInboundConnectionPerSource 7');
    expect(limits()).toEqual([undefined, undefined]);
  });

  test('with failglob the error of bash leaves nothing behind', async () => {
    prompt = await Prompt.at('bash', 'shopt -s failglob');
    expect(await prompt.run('Get-ReceiveConnector default*')).toContain('no match: default*');
    await prompt.run('echo d* > after; declare -p GLOBIGNORE >> after 2>&1');
    expect(read('after')).toMatch(/^default2\n.*GLOBIGNORE: not found\n$/);
  });

  test("a GLOBIGNORE of one's own stays, and names are read as typed", async () => {
    prompt = await Prompt.at('bash', 'GLOBIGNORE=default2');
    const shown = await prompt.run('Get-ReceiveConnector D* --select Name | cat');
    expect(shown).toContain(`{"Name":"Default ${SERVER}"}`);
    await prompt.run('echo "$GLOBIGNORE" [dD]* > after');
    expect(read('after')).toBe('default2 Default1\n');
  });

  test('a command that is there already is never shadowed, and evaluating twice changes nothing', async () => {
    prompt = await Prompt.at('bash', 'Select() { echo mine "$@"; }');
    await prompt.run('eval "$(rc init bash)"');
    await prompt.run(
      'Select d* > one; type -t sort where tee diff select > two; type -t Get-ReceiveConnector Set-ReceiveConnector >> two',
    );
    expect(read('one')).toBe('mine default2\n');
    expect(read('two')).toBe(['file', 'file', 'file', 'keyword', 'alias', 'alias', ''].join('\n'));
    await prompt.run('Get-ReceiveConnector d* --select Name > three; echo "$PROMPT_COMMAND" > four');
    expect(JSON.parse(read('three'))).toEqual({ Name: `Default ${SERVER}` });
    expect(read('four').match(/_rc_prompt/g)).toHaveLength(1);
  });

  test('Tab completes commands, flags, values and names, quoted for bash', async () => {
    prompt = await Prompt.at('bash');
    const name = `It's 5 $ (x)`;
    writeStore(prompt.home, [{ Name: name, Bindings: ['127.0.0.1:2525'] }]);
    await prompt.run('rc hist\t; rc get It\t --sel\tnam\t > /dev/null; rc get It\t--select Name > one');
    expect(JSON.parse(read('one'))).toEqual({ Name: name });
    await prompt.run(`rc get "It\t--select Name > two; rc get 'it\t--select Name > three`);
    expect([read('two'), read('three')]).toEqual([read('one'), read('one')]);
    await prompt.run('rc set It\t--auth-m\tTls,basi\t,integ\t \t\r');
    expect(storeIn(prompt.home).connectors[0]!.AuthMechanism).toBe('Tls, Integrated, BasicAuth');
    await prompt.run('Set-ReceiveConnector It\t-MaxInboundConnectionPerS\t77');
    expect(limits()).toEqual([77]);
    await prompt.run('Get-ReceiveConnector It\t| Select Name,MaxInboundConnectionPerS\t > four');
    expect(JSON.parse(read('four'))).toEqual({ Name: name, MaxInboundConnectionPerSource: 77 });
    await prompt.run('rc get --output=nd\t--select=Nam\t > five; rc get --home no\t');
    expect(JSON.parse(read('five'))).toEqual({ Name: name });
  });
});

test('in a script the names work too', async () => {
  const home = tempFolder();
  const folder = tempFolder('folder');
  const script = `set -eu
    touch Default1
    eval "$(rc init bash)"
    Get-ReceiveConnector default* | Select Name
    echo D*`;
  const ran = await bash(script, { home, cwd: folder });
  expect(ran).toMatchObject({ code: 0, stdout: `{"Name":"Default ${SERVER}"}\nDefault1\n`, stderr: '' });
});

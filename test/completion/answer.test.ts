/** `rc __complete`: what is offered where. One row a situation; `|` is the cursor at the end of the line. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { answer } from '../../src/cli/completion/answer.ts';
import { readBashLine, writeBashWord } from '../../src/cli/completion/shell-words.ts';
import { promptNames } from '../../src/cli/init/names.ts';
import { cmdletNamed, commandNamed } from '../../src/cmdlets/table.ts';
import { bash, rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';

let home: string;
beforeAll(() => {
  home = tempFolder();
  writeStore(
    home,
    [
      {
        Name: 'Default EX',
        Bindings: ['127.0.0.1:2525', '[::1]:2525'],
        RemoteIPRanges: ['10.0.0.0/8', '192.168.1.5'],
      },
      { Name: "O'Brien & Co", Bindings: ['127.0.0.1:2526'] },
      { Name: 'back`tick', Bindings: ['127.0.0.1:2527'] },
      { Name: 'Relay:25', Bindings: ['127.0.0.1:2528'] },
    ],
    {
      acceptedDomains: [
        {
          Name: 'Contoso',
          DomainName: 'contoso.com',
          DomainType: 'Authoritative',
          Guid: '00000000-0000-4000-8000-0000000000aa',
          WhenChanged: '2024-01-02T03:04:05.000Z',
        },
      ],
    },
  );
});

/** First line: what the shell does besides; then the candidates. */
async function asked(line: string, env = {}): Promise<{ does: string; offers: string[] }> {
  const { code, stdout, stderr } = await rc(['__complete', 'bash', line], { home, env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [does, ...offers] = stdout.slice(0, -1).split('\n');
  return { does: does!, offers };
}

test('connectors of several servers: this one’s by their names, others with their servers; and the servers', async () => {
  const several = tempFolder();
  writeStore(several, [{ Name: 'Relay' }, { Name: 'Relay', Server: 'EX02' }, { Name: 'Two Words', Server: 'EX02' }], {
    schemaVersion: 2,
    servers: [{ name: 'EX02', fqdn: '' }],
  });
  const offered = async (line: string) =>
    (await rc(['__complete', 'bash', line], { home: several })).stdout.split('\n');
  expect(await offered('rc get ')).toEqual(['', 'Relay', 'EX02\\\\Relay', 'EX02\\\\Two\\ Words', '']);
  expect(await offered("rc get 'ex02\\t")).toEqual(['', 'EX02\\Two Words', '']);
  expect(await offered('rc get --server ')).toEqual(['', 'EX', 'EX02', '']);
  expect(await offered('rc new X --server=')).toEqual(['', 'EX', 'EX02', '']);
});

describe('offers exactly', () => {
  test.each<[line: string, offers: string[], does?: string]>([
    ['rc sel', ['select']],
    ['/usr/local/bin/rc sel', ['select']],
    ['rc get-receive-connector-se', ['get-receive-connector-session']],
    ['rc Get-ReceiveConnectorS', ['Get-ReceiveConnectorSession', 'Get-ReceiveConnectorSource']],
    ['rc -o json sel', ['select']],
    ['rc -o js', ['json']],
    ['rc --output=js', ['json']],
    ['rc get --output=nd', ['ndjson']],
    ['rc init z', ['zsh']],
    ['rc help wild', ['wildcards']],
    ['rc top D', ['Default\\ EX']],
    ['rc top --sort re', ['refused']],
    ['rc top --sort=re', ['refused']],
    ['rc top --ver', ['--version']],
    ['rc serve D', []],
    ['rc help maxloc', ['MaxLocalHopCount']],
    ['rc get D', ['Default\\ EX']],
    ['rc get def', ['Default\\ EX']],
    ['rc get o', ["O\\'Brien\\ \\&\\ Co"]],
    ['rc get "o', ["O'Brien & Co"]],
    ["rc get 'o", ["O'\\''Brien & Co"]],
    ['rc get back', ['back\\`\\`tick']],
    ['rc get Relay:', ['25']],
    ["rc get 'Relay:", ['Relay:25']],
    ['rc get --identity=D', ['Default\\ EX']],
    ['rc get Default\\ EX D', []],
    ['rc get -Identity D', ['Default\\ EX']],
    ['rc set --identity D', ['Default\\ EX']],
    ['rc new D', []],
    ['echo x; RC_OUTPUT=csv rc get D', ['Default\\ EX']],
    ['rc get X | rc set D', ['Default\\ EX']],
    ['Get-ReceiveConnector D', ['Default\\ EX']],
    ['Get-ReceiveConnector -Ide', ['-Identity']],
    ['get-receiveconnector --ide', ['--identity']],
    ['Set-ReceiveConnector X -MaxInboundConnectionPerS', ['-MaxInboundConnectionPerSource']],
    ['rc set X --max-inbound-connection-per-s', ['--max-inbound-connection-per-source']],
    ['rc set X --max-inbound-per-s', ['--max-inbound-per-source']],
    ['rc set X --enabled ', ['true', 'false']],
    ['rc set X --enabled f', ['false']],
    ['Set-ReceiveConnector X -Enabled:f', ['false']],
    ['rc set X --max-inbound-connection u', ['Unlimited']],
    ['rc set X --size-enabled dis', ['Disabled']],
    ['rc set X --auth-mechanism Tls,basic', ['Tls,BasicAuth', 'Tls,BasicAuthRequireTLS'], 'open'],
    ['rc set X --auth-mechanism Tls,BasicAuth,basic', ['Tls,BasicAuth,BasicAuthRequireTLS'], 'open'],
    ['rc set X --auth-mechanism Tls, ExternalA', ['ExternalAuthoritative'], 'open'],
    ['rc set X --add-permission-groups An', ['AnonymousUsers'], 'open'],
    ["rc set 'Default EX' --remove-remote-ip-ranges ", ['10.0.0.0/8', '192.168.1.5'], 'open'],
    ["rc set 'Default EX' --remove-bindings 127.0.0.1:2525,", ['2525,\\[::1\\]:2525'], 'open'],
    ['rc set X --what', ['--what-if']],
    ['rc get X --what', []],
    ['rc set X --wai', ['--wait']],
    ['rc get X --wai', []],
    ['rc set X -- --', []],
    ['rc get --select Na', ['Name'], 'open'],
    ['rc get --select Name,MaxLoc', ['Name,MaxLocalHopCount'], 'open'],
    ['rc get | rc select name,bind', ['name,Bindings'], 'open'],
    ['Select Name,Bindings,N', [], 'open'],
    ['rc get | rc group MaxLoc', ['MaxLocalHopCount'], 'open'],
    ['rc get-accepted-domain --select Domain', ['DomainName', 'DomainType'], 'open'],
    ['rc get --error-action Si', ['SilentlyContinue']],
    ['rc -c Get', []],
    ['rc nosuch X', []],
    ['rc nosuch --x', []],
  ])('%s|', async (line, offers, does = '') => {
    expect(await asked(line)).toEqual({ does, offers });
  });

  test.each<[line: string, does: string]>([
    ['rc get --home ', 'folders'],
    ['rc -f ', 'files'],
    ['rc import ', 'files'],
    ['rc get | rc export-csv ', 'files'],
  ])('%s| takes names of the disk', async (line, does) => {
    expect(await asked(line)).toEqual({ does, offers: [] });
  });
});

test('a name at a prompt is the same cmdlet in the language and behind rc', () => {
  const names = promptNames();
  expect(names).toEqual(
    expect.arrayContaining(['Get-ReceiveConnector', 'Select', 'Where', 'ForEach', 'Format-Table', 'ft']),
  );
  for (const name of names) expect(commandNamed(name)).toBe(cmdletNamed(name));
  for (const taken of [
    'sort',
    'where',
    'tee',
    'diff',
    'Diff',
    'history',
    'select',
    'compare',
    'measure',
    'group',
    '%',
    '?',
  ])
    expect(names).not.toContain(taken);
});

test('flags given are not offered again, lists are', async () => {
  const { offers } = await asked('rc set X --enabled true --bindings 127.0.0.1:25 --');
  expect(offers).not.toContain('--enabled');
  expect(offers).toContain('--bindings');
  expect(offers).toContain('--add-bindings');
  expect(offers).toContain('--output');
});

test('the store of --home is the one that is read', async () => {
  const other = tempFolder();
  expect(await asked(`rc --home ${other} get `)).toEqual({ does: '', offers: [] });
  const { offers } = await asked(`rc --home ${home} get D`, { RC_HOME: other });
  expect(offers).toEqual(['Default\\ EX']);
});

test('a store that is missing or broken gives no names, no error, and is not created', async () => {
  const missing = `${tempFolder()}/none`;
  expect(await asked('rc get ', { RC_HOME: missing })).toEqual({ does: '', offers: [] });
  const { code } = await bash('test -e "$RC_HOME"', { home: missing });
  expect(code).toBe(1);
});

test('zsh and fish get words and a line about them; fish hands over quotes', async () => {
  const zsh = await rc(['__complete', 'zsh', 'rc', 'get', 'def'], { home });
  expect(zsh.stdout).toBe('\nDefault EX\n');
  const fish = await rc(['__complete', 'fish', 'rc', 'get', "'O'"], { home });
  expect(fish.stdout).toBe("\nO'Brien & Co\n");
  const flags = await rc(['__complete', 'zsh', 'rc', 'set', 'X', '--pass'], { home });
  expect(flags.stdout).toBe('\n--pass-thru\tOutputs the changed connectors\n');
});

describe('quoting for bash', () => {
  const word = fc.string({ unit: fc.constantFrom(...'aB1 \'"\\$`!*?[](){}<>|;&#~^,:=-ü') });
  test.each(['', '"', "'"] as const)('with %s open, what is written is read back', (quote) => {
    fc.assert(
      fc.property(word, (text) => {
        const read = readBashLine(`rc ${quote}${writeBashWord(text, quote)}${quote} next`);
        expect(read.words).toEqual(text === '' && quote === '' ? ['rc'] : ['rc', text]);
      }),
    );
  });

  test('bash itself reads back what is written', async () => {
    const words = fc.sample(fc.stringMatching(/^[ -~]{1,12}$/), 200);
    const line = `printf '%s\\n' ${words.flatMap((w) => [writeBashWord(w, ''), `'${writeBashWord(w, "'")}'`, `"${writeBashWord(w, '"')}"`]).join(' ')}`;
    const { stdout } = await bash(line);
    expect(stdout.split('\n').slice(0, -1)).toEqual(words.flatMap((w) => [w, w, w]));
  });
});

test('whatever is typed, the answer is lines of candidates and never an error', () => {
  const known = () => ({
    connectors: () => ['Default EX'],
    servers: () => [],
    users: () => [],
    domains: () => [],
    elements: () => ['127.0.0.1:25'],
  });
  const piece = fc.oneof(
    fc.constantFrom(
      ...[
        'rc ',
        'set ',
        'Get-ReceiveConnector ',
        '--',
        '-',
        '-o',
        '--select=',
        '--remove-bindings ',
        ',',
        '=',
        ':',
        '|',
      ],
      ...[
        '"',
        "'",
        '\\',
        ' ',
        '$(',
        ')',
        ';',
        '--auth-mechanism ',
        'where ',
        'Tls',
        '-- ',
        '\t',
        '*',
        '__proto__',
        'Def',
      ],
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const line = pieces.join('');
      for (const args of [[line], [...line.split(' ')]]) {
        const shell = args.length === 1 ? 'bash' : 'zsh';
        const text = answer(shell, args, known);
        expect(text).toMatch(/^(files|folders|open)?\n/);
        if (!/[^ -~]/.test(line)) expect(text).toMatch(/^[\n\t -~’…]*\n$/);
      }
    }),
    { numRuns: 500 },
  );
});

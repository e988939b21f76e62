/** What comes from outside can be wrong, hostile or endless: a clear error with its place, in bounded time, nothing half-written. */
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { listenerStatus, sessions } from '../../src/control/listener-client.ts';
import { SafeRegex } from '../../src/pipeline/safe-regex.ts';
import { readClixml } from '../../src/print/clixml.ts';
import { csvObjects } from '../../src/print/csv.ts';
import { jsonText } from '../../src/print/json.ts';
import { parseYaml, yamlText } from '../../src/print/yaml.ts';
import { homeAt } from '../../src/store/home.ts';
import { printable } from '../../src/text/printable.ts';
import { bash, rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';

const HASH = `scrypt$16384$8$5$${'A'.repeat(22)}==$${'A'.repeat(43)}=`;

it.each<[string, unknown, RegExp]>([
  ['a user with a line end', { users: [{ Name: 'a\r\nb', PasswordHash: HASH }] }, /control character/],
  ['a user with a wildcard', { users: [{ Name: '**', PasswordHash: HASH }] }, /has a wildcard/],
  ['a user called as a group', { users: [{ Name: 'NT AUTHORITY\\ANONYMOUS LOGON', PasswordHash: HASH }] }, /backslash/],
  ['a user with a mark nobody sees', { users: [{ Name: 'a\u034fb', PasswordHash: HASH }] }, /nobody sees \(U\+034F\)/],
  ['a hash that rc did not make', { users: [{ Name: 'a', PasswordHash: 'scrypt$\u0000' }] }, /not a hash/],
  [
    'a hash that takes all memory',
    { users: [{ Name: 'a', PasswordHash: `scrypt$16777216$99$5$AAAA$${'A'.repeat(43)}=` }] },
    /not a hash/,
  ],
  ['a domain **', { acceptedDomains: [{ Name: 'x', DomainName: '**' }] }, /\*\*.*" is not a domain/],
  ['a domain with a line end', { acceptedDomains: [{ Name: 'x', DomainName: 'a.com\r\nb' }] }, /is not a domain/],
  [
    'every domain as ours',
    { acceptedDomains: [{ Name: 'x', DomainName: '*', DomainType: 'Authoritative' }] },
    /every domain there is/,
  ],
  [
    'one domain twice',
    {
      acceptedDomains: [
        { Name: 'x', DomainName: 'a.com' },
        { Name: 'y', DomainName: 'A.com' },
      ],
    },
    /taken already/,
  ],
  ...[
    '00000000-0000-4000-8000-000000000001',
    '{00000000-0000-4000-8000-000000000001}',
    '(00000000-0000-4000-8000-000000000001)',
    '00000000000040008000000000000001',
    '{0123456789ABCDEF0123456789ABCDEF}',
  ].map(
    (Name) =>
      [`a connector called ${Name}`, { connectors: [{ Name, Bindings: ['127.0.0.1:26'] }] }, /form of a GUID/] as [
        string,
        unknown,
        RegExp,
      ],
  ),
  [
    'a connector with a blank nobody sees',
    { connectors: [{ Name: 'a\u2800b', Bindings: ['127.0.0.1:26'] }] },
    /nobody sees \(U\+2800\)/,
  ],
])('import and validate refuse what new refuses: %s', async (_, document, problem) => {
  const home = tempFolder();
  writeStore(home, [{ Name: 'A', Bindings: ['127.0.0.1:2525'] }]);
  const before = readFileSync(join(home, 'store.json'), 'utf8');
  const input = JSON.stringify(document);
  const imported = await rc(['import', '-'], { home, input });
  expect(imported).toMatchObject({ code: 1, stderr: expect.stringMatching(problem) });
  expect(readFileSync(join(home, 'store.json'), 'utf8')).toBe(before);
  const validated = await rc(['validate', '-', '--output', 'json'], { home, input });
  expect(validated).toMatchObject({ code: 1, stdout: expect.stringMatching(problem) });
});

it.each([
  ['JSON with a name twice', '{"connectors": [],\n "connectors": []}', /line 2, column 2.*"connectors" stands twice/],
  ['JSON lines with a name twice', '{"Name": "A"}\n{"Name": "B", "Name": "C"}', /line 2, column 15.*twice/],
  [
    'a number that is none any more',
    `{"connectors": [\n{"MaxHopCount": ${'9'.repeat(5000)}}]}`,
    /line 2, column 17.*"9{79}…" is too large/,
  ],
  ['the same in YAML', `connectors:\n- MaxHopCount: 1e999\n`, /line 2, column 16.*"1e999" is too large/],
  ['the same in a list of JSON', `{"connectors": [-1e+400]}`, /"-1e\+400" is too large/],
  ['deep JSON', `{"connectors": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /nested/],
  ['deep YAML', `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, /nested/],
  ['deep YAML of dashes', `${'- '.repeat(20_000)}a`, /nested/],
  ['YAML that would take minutes', '# x\n'.repeat(4_300_000), /longer than 16 million characters.*write it as JSON/],
  ['YAML that holds itself', 'connectors: &a\n  - *a\n', /holds itself/],
  [
    'YAML that multiplies',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((c, i) => `${c}: &${c} [${`*${'abcdefgh'[i]},`.repeat(9)}]`).join('\n')}`,
    /alias/i,
  ],
])('import ends with a clear error: %s', async (_, input, problem) => {
  const { code, stderr } = await rc(['import', '-'], { home: tempFolder(), input });
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(problem) });
  expect(stderr).not.toContain('should not happen');
});

it('a store.json with a name twice is refused with its place', async () => {
  const home = tempFolder();
  writeStore(home, [{ Name: 'A', Bindings: ['127.0.0.1:2525'], Enabled: false }]);
  await bash(`sed -i 's/"Enabled": false/"Enabled": false, "Enabled": true/' store.json`, { cwd: home });
  expect(await rc(['get'], { home })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/line \d+.*Enabled: stands twice/),
  });
});

it('a number of 5,000 digits given on the command line is refused as a number', async () => {
  const { code, stderr } = await rc(['set', 'Default*', '--max-hop-count', '9'.repeat(5000)], { home: tempFolder() });
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.not.stringContaining('should not happen') });
});

it('regular expressions that would never end are refused or ended', () => {
  for (const pattern of [
    '(?:a?){60}a{60}',
    `${'a?'.repeat(60)}${'a'.repeat(60)}`,
    `${'a{0,1}'.repeat(40)}a{40}`,
    `${'(?:a?a?a?){3}'.repeat(5)}b`,
  ])
    try {
      expect(typeof SafeRegex.of(pattern).test('a'.repeat(60))).toBe('boolean');
    } catch (error) {
      expect((error as Error).message).toMatch(/too many optional parts|takes too long/);
    }
  for (const pattern of ['(a|aa)'.repeat(40), '(.*)(.*)(.*)(.*)(.*)(.*)x', '(?=(a+)+b)'])
    expect(() => SafeRegex.of(pattern).test(`${'a'.repeat(60)}!`)).not.toThrow(/should not happen/);
  expect(SafeRegex.of('^Default (?:VM|EX)?\\d*$').test('Default EX01')).toBe(true);
});

it('references to references of CLIXML end in an error', () => {
  const lines = Array.from(
    { length: 40 },
    (_, i) => `<Obj RefId="${i + 1}"><LST>${`<Ref RefId="${i}"/>`.repeat(8)}</LST></Obj>`,
  );
  const text = `<Objs Version="1.1.0.1"><Obj RefId="0"><LST><S>x</S></LST></Obj>${lines.join('')}</Objs>`;
  expect(() => [...readClixml(text)]).toThrow(/references stand for more than 500,000 values/);
});

it('a CSV of 50,000 columns is read, and one with a column twice refused', () => {
  const columns = Array.from({ length: 50_000 }, (_, i) => `c${i}`);
  const [object] = csvObjects(`${columns}\n${columns}\n`);
  expect(object!.get('c49999')).toBe('c49999');
  expect(() => [...csvObjects(`${columns},C7\n1\n`)]).toThrow(/"C7" is already present/);
});

it('a socket that never ends its answer, or answers something else, is said', async () => {
  const folder = tempFolder();
  const home = homeAt(folder);
  let answer = '[]';
  const server = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer),
  );
  await new Promise<void>((done) => server.listen(home.control, done));
  onTestFinished(() => void server.close());
  for (answer of ['[]', '{"pid":1}', 'null', '{', '{"pid":1,"bound":[1],"failed":[],"connectors":[],"generation":{}}'])
    await expect(listenerStatus(home)).rejects.toThrow(/answer/);
  answer = '{"a":1}';
  await expect(sessions(home)).rejects.toThrow(/not that of a listener/);
  for (const command of ['get-listener', 'get-session', 'doctor'])
    expect((await rc([command], { home: folder })).stderr).not.toContain('should not happen');
});

it('what nobody sees is escaped: U+034F, U+2800, selectors, formats, halves', () => {
  expect(printable('a\u034fb\u2800c\ufe0fd\u{e0100}e\u00adf\u{1d173}g\ud800')).toBe(
    'a\\u{34f}b\\u{2800}c\\u{fe0f}d\\u{e0100}e\\u{ad}f\\u{1d173}g\\u{d800}',
  );
  expect(printable('Köln 東京 😀')).toBe('Köln 東京 😀');
  expect(printable('a\ufffeb\u{1ffff}')).toBe('a\\u{fffe}b\\u{1ffff}');
});

it('JSON and YAML escape the same characters, and say the same', async () => {
  const text = 'a\u034fb\u2800c\ufe0fd\u{e0100}e\u00adf\u{1d173}g\u202eh\ufffei\u{e0041}j\u007fk\tÖ東😀';
  const json = jsonText(text);
  expect(json).toMatch(/^[ -~Ö東😀]*$/u);
  expect(JSON.parse(json)).toBe(text);
  const yaml = await yamlText(text);
  expect(yaml).toMatch(/^[ -~Ö東😀\n]*$/u);
  expect(await parseYaml(yaml)).toBe(text);
});

it('a path with a line end makes no line of a unit', async () => {
  const { code, stdout, stderr } = await rc(['--home', '/tmp/a\nExecStart=/bin/sh', 'init', 'systemd']);
  expect({ code, stdout, stderr }).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('control character'),
  });
});

it('a home that everybody may write is said at a change', async () => {
  const home = join(tempFolder(), 'open');
  mkdirSync(home);
  chmodSync(home, 0o777);
  expect((await rc(['set', 'Default*', '--comment', 'x'], { home })).stderr).toContain(
    'Everybody on this machine may write',
  );
  chmodSync(home, 0o700);
  expect((await rc(['set', 'Default*', '--comment', 'y'], { home })).stderr).toBe('');
});

it('what is stored of users and domains is as good as that of connectors: which one it is, once, and when it changed', async () => {
  const home = tempFolder();
  const guid = '00000000-0000-4000-8000-00000000000a';
  const at = '2024-01-02T03:04:05Z';
  const user = { PasswordHash: HASH, Enabled: true };
  writeStore(home, [{ Name: 'A', Bindings: ['127.0.0.1:2525'], WhenCreated: 5 }], {
    users: [
      { ...user, Name: 'a', Guid: guid, WhenChanged: at },
      { ...user, Name: 'b', Guid: guid, WhenChanged: 5 },
    ],
    acceptedDomains: [{ Name: 'x', DomainName: 'a.com', DomainType: 'Authoritative', Guid: 'x', WhenChanged: 'then' }],
  });
  const { code, stderr } = await rc(['get-smtp-user'], { home });
  expect(code).toBe(1);
  expect(stderr.match(/(?<=: )(?:connectors|users|acceptedDomains).*/g)).toEqual([
    'connectors[0] "A" WhenCreated: "5" is not a date',
    'acceptedDomains[0] "x" Guid: "x" is not a GUID',
    'acceptedDomains[0] "x" WhenChanged: "then" is not a date',
    'users[1] "b" WhenChanged: "5" is not a date',
    `users[1] "b" Guid: "${guid}" is taken already`,
  ]);
});

it.each([
  ['correcthorse', { PasswordHash: 'correcthorse' }, /PasswordHash.*is not a hash that rc made/],
  ['12345678', { PasswordHash: 12345678 }, /is not a hash that rc made/],
  ['hunter2', { Password: 'hunter2' }, / Password\W.*is nothing that is kept here/],
])(
  'a password that somebody wrote into store.json is refused, and not shown: %s',
  async (password, written, problem) => {
    const home = tempFolder();
    const user = { Name: 'a', PasswordHash: HASH, Enabled: true, Guid: '00000000-0000-4000-8000-00000000000a' };
    writeStore(home, [], { users: [{ ...user, WhenChanged: '2024-01-02T03:04:05Z', ...written }] });
    for (const command of ['get-smtp-user', 'export', 'validate', 'set * --comment x']) {
      const { code, stdout, stderr } = await rc(command.split(' '), { home });
      expect({ code, said: stdout + stderr }, command).toMatchObject({ code: 1, said: expect.stringMatching(problem) });
      expect(stdout + stderr, command).not.toContain(password);
    }
  },
);

it('a script on standard input is read as one in a file is, and a folder that is gone is told', async () => {
  const home = tempFolder();
  const { stdout } = await bash(
    `printf '"caf\\xe9"' | rc -c - && mkdir gone && cd gone && rmdir ../gone && rc --version 2>&1`,
    {
      cwd: home,
    },
  );
  expect(stdout).toBe('café\nrc: The folder that this runs in is gone. Go to one that is there: cd\n');
});

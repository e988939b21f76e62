/** Help: every command, setting and topic has it, it fits the terminal, and what it names is really there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { leadingFlags } from '../../src/cli/argv.ts';
import { GLOBAL_FLAGS } from '../../src/cli/global-flags.ts';
import { TOPICS } from '../../src/cli/help/topics.ts';
import { commandNames, helpFor, helpWords } from '../../src/cli/help.ts';
import { OUTPUTS } from '../../src/cli/output.ts';
import { CMDLETS, commandNamed } from '../../src/cmdlets/table.ts';
import { KEPT_HEADING, SETTING_TOPICS } from '../../src/domain/setting-topics.ts';
import { SETTING_NAMES, SETTINGS } from '../../src/domain/settings.ts';
import { resolveParameter } from '../../src/pipeline/binder.ts';
import { commandWord, parametersOf } from '../../src/pipeline/cmdlet.ts';
import { kebab } from '../../src/text/flag-name.ts';
import { ROOT, rc } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';

const ENV = { COLUMNS: '80' };
const help = (...subjects: string[]) => helpFor(subjects, ENV, 1);

describe('rc help', () => {
  test('lists every cmdlet, command and topic', async () => {
    const { code, stdout } = await rc(['help'], { env: ENV });
    expect(code).toBe(0);
    const listed = new Set([...stdout.matchAll(/^ {2}([\w-]+) {2}/gm)].map((match) => match[1]));
    for (const word of [
      ...CMDLETS.map(commandWord),
      'help',
      'version',
      'init',
      'serve',
      'top',
      'settings',
      ...Object.keys(TOPICS),
    ])
      expect(listed).toContain(word);
    expect(stdout).not.toContain('__');
  });

  test('alone, rc shows it on stderr and exits with 2', async () => {
    const ran = await rc([], { env: ENV });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toBe(help());
  });

  test.each(['set', 'get', 'select', 'serve', 'top', 'init', 'version'])('rc help %s is rc %s --help', async (word) => {
    const asked = await rc(['help', word], { env: ENV });
    const flag = await rc([word, '--help'], { env: ENV });
    expect(asked).toEqual(flag);
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    expect(asked.stdout).toMatch(new RegExp(`^Usage: rc ${word}`));
  });

  test('is answered without a store and makes none', async () => {
    const home = `${tempFolder()}/none`;
    expect((await rc(['set', '--help'], { home })).code).toBe(0);
    expect((await rc(['get', '--select', 'Name'], { home })).code).toBe(0);
  });
});

describe.each(CMDLETS.map((cmdlet) => [cmdlet.name, cmdlet] as const))('%s', (name, cmdlet) => {
  const text = help(name);

  test('shows every parameter once, as a flag that is accepted', () => {
    const terms = [...text.matchAll(/^ {2}(--[\w-]+(?:, -?-[\w-]+)*)/gm)].map((match) => match[1]!.split(', ')[0]!);
    expect(new Set(terms).size).toBe(terms.length);
    for (const parameter of parametersOf(cmdlet).filter((one) => !one.languageOnly)) {
      expect(terms).toContain(`--${kebab(parameter.name)}`);
      expect(resolveParameter(cmdlet, kebab(parameter.name), 'flags')).toBe(parameter);
    }
  });

  test('is reached by the word that help teaches', () => {
    expect(commandNamed(commandWord(cmdlet))).toBe(cmdlet);
    expect(commandNames()).not.toContain(commandWord(cmdlet));
  });

  test('says what it does and how it is written otherwise', () => {
    expect(text.replace(/\s+/g, ' ')).toContain(`${cmdlet.summary} (${cmdlet.name})`);
    expect(text).toContain(`rc ${kebab(cmdlet.name)}`);
    for (const example of cmdlet.examples) expect(text).toContain(example.command);
  });
});

describe('on a terminal', () => {
  test.each(helpWords())('rc help %s fits 80 columns', (word) => {
    const long = help(word)
      .split('\n')
      .filter((line) => [...line].length > 80);
    // Only what must not be broken may be longer: examples, flags, and a word alone on its line.
    for (const line of long) expect(line).toMatch(/^ {2}(rc |--|\S+ \|)|^ +\S+$/);
  });

  test('headings are bold, and only when colours are wanted', async () => {
    const plain = await rc(['help', 'set'], { env: ENV });
    const coloured = await rc(['help', 'set'], { env: { ...ENV, FORCE_COLOR: '1' } });
    const refused = await rc(['help', 'set'], { env: { ...ENV, NO_COLOR: '1' } });
    expect(plain.stdout).not.toContain('\u001b');
    expect(refused.stdout).toBe(plain.stdout);
    expect(coloured.stdout).toContain('\u001b[1mExamples:\u001b[0m');
    expect(coloured.stdout.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain.stdout);
  });
});

describe('settings', () => {
  test('stand each in one group, those without effect in the last', () => {
    const grouped = SETTING_TOPICS.flatMap((topic) => topic.settings);
    expect(grouped.toSorted()).toEqual(SETTING_NAMES.toSorted());
    const kept = SETTING_TOPICS.find((topic) => topic.heading === KEPT_HEADING)!.settings;
    expect(kept.toSorted()).toEqual(SETTING_NAMES.filter((name) => SETTINGS[name].acts !== 'yes').toSorted());
  });

  test('rc help settings shows every one with its default', () => {
    const text = help('settings');
    for (const name of SETTING_NAMES) expect(text).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    expect(text).toMatch(/^ {2}MaxMessageSize +36 MB \(37,748,736 bytes\)$/m);
  });

  test.each([
    'MaxInboundConnectionPerSource',
    'maxinboundpersource',
    'max-inbound-per-source',
    '--max-inbound-per-source',
  ])('rc help %s tells of the one', async (subject) => {
    const { code, stdout } = await rc(['help', subject], { env: ENV });
    expect(code).toBe(0);
    expect(stdout).toBe(`MaxInboundConnectionPerSource: Connections of one IP address at one time.

  Allowed           a whole number from 1 to 10000, or Unlimited
  Default           20
  A change holds    with the next connection
  The listener      obeys it
  Flags             --max-inbound-connection-per-source,
                    --max-inbound-per-source
  Aliases           MaxInboundPerSource
  From              Exchange’s Set-ReceiveConnector

Examples:
  rc set 'Default*' --max-inbound-connection-per-source 100
  rc get --select Name,MaxInboundConnectionPerSource
`);
  });

  test.each(SETTING_NAMES)('the example in rc help %s is taken', async (name) => {
    const example = /^ {2}rc set 'Default\*' --[\w-]+ (.+)$/m.exec(help(name))![1]!;
    expect(() => SETTINGS[name].kind.parse(example.replace(/^'(.*)'$/, '$1'))).not.toThrow();
  });
});

test('rc help output tells of every format', () => {
  for (const format of OUTPUTS) expect(help('output')).toMatch(new RegExp(`^  ${format} `, 'm'));
});

test.each([
  ['ste', 'rc help set'],
  ['wildcard', 'rc help wildcards'],
  ['MaxHopCuont', 'rc help MaxHopCount'],
  ['get-recieve-connector', 'rc help get-receive-connector'],
  ['int', 'rc help init'],
])('rc help %s asks: did you mean %s', async (subject, meant) => {
  const ran = await rc(['help', subject], { env: ENV });
  expect(ran).toMatchObject({ code: 2, stdout: '' });
  expect(ran.stderr).toContain(`There is no help for "${subject}". Did you mean: ${meant}?`);
});

test.each([
  [['help', 'nosuchthing'], 'There is no help for "nosuchthing". For all commands: rc help'],
  [['help', '__proto__'], 'There is no help for "__proto__"'],
  [['help', '__docs'], 'There is no help for "__docs"'],
  [['help', 'constructor'], 'There is no help for "constructor"'],
  [['help', 'get', 'set'], 'rc help takes one subject, not "get set"'],
  [['help', 'a\u001b[31m'], 'There is no help for "a\\u{1b}[31m"'],
  [['init'], 'rc init needs a shell: bash, zsh, fish or pwsh'],
  [['init', 'bsh'], '"bsh" is not a shell it knows; did you mean bash?'],
  [['init', 'bash', 'zsh'], 'rc init takes one shell, not "bash zsh"'],
])('%j is refused', async (args, message) => {
  const ran = await rc(args, { env: ENV });
  expect(ran).toMatchObject({ code: 2, stdout: '' });
  expect(ran.stderr).toContain(message);
});

test('the flags that help teaches are those that argv reads', () => {
  const source = readFileSync(join(ROOT, 'src/cli/argv.ts'), 'utf8');
  const read = [...source.matchAll(/^ {4}case '(-[^']+)':/gm)]
    .map((match) => match[1]!)
    .filter((name) => name !== '-?');
  expect(GLOBAL_FLAGS.flatMap((flag) => flag.names).toSorted()).toEqual(read.toSorted());
  for (const flag of GLOBAL_FLAGS) {
    for (const name of flag.names) {
      const takes = flag.placeholder !== undefined && !flag.optional;
      const value = flag.values?.[0] ?? 'x';
      expect(leadingFlags([name, ...(takes ? [value] : []), 'get']).rest).toEqual(['get']);
    }
  }
});

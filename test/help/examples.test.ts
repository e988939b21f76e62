/**
 * The examples of every declaration, run as they stand: at a bash prompt, and in the command language through `rc -c`.
 * An example that changes the store must change it to the same in both spellings.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { CMDLETS } from '../../src/cmdlets/table.ts';
import type { Cmdlet, Example } from '../../src/pipeline/cmdlet.ts';
import { freePort } from '../support/free-port.ts';
import { environment, type Ran, RC } from '../support/rc.ts';
import { SERVER, storeIn } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';
import { until } from '../support/until.ts';
import { PASSWORD, Scene } from './scene.ts';

let prepared: Scene;
beforeAll(async () => {
  prepared = await Scene.prepare();
});

/** What comes before: what a New- cmdlet makes is not there yet, what a Remove- cmdlet takes away is, a file differs. */
const FIRST: readonly (readonly [example: RegExp, line: string])[] = [
  [/^rc new Relay/, 'rc remove Relay --confirm=false'],
  [/rc new-smtp-user/, 'rc remove-smtp-user scanner --confirm=false'],
  [/^rc new-accepted-domain Fabrikam/, 'rc remove-accepted-domain fabrikam.com --confirm=false'],
  [
    /^rc remove-ad-permission/,
    "rc add-ad-permission Relay --user 'NT AUTHORITY\\ANONYMOUS LOGON' --extended-rights ms-Exch-SMTP-Accept-Any-Recipient > /dev/null",
  ],
  [/^rc (import connectors.json|apply)/, 'rc set Relay --comment later'],
  [
    /^rc keep .*--remote-ip-ranges/,
    "rc new-override 'Default*' 10.1.2.3 --max-inbound-per-source 100 --for 2h > /dev/null",
  ],
  [/^rc (?:extend|keep) /, "rc set 'Default*' --max-inbound-per-source 100 --for 2h"],
  [/^rc remove-override/, "rc new-override 'Default*' 10.1.2.3 --max-inbound-per-source 200 > /dev/null"],
  [/^rc restore/, 'echo "{" > "$RC_HOME/store.json"'],
  [/^rc import-exchange-certificate/, 'rm "$RC_HOME"/certificates/*.pem'],
  [/^rc import-csv/, 'rc set Relay --max-message-size 40MB'],
  // The computer is called EX02, as the example says, and has no connector of the file yet.
  [
    /^rc import ex01.yaml --server EX02/,
    `sed -i 's/"name": "${SERVER}"/"name": "EX02"/' "$RC_HOME/store.json" && rc remove Test1 --confirm=false`,
  ],
];

const PASSWORDS = [
  ['Password for scanner: ', `${PASSWORD}\r`],
  ['The same again: ', `${PASSWORD}\r`],
] as const;
const ANSWERS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'rc remove Relay': [['(default is "Y"): ', 'y\r']],
  'rc new-smtp-user scanner': PASSWORDS,
  'rc set-smtp-user scanner --password': PASSWORDS,
  'rc remove-exchange-certificate 5113AE0233A72FCCB75B1D0198628675333D010E': [['(default is "Y"): ', 'y\r']],
};

/** Thumbprints in examples stand for that of the scene's certificate. */
const THUMBPRINT = /\b[0-9A-F]{40}\b/g;
/** Their changes are files in the folder of certificates, messages, or the listener's doing, and no generation. */
const NO_GENERATION = /^(?:(?:New|Import|Enable|Remove)-ExchangeCertificate|Remove-Message|Update-Listener)$/;

/** Variables that the language's examples speak of. */
const VARIABLES: Readonly<Record<string, string>> = {
  $c: '$c = Get-ExchangeCertificate -DomainName mail.contoso.com; ',
  $before: '$before = Import-Clixml before.xml; ',
  $json: '$json = Get-ReceiveConnector | ConvertTo-Json; ',
  $lines: '$lines = Get-ReceiveConnector | Select Name,Enabled | ConvertTo-Csv; ',
  $secret: `$secret = '${PASSWORD}'; `,
  $yaml: '$yaml = Get-ReceiveConnector | Select Name | ConvertTo-Yaml; ',
};

/** These ask the running listener. */
const NEEDS_LISTENER =
  /^rc (get-session|get-source|usage|get-listener|disconnect-session|top|status|reload|send)\b|--(wait|live)\b/;
/** These never end by themselves, or are shown elsewhere: the prompt, the listener in front and behind, its page. */
const OPEN =
  /\brc (serve(?: --check)?( --(metrics|web) \S+| --api)?|shell|top)$|^rc top '|^rc (?:serve --(?:detach|temporary)|web)\b/;
/** These end the listener, join a fleet or go to servers of others: test/cli, test/fleet and test/cmdlets/messages.test.ts play them. */
const ELSEWHERE = /^rc (?:stop|join-fleet|leave-fleet|send --server)\b/;
const COMMAND_EXAMPLES = Object.values(COMMANDS)
  .flatMap((command) => command?.examples ?? [])
  .filter((example) => !OPEN.test(example.command));
/** Exit status 1 says that there are differences, something to mend, or a refusal. */
const DIFFERS = /^rc (diff|doctor|why|test-receive-connector)\b|--check$/;

interface Row {
  readonly title: string;
  readonly cmdlet: Cmdlet;
  readonly example: Example;
}
const ROWS: readonly Row[] = CMDLETS.flatMap((cmdlet) =>
  cmdlet.examples.map((example) => ({ title: example.command, cmdlet, example })),
).filter(
  // What follows never ends by itself: test/cmdlets/get-event.test.ts plays it.
  ({ example: { command } }) =>
    (!/\bjq\b/.test(command) || has('jq')) && !command.includes('--follow') && !ELSEWHERE.test(command),
);

test('every cmdlet has an example', () => {
  expect(CMDLETS.filter((cmdlet) => cmdlet.examples.length === 0).map((cmdlet) => cmdlet.name)).toEqual([]);
});

/** Only warnings and What if may stand on stderr. */
function complaints({ stderr }: Ran): string {
  return stderr
    .split('\n')
    .filter((line) => line !== '' && !/^(WARNING|What if): |^ {2}/.test(line))
    .join('\n');
}

interface Outcome {
  readonly ran: Ran;
  readonly at: Scene;
  /** Generations written. */
  readonly changes: number;
}

async function run({ example }: Row, written: string): Promise<Outcome> {
  const line = written.replace(THUMBPRINT, prepared.thumbprint);
  const at = prepared.copy();
  const first = FIRST.find(([pattern]) => pattern.test(example.command))?.[1];
  if (first) expect(await at.run(first)).toMatchObject({ code: 0, stderr: '' });
  const generation = generationOf(at) ?? storeIn(prepared.home).generation;
  const answers = ANSWERS[example.command];
  const ran = await (answers ? at.answer(line, answers) : at.run(line));
  const status = DIFFERS.test(example.command) ? ran.code! < 2 : ran.code === 0;
  expect({ status, complaints: complaints(ran), stdout: status ? '' : ran.stdout }).toEqual({
    status: true,
    complaints: '',
    stdout: '',
  });
  return { ran, at, changes: (generationOf(at) ?? generation) - generation };
}

/** `undefined` when the store is broken, as rc restore finds it. */
function generationOf({ home }: Scene): number | undefined {
  try {
    return storeIn(home).generation;
  } catch {
    return undefined;
  }
}

/** What came of an example as a command; run once. */
const typed = new Map<Row, Promise<Outcome>>();
function runTyped(row: Row): Promise<Outcome> {
  const outcome = typed.get(row) ?? run(row, row.example.command);
  typed.set(row, outcome);
  return outcome;
}

/** `rc -c` with the example, as one word for bash. */
function inLanguage(language: string): string {
  const name = /\$(c|before|json|lines|secret|yaml)\b/.exec(language)?.[0];
  const text = (name ? VARIABLES[name]! : '') + language;
  return `rc -c '${text.replaceAll("'", "'\\''")}'`;
}

/** The store without what differs between any two runs. */
function content({ home }: Scene): unknown {
  const text = JSON.stringify(storeIn(home), (key, value) =>
    /^(Guid|WhenCreated|WhenChanged|Until|PasswordHash|generation)$/.test(key) ? undefined : value,
  );
  return JSON.parse(text);
}

describe('at a bash prompt', () => {
  test.each(ROWS.filter(({ example }) => !NEEDS_LISTENER.test(example.command)))('$title', async (row) => {
    const { ran, at, changes } = await runTyped(row);
    const isChange =
      (row.cmdlet.changes !== undefined && !NO_GENERATION.test(row.cmdlet.name)) ||
      /\brc set\b|\bSet-ReceiveConnector\b/.test(row.example.command);
    expect(changes).toBe(isChange && !/--what-if|--check$/.test(row.example.command) ? 1 : 0);
    if (/--what-if/.test(row.example.command)) expect(ran.stderr).toMatch(/^What if: /m);
    if (/> (\S+)$/.test(row.example.command)) {
      const file = />\s*(\S+)$/.exec(row.example.command)![1]!;
      expect(readFileSync(join(at.work, file), 'utf8')).not.toBe('');
    }
  });
});

describe('in the command language', () => {
  const rows = ROWS.filter(({ example }) => example.language && !NEEDS_LISTENER.test(example.command));
  test.each(rows)('$example.language', async (row) => {
    const typed = await runTyped(row);
    const spoken = await run(row, inLanguage(row.example.language!));
    expect(content(spoken.at)).toEqual(content(typed.at));
  });
});

describe('with a running listener', () => {
  let listener: ChildProcess;
  let at: Scene;
  beforeAll(async () => {
    at = prepared.copy();
    const ports = [await freePort(), await freePort(), await freePort()];
    const move = ['Default*', 'Client*', 'Relay'].map((n, i) => `rc set '${n}' --bindings 127.0.0.1:${ports[i]}`);
    expect(await at.run(move.join(' && '))).toMatchObject({ code: 0, stderr: '' });
    listener = spawn(process.execPath, [RC, 'serve'], { env: environment({ home: at.home }), stdio: 'ignore' });
    await until('the listener', async () => (await at.run('rc get-listener')).code === 0);
  });
  afterAll(async () => {
    const end = new Promise((done) => listener.once('exit', done));
    listener.kill('SIGTERM');
    await end;
  });

  const rows = ROWS.filter(({ example }) => NEEDS_LISTENER.test(example.command));
  test.each(rows)('$title', async ({ example }) => {
    for (const line of [example.command, ...(example.language ? [inLanguage(example.language)] : [])]) {
      const ran = await at.run(line);
      expect({ code: ran.code, complaints: complaints(ran) }).toEqual({ code: 0, complaints: '' });
    }
  });

  test.each(COMMAND_EXAMPLES.filter(({ command }) => NEEDS_LISTENER.test(command)))('$command', async ({ command }) => {
    const ran = await at.run(command);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).not.toBe('');
  });
});

describe('commands', () => {
  test.each(COMMAND_EXAMPLES.filter((example) => !NEEDS_LISTENER.test(example.command)))(
    '$command',
    async (example) => {
      const at = prepared.copy();
      expect(await at.run('echo Get-ReceiveConnector > commands.txt')).toMatchObject({ code: 0 });
      const ran = await at.run(example.command);
      expect(ran).toMatchObject({ code: 0, stderr: '' });
    },
  );
});

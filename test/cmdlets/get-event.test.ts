/** rc get-event: its filters and mistakes, in a pipe and in the language; --follow in a pipe, on a terminal, and how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EVENTS } from '../../src/listener/records/event-table.ts';
import { EventFile } from '../../src/listener/records/events.ts';
import { bash, environment, RC, rc } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { until } from '../support/until.ts';

const NOW = Date.now();
const HOUR = 3600_000;
let home: string;
let path: string;

/** Writes events as the listener does, each so many hours ago. */
async function log(
  ...happened: readonly (readonly [hoursAgo: number, event: ReturnType<(typeof EVENTS)[keyof typeof EVENTS]>])[]
) {
  let when = 0;
  const file = new EventFile({ path, clock: () => new Date(NOW - when * HOUR) });
  for (const [hoursAgo, event] of happened) {
    when = hoursAgo;
    file.write(event);
  }
  await file.close();
}

beforeEach(async () => {
  home = tempFolder();
  path = join(home, 'events.ndjson');
  await log(
    [50, EVENTS.started(7, '1.0', '/h')],
    [49, EVENTS.listening('0.0.0.0:25', "'Default EX'")],
    [26, EVENTS.sourceLimit('Default EX', '10.1.2.3', 20)],
    [3, EVENTS.sourceLimit('Default EX', '10.1.9.9', 20)],
    [2, EVENTS.sourceLimit('Client EX', '2001:db8::5', 30)],
    [
      0.5,
      {
        ...EVENTS.connectorLimit('Default EX', '10.2.0.1', 5000),
        data: { connector: 'Default EX', address: '10.2.0.1', limit: 5000, count: 12 },
      },
    ],
    [0.1, EVENTS.bindFailed('0.0.0.0:26', "'Relay'", 'EACCES', 'no permission.')],
  );
});

const asked = async (...args: string[]) => {
  const ran = await rc(['get-event', ...args], { home });
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  return ran.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
};
const addresses = async (...args: string[]) => (await asked(...args)).map((event) => event.Address ?? event.Id);

test('an event is an object: what happened first, its figures as properties', async () => {
  const [event] = await asked('--newest', '1', '--id', '1009');
  expect(event).toEqual({
    Time: new Date(NOW - 0.5 * HOUR).toISOString(),
    Id: 1009,
    Level: 'Warning',
    Message: EVENTS.connectorLimit('Default EX', '10.2.0.1', 5000).message,
    Connector: 'Default EX',
    Address: '10.2.0.1',
    Limit: 5000,
    Count: 12,
    ProviderName: 'MSExchangeTransport',
  });
});

describe('filters', () => {
  test.each([
    ['all, oldest first', [], [17000, 17010, '10.1.2.3', '10.1.9.9', '2001:db8::5', '10.2.0.1', 17012]],
    ['an id', ['1009'], ['10.2.0.1']],
    ['ids in one word or several', ['--id', '1009,17000'], [17000, '10.2.0.1']],
    ['ids as arguments', ['1009', '17012'], ['10.2.0.1', 17012]],
    ['levels, any case', ['--level', 'error,INFORMATION'], [17000, 17010, 17012]],
    ['the last hour', ['--last', '1h'], ['10.2.0.1', 17012]],
    [
      "the last, in PowerShell's form",
      ['--last', '1.02:30:00'],
      ['10.1.2.3', '10.1.9.9', '2001:db8::5', '10.2.0.1', 17012],
    ],
    ['since and until', ['--since', '30h', '--until', '1h'], ['10.1.2.3', '10.1.9.9', '2001:db8::5']],
    ['since by another name', ['--start', new Date(NOW - 2.5 * HOUR).toISOString(), '--end', '1h'], ['2001:db8::5']],
    ['a connector', ['--connector', 'client ex'], ['2001:db8::5']],
    ['connectors by wildcard', ['--connector', 'Default*'], ['10.1.2.3', '10.1.9.9', '10.2.0.1']],
    ['an address', ['--source', '10.1.2.3'], ['10.1.2.3']],
    ['ranges', ['--source', '10.1.0.0/16,2001:db8::/32'], ['10.1.2.3', '10.1.9.9', '2001:db8::5']],
    ['the newest that match', ['1021', '--newest', '2'], ['10.1.9.9', '2001:db8::5']],
    ['none', ['--id', '1', '--newest', '3'], []],
  ] as const)('%s', async (_, args, expected) => {
    expect(await addresses(...args)).toEqual(expected);
  });

  test.each([
    ['--id', 'x', '"x" is not the number of an event'],
    ['--level', 'Critical', '"Critical" is not possible; allowed: Information, Warning, Error'],
    ['--last', '5', '"5" is not a time span; allowed: 90s, 30m, 1h'],
    ['--since', 'noon', 'is not a moment'],
    ['--start', 'noon', 'is not a moment'],
    ['--end-time', 'noon', 'is not a moment'],
    ['--max-events', 'x', 'is not a whole number'],
    ['--newest', '9'.repeat(400), '9…" is out of range; allowed: a whole number up to'],
    ['--since', '9999999d', 'is longer ago than there are dates'],
    ['--since', `${'9'.repeat(5000)}d`, '9…" is longer ago than there are dates'],
    ['--source', '10.1', 'is not an IP range'],
  ])('%s %s says what is allowed', async (flag, value, message) => {
    const ran = await rc(['get-event', flag, value], { home });
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain(`${flag}: `);
    expect(ran.stderr).toContain(message);
  });

  test('two beginnings, or an end before the beginning, are a mistake', async () => {
    expect(await rc(['get-event', '--last', '1h', '--since', '2h'], { home })).toMatchObject({ code: 2 });
    expect((await rc(['get-event', '--since', '1h', '--until', '2h'], { home })).stderr).toContain(
      '--since is after --until',
    );
  });
});

test('objects for the rest of a pipeline, in bash and in the language', async () => {
  const inBash = await bash("rc get-event 1021 | rc where Connector -eq 'Default EX' | rc group Limit --no-element", {
    home,
  });
  expect(inBash).toMatchObject({ code: 0, stderr: '', stdout: '{"Values":[20],"Count":2,"Group":[],"Name":"20"}\n' });
  const spoken = await rc(['-c', 'Get-Event -Last 4h | Where { $_.Limit -ge 30 } | Select -ExpandProperty Address'], {
    home,
  });
  expect(spoken).toMatchObject({ code: 0, stderr: '', stdout: '2001:db8::5\n10.2.0.1\n' });
});

test('a line that is no event is told, the others are shown', async () => {
  appendFileSync(path, '{"time": broken\n');
  await log([0, EVENTS.closed('x')]);
  const all = await rc(['get-event'], { home });
  expect(all.code).toBe(0);
  expect(all.stderr).toBe(
    'WARNING: events.ndjson: a line that is no event was passed over. There may be more of them in this file.\n',
  );
  expect(all.stdout.trim().split('\n')).toHaveLength(8);
});

test('nothing from a log that somebody else wrote acts on a terminal', async () => {
  writeFileSync(
    path,
    `${JSON.stringify({ time: '2026-01-01T00:00:00Z', id: 1, level: '\x1b[31mError', message: 'a\x1b]0;x\x07', data: { address: '\x1b[2J' } })}\n`,
  );
  for (const output of ['table', 'list']) {
    const { stdout } = await rc(['get-event', '--output', output], { home });
    expect(stdout).toContain('a\\u{1b}]0;x');
    expect(stdout).not.toMatch(/[\x1b\x07]/);
  }
});

describe('--follow', () => {
  let child: ChildProcess;
  let out: string;
  let code: number | null | undefined;
  const follow = (args: readonly string[]) => start(process.execPath, [RC, 'get-event', '--follow', ...args]);
  /** On a terminal of 100 columns. */
  const onTerminal = (...args: string[]) =>
    start('script', ['-qfec', `stty cols 100; exec "${process.execPath}" "${RC}" ${args.join(' ')}`, '/dev/null']);
  function start(file: string, args: readonly string[]): void {
    child = spawn(file, args, {
      env: environment({ home, env: { TERM: 'xterm' } }),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    out = '';
    code = undefined;
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.on('close', (status) => {
      code = status;
    });
  }
  const ended = () => until('it ends', () => code !== undefined);
  const shown = () =>
    out
      .split('\n')
      .filter(Boolean)
      .map((text) => JSON.parse(text).Address ?? '');
  afterEach(async () => {
    if (code === undefined) child.kill('SIGKILL');
    await ended();
  });

  test('in a pipe: a line an event as it comes, over a restart and a new file; Ctrl-C ends it with 0', async () => {
    follow(['1021', '--newest', '1']);
    await until('the newest', () => shown().length === 1);
    await log([0, EVENTS.sourceLimit('A', '10.0.0.1', 20)], [0, EVENTS.closed('x')]);
    await until('the first', () => shown().length === 2);
    renameSync(path, join(home, 'events.1.ndjson'));
    await log([0, EVENTS.started(8, '1.0', '/h')], [0, EVENTS.sourceLimit('A', '10.0.0.2', 20)]);
    await until('the second', () => shown().length === 3);
    expect(shown()).toEqual(['2001:db8::5', '10.0.0.1', '10.0.0.2']);
    child.kill('SIGINT');
    await ended();
    expect(code).toBe(0);
  });

  test('begins with the last ten, when nothing else is said', async () => {
    await log(...Array.from({ length: 12 }, (_, n) => [0, EVENTS.sourceLimit('A', `10.0.0.${n}`, 20)] as const));
    follow([]);
    await until('ten', () => shown().length === 10);
    expect(shown()[0]).toBe('10.0.0.2');
  });

  test('a reader that goes away ends it at the next event', async () => {
    const running = bash('rc get-event --follow --newest 1 | head -2', { home });
    await until('the second line to be read', async () => {
      await log([0, EVENTS.closed('x')]);
      return Promise.race([running.then(() => true), new Promise<false>((done) => setTimeout(() => done(false), 50))]);
    });
    const ran = await running;
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout.split('\n').filter(Boolean)).toHaveLength(2);
  });

  test('on a terminal: each event whole, as it comes; Ctrl-C leaves it', async () => {
    onTerminal('get-event', '--follow', '1009,1021', '--newest', '1');
    await until('the first', () => out.includes('Default EX'));
    await log([0, EVENTS.sourceLimit('A connector', '192.168.100.200', 20)]);
    await until('the next', () => out.includes('192.168.100.200'));
    const rows = out
      .replaceAll(/\x1b\[[\d;]*m/g, '')
      .split(/\r?\n/)
      .filter((row) => /^\d{4}-/.test(row));
    expect(rows.map((row) => row.slice(20))).toEqual([
      expect.stringMatching(/^ 1009 Warning {5}Receive connector/),
      expect.stringMatching(/^ 1021 Warning {5}Receive connector/),
    ]);
    child.stdin!.write('\x03');
    await ended();
    expect(code).toBe(0);
  });

  test('at the prompt of the language Ctrl-C gives the prompt back', async () => {
    onTerminal('shell');
    await until('the prompt', () => out.includes('rc>') || out.includes('PS') || out.includes('> '));
    child.stdin!.write('Get-Event -Follow -Newest 1 | Select -ExpandProperty Id\r');
    await until('the event', () => /\r?\n17012\r?\n/.test(out));
    child.stdin!.write('\x03');
    child.stdin!.write("'back' + 'again'\r");
    await until('the next statement', () => out.includes('backagain'));
    child.stdin!.write('exit\r');
    await ended();
    expect(code).toBe(0);
  });
});

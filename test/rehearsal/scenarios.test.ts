/**
 * Every scenario rehearsed, and over the wire against a running listener, where each reply has to be the same; then each
 * command typed that is said to change a refusal: it has to.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePorts } from '../support/free-port.ts';
import { RunningListener } from '../support/listener.ts';
import { quickHash } from '../support/quick-hash.ts';
import { bash, rc } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { until } from '../support/until.ts';
import { dialogue, type Row, rowsOf } from './rows.ts';
import { prepare, SCENARIOS, type Scenario } from './scenarios.ts';

let home: string;
let numbers: number[];
let listener: RunningListener | undefined;
/** What each scenario gave. */
const met = new Map<Scenario, Row[]>();

beforeAll(async () => {
  home = tempFolder('rehearsal');
  numbers = await freePorts(3);
  const made = await bash(prepare(numbers), { home });
  expect([made.code, made.stderr]).toEqual([0, '']);
  const store = join(home, 'store.json');
  writeFileSync(
    store,
    readFileSync(store, 'utf8').replaceAll(/"scrypt[^"]*"/g, JSON.stringify(quickHash('secret-word'))),
  );
  writeFileSync(join(home, 'password'), 'secret-word\n', { mode: 0o600 });
  listener = await RunningListener.start(home);
});
afterAll(() => listener?.stop());

const asked = ({ ask, port }: Scenario) => ['why', '--to', String(numbers[port]), ...ask];

describe('rehearsed and over the wire', () => {
  test.each(SCENARIOS)('$name', async (scenario) => {
    const ran = await rc([...asked(scenario), '--live', '--password-file', join(home, 'password')], { home });
    expect([ran.code, ran.stderr]).toEqual([scenario.accepted ? 0 : 1, '']);
    const rows = rowsOf(ran);
    met.set(scenario, rows);
    const end = rows.find((row) => row.Step === 'Result')!;
    expect(end.Accepted).toBe(scenario.accepted);
    expect((end.Connector ?? 'nobody').replace(/^(Default|Client) .*/, '$1')).toBe(scenario.connector ?? 'nobody');
    for (const [step, reply] of scenario.replies) {
      const results = dialogue(rows).filter((row) => row.Step === step);
      if (typeof reply === 'string') expect(results.map((row) => row.Result)).toContain(reply);
      else expect(results.map((row) => row.Result).join('\n')).toMatch(reply);
    }
    const refused = dialogue(rows).filter((row) => row.Accepted === false);
    expect(refused.filter((row) => row.Why === '')).toEqual([]);
    if (scenario.why) expect(refused.map((row) => row.Why).join('\n')).toMatch(scenario.why);
    const taken = rows.filter((row) => row.Step === 'Select' && row.Accepted);
    expect(taken.map((row) => row.Subject)).toEqual(end.Connector === null ? [] : [end.Connector]);

    const live = rows.filter((row) => row.Step === 'Live');
    expect(live.filter((row) => row.Same !== true)).toEqual([]);
    const upToData = dialogue(rows).filter((row) => row.Step !== 'DATA' && row.Step !== 'Message');
    expect(live.map((row) => row.Subject)).toEqual(upToData.map((row) => row.Subject));
  });
});

describe('what is said to change a refusal does', () => {
  const nothingToType = /is no address|would take|no user|inside TLS/;
  test.each(SCENARIOS.filter((scenario) => !scenario.accepted))('$name', async (scenario) => {
    const before = dialogue(met.get(scenario) ?? []);
    const at = before.findIndex((row) => row.Accepted === false);
    const { Mend, Why, Result } = before[at]!;
    if (!Mend.length) expect(Why).toMatch(nothingToType);
    for (const command of Mend) {
      const copy = tempFolder('mended');
      copyFileSync(join(home, 'store.json'), join(copy, 'store.json'));
      const line = /new-smtp-user/.test(command) ? `echo secret-word | ${command} --password-stdin` : command;
      const typed = await bash(line, { home: copy });
      expect([command, typed.code, typed.stderr.replace(/^WARNING: .*\n/gm, '')]).toEqual([command, 0, '']);
      const after = dialogue(rowsOf(await rc(asked(scenario), { home: copy })))[at];
      expect([command, after?.Result]).not.toEqual([command, Result]);
      // What stood in the way is gone; the next thing may stand there now: the mistake itself, no accepted domain.
      if (!/MaxProtocolErrors|^Reject/.test(Why)) expect([command, after?.Accepted]).toEqual([command, true]);
    }
  });
});

describe('limits with what is open now', () => {
  const held: Socket[] = [];
  afterAll(() => {
    for (const socket of held) socket.destroy();
  });

  test('a source at its limit is refused, as the wire refuses it', async () => {
    const port = numbers[0]!;
    expect((await rc(['set', 'Middle', '--max-inbound-per-source', '2', '--wait'], { home })).code).toBe(0);
    for (let n = 0; n < 2; n++) {
      const socket = connect({ host: '127.0.0.1', port, localAddress: '127.0.0.4' });
      held.push(socket.on('error', () => {}));
      await until('the greeting', () => socket.bytesRead > 0);
    }
    const ask = ['why', '--to', String(port), '--from', '127.0.0.4', '--rcpt-to', 'kim@contoso.com'];
    const rows = rowsOf(await rc([...ask, '--live'], { home }));
    const limit = rows.find((row) => row.Subject === 'MaxInboundConnectionPerSource')!;
    expect([limit.Result, limit.Accepted, limit.Why]).toEqual(['2', false, '127.0.0.4 alone: 2 open now']);
    const [connection, ...more] = dialogue(rows);
    expect(more).toEqual([]);
    expect(connection).toMatchObject({
      Result:
        '421 4.3.2 The maximum number of concurrent connections has exceeded a limit, closing transmission channel',
      Why: '127.0.0.4 has 2 connections to Middle, and MaxInboundConnectionPerSource is 2.',
      Mend: ['rc set Middle --max-inbound-connection-per-source 4'],
    });
    expect(rows.filter((row) => row.Step === 'Live').map((row) => row.Same)).toEqual([true]);

    expect((await bash(`${connection!.Mend[0]} --wait`, { home })).code).toBe(0);
    const after = await rc([...ask, '--live'], { home });
    expect(after.code).toBe(0);
    expect(rowsOf(after).filter((row) => row.Same === false)).toEqual([]);
  });
});

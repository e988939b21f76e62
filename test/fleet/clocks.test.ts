/** Machines of a fleet whose clocks are apart: what ends by itself does so once, by the engine's clock, whoever sets and ends it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tempFolder } from '../support/temp-home.ts';
import { until } from '../support/until.ts';
import { hasEngine, Member, TestEngine } from './scene.ts';

const HOUR = 3_600_000;
/** Loaded before a program of ours: its clock is so much ahead. */
const SHIFT = `const Real = Date;
const ahead = Number(process.env.TEST_CLOCK_AHEAD_MS);
globalThis.Date = class extends Real {
  constructor(...given) {
    if (given.length) super(...given);
    else super(Real.now() + ahead);
  }
  static now() {
    return Real.now() + ahead;
  }
};`;

describe.skipIf(!hasEngine)('clocks that are apart', { timeout: 120_000 }, () => {
  let engine: TestEngine;
  let [right, ahead, behind]: Member[] = [];
  const all = () => [right!, ahead!, behind!];

  beforeAll(async () => {
    const shift = join(tempFolder('clock'), 'shift.cjs');
    writeFileSync(shift, SHIFT);
    const clock = (ms: number) => ({ NODE_OPTIONS: `--require ${shift}`, TEST_CLOCK_AHEAD_MS: String(ms) });
    engine = await TestEngine.start();
    [right, ahead, behind] = [await Member.make('EX01', 1), await Member.make('EX02', 2), await Member.make('EX03', 3)];
    ahead.env = clock(2 * HOUR);
    behind.env = clock(-2 * HOUR);
    for (const member of all()) await member.join(engine);
    await ahead.serve();
    await behind.serve();
  });
  afterAll(async () => {
    for (const member of all()) await member?.stop('SIGKILL');
    await engine?.stop();
  });

  const temporary = (member: Member, setting: string) =>
    member.store.connectors.map((c) => {
      const list = (c as { Temporary?: { Setting: string; Until: string }[] }).Temporary ?? [];
      return list.find(({ Setting }) => Setting === setting)?.Until;
    });
  const isOver = (member: Member, setting: string) => temporary(member, setting).every((one) => one === undefined);
  const followers = () => [ahead!, behind!];
  const agreed = () => new Set(followers().map(({ store }) => store.generation)).size === 1;

  test('an hour is an hour, wherever it is said; a second ends after one; a listener that is ahead ends nothing early', async () => {
    for (const member of all()) {
      const before = Date.now();
      await member.rc('set', `${member.server}\\Relay`, '--max-hop-count', '31', '--for', '1h');
      await member.rc(
        'new-override',
        `${member.server}\\Relay`,
        '10.1.2.3',
        '--max-inbound-per-source',
        '7',
        '--for',
        '1h',
      );
      const { connectors } = member.store;
      const own = connectors.find((c) => (c.Server ?? member.server) === member.server) as unknown as {
        Temporary: { Until: string }[];
        Overrides: { Until: string }[];
      };
      for (const { Until } of [own.Temporary[0]!, own.Overrides[0]!]) {
        expect(Date.parse(Until), member.server).toBeGreaterThanOrEqual(before + HOUR - 1000);
        expect(Date.parse(Until), member.server).toBeLessThanOrEqual(Date.now() + HOUR);
      }
    }
    for (const member of all()) {
      await member.rc('set', '*\\Relay', '--max-recipients-per-message', '50', '--for', '1s');
      await until(
        `what ${member.server} set ends`,
        () => agreed() && followers().every((one) => isOver(one, 'MaxRecipientsPerMessage')),
        {
          timeout: 30_000,
        },
      );
    }
    // Commands end what is due, and they too go by the engine's clock.
    await ahead!.rc('set', 'EX01\\Relay', '--comment', 'ahead');
    await until('all have it', agreed);
    await right!.rc('get'); // no listener runs there
    for (const member of all()) expect(temporary(member, 'MaxHopCount').filter(Boolean), member.server).toHaveLength(3);
  });

  test('a listener that starts with a clock that is ahead ends nothing early', async () => {
    await ahead!.stop();
    await ahead!.serve();
    await until('it follows', async () => (await ahead!.listener!.status())!.fleet?.counting === true);
    for (const member of all()) expect(temporary(member, 'MaxHopCount').filter(Boolean), member.server).toHaveLength(3);
  });

  test('lines of the history are in the order of their times', async () => {
    const { stdout } = await behind!.rc('history', '--output', 'json');
    const times = [...stdout.matchAll(/"When": "([^"]+)"/g)].map(([, time]) => Date.parse(time!));
    const agreedOn = times.slice(0, 6); // those before were made in each home alone
    expect(agreedOn).toEqual([...agreedOn].sort((a, b) => b - a));
    expect(agreedOn).toHaveLength(6);
  });
});

/** The seam that counts go through: the local authority first, a fleet's engine behind it, and what holds when that is away. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Asker, Counted, CountedLimits } from '../../src/fleet/fleet-counts.ts';
import { type CountingFleet, FleetAuthority } from '../../src/listener/admission/fleet-authority.ts';
import { LocalAuthority } from '../../src/listener/admission/local-authority.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';
import { Client, World } from './harness.ts';

/** Counts for two machines: the other one has `elsewhere` connections. */
class Engine {
  readonly isAttached = true;
  missing = 0;
  isWhole = true;
  elsewhere = 0;
  limit = 3;
  mine = 0;
  /** Places it has ever given, given back or not. */
  given = 0;
  asked = 0;
  /** Answers wait for this. */
  slow: Promise<void> | undefined;
  isAway = false;

  async ask(_limits: CountedLimits, { hasRoom }: Asker): Promise<Counted> {
    this.asked++;
    await this.slow;
    if (this.isAway) throw new Error('away');
    if (this.mine + this.elsewhere >= this.limit) return { kind: 'source' };
    if (!this.isWhole && !hasRoom) return { kind: 'share' };
    this.mine++;
    this.given++;
    return { kind: 'accepted' };
  }

  leave(): void {
    this.mine--;
  }

  async take(): Promise<boolean> {
    if (this.isAway) throw new Error('away');
    return this.elsewhere === 0;
  }

  doubt(): void {
    this.mine = slot().open;
  }

  missed(): void {
    this.missing++;
  }

  recount(): void {}

  total(): number {
    return this.mine + this.elsewhere;
  }
}

let world: World;
let port: number;
let engine: Engine;
const clock = { now: 0 };
let tally: CountingFleet['tally'];
let fallback: CountingFleet['fallback'];

beforeEach(async () => {
  world = new World();
  port = await freePort();
  engine = new Engine();
  fallback = 'Open';
  world.define({
    A: { Bindings: [`127.0.0.1:${port}`], LimitScope: 'Fleet', MaxInboundConnectionPercentagePerSource: 100 },
  });
  tally = { asks: 0, askSeconds: 0, fallbacks: 0 };
  const fleet: CountingFleet = {
    counts: engine,
    isMember: true,
    nodes: 2,
    tally,
    get fallback() {
      return fallback;
    },
  };
  const authority = new FleetAuthority(new LocalAuthority(), fleet, { deadlineMs: 500, clock: () => clock.now });
  await world.listen({ authority });
});
afterEach(() => world.end());

const first = async () => (await world.open(port)).lines[0]!;
const slot = () => world.listener.connectors[0]!;

test('the limit holds over what both count; the counts of the authority are what is shown', async () => {
  engine.elsewhere = 1;
  expect(await first()).toMatch(/^220 /);
  expect(await first()).toMatch(/^220 /);
  expect(await first()).toMatch(/^421 4\.3\.2 The maximum number/);
  expect([slot().open, slot().accepted, slot().refused.source, engine.mine]).toEqual([2, 2, 1, 2]);
  expect(world.events.of(1021)).toHaveLength(1);
  expect(world.listener.gate.authority.counts(slot()).open).toBe(3);
  world.clients[0]!.socket.destroy();
  await until('it is counted no more', () => engine.mine === 1 && slot().open === 1);
});

test('a refusal from afar is remembered for a moment, so that a flood stays here', async () => {
  engine.elsewhere = 3;
  for (let i = 0; i < 5; i++) expect(await first()).toMatch(/^421 /);
  expect(engine.asked).toBe(1);
  clock.now += 201;
  engine.elsewhere = 0;
  expect(await first()).toMatch(/^220 /);
  expect(engine.asked).toBe(2);
});

test('while one asks anew, whoever comes is told what was said before; what is learnt holds for all', async () => {
  engine.elsewhere = 3;
  expect(await first()).toMatch(/^421 /);
  clock.now += 201;
  let say: () => void = () => {};
  engine.slow = new Promise((resolve) => {
    say = resolve;
  });
  const asking = first();
  await until('it is asked', () => engine.asked === 2);
  for (let i = 0; i < 5; i++) expect(await first()).toMatch(/^421 /);
  expect(engine.asked).toBe(2);
  engine.elsewhere = 0;
  say();
  expect(await asking).toMatch(/^220 /);
  expect(await first()).toMatch(/^220 /);
});

test('an engine that goes away meanwhile leaves no refusal behind', async () => {
  engine.elsewhere = 3;
  expect(await first()).toMatch(/^421 /);
  clock.now += 201;
  engine.isAway = true;
  expect(await first()).toMatch(/^220 /);
  expect(await first()).toMatch(/^220 /);
});

test('what the local limit refuses asks nobody', async () => {
  engine.limit = 100;
  await world.applied(world.set('A', { MaxInboundConnectionPerSource: 1 }));
  expect(await first()).toMatch(/^220 /);
  expect(await first()).toMatch(/^421 /);
  expect(engine.asked).toBe(1);
});

test.each([
  ['away', () => ({ isAway: true })],
  ['silent', () => ({ slow: new Promise<void>(() => {}) })],
])('when it is %s, what is set for that holds', async (_, how) => {
  Object.assign(engine, how());
  expect(await first()).toMatch(/^220 /);
  fallback = 'Closed';
  expect(await first()).toMatch(/^421 /);
  expect(slot().open).toBe(1);
  world.clients[0]!.socket.destroy();
  await until('it has left', () => slot().open === 0);
});

test('answers that come late: taken back when nobody was let in, kept when somebody was', async () => {
  let answer = () => {};
  engine.slow = new Promise((resolve) => {
    answer = resolve;
  });
  expect(await first()).toMatch(/^220 /);
  fallback = 'Closed';
  expect(await first()).toMatch(/^421 /);
  answer();
  await until('one is counted', () => engine.mine === 1);
  world.clients[0]!.socket.destroy();
  await until('none is', () => engine.mine === 0 && slot().open === 0);
});

test('a client that leaves while it is asked is counted nowhere', async () => {
  let answer = () => {};
  engine.slow = new Promise((resolve) => {
    answer = resolve;
  });
  const client = Client.to(port);
  await until('it is asked', () => engine.asked === 1);
  client.socket.destroy();
  answer();
  await until('none is counted', () => slot().open === 0 && engine.mine === 0);
});

test('messages are counted there too, and only here where it does not answer', async () => {
  const take = () => world.listener.gate.authority.take(slot().guid, ['ip:127.0.0.1'], 5);
  await first(); // it is known by its connections
  expect(await take()).toBe(true);
  engine.elsewhere = 1;
  expect(await take()).toBe(false);
  engine.isAway = true;
  expect(await take()).toBe(true);
});

test('LocalShare: a server’s part of the limit, at least 1, while the engine is away or does not know all', async () => {
  engine.isAway = true;
  fallback = 'LocalShare';
  await world.applied(world.set('A', { MaxInboundConnectionPerSource: 3 }));
  expect([await first(), await first(), await first()].map((line) => line.slice(0, 3))).toEqual(['220', '220', '421']);
  engine.isAway = false;
  engine.isWhole = false;
  engine.limit = 100;
  clock.now += 201;
  expect(await first()).toMatch(/^421 /);
  expect(engine.mine).toBe(0);
  expect(engine.given, 'no place that another server has room for is taken for a moment').toBe(0);
  engine.isWhole = true;
  clock.now += 201;
  expect(await first()).toMatch(/^220 /);
});

test('a connector whose limits are its server’s asks nobody', async () => {
  await world.applied(world.set('A', { LimitScope: 'Server' }));
  engine.elsewhere = 100;
  expect(await first()).toMatch(/^220 /);
  expect(engine.asked).toBe(0);
});

/** A listener puts back what is temporary at its time, and says what begins, ends and is over. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaced } from '../../src/domain/catalogue.ts';
import { SETTINGS } from '../../src/domain/settings.ts';
import { type EndsByThemselves, endsOf } from '../../src/listener/follow/ends.ts';
import { Store } from '../../src/store/store.ts';
import { freePort, ME, until, World } from './harness.ts';

let world: World;
let port: number;
let now: number;
let ends: EndsByThemselves;
beforeEach(async () => {
  world = new World();
  port = await freePort();
  now = Date.parse('2026-11-29T12:00:00Z');
});
afterEach(() => world.end());

const HOUR = 3_600_000;
const clock = () => new Date(now);

/** What `rc set --for` does. */
function setFor(limit: number, ms: number): number {
  const transaction = new Store(world.home, clock).begin();
  transaction.change((draft) => {
    const edits = new Map([
      ['MaxInboundConnectionPerSource' as const, replaced(SETTINGS.MaxInboundConnectionPerSource, limit)],
    ]);
    const end = new Date(now + ms).toISOString();
    draft.putConnector(draft.edited(draft.document.connectors[0]!, edits, () => {}, {}, end).stored);
  });
  return transaction.commit(ME).generation;
}

async function serve(): Promise<void> {
  ends = endsOf(new Store(world.home, clock), () => world.listener, world.events, { fleetTime: () => now, lookMs: 2 });
  world.onEnd(() => ends.close());
  await ends.start();
  await world.listen();
  world.listener.onState(() => ends.follow());
  ends.follow();
}

const refused = async () => (await world.open(port)).lines[0]?.startsWith('421') ?? false;

test('the limit goes up, and down again at its time, also after a restart and a clock that jumps', async () => {
  world.define({ A: { Bindings: [`127.0.0.1:${port}`], MaxInboundConnectionPerSource: 1 } });
  await serve();
  expect([await refused(), await refused()]).toEqual([false, true]);
  await world.applied(setFor(3, HOUR));
  expect([await refused(), await refused(), await refused()]).toEqual([false, false, true]);
  expect(world.events.messages(17031)).toEqual([
    expect.stringMatching(/^MaxInboundConnectionPerSource of receive connector 'A' is 3 until .*, then 1 again\.$/),
  ]);

  now += 5 * HOUR; // a clock that jumps, or a computer that slept
  await until(() => world.events.of(17032).length > 0);
  expect(world.events.messages(17032)).toEqual([
    "MaxInboundConnectionPerSource of receive connector 'A' ended by itself: 3 → 1.",
  ]);
  for (const client of world.clients) await client.end();
  await until(() => world.listener.open === 0);
  expect([await refused(), await refused()]).toEqual([false, true]);

  await world.applied(setFor(3, HOUR));
  await ends.close();
  await world.listener.stop(0);
  now += 2 * HOUR;
  await serve(); // due meanwhile: it never acts
  expect(world.store.read().connectors[0]!.MaxInboundConnectionPerSource).toBe(1);
  expect(world.events.of(17032)).toHaveLength(2);
  expect([await refused(), await refused()]).toEqual([false, true]);
});

/** What `rc new-override` does. */
async function override(range: string, limit: unknown, until?: string, before?: number): Promise<void> {
  const transaction = new Store(world.home, clock).begin();
  transaction.change((draft) => {
    const stored = draft.document.connectors[0]!;
    const one = {
      RemoteIPRange: range,
      MaxInboundConnectionPerSource: limit as number,
      ...(until ? { Until: until } : {}),
      ...(before ? { Before: { MaxInboundConnectionPerSource: before } } : {}),
    };
    const others = (stored.Overrides ?? []).filter(({ RemoteIPRange }) => RemoteIPRange !== range);
    draft.putConnector({ ...stored, Overrides: [...others, one] });
  });
  await world.applied(transaction.commit(ME).generation);
}

test('an override decides for its addresses, the most specific first, until it ends', async () => {
  world.define({
    A: {
      Bindings: [`127.0.0.1:${port}`],
      MaxInboundConnectionPerSource: 1,
      MaxInboundConnectionPercentagePerSource: 1,
    },
  });
  await serve();
  expect([await refused(), await refused()]).toEqual([false, true]);
  await override('127.0.0.0/8', 2);
  expect([await refused(), await refused()]).toEqual([false, true]);
  await override('127.0.0.1', 'Unlimited', new Date(now + HOUR).toISOString());
  expect([await refused(), await refused()]).toEqual([false, false]);
  expect(world.events.messages(17035)).toEqual([
    "Receive connector 'A' has other limits for 127.0.0.0/8: MaxInboundConnectionPerSource 2.",
    expect.stringMatching(/'A' has other limits for 127\.0\.0\.1: MaxInboundConnectionPerSource Unlimited until /),
  ]);
  now += 2 * HOUR;
  await until(() => world.events.of(17036).length > 0);
  expect(world.events.messages(17036)).toEqual([
    "The limits of receive connector 'A' for 127.0.0.1 ended by themselves; those of the connector hold.",
  ]);
  expect(await refused()).toBe(true);
  expect(world.store.read().connectors[0]!.Overrides).toHaveLength(1);
});

test('an override that had other limits for good has them again at its end, also when nobody listened', async () => {
  world.define({ A: { Bindings: [`127.0.0.1:${port}`] } });
  await serve();
  await override('127.0.0.1', 2, new Date(now + HOUR).toISOString(), 1);
  expect([await refused(), await refused(), await refused()]).toEqual([false, false, true]);
  now += 2 * HOUR;
  const told =
    "override of 127.0.0.1 of receive connector 'A' ended by itself: MaxInboundConnectionPerSource 2 → MaxInboundConnectionPerSource 1.";
  await until(() => world.events.of(17032).length > 0);
  expect(world.events.messages(17032)).toEqual([told]);
  expect(world.events.of(17036)).toEqual([]);
  expect(world.store.read().connectors[0]!.Overrides).toEqual([
    { RemoteIPRange: '127.0.0.1', MaxInboundConnectionPerSource: 1 },
  ]);
  await override('127.0.0.1', 2, new Date(now + HOUR).toISOString(), 1);
  await override('127.0.0.2', 3, new Date(now + HOUR).toISOString());
  await ends.close();
  await world.listener.stop(0);
  now += 2 * HOUR;
  await serve();
  expect(world.events.messages(17032)).toEqual([told, told]);
  expect(world.events.messages(17036)).toHaveLength(1);
});

test('a change by hand ends it, and nothing is put back; one that cannot be is told once', async () => {
  world.define({ A: { Bindings: [`127.0.0.1:${port}`], MaxInboundConnectionPerSource: 1 } });
  await serve();
  await world.applied(setFor(3, HOUR));
  await world.applied(world.set('A', { MaxInboundConnectionPerSource: 2 }));
  expect(world.events.messages(17033)).toEqual([
    "MaxInboundConnectionPerSource of receive connector 'A' is temporary no more: it was set or kept by hand, and nothing is put back.",
  ]);
  now += 2 * HOUR;
  await world.applied(world.set('A', { Comment: 'later' }));
  expect(world.store.read().connectors[0]!.MaxInboundConnectionPerSource).toBe(2);
  expect(world.events.of(17032)).toEqual([]);
});

test('what is due of another server ends here, when its own listener has not seen to it', async () => {
  world.define({ A: { Bindings: [`127.0.0.1:${port}`], MaxInboundConnectionPerSource: 1 } });
  await serve();
  const due = now + HOUR;
  const limits = () => world.store.read().connectors.map((c) => c.MaxInboundConnectionPerSource);
  const transaction = new Store(world.home, clock).begin();
  transaction.change((draft) => {
    const [own] = draft.document.connectors;
    const Temporary = [
      { Setting: 'MaxInboundConnectionPerSource', Until: new Date(due).toISOString(), Value: 9, Before: 5 },
    ];
    const theirs = { ...own!, Guid: randomUUID(), Server: 'EX02', MaxInboundConnectionPerSource: 9, Temporary };
    const servers = [{ name: 'EX02', fqdn: 'ex02.contoso.com' }];
    draft.document = { ...draft.document, servers, connectors: [own!, theirs] } as typeof draft.document;
  });
  await world.applied(transaction.commit(ME).generation);
  now = due;
  await until(() => {
    if (limits()[1] === 9) now += 100;
    return limits()[1] === 5;
  });
  expect(limits()).toEqual([1, 5]);
  expect(now - due).toBeGreaterThanOrEqual(15_000); // theirs come first
  expect(world.events.of(17032)).toEqual([]); // theirs to tell
});

/** What is told to those who watch: everything once, then what changed; and no more watchers than there may be. */
import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { Gate } from '../../src/listener/admission/gate.ts';
import { LiveConnector } from '../../src/listener/admission/live-connector.ts';
import { Observer } from '../../src/listener/observe/snapshot.ts';
import { Live } from '../../src/listener/web/live.ts';
import { View } from '../../src/listener/web/view.ts';
import { connector } from '../domain/connectors.ts';
import { pressureAt } from '../support/pressure.ts';
import { until } from '../support/until.ts';
import { PageStage } from './page-stage.ts';

let stage: PageStage;
afterEach(() => stage?.close());

const two = () => [connector({ Name: 'Default EX' }), connector({ Name: 'Relay', MaxInboundConnection: 'Unlimited' })];

const IDLE = {
  server: { name: 'EX', fqdn: 'ex.contoso.com' },
  hint: () => {},
  settled: async () => {},
  health: () => ({ serving: true, text: 'ok' }),
};

test('a whole look first, then only what changed', async () => {
  stage = await PageStage.open({ connectors: two(), live: { lookMs: 10 } });
  const watcher = stage.watch(await stage.signIn());
  await until('three looks', () => watcher.looks.length > 2);
  const [first, second] = watcher.looks;
  expect(first).toMatchObject({ whole: true, server: { name: 'EX', applied: 1 } });
  expect(first!.connectors.map((row) => [row.name, row.limit])).toEqual([
    ['Default EX', 5000],
    ['Relay', null],
  ]);
  expect(second).toMatchObject({ whole: false, connectors: [], gone: [] });

  const [slot, relay] = stage.connectors as [PageStage['connectors'][number], PageStage['connectors'][number]];
  for (let i = 0; i < 3; i++) slot.enter('192.0.2.1');
  slot.countRefusal('192.0.2.1', 'MaxInboundConnectionPerSource', 4);
  const changed = await until('the change', () => watcher.looks.find((look) => look.connectors.length === 1));
  expect(changed.connectors[0]).toMatchObject({
    name: 'Default EX',
    open: 3,
    refused: 4,
    minute: 4,
    top: { address: '192.0.2.1', open: 3, limit: 20 },
  });
  expect(changed.minute).toBe(4);

  stage.recent.write({ id: 1021, level: 'Warning', message: 'refused' });
  const told = await until('the event', () => watcher.looks.find((look) => !look.whole && look.events.length));
  expect(told.events.map((event) => event.id)).toEqual([1021]);

  stage.connectors.splice(stage.connectors.indexOf(relay), 1);
  const gone = await until('the removal', () => watcher.looks.find((look) => look.gone.length));
  expect(gone.gone).toEqual([relay.guid]);

  // Who comes later gets everything at once, the past events too
  const late = stage.watch(await stage.signIn());
  const all = await until('the whole', () => late.looks[0]);
  expect(all.whole).toBe(true);
  expect(all.connectors).toHaveLength(1);
  expect(all.events.map((event) => event.id)).toContain(1021);
  watcher.close();
  late.close();
});

test('so many watchers and no more; a place that is left is free again', async () => {
  stage = await PageStage.open({ live: { lookMs: 10, most: 2 } });
  const me = await stage.signIn();
  const watchers = [stage.watch(me), stage.watch(me)];
  await until('both watch', () => watchers.every(({ looks }) => looks.length));
  const third = await stage.ask('/live', { headers: me });
  expect([third.status, third.text]).toEqual([503, 'Too many pages are open already.\n']);
  watchers[0]!.close();
  await until('a free place', () => stage.page.watchers === 1);
  const again = stage.watch(me);
  await until('a look', () => again.looks.length);
  again.close();
  watchers[1]!.close();
});

test('one who does not read is dropped, the others are not', async () => {
  // Long rows: what the kernel keeps for the sleeper is full after a few looks, and the longer each takes the longer it is to the next.
  const Bindings = Array.from({ length: 200 }, (_, i) => `127.0.0.1:${2000 + i}`);
  const connectors = Array.from({ length: 400 }, (_, i) => connector({ Name: `Many ${i}`, Bindings }));
  stage = await PageStage.open({ connectors, live: { lookMs: 2, mostWaiting: 200_000 } });
  const me = await stage.signIn();
  stage.watch(me, { reading: false });
  const awake = stage.watch(me);
  await until('both watch', () => stage.page.watchers === 2);
  await until(
    'the sleeper is dropped',
    () => {
      for (const slot of stage.connectors) slot.accepted++; // every row changes at every look
      return stage.page.watchers === 1;
    },
    { timeout: 90_000 },
  ); // looks may be four seconds apart
  const seen = awake.looks.length;
  await until('the other still hears', () => awake.looks.length > seen + 2);
  awake.close();
});

test('back pressure is told with its level and what it means', async () => {
  stage = await PageStage.open({ live: { lookMs: 10 } });
  const watcher = stage.watch(await stage.signIn());
  const calm = await until('a look', () => watcher.looks[0]);
  expect(calm.server.pressure).toEqual({ level: '', problem: '' });
  stage.pressure = pressureAt('High');
  const short = await until('the pressure', () => watcher.looks.find(({ server }) => server.pressure.problem));
  expect(short.server.pressure).toEqual({
    level: 'High',
    problem:
      'Back pressure High: the volume of /srv/mail is 99.5 % used, 50 MB are free; no new mail is taken, all read 452 4.3.1.',
  });
});

test('a look larger than what may wait is no reason to drop; two that nobody reads are', () => {
  const connectors = Array.from({ length: 100 }, (_, i) => connector({ Name: `Many ${i}` })).map(
    (c) => new LiveConnector(c.Guid, c),
  );
  const listener = {
    gate: new Gate(),
    connectors,
    live: connectors,
    state: { applied: 1, seen: 1, problem: '', unreadable: false, appliedAt: '' },
    changedAt: '',
    mailChanged: '',
    sockets: { bound: [], failed: [] },
  };
  const observer = new Observer(listener, { home: '', version: '', startedAt: new Date() });
  const view = new View({ ...listener, ...IDLE, look: (known) => observer.look(known) });
  vi.useFakeTimers();
  const live = new Live(view, () => true, { mostWaiting: 1000 });
  try {
    const reader = new Writable({ write() {} }); // takes the first and never finishes it
    live.watch(reader as ServerResponse, 'session');
    expect(reader.writableLength).toBeGreaterThan(10_000);
    vi.advanceTimersByTime(5000);
    expect(reader.destroyed).toBe(false);
    for (let look = 0; look < 4; look++) {
      for (const slot of connectors) slot.accepted++; // every row changes at every look
      vi.advanceTimersByTime(4000);
    }
    expect(reader.destroyed).toBe(true);
  } finally {
    live.close();
    vi.useRealTimers();
  }
});

test('refusals of the last minute forget what is older, and the course has sums of five seconds', async () => {
  stage = await PageStage.open();
  const [slot] = stage.connectors as [PageStage['connectors'][number]];
  const watched = {
    look: () => ({
      written: 0,
      snapshot: {
        at: '2024-01-02T03:04:05.000Z',
        status: {
          pid: 1,
          version: '',
          home: '',
          startedAt: '',
          bound: [],
          failed: [],
          generation: { applied: 1, seen: 1 },
          appliedAt: '',
          lastError: '',
          sessions: 0,
          unmatched: 0,
          connectors: [
            {
              name: 'x',
              guid: slot.guid,
              enabled: true,
              removed: false,
              connections: 0,
              limit: 1,
              accepted: 0,
              refused: slot.refused,
              sources: [],
              sourceCount: 0,
            },
          ],
        },
        sources: [],
        events: [],
      },
    }),
    ...IDLE,
    connectors: stage.connectors,
    live: stage.connectors,
    state: stage.state,
    changedAt: '',
    mailChanged: '',
  };
  const view = new View(watched);
  const minutes: number[] = [];
  for (let second = 0; second < 400; second++) {
    if (second < 3) slot.countRefusal('192.0.2.1', 'MaxInboundConnectionPerSource', 10);
    minutes.push(view.next().minute);
    if (second === 10) expect(view.next().refusals).toEqual([30, 0, 0]);
    view.step();
  }
  expect(minutes.slice(0, 5)).toEqual([10, 20, 30, 30, 30]);
  expect(minutes.slice(57, 65)).toEqual([30, 30, 30, 20, 10, 0, 0, 0]);
  const { refusals } = view.next();
  expect(refusals).toHaveLength(60);
  expect(refusals.every((n) => n === 0)).toBe(true); // six minutes ago is out of sight
});

/** Many real processes at one store: no update is lost, no two hold the lock, and kill -9 at any moment breaks nothing. */
import { readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Store } from '../../src/store/store.ts';
import { historyOf, openStore, setting, tempHome } from '../store/temp-home.ts';
import { Writer } from './writers.ts';

/** The history holds every generation once, and leads to the store as it is. */
function checkWhole(store: Store): void {
  const { generation } = store.read();
  expect(historyOf(store.home).map((e) => e.generation)).toEqual(Array.from({ length: generation }, (_, i) => i + 1));
  expect(historyOf(store.home).filter((e) => e.origin === 'edit' || e.origin === 'gap')).toEqual([]);
  expect(store.generations().agrees()).toBe(true);
}

describe('processes at once', { timeout: 120_000 }, () => {
  it('lose no update: 10 of them set, make and remove', async () => {
    const store = openStore();
    const each = 6;
    const writers = await Promise.all(
      Array.from({ length: 10 }, (_, id) => Writer.start('mixed', store.home.folder, id, each)),
    );
    for (const writer of writers) expect({ code: await writer.ended, err: writer.err }).toEqual({ code: 0, err: '' });
    const lists = store.read().connectors.map((c) => c.TlsDomainCapabilities as string[]);
    const wanted = writers.flatMap((_, id) => Array.from({ length: each }, (_, i) => `w${id}-${i}.contoso.com:x`));
    expect(lists.flat().sort()).toEqual(wanted.sort());
    expect(store.read()).toMatchObject({ generation: 1 + 10 * each * 3, connectors: [{}, {}] });
    checkWhole(store);
  });

  it('make one store together when all of them are the first', async () => {
    const home = tempHome();
    const writers = await Promise.all(Array.from({ length: 12 }, (_, id) => Writer.start('first', home.folder, id, 1)));
    for (const writer of writers) expect({ code: await writer.ended, err: writer.err }).toEqual({ code: 0, err: '' });
    const store = new Store(home);
    expect(store.read().generation).toBe(1);
    checkWhole(store);
  });

  it('never hold the lock together, also while some of them are killed', async () => {
    const store = openStore(tempHome({ quick: true }));
    let kills = 0;
    const all: Writer[] = [];
    const lane = async (lane: number) => {
      for (let round = 0; round < 5; round++) {
        const writer = await Writer.start('hold', store.home.folder, lane, 120);
        all.push(writer);
        await writer.done(1 + ((lane * 7 + round * 13) % 50));
        if (round % 2 === 0 && !writer.hasEnded) {
          writer.kill();
          kills++;
        }
        await writer.ended;
      }
    };
    await Promise.all([0, 1, 2, 3].map(lane));
    expect(kills).toBeGreaterThan(6);
    for (const writer of all)
      expect({ out: /VIOLATION.*/.exec(writer.out)?.[0], err: writer.err }).toEqual({ out: undefined, err: '' });
    expect(setting(store, { Comment: 'x' })).toBe(2);
    expect(readdirSync(store.home.folder).filter((name) => name.startsWith('store.lock'))).toEqual([]);
  });
});

describe('kill -9 of a writer', { timeout: 120_000 }, () => {
  it('at 32 moments: the store reads, no change is half, nothing blocks, no litter stays', async () => {
    const store = openStore();
    let acknowledged = 0;
    for (let round = 0; round < 8; round++) {
      const writers = await Promise.all(
        [0, 1, 2, 3].map((n) => Writer.start('all', store.home.folder, `${round}-${n}`, 1000)),
      );
      await Promise.all(writers.map((w) => w.done(1)));
      for (const writer of writers) {
        await pause(Math.random() * 8); // the moment of the kill is the input here, nothing is waited for
        writer.kill();
      }
      await Promise.all(writers.map((w) => w.ended));
      acknowledged += writers.reduce((sum, w) => sum + w.changes, 0);
      const begun = performance.now();
      const { generation, connectors } = store.read();
      expect(new Set(connectors.map((c) => c.Comment)).size, 'half a change').toBe(1);
      expect(generation, 'a lost change').toBeGreaterThanOrEqual(acknowledged + 1);
      setting(store, { Comment: 'x' }, 0);
      setting(store, { Comment: 'x' }, 1);
      acknowledged = store.read().generation - 1;
      expect(performance.now() - begun, 'blocked').toBeLessThan(5000);
    }
    checkWhole(store);
    expect(readdirSync(store.home.folder).filter((name) => /tmp$|lock/.test(name))).toEqual([]);
  });
});

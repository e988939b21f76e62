/** The history stays bounded, and what is kept can still be told. */
import { appendFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KEPT_ENTRIES } from '../../src/store/journal.ts';
import { historyOf, openStore, setting, tempHome } from './temp-home.ts';

describe('the history', () => {
  it('gets a new base when the lines since the last one are many, and needs no others to know what rc wrote', () => {
    const store = openStore(tempHome({ quick: true }));
    for (let i = 0; i < 150; i++) setting(store, { Comment: `${i}${'x'.repeat(1000)}` });
    const base = JSON.parse(readFileSync(store.home.base, 'utf8')) as { generation: number };
    expect(base.generation).toBeGreaterThan(80);
    expect(statSync(store.home.base).mode & 0o777).toBe(0o600);
    const lines = readFileSync(store.home.history, 'utf8').split('\n');
    const kept = lines.filter(
      (line) => line && (JSON.parse(line) as { generation: number }).generation > base.generation,
    );
    writeFileSync(store.home.history, kept.map((line) => `${line}\n`).join(''));
    rmSync(store.home.stamp);
    writeFileSync(store.home.store, readFileSync(store.home.store, 'utf8').replace(/"149x+"/, '"by hand"'));
    setting(store, { MaxHopCount: 9 });
    expect(historyOf(store.home).at(-2)).toMatchObject({
      origin: 'edit',
      generation: 152,
      changes: [{ settings: { Comment: { to: 'by hand' } } }],
    });
    expect(store.generations().agrees()).toBe(true);
  });

  it('loses its oldest lines when it has twice as many as are kept, and never the newest', () => {
    const store = openStore(tempHome({ quick: true }));
    const lines: string[] = [];
    for (let generation = 2; generation <= 2 * KEPT_ENTRIES + 5; generation++)
      lines.push(
        JSON.stringify({ generation, time: '2024-01-01T00:00:00.000Z', user: 'u', command: 'c', changes: [] }),
      );
    appendFileSync(store.home.history, `${lines.join('\n')}\n`);
    rmSync(store.home.stamp);
    const last = 2 * KEPT_ENTRIES + 5;
    writeFileSync(store.home.store, JSON.stringify({ ...store.read(), generation: last }));
    expect(setting(store, { Comment: 'x' })).toBe(last + 1);
    const kept = historyOf(store.home);
    expect(kept).toHaveLength(KEPT_ENTRIES);
    expect(kept.at(-1)).toMatchObject({ generation: last + 1 });
    expect(setting(store, { Comment: 'y' })).toBe(last + 2);
    const past = store.generations();
    expect(past.documentAt(last).connectors[0]!.Comment).toBeUndefined();
    expect(past.agrees()).toBe(true);
    expect(() => past.documentAt(3)).toThrow(/no generation 3 in the history; it goes from/);
  });

  it('passes over a damaged line, and says where it is that it cannot go back further', () => {
    const store = openStore(tempHome({ quick: true }));
    for (const Comment of ['a', 'b', 'c']) setting(store, { Comment });
    writeFileSync(
      store.home.history,
      readFileSync(store.home.history, 'utf8').replace('{"generation":3', '{"generatiom":3'),
    );
    const past = store.generations();
    expect([...past.entries()].map((e) => e.generation)).toEqual([4, 2, 1]);
    expect(past.documentAt(3).connectors[0]!.Comment).toBe('b');
    expect(() => past.documentAt(2)).toThrow(/the history has a gap/);
    expect(setting(store, { Comment: 'd' })).toBe(5);
  });
});

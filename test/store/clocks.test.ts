/** Clocks jump and disks are slow: neither order nor safety rests on them. */
import { describe, expect, it } from 'vitest';
import { realFiles } from '../../src/store/files.ts';
import { sleepSync } from '../../src/store/lock.ts';
import { Store } from '../../src/store/store.ts';
import { historyOf, openStore, setting, tempHome } from './temp-home.ts';

describe('a clock that jumps', () => {
  it('back and forth by years changes no order: generations, history and undo go on', () => {
    let now = Date.parse('2024-05-01T12:00:00Z');
    const home = tempHome({ quick: true });
    const store = new Store(home, () => new Date(now));
    store.read();
    for (const jump of [-1, 2, -3, 4].map((years) => years * 365 * 86_400_000)) {
      now += jump;
      setting(store, { Comment: String(jump) });
    }
    const entries = historyOf(home);
    expect(entries.map((e) => e.generation)).toEqual([1, 2, 3, 4, 5]);
    expect(entries[1]!.time < entries[0]!.time && entries[2]!.time > entries[1]!.time).toBe(true);
    expect(store.generations().documentAt(3).connectors[0]!.Comment).toBe(String(2 * 365 * 86_400_000));
  });

  it('makes no file look as if it were being saved: a broken one is told at once or soon', () => {
    const store = openStore(tempHome({ quick: true }));
    realFiles.unlinkSync(store.home.stamp);
    const fd = realFiles.openSync(store.home.store, 'w');
    realFiles.closeSync(fd);
    const begun = performance.now();
    expect(() => store.read()).toThrow(/the file is empty/);
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});

describe('a slow disk', () => {
  it('makes changes slow, and nothing else', () => {
    const home = tempHome({ quick: true });
    const files = {
      ...realFiles,
      fsyncSync(fd: number) {
        sleepSync(40);
        realFiles.fsyncSync(fd);
      },
    };
    const [slow, quick] = [new Store(home, undefined, files), new Store(home)];
    slow.read();
    for (let i = 0; i < 5; i++) {
      setting(slow, { Comment: `slow ${i}` }, 0);
      setting(quick, { Comment: `quick ${i}` }, 1);
    }
    expect(quick.read().connectors.map((c) => c.Comment)).toEqual(['slow 4', 'quick 4']);
    expect(historyOf(home)).toHaveLength(11);
    expect(quick.generations().agrees()).toBe(true);
  });
});

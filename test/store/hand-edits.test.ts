/** Somebody edits store.json with an editor: rc sees it, records it, and never writes over it silently. */
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Home } from '../../src/store/home.ts';
import { Store } from '../../src/store/store.ts';
import { historyOf, openStore, setting } from './temp-home.ts';

const edited = (home: Home) =>
  readFileSync(home.store, 'utf8').replace('"Bindings"', '"MaxHopCount": 33,\n      "Bindings"');

const SAVES: Record<string, (home: Home, text: string) => void> = {
  'truncates and writes': (home, text) => writeFileSync(home.store, text),
  'writes another file and renames it': (home, text) => {
    writeFileSync(`${home.store}.swp`, text);
    renameSync(`${home.store}.swp`, home.store);
  },
  'keeps a backup file': (home, text) => {
    renameSync(home.store, `${home.store}~`);
    writeFileSync(home.store, text);
  },
  'leaves odd mode bits': (home, text) => {
    writeFileSync(home.store, text);
    chmodSync(home.store, 0o664);
  },
  'writes a byte order mark and CRLF': (home, text) =>
    writeFileSync(home.store, `\ufeff${text.replaceAll('\n', '\r\n')}`),
  'makes it a symbolic link': (home, text) => {
    const real = join(dirname(home.folder), 'real.json');
    writeFileSync(real, text);
    rmSync(home.store);
    symlinkSync(real, home.store);
  },
  'puts the old times back': (home, text) => {
    const { atime, mtime } = statSync(home.store);
    writeFileSync(home.store, text);
    utimesSync(home.store, atime, mtime);
  },
};

describe('an editor that', () => {
  for (const [how, save] of Object.entries(SAVES)) {
    it(`${how}: the edit is read, recorded, and kept by the next change`, () => {
      const store = openStore();
      setting(store, { Comment: 'before' });
      save(store.home, edited(store.home));
      expect(store.read().connectors[0]!.MaxHopCount).toBe(33);

      expect(setting(store, { Comment: 'after' })).toBe(4);
      const [, , edit, change] = historyOf(store.home);
      expect(edit).toMatchObject({
        generation: 3,
        origin: 'edit',
        changes: [{ settings: { MaxHopCount: { to: 33 } } }],
      });
      expect(Object.keys(edit!.changes[0]!.settings)).toEqual(['MaxHopCount']);
      expect(change).toMatchObject({
        generation: 4,
        changes: [{ settings: { Comment: { from: 'before', to: 'after' } } }],
      });
      expect(store.read().connectors[0]).toMatchObject({ MaxHopCount: 33, Comment: 'after' });
    });
  }

  it('leaves mode bits and the link as they were', () => {
    const store = openStore();
    SAVES['makes it a symbolic link']!(store.home, edited(store.home));
    chmodSync(store.home.store, 0o640);
    setting(store, { Comment: 'x' });
    expect(statSync(store.home.store).mode & 0o777).toBe(0o640);
    expect(readFileSync(join(dirname(store.home.folder), 'real.json'), 'utf8')).toContain('"x"');
  });

  it('makes mistakes: nothing is applied or written, and the place is said', () => {
    const store = openStore();
    writeFileSync(store.home.store, edited(store.home).replace('"MaxHopCount": 33', '"MaxHopCount": 900'));
    expect(() => store.read()).toThrow(
      /line \d+, column \d+: connectors\[0\] "Default .*" MaxHopCount: "900" is out of range/,
    );
    const text = readFileSync(store.home.store, 'utf8');
    expect(() => setting(store, { Comment: 'x' })).toThrow(/out of range/);
    expect(readFileSync(store.home.store, 'utf8')).toBe(text);
    writeFileSync(store.home.store, text.replace('"MaxHopCount": 900', '"MaxHopCount": 30,,'));
    expect(() => store.read()).toThrow(/not valid JSON: .*line \d+, column \d+: a "key" is expected here, not ","/);
  });

  it('saves while a change is being prepared: the change is made on the edited text', () => {
    const store = openStore();
    const transaction = store.begin();
    transaction.change((draft) => {
      draft.putConnector({ ...draft.document.connectors[0]!, Comment: 'mine' });
    });
    writeFileSync(store.home.store, edited(store.home));
    transaction.commit({ user: 'alice', command: 'rc set' });
    expect(store.read().connectors[0]).toMatchObject({ MaxHopCount: 33, Comment: 'mine' });
    expect(historyOf(store.home).map((e) => e.origin ?? e.command)).toEqual(['first use', 'edit', 'rc set']);
  });
});

describe('the file', () => {
  it('restored from a backup counts as an edit, with a new generation', () => {
    const store = openStore();
    setting(store, { Comment: 'one' });
    copyFileSync(store.home.store, `${store.home.store}.bak`);
    setting(store, { Comment: 'two' });
    setting(store, { Comment: 'three' });
    copyFileSync(`${store.home.store}.bak`, store.home.store);
    expect(setting(store, { MaxHopCount: 9 })).toBe(6);
    expect(historyOf(store.home).at(-2)).toMatchObject({
      generation: 5,
      changes: [{ settings: { Comment: { from: 'three', to: 'one' } } }],
    });
  });

  it('only touched, or saved without a change, is no edit', () => {
    const store = openStore();
    const text = readFileSync(store.home.store, 'utf8');
    writeFileSync(store.home.store, JSON.stringify(JSON.parse(text)));
    expect(setting(store, { Comment: 'x' })).toBe(2);
    expect(historyOf(store.home)).toHaveLength(2);
  });

  it('with a generation that somebody raised goes on from there', () => {
    const store = openStore();
    writeFileSync(store.home.store, JSON.stringify({ ...store.read(), generation: 70 }));
    expect(setting(store, { Comment: 'x' })).toBe(71);
    expect(historyOf(store.home).map((e) => e.generation)).toEqual([1, 70, 71]);
    const past = store.generations();
    expect(past.documentAt(1).connectors[0]!.Comment).toBeUndefined();
    expect(() => past.documentAt(30)).toThrow('no generation 30');
  });

  it('removed by mistake is not replaced by a new one', () => {
    const store = openStore();
    rmSync(store.home.store);
    expect(() => store.read()).toThrow(/is gone.*rc restore/);
    rmSync(store.home.stamp);
    expect(store.read().connectors).toHaveLength(2);
  });

  it('that comes without any history is taken as it is, at its own generation', () => {
    const store = openStore();
    setting(store, { Comment: 'x' });
    for (const file of [store.home.history, store.home.base, store.home.stamp]) rmSync(file, { force: true });
    expect(setting(new Store(store.home), { Comment: 'y' })).toBe(3);
    expect(historyOf(store.home)).toMatchObject([
      { generation: 2, origin: 'gap', changes: [] },
      { generation: 3, changes: [{ settings: { Comment: { from: 'x', to: 'y' } } }] },
    ]);
  });

  it('whose history was removed goes on, and the gap is said', () => {
    const store = openStore();
    setting(store, { Comment: 'x' });
    rmSync(store.home.history);
    rmSync(store.home.base, { force: true });
    appendFileSync(store.home.store, '\n');
    expect(setting(new Store(store.home), { Comment: 'y' })).toBe(4);
    expect(historyOf(store.home)).toMatchObject([
      { generation: 3, origin: 'gap', changes: [] },
      { generation: 4, changes: [{ settings: { Comment: { from: 'x', to: 'y' } } }] },
    ]);
    appendFileSync(store.home.store, '\n');
    expect(setting(store, { Comment: 'z' })).toBe(5);
  });
});

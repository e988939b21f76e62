/**
 * A commit makes some thirty calls to the file system. Each of them fails once, with a full disk and with a broken one; and
 * before each of them the process is killed once. Afterwards the store reads, holds the old content or the new one, the
 * history says the same, and the next change goes through at once.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Home } from '../../src/store/home.ts';
import { Store } from '../../src/store/store.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { historyOf, openStore, setting, tempHome } from '../store/temp-home.ts';
import { type Fault, faultyFiles, Killed } from './faulty-files.ts';

const clock = () => new Date();

const dead = Number(execFileSync('sh', ['-c', 'echo $$']).toString());

/** Makes the lock look like that of a process that has ended: the pid of one that has. */
function orphanLocks(home: Home): void {
  for (const entry of readdirSync(home.folder)) {
    if (!entry.startsWith('store.lock')) continue;
    const path = `${home.folder}/${entry}`;
    const name = readlinkSync(path).replace(/^\d+-\d+/, `${dead}-1`);
    unlinkSync(path);
    symlinkSync(name, entry.includes('.break.') ? path.replace(/\.break\.\d+-\d+/, `.break.${dead}-1`) : path);
  }
}

function commitWith(home: Home, fault: Fault | undefined, seen?: string[]): unknown {
  try {
    setting(new Store(home, clock, faultyFiles(fault, seen)), { Comment: 'new' });
    return undefined;
  } catch (error) {
    return error;
  }
}

const calls = (() => {
  const seen: string[] = [];
  return (prepare: () => Home) => {
    if (!seen.length) commitWith(prepare(), undefined, seen);
    return seen;
  };
})();

/** After the fault: what must hold. Returns what the store holds now. */
function checkAfter(home: Home, before: number, why: string): string {
  const store = new Store(home);
  const document = store.read();
  const comment = String(document.connectors[0]!.Comment);
  expect(['old', 'new'], why).toContain(comment);
  expect(document.generation, why).toBe(comment === 'new' ? before + 1 : before);
  const begun = performance.now();
  const next = setting(store, { MaxHopCount: 7 });
  expect(performance.now() - begun, `${why}: blocked`).toBeLessThan(5000);
  expect(next, why).toBe(document.generation + 1);
  const entries = historyOf(home);
  expect(
    entries.map((e) => e.generation),
    why,
  ).toEqual(Array.from({ length: next }, (_, i) => i + 1));
  expect(
    entries.some((e) => e.origin === 'edit' || e.origin === 'gap'),
    why,
  ).toBe(false);
  expect(store.generations().agrees(), why).toBe(true);
  const left = readdirSync(home.folder).filter((name) => /tmp$|lock/.test(name));
  expect(left, `${why}: litter`).toEqual([]);
  return comment;
}

function prepared(): Home {
  const store = openStore(tempHome({ quick: true }));
  setting(store, { Comment: 'old' });
  return store.home;
}

describe('a commit', { timeout: 120_000 }, () => {
  for (const how of ['ENOSPC', 'EIO'] as const) {
    it(`with ${how} at each of its calls changes all or nothing, and says which`, () => {
      const total = calls(prepared).length;
      expect(total).toBeGreaterThan(25);
      for (let at = 1; at <= total; at++) {
        const home = prepared();
        const error = commitWith(home, { at, how });
        const why = `${how} at call ${at} (${calls(prepared)[at - 1]}): ${(error as Error)?.message}`;
        if (error) expect(error, why).toBeInstanceOf(StoreError);
        const comment = checkAfter(home, 2, why);
        const confirmed = error === undefined || (error as StoreError).code === 'unconfirmed';
        expect(comment, why).toBe(confirmed ? 'new' : 'old');
      }
    });
  }

  it('killed before each of its calls leaves the old store or the new one, and a history that agrees', () => {
    const total = calls(prepared).length;
    const outcomes = new Set<string>();
    for (let at = 1; at <= total; at++) {
      const home = prepared();
      const error = commitWith(home, { at, how: 'kill' });
      const why = `killed at call ${at} (${calls(prepared)[at - 1]}): ${(error as Error)?.message}`;
      orphanLocks(home);
      outcomes.add(checkAfter(home, 2, why));
    }
    expect([...outcomes].sort()).toEqual(['new', 'old']);
  });

  it('killed twice in a row, the second time in the next commit, tells nothing that was not', () => {
    const total = calls(prepared).length;
    const renamed = calls(prepared).indexOf('renameSync') + 1;
    const killedAt = (first: number) => {
      const home = prepared();
      commitWith(home, { at: first, how: 'kill' });
      orphanLocks(home);
      return home;
    };
    const next = (home: Home, fault?: Fault, seen?: string[]) =>
      setting(new Store(home, clock, faultyFiles(fault, seen)), { MaxHopCount: 5 });
    for (let first = renamed; first <= total; first++) {
      const seen: string[] = [];
      next(killedAt(first), undefined, seen);
      const itsRename = seen.indexOf('renameSync') + 1;
      for (let second = itsRename - 4; second <= itsRename + 1; second++) {
        const home = killedAt(first);
        expect(() => next(home, { at: second, how: 'kill' })).toThrow();
        orphanLocks(home);
        const why = `killed at ${first} (${calls(prepared)[first - 1]}), then at ${second}`;
        const store = new Store(home);
        const made = [store.read().connectors[0]!.Comment === 'new', store.read().connectors[0]!.MaxHopCount === 5];
        const last = setting(store, { MaxHopCount: 7 });
        expect(last, why).toBe(3 + made.filter(Boolean).length);
        const entries = historyOf(home);
        expect(
          entries.map((e) => e.generation),
          why,
        ).toEqual(Array.from({ length: last }, (_, i) => i + 1));
        expect(
          entries.some((e) => e.origin === 'edit' || e.origin === 'gap'),
          why,
        ).toBe(false);
        expect(store.generations().agrees(), why).toBe(true);
      }
    }
  });

  it('killed while it records an edit by hand loses neither the edit nor the change', () => {
    for (let at = 1; at <= 60; at++) {
      const home = prepared();
      writeFileSync(home.store, readFileSync(home.store, 'utf8').replace('"Comment": "old"', '"Comment": "edited"'));
      commitWith(home, { at, how: 'kill' });
      orphanLocks(home);
      const store = new Store(home);
      const comment = store.read().connectors[0]!.Comment;
      expect(['edited', 'new']).toContain(comment);
      setting(store, { MaxHopCount: 7 });
      const edits = historyOf(home).filter((e) => e.origin === 'edit');
      expect(edits).toMatchObject([{ changes: [{ settings: { Comment: { from: 'old', to: 'edited' } } }] }]);
      expect(historyOf(home).map((e) => e.generation)).toEqual(
        Array.from({ length: historyOf(home).length }, (_, i) => i + 1),
      );
      expect(store.generations().agrees()).toBe(true);
    }
  });
});

describe('first use', { timeout: 120_000 }, () => {
  it('killed before each of its calls is made up for by the next', () => {
    for (let at = 1; at <= 60; at++) {
      const home = tempHome({ quick: true });
      let error: unknown;
      try {
        new Store(home, clock, faultyFiles({ at, how: 'kill' })).read();
      } catch (caught) {
        error = caught;
      }
      if (existsSync(home.folder)) orphanLocks(home);
      const store = new Store(home);
      expect(store.read(), `at ${at}`).toMatchObject({ generation: 1, connectors: [{}, {}] });
      expect(setting(store, { Comment: 'x' }), `at ${at}`).toBe(2);
      expect(historyOf(home).map((e) => e.origin ?? 'set')).toEqual(['first use', 'set']);
      expect(store.generations().agrees()).toBe(true);
      if (error) expect(error instanceof Killed || error instanceof StoreError).toBe(true);
    }
  });
});

describe('a home that cannot be written', () => {
  it('is read all the same; a change says why not', () => {
    const home = prepared();
    const files = faultyFiles({ at: 1, how: 'EROFS', calls: ['symlinkSync'] });
    const store = new Store(home, clock, files);
    expect(store.read().connectors[0]!.Comment).toBe('old');
    expect(store.generations().generation).toBe(2);
    expect(() =>
      setting(new Store(home, clock, faultyFiles({ at: 1, how: 'EROFS', calls: ['symlinkSync'] })), { Comment: 'x' }),
    ).toThrow(/cannot be written .*Nothing was changed/);
    expect(() =>
      setting(new Store(home, clock, faultyFiles({ at: 1, how: 'EACCES', calls: ['openSync'] })), { Comment: 'x' }),
    ).toThrow(/cannot be read .*permission/);
  });
});

/** A store that is gone or broken: one command puts back what rc wrote last. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { historyOf, ME, openStore, setting } from './temp-home.ts';

const HASH = `scrypt$16384$8$5$${'A'.repeat(22)}==$${'A'.repeat(43)}=`;

function addUser(store: Store, Name: string, PasswordHash: string): void {
  const transaction = store.begin();
  transaction.change((draft) => {
    const user = { Name, PasswordHash, Enabled: true, Guid: `guid-${Name}`, WhenChanged: '2024-01-01' };
    draft.document = { ...draft.document, users: [...draft.document.users, user] };
  });
  transaction.commit(ME);
}

describe('restore', () => {
  it('of a store that was removed gives everything back but passwords, which are nowhere else', () => {
    const store = openStore();
    setting(store, { Comment: 'kept', MaxHopCount: 9 });
    addUser(store, 'printer', HASH);
    const before = store.read();
    rmSync(store.home.store);
    expect(store.restore(ME)).toMatchObject({ generation: 4, aside: undefined, lostUsers: ['printer'] });
    expect(store.read().connectors.map(({ WhenChanged: _, ...c }) => c)).toEqual(
      before.connectors.map(({ WhenChanged: _, ...c }) => c),
    );
    expect(readFileSync(store.home.history, 'utf8')).not.toContain('scrypt$');
  });

  it('of a broken store keeps the broken file, and finds the passwords in it', () => {
    const store = openStore();
    setting(store, { Comment: 'kept' });
    addUser(store, 'printer', HASH);
    const broken = `${readFileSync(store.home.store, 'utf8').trimEnd().slice(0, -1)},,`;
    writeFileSync(store.home.store, broken);
    expect(() => store.read()).toThrow(/not valid JSON.*rc restore/);
    const { aside, lostUsers } = store.restore(ME);
    expect(lostUsers).toEqual([]);
    expect(readFileSync(aside!, 'utf8')).toBe(broken);
    expect(store.read()).toMatchObject({ users: [{ Name: 'printer', PasswordHash: HASH }], generation: 4 });
    expect(setting(store, { Comment: 'on' })).toBe(5);
    expect(historyOf(store.home).map((e) => e.generation)).toEqual([1, 2, 3, 4, 5]);
    expect(store.generations().documentAt(2).connectors[0]!.Comment).toBe('kept');
  });

  it('leaves a store that is well alone', () => {
    const store = openStore();
    expect(() => store.restore(ME)).toThrow('The store is well; there is nothing to restore');
    expect(readdirSync(store.home.folder).some((name) => name.includes('broken'))).toBe(false);
  });

  it('says so when nothing leads back', () => {
    const store = openStore();
    writeFileSync(store.home.store, '{');
    writeFileSync(store.home.history, 'rubbish\n');
    expect(() => store.restore(ME)).toThrow(/lead to what the store held.*rc import/);
    expect(existsSync(store.home.store)).toBe(true);
  });
});

/** What is temporary is put back at its time, and a change by hand is never written over. */
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replaced } from '../../src/domain/catalogue.ts';
import { SETTINGS, type SettingName } from '../../src/domain/settings.ts';
import { endText, inWords, lengthOf, temporaryOf, withTemporary } from '../../src/domain/temporary.ts';
import type { StoreDocument } from '../../src/store/document.ts';
import { Store } from '../../src/store/store.ts';
import { historyOf, ME, setting, tempHome } from './temp-home.ts';

const START = Date.parse('2026-11-29T12:00:00Z');

class Scene {
  now = START;
  readonly store = new Store(tempHome({ quick: true }), () => new Date(this.now));

  constructor() {
    this.store.read();
  }

  /** As rc set does, `forMs` long or for good. */
  set(settings: Partial<Record<SettingName, unknown>>, forMs?: number): void {
    const until = forMs === undefined ? undefined : new Date(this.now + forMs).toISOString();
    const edits = new Map(
      Object.entries(settings).map(([name, value]) => [
        name as SettingName,
        replaced(SETTINGS[name as SettingName], value),
      ]),
    );
    const transaction = this.store.begin(true);
    transaction.change((draft) => {
      const [first] = draft.document.connectors;
      draft.putConnector(draft.edited(first!, edits, () => {}, {}, until).stored);
    });
    transaction.commit(ME);
  }

  get first(): StoreDocument['connectors'][number] {
    return this.store.read().connectors[0]!;
  }

  get limit(): unknown {
    return this.first.MaxInboundConnectionPerSource ?? 20;
  }

  get commands(): string[] {
    return historyOf(this.store.home).map(({ command }) => command);
  }
}

const HOUR = 3_600_000;

describe('an end', () => {
  it('is a change of its own, once, and what it was before comes back', async () => {
    const scene = new Scene();
    scene.set({ MaxInboundConnectionPerSource: 100 }, HOUR);
    expect([scene.limit, scene.store.read().schemaVersion]).toEqual([100, 3]);
    scene.now += HOUR - 1;
    expect(await scene.store.endDue()).toEqual({ ended: [], stuck: [] });
    scene.now += 1;
    const { ended } = await scene.store.endDue();
    expect(ended).toEqual([
      { connector: scene.first.Name, what: 'MaxInboundConnectionPerSource', value: '100', before: '20' },
    ]);
    expect([scene.limit, scene.first.Temporary, scene.store.read().schemaVersion]).toEqual([20, undefined, 1]);
    expect((await scene.store.endDue()).ended).toEqual([]);
    expect(scene.commands.at(-1)).toBe(`ended by itself: ${scene.first.Name} MaxInboundConnectionPerSource 100 → 20`);
    expect(scene.store.generations().agrees()).toBe(true);
  });

  it('comes before the change of who writes next, in a generation of its own', () => {
    const scene = new Scene();
    scene.set({ MaxInboundConnectionPerSource: 100 }, HOUR);
    scene.now += 2 * HOUR;
    scene.set({ Comment: 'x' });
    expect(scene.commands.slice(-2)).toEqual([expect.stringMatching(/^ended by itself: /), ME.command]);
    expect(scene.limit).toBe(20);
  });

  it('waits while it would break a rule, and comes when it can', async () => {
    const scene = new Scene();
    scene.set({ ChunkingEnabled: false });
    scene.set({ ChunkingEnabled: true }, HOUR);
    scene.set({ BinaryMimeEnabled: true });
    scene.now += HOUR;
    const { ended, stuck } = await scene.store.endDue();
    expect(ended).toEqual([]);
    expect(stuck).toMatchObject([{ what: 'ChunkingEnabled', why: expect.stringContaining('needs ChunkingEnabled') }]);
    const { generation } = scene.store.read();
    await scene.store.endDue();
    expect(scene.store.read().generation).toBe(generation);
    scene.set({ BinaryMimeEnabled: false });
    expect((await scene.store.endDue()).ended).toHaveLength(1);
    expect(scene.first.ChunkingEnabled).toBe(false);
  });

  it('is not written over an edit of the file, also when the old value comes again', async () => {
    const scene = new Scene();
    const { home } = scene.store;
    const edit = (from: string, to: string) =>
      writeFileSync(home.store, readFileSync(home.store, 'utf8').replace(from, to));
    scene.set({ MaxInboundConnectionPerSource: 100 }, HOUR);
    edit('"MaxInboundConnectionPerSource": 100', '"MaxInboundConnectionPerSource": 50');
    await scene.store.endDue(); // as the listener does when it sees the file
    expect(scene.first.Temporary).toBeUndefined();
    edit('"MaxInboundConnectionPerSource": 50', '"MaxInboundConnectionPerSource": 100');
    scene.now += 2 * HOUR;
    await scene.store.endDue();
    expect(scene.limit).toBe(100);
  });
});

describe('a store', () => {
  it('with entries that cannot be is told so with its place', () => {
    const scene = new Scene();
    for (const Temporary of [
      {},
      [1],
      [{ Setting: 'Nothing', Until: '2026-11-29T18:00:00Z' }],
      [{ Setting: 'Comment', Until: 'soon' }],
    ])
      expect(() => {
        setting(scene.store, { Temporary });
        scene.store.files.unlinkSync(scene.store.home.stamp);
        scene.store.read();
      }).toThrow(/Temporary: is not a list of \{Setting, Until, Value, Before\}/);
  });
});

/** Whatever is done in whatever order, at last it is what was last given by hand. */
describe('any order of changes and ends', () => {
  const value = fc.constantFrom(5, 20, 50, 100);
  const step = fc.oneof(
    fc.record({ kind: fc.constant('temporary' as const), value, ms: fc.integer({ min: 1000, max: 10 * HOUR }) }),
    fc.record({ kind: fc.constant('hand' as const), value }),
    fc.record({ kind: fc.constant('raw' as const), value }),
    fc.record({ kind: fc.constant('keep' as const) }),
    fc.record({ kind: fc.constant('other' as const) }),
    fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: -HOUR, max: 6 * HOUR }) }),
    fc.record({ kind: fc.constant('end' as const) }),
  );

  it('leaves a setting at the last value that was given by hand', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const scene = new Scene();
        let byHand: unknown = 20;
        for (const one of steps) {
          if (one.kind === 'temporary') scene.set({ MaxInboundConnectionPerSource: one.value }, one.ms);
          else if (one.kind === 'hand') {
            scene.set({ MaxInboundConnectionPerSource: one.value });
            byHand = one.value;
          } else if (one.kind === 'raw') {
            // as an import or undo does: the value alone. The same value as now is no change.
            if (scene.limit !== one.value) {
              setting(scene.store, { MaxInboundConnectionPerSource: one.value === 20 ? undefined : one.value });
              byHand = one.value;
            }
          } else if (one.kind === 'keep') {
            const due = temporaryOf(scene.first);
            if (due.length) byHand = scene.limit;
            const transaction = scene.store.begin();
            transaction.change((draft) => draft.putConnector(withTemporary(draft.document.connectors[0]!, [])));
            transaction.commit(ME);
          } else if (one.kind === 'other') scene.set({ Comment: String(scene.now) });
          else if (one.kind === 'time') scene.now += one.ms;
          else await scene.store.endDue();
        }
        scene.now += 1000 * HOUR;
        await scene.store.endDue();
        expect(scene.limit).toBe(byHand);
        expect(scene.first.Temporary).toBeUndefined();
        expect(scene.store.generations().agrees()).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('lengths and ends in words', () => {
  it.each([
    ['1s', 1000],
    ['90m', 5_400_000],
    ['1d12h', 129_600_000],
    ['365d', 31_536_000_000],
  ])('%s', (text, ms) => expect(lengthOf(text)).toBe(ms));

  it.each([
    ['0', 'is shorter than a second'],
    ['999ms', 'is shorter than a second'],
    ['366d', 'is longer than 365 days'],
    ['5', 'has no unit'],
    ['', 'is no length of time'],
    ['-1h', 'is no length of time'],
  ])('%s cannot be', (text, why) => expect(() => lengthOf(text)).toThrow(why));

  it('are short', () => {
    const now = new Date(2026, 10, 29, 16, 0, 0);
    const at = (...of: [number, number, number, number?]) => new Date(2026, 10, ...of).toISOString();
    expect(endText(at(29, 18, 0), now)).toBe('18:00 (in 2 h)');
    expect(endText(at(29, 16, 0, 10), now)).toBe('16:00:10 (in 10 s)');
    expect(endText(at(30, 8, 0), now)).toBe('2026-11-30 08:00 (in 16 h)');
    expect(endText(at(29, 18, 0))).toBe('2026-11-29 18:00');
    expect([0, 1, 60_000, 5_400_000, 30 * 86_400_000].map(inWords)).toEqual([
      'now',
      'in 1 s',
      'in 1 min',
      'in 1.5 h',
      'in 30 d',
    ]);
  });
});

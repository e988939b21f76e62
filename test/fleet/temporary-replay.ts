/**
 * What is temporary, in a fleet's random schedule: steps that begin, extend, keep and take back, and what must be true whatever else
 * happened meanwhile. Every change of the fleet is a line of the history, the same on all nodes; replayed line by line they show that what is
 * temporary begins and ends on all connectors at once, ends once, not before its time, never is lost, and is what was before when taken back.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { HistoryEntry } from '../../src/store/history-entry.ts';
import { until } from '../support/until.ts';
import type { Member } from './scene.ts';

const SETTING = 'MaxRecipientsPerMessage';
const FLAG = '--max-recipients-per-message';
/** What each connector has to begin with. */
const FIRST = 100;

interface Entry {
  readonly Setting: string;
  readonly Until: string;
  readonly Value: number;
  readonly Before: number;
}
interface Override {
  readonly RemoteIPRange: string;
  readonly Until: string;
}
/** Of one connector, as it is stored. */
interface Relay {
  readonly value: number;
  readonly temporary: readonly Entry[];
  readonly overrides: readonly Override[];
}

export class TemporaryReplay {
  static readonly settings = { [SETTING]: FIRST };
  readonly #members: readonly Member[];
  readonly #random: (below: number) => number;
  /** Values and addresses are used once, so that a line tells which command it is of. */
  #count = FIRST;
  /** Those of commands that said they were done. */
  readonly #done = new Set<string>();
  /** The generation that all have to begin with. */
  readonly #from: number;

  constructor(members: readonly Member[], random: (below: number) => number) {
    this.#members = members;
    this.#random = random;
    this.#from = members[0]!.store.generation;
  }

  readonly steps: Record<string, () => Promise<void>> = {
    beginForMoments: () => this.#begin(this.#moments()),
    beginForAnHour: () => this.#begin('1h'),
    setForGood: () => this.#begin(undefined),
    overrideForMoments: async () => {
      const n = ++this.#count;
      const address = `10.9.${n >> 8}.${n & 255}`;
      const limit = ['--max-inbound-per-source', '9', '--for', this.#moments()];
      await this.#run(address, 'new-override', this.#some(), address, ...limit);
    },
    extend: () => this.#run(undefined, 'extend', this.#some(), '--setting', SETTING, '--for', '1s'),
    keep: () => this.#run(undefined, 'keep', this.#some(), '--setting', SETTING),
    takeBack: async () => {
      const lines = this.#history(this.#members[0]!);
      const begun = lines.findLast(({ command }) => begins(command));
      if (begun) await this.#run(undefined, 'undo', String(begun.generation));
    },
    /** Its listener is away when it begins, and may be when it ends. */
    beginOfOneAway: async () => {
      const away = this.#any();
      await away.stop('SIGKILL');
      await this.#begin('1s', `${away.server}\\Relay`);
      if (this.#random(3) === 0) {
        const others = this.#members.filter((member) => member !== away);
        await this.#nothingDue(`what ${away.server} has ends without it`, others);
      }
      await away.serve(...away.flags);
    },
  };

  #any(): Member {
    return this.#members[this.#random(this.#members.length)]!;
  }

  #some(): string {
    const at = this.#random(this.#members.length + 1);
    return `${this.#members[at]?.server ?? '*'}\\Relay`;
  }

  #moments(): string {
    return `${1 + this.#random(4)}s`;
  }

  #begin(length: string | undefined, name = this.#some()): Promise<void> {
    const value = String(++this.#count);
    return this.#run(`${FLAG} ${value}`, 'set', name, FLAG, value, ...(length ? ['--for', length] : []));
  }

  async #run(mark: string | undefined, ...args: string[]): Promise<void> {
    const { code } = await this.#any().tried(...args);
    if (code === 0 && mark) this.#done.add(mark);
  }

  /** Lines that all agreed on: those before were each home's own. */
  #history(member: Member): HistoryEntry[] {
    const lines = readFileSync(join(member.home, 'history.ndjson'), 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as HistoryEntry).filter(({ generation }) => generation > this.#from);
  }

  /** What a home has, by the Guid of its connector. */
  #relays({ store }: Member): Map<string, Relay> {
    return new Map(
      store.connectors.map((stored) => {
        const c = stored as unknown as Record<string, unknown>;
        const value = c[SETTING] as number;
        const list = (c.Temporary ?? []) as Entry[];
        return [stored.Guid, { value, temporary: list, overrides: (c.Overrides ?? []) as Override[] }];
      }),
    );
  }

  async #nothingDue(what: string, members: readonly Member[]): Promise<void> {
    const now = Date.now();
    const isDue = ({ Until }: { readonly Until: string }) => Date.parse(Until) <= now;
    const hasDue = (member: Member) =>
      [...this.#relays(member).values()].some(({ temporary, overrides }) => [...temporary, ...overrides].some(isDue));
    await until(what, () => !members.some(hasDue), { timeout: 60_000, every: 100 });
  }

  /** After a step, when all are there again. */
  async check(what: string): Promise<void> {
    await this.#nothingDue(`${what} what is due has ended`, this.#members);
    let seen: { history: HistoryEntry[]; relays: Map<string, Relay> }[] = [];
    await until(
      `${what} all have the same`,
      () => {
        const generations = () => this.#members.map(({ store }) => store.generation).join();
        const before = generations();
        seen = this.#members.map((member) => ({ history: this.#history(member), relays: this.#relays(member) }));
        return generations() === before && new Set(before.split(',')).size === 1;
      },
      { timeout: 30_000, every: 20 },
    );
    const [first, ...others] = seen;
    const told = ({ generation, command, changes }: HistoryEntry) => ({
      generation,
      command,
      changes: byGuid(changes),
    });
    for (const other of others) {
      expect(other.history.map(told), what).toEqual(first!.history.map(told));
      expect(Object.fromEntries(other.relays), what).toEqual(Object.fromEntries(first!.relays));
    }
    const guids = [...first!.relays.keys()];
    const replayed = new Map(
      guids.map((guid): [string, Relay] => [guid, { value: FIRST, temporary: [], overrides: [] }]),
    );
    for (const line of first!.history) replay(replayed, line, first!.history, what);
    expect(Object.fromEntries(replayed), what).toEqual(Object.fromEntries(first!.relays));
    for (const mark of this.#done) {
      const lines = first!.history.filter(
        ({ command }) => command.startsWith('rc ') && `${command} `.includes(`${mark} `),
      );
      expect(lines.length, `${what} lines of ${mark}`).toBe(1);
    }
  }
}

const begins = (command: string) => command.includes(FLAG) && command.includes('--for');

/** As on any node: whose it is, is left out at home. */
function byGuid(changes: HistoryEntry['changes']) {
  const found = changes.map(({ guid = '', change, settings }) => ({ guid, change, settings }));
  return found.sort((a, b) => (a.guid < b.guid ? -1 : 1));
}

/** Makes the changes of a line, and looks whether it may be one. */
function replay(relays: Map<string, Relay>, line: HistoryEntry, all: readonly HistoryEntry[], what: string): void {
  const { command, changes, generation } = line;
  const about = `${what} generation ${generation}, ${command}:`;
  const value = Number(new RegExp(`${FLAG} (\\d+)`).exec(command)?.[1]);
  const isMeant = command.includes('*');
  const undone = line.undoes === undefined ? undefined : all.find((one) => one.generation === line.undoes);
  const isEnd = command.startsWith('ended by itself: ');
  const ends = new Set<string>();
  if (value || command.includes('new-override')) expect(changes.length, about).toBe(isMeant ? relays.size : 1);
  for (const { guid, settings } of changes) {
    const before = relays.get(guid!)!;
    const to = <T>(name: string, old: T, none: T): T =>
      name in settings ? (((settings as Record<string, { to?: unknown }>)[name]!.to as T | undefined) ?? none) : old;
    const after: Relay = {
      value: to(SETTING, before.value, 0),
      temporary: to('Temporary', before.temporary, []),
      overrides: to('Overrides', before.overrides, []),
    };
    relays.set(guid!, after);
    for (const one of after.temporary) expect(one.Value, about).toBe(after.value);
    const [was, is] = [before.temporary[0], after.temporary[0]];
    if (value) {
      expect(after.value, about).toBe(value);
      if (!command.includes('--for')) expect(is, about).toBeUndefined();
      else {
        expect(is, about).toMatchObject({ Setting: SETTING, Before: was?.Before ?? before.value });
        ends.add(is!.Until);
      }
    } else if (isEnd) {
      expect(after.value, about).toBe(was && !is ? was.Before : before.value);
      const gone = before.overrides.filter((one) => !after.overrides.includes(one) && !has(after.overrides, one));
      const over = [...(was && !is ? [was] : []), ...gone];
      expect(over.length, about).toBeGreaterThan(0);
      for (const { Until } of over) expect(Until <= line.time, `${about} due ${Until}, ended ${line.time}`).toBe(true);
    } else if (undone) {
      const made = undone.changes.find((one) => one.guid === guid)!.settings as Record<string, { from?: unknown }>;
      if (SETTING in settings) expect(after.value, about).toBe(made[SETTING]!.from);
      if (SETTING in settings) expect(after.temporary, about).toEqual(made.Temporary?.from ?? []);
    } else expect(after.value, about).toBe(before.value); // extended, kept, an override
    if (command.includes('extend') && was) expect(is!.Until > was.Until, about).toBe(true);
    if (command.includes('keep')) expect(is, about).toBeUndefined();
  }
  expect(ends.size, about).toBeLessThan(2); // one end for all
}

function has(list: readonly Override[], { RemoteIPRange }: Override): boolean {
  return list.some((one) => one.RemoteIPRange === RemoteIPRange);
}

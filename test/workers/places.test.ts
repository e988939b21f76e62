/**
 * Places that workers borrow, without processes: several borrowers and one lender, with messages that arrive when they like.
 * No limit is ever passed; nobody is refused while a place is free, kept or not.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ruling } from '../../src/listener/admission/authority.ts';
import { Gate } from '../../src/listener/admission/gate.ts';
import { LiveConnector } from '../../src/listener/admission/live-connector.ts';
import { LocalRelayPlaces } from '../../src/listener/contracts/relay-places.ts';
import { BorrowedPlaces } from '../../src/listener/workers/borrowed-places.ts';
import { type Borrower, Lender, Loans } from '../../src/listener/workers/lender.ts';
import type { Ask, GivenBack, Verdict, Whose } from '../../src/listener/workers/messages.ts';
import { connector } from '../domain/connectors.ts';

const RATES = { take: () => true };

/** A lender and its borrowers, whose messages wait until they are passed on. */
class Stage {
  now = 0;
  readonly gate = new Gate();
  readonly first: LiveConnector;
  readonly lender: Lender;
  readonly workers: Worker[];

  constructor(size: number, limits: Parameters<typeof connector>[0]) {
    const settings = connector({ Name: 'A', MaxInboundConnectionPercentagePerSource: '100', ...limits });
    this.first = new LiveConnector(settings.Guid, settings);
    const lending = { gate: this.gate, find: () => this.first, left: () => {} };
    this.lender = new Lender(lending, () => this.workers.filter(({ isOver }) => !isOver));
    this.workers = Array.from({ length: size }, () => new Worker(this));
  }

  /** Passes on all that waits, and what comes of it. */
  async settle(): Promise<void> {
    for (let turns = 0; turns < 50; turns++) {
      for (const worker of this.workers) worker.pass();
      await Promise.resolve();
    }
  }

  get used(): number {
    return this.workers.reduce((sum, { live, isOver }) => sum + (isOver ? 0 : live.open), 0);
  }
}

class Worker implements Borrower {
  readonly loans = new Loans();
  isOver = false;
  readonly live: LiveConnector;
  readonly places: BorrowedPlaces;
  readonly #stage: Stage;
  readonly #up: (() => void)[] = [];
  readonly #down: (() => void)[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
    this.live = new LiveConnector(stage.first.guid, stage.first.now);
    const lenders = {
      ask: (question: Ask) => void this.#up.push(() => stage.lender.ask(this, question)),
      giveBack: (...[guid, source, places]: GivenBack) =>
        void this.#up.push(() => stage.lender.left(this, guid, source, places)),
      reuse: (guid: string, source: string) =>
        void this.#up.push(() => guid === stage.first.guid && stage.gate.authority.came(stage.first, source, 1)),
    };
    this.places = new BorrowedPlaces(lenders, RATES, new LocalRelayPlaces(), () => stage.now);
  }

  verdict(verdict: Verdict): void {
    this.#down.push(() => this.places.answered(verdict));
  }

  forget(whose: Whose): void {
    this.#down.push(() => this.places.forget(whose));
  }

  recall(whose: Whose): Promise<void> {
    return new Promise((resolve) =>
      this.#down.push(() => {
        this.places.recall(whose);
        this.#up.push(resolve);
      }),
    );
  }

  /** One message each way. */
  step(): void {
    if (this.isOver) return;
    this.#down.shift()?.();
    this.#up.shift()?.();
  }

  pass(): void {
    while (!this.isOver && this.#up.length + this.#down.length > 0) this.step();
  }

  kill(): void {
    this.isOver = true;
    this.#stage.lender.gone(this);
    this.places.close();
  }

  async open(source: string): Promise<Ruling['kind']> {
    return (await this.places.ask(this.live, source, true)).kind;
  }
}

describe('places', () => {
  it('a place is kept far from a limit: the next connection of the source asks nobody', async () => {
    const stage = new Stage(1, { MaxInboundConnectionPerSource: '20' });
    const [worker] = stage.workers as [Worker];
    const asked = worker.open('10.0.0.1');
    await stage.settle();
    expect(await asked).toBe('accepted');
    worker.places.leave(worker.live, '10.0.0.1');
    expect(worker.places.ask(worker.live, '10.0.0.1', true)).toEqual({ kind: 'accepted' });
    expect(stage.first.open).toBe(1);
    worker.places.leave(worker.live, '10.0.0.1');
    worker.places.settle();
    await stage.settle();
    expect(stage.first.open).toBe(0);
  });

  it('near a limit it goes back at once, and who was refused elsewhere may come', async () => {
    const stage = new Stage(2, { MaxInboundConnectionPerSource: '1' });
    const [one, two] = stage.workers as [Worker, Worker];
    const first = one.open('10.0.0.1');
    await stage.settle();
    const second = two.open('10.0.0.1');
    await stage.settle();
    expect([await first, await second, await two.open('10.0.0.1')]).toEqual(['accepted', 'source', 'source']);
    one.places.leave(one.live, '10.0.0.1');
    await stage.settle();
    const again = two.open('10.0.0.1');
    await stage.settle();
    expect(await again).toBe('accepted');
  });

  it('a refusal is believed for 200 ms, and asks nobody meanwhile', async () => {
    const stage = new Stage(2, { MaxInboundConnection: '1' });
    const [one, two] = stage.workers as [Worker, Worker];
    for (const worker of [one, two]) {
      void worker.open('10.0.0.1');
      await stage.settle();
    }
    for (const source of ['10.0.0.1', '10.0.0.2'])
      expect(two.places.ask(two.live, source, true)).toEqual({ kind: 'connector' });
    stage.now = 201;
    expect(two.places.ask(two.live, '10.0.0.2', true)).toBeInstanceOf(Promise);
  });

  it('what one keeps is called back before another is refused', async () => {
    const stage = new Stage(2, { MaxInboundConnection: '4' });
    const [one, two] = stage.workers as [Worker, Worker];
    const opened = [one.open('10.0.0.1'), one.open('10.0.0.2')];
    await stage.settle();
    expect(await Promise.all(opened)).toEqual(['accepted', 'accepted']);
    for (const source of ['10.0.0.1', '10.0.0.2']) one.places.leave(one.live, source);
    const others = [3, 4, 5, 6].map((n) => two.open(`10.0.0.${n}`));
    await stage.settle();
    expect(await Promise.all(others)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
  });

  it('a worker that is gone gives back all it had, kept or not', async () => {
    const stage = new Stage(2, { MaxInboundConnection: '6' });
    const [one, two] = stage.workers as [Worker, Worker];
    for (const n of [1, 2, 3]) void one.open(`10.0.0.${n}`);
    void two.open('10.0.0.9');
    await stage.settle();
    one.places.leave(one.live, '10.0.0.1');
    one.kill();
    expect([stage.first.open, [...stage.first.sources]]).toEqual([1, [['10.0.0.9', 1]]]);
  });

  it('connections a minute are counted over all workers, and what another limit refuses takes nothing of them', async () => {
    const stage = new Stage(2, { MaxInboundConnectionRatePerSource: '5', MaxInboundConnectionPerSource: '3' });
    const [one, two] = stage.workers as [Worker, Worker];
    const first = [one, two, one, two, one].map((worker) => worker.open('10.0.0.1'));
    await stage.settle();
    expect((await Promise.all(first)).sort()).toEqual(['accepted', 'accepted', 'accepted', 'source', 'source']);
    for (const worker of [one, two]) while (worker.live.open > 0) worker.places.leave(worker.live, '10.0.0.1');
    await stage.settle();
    stage.now += 1000;
    const more = [one, two, one, two].map((worker) => worker.open('10.0.0.1'));
    await stage.settle();
    expect((await Promise.all(more)).sort()).toEqual(['accepted', 'accepted', 'sourceRate', 'sourceRate']);
    expect(stage.gate.authority.cameLately(stage.first, '10.0.0.1').connector).toBe(5);
    expect(two.places.ask(two.live, '10.0.0.1', true)).toEqual({ kind: 'sourceRate', limit: 5 }); // believed for a moment
  });

  it('places that are kept use the rate too: a part of it, told a little later', async () => {
    const stage = new Stage(1, { MaxInboundConnectionRatePerSource: '640' });
    const [worker] = stage.workers as [Worker];
    for (let n = 0; n < 100; n++) {
      const asked = worker.open('10.0.0.1');
      await stage.settle();
      expect(await asked).toBe('accepted');
      worker.places.leave(worker.live, '10.0.0.1');
    }
    await stage.settle();
    expect(stage.gate.authority.cameLately(stage.first, '10.0.0.1').connector).toBe(100);
  });

  it('whatever comes, goes and is killed in whatever order: limits hold, and are reached', async () => {
    const act = fc.record({
      worker: fc.nat(2),
      source: fc.integer({ min: 1, max: 3 }),
      what: fc.constantFrom('open', 'open', 'open', 'close', 'close', 'step', 'step', 'look', 'kill'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.record({ most: fc.integer({ min: 1, max: 8 }), each: fc.integer({ min: 1, max: 5 }) }),
        fc.array(act, { maxLength: 60 }),
        async ({ most, each }, acts) => {
          const stage = new Stage(3, {
            MaxInboundConnection: String(most),
            MaxInboundConnectionPerSource: String(each),
          });
          const open = stage.workers.map(() => [] as string[]);
          const holds = () => {
            expect(stage.used).toBeLessThanOrEqual(most + stage.workers.reduce((n, w) => n + waiting(w), 0));
            expect(stage.first.open).toBeLessThanOrEqual(most);
            for (const [, n] of stage.first.sources) expect(n).toBeLessThanOrEqual(each);
          };
          const asking = new Map<Worker, number>();
          const waiting = (worker: Worker) => (worker.isOver ? 0 : (asking.get(worker) ?? 0));
          for (const { worker: index, source: n, what } of acts) {
            const worker = stage.workers[index]!;
            const source = `10.0.0.${n}`;
            if (worker.isOver) continue;
            if (what === 'open') {
              asking.set(worker, (asking.get(worker) ?? 0) + 1);
              void worker.open(source).then((kind) => {
                asking.set(worker, asking.get(worker)! - 1);
                if (kind === 'accepted' && !worker.isOver) open[index]!.push(source); // an answer may reach who is killed in the same turn
              });
            } else if (what === 'close') {
              const ends = open[index]!.pop();
              if (ends) worker.places.leave(worker.live, ends);
            } else if (what === 'look') {
              worker.places.settle();
              stage.now += 60;
            } else if (what === 'kill') {
              worker.kill();
              open[index]!.length = 0;
            } else worker.step();
            await Promise.resolve();
            holds();
          }
          await stage.settle();
          holds();
          // Whoever comes now has what is left, to the last place.
          const alive = stage.workers.findIndex(({ isOver }) => !isOver);
          if (alive < 0) return;
          stage.now += 1000;
          const held = open.flat().filter((source) => source === '10.0.0.1').length;
          const left = Math.min(most - open.flat().length, each - held);
          const more = Array.from({ length: most + 1 }, () => stage.workers[alive]!.open('10.0.0.1'));
          await stage.settle();
          expect((await Promise.all(more)).filter((kind) => kind === 'accepted')).toHaveLength(left);
        },
      ),
      { numRuns: 300 },
    );
  });
});

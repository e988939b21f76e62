/** The small parts of workers by themselves: message numbers, connections to next hosts, and the channel. */
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { LocalRelayPlaces } from '../../src/listener/contracts/relay-places.ts';
import { Channel } from '../../src/listener/workers/channel.ts';
import { internalIds } from '../../src/listener/workers/internal-ids.ts';
import type { FromWorker } from '../../src/listener/workers/messages.ts';
import { RemoteRelays } from '../../src/listener/workers/remote-relays.ts';
import { until } from '../support/until.ts';

describe('message numbers', () => {
  it('never meet those of other workers, and grow, whatever the clock does', () => {
    const clock = fc.array(fc.integer({ min: 1.6e12, max: 1.6e12 + 50 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), clock, (of, times) => {
        const all = Array.from({ length: of }, (_, place) => {
          let i = 0;
          const next = internalIds(place, of, () => times[i++ % times.length]!);
          return times.map(() => next());
        });
        for (const own of all) for (let i = 1; i < own.length; i++) expect(own[i]).toBeGreaterThan(own[i - 1]!);
        expect(new Set(all.flat()).size).toBe(of * times.length);
        expect(all.flat().every(Number.isSafeInteger)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('of a worker that took the place of another are greater than its', () => {
    const before = internalIds(1, 2, () => 1_700_000_000_000);
    const last = Array.from({ length: 400 }, before).at(-1)!;
    expect(internalIds(1, 2, () => 1_700_000_000_001)()).toBeGreaterThan(last);
  });
});

describe('connections to next hosts', () => {
  it('in one process: never more than the limit, who waited longest first, who went away has none', () => {
    const act = fc.record({
      what: fc.constantFrom('ask', 'ask', 'give', 'cancel'),
      limit: fc.integer({ min: 1, max: 4 }),
      which: fc.nat(20),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const places = new LocalRelayPlaces();
        let most = 0;
        let taken = 0;
        const waiting: { number: number; cancel(): void }[] = [];
        const granted: number[] = [];
        for (const [number, { what, limit, which }] of acts.entries()) {
          if (what === 'ask') {
            most = Math.max(most, limit);
            const mine = { number, cancel: () => {} };
            waiting.push(mine);
            mine.cancel = places.ask(limit, () => {
              taken++;
              granted.push(number);
              waiting.splice(waiting.indexOf(mine), 1);
            }).cancel;
          } else if (what === 'give' && taken > 0) {
            taken--;
            places.give();
          } else if (what === 'cancel' && waiting.length > 0) {
            const [gone] = waiting.splice(which % waiting.length, 1);
            gone!.cancel();
          }
          expect(taken).toBeLessThanOrEqual(most);
          expect([places.taken, places.waiting]).toEqual([taken, waiting.length]);
        }
        expect(granted).toEqual([...granted].sort((a, b) => a - b));
      }),
    );
  });

  it('in a worker: what was granted to one that went away is for the next one that waits, else it goes back', () => {
    let back = 0;
    const channel = { add: () => {}, relayLeft: () => void back++ };
    const relays = new RemoteRelays(channel);
    const had: string[] = [];
    const first = relays.ask(1, () => had.push('first'));
    relays.ask(1, () => had.push('second'));
    first.cancel();
    relays.granted(1);
    expect([had, back]).toEqual([['second'], 0]);
    relays.granted(1);
    expect([had, back]).toEqual([['second'], 1]);
  });
});

describe("a worker's channel", () => {
  const event = { id: 1021, level: 'Warning', message: 'x' } as const;

  it('sends what belongs to one turn of the event loop together', async () => {
    const sent: FromWorker[] = [];
    const channel = new Channel((message, done) => {
      sent.push(message);
      done();
    });
    channel.ask([1, 'g', '10.1.2.3', true]);
    channel.log('tracking').write('a\r\n');
    channel.countOf('g', 'accepted');
    channel.countOf('g', 'messages');
    channel.countOf('g', 'messages', 2);
    for (let i = 0; i < 2; i++) channel.refused('g', '10.1.2.3', 'MessageRateLimit');
    channel.refused('g', '10.1.2.3', 'Logon');
    for (let i = 0; i < 3; i++) channel.count('full g', () => event);
    channel.left('g', '10.1.2.4', 1, false);
    channel.left('g', '10.1.2.4', 2, true);
    await until('it is sent', () => sent.length > 0);
    expect(sent).toEqual([
      {
        asks: [[1, 'g', '10.1.2.3', true]],
        left: [['g', '10.1.2.4', 3]],
        counts: { g: { accepted: 1, messages: 3 } },
        refused: [
          ['g', '10.1.2.3', 'MessageRateLimit', 2],
          ['g', '10.1.2.3', 'Logon', 1],
        ],
        tally: [['full g', event, 3]],
        tracking: { lines: ['a\r\n'], dropped: 0 },
      },
    ]);
    channel.log('protocol').write('b\r\n');
    await until('lines alone are sent too', () => sent.length > 1);
    expect(sent[1]).toEqual({ protocol: { lines: ['b\r\n'], dropped: 0 } });
  });

  it('asks for places each 10 ms at most, and each 20 where so many come that the worker is near its end', async () => {
    vi.useFakeTimers();
    try {
      /** Messages and places asked for in 200 ms, once it goes on steadily. */
      const steadily = async (everyMs: number) => {
        const sent: FromWorker[] = [];
        const channel = new Channel((message) => sent.push(message));
        const during = async (ms: number) => {
          for (let at = 0; at < ms; at += everyMs) {
            channel.ask([at, 'g', '10.1.2.3', true]);
            await vi.advanceTimersByTimeAsync(everyMs);
          }
        };
        await during(100);
        sent.length = 0;
        await during(200);
        return { messages: sent.length, asks: sent.flatMap(({ asks = [] }) => asks).length };
      };
      const [few, some, many] = [await steadily(50), await steadily(4), await steadily(1)];
      expect(few).toEqual({ messages: 4, asks: 4 });
      expect(some.messages).toBeGreaterThan(15);
      expect(many.messages).toBeLessThan(12);
      expect(many.asks).toBeGreaterThan(170);
    } finally {
      vi.useRealTimers();
    }
  });

  it('drops lines that nobody takes, and says how many; places are given back all the same', async () => {
    const sent: FromWorker[] = [];
    const waiting: (() => void)[] = [];
    const channel = new Channel((message, done) => {
      sent.push(message);
      waiting.push(done);
    });
    const line = `${'x'.repeat(1022)}\r\n`;
    for (let i = 0; i < 5000; i++) channel.log('protocol').write(line);
    channel.left('g', '10.1.2.3', 1, true);
    await until('it is sent', () => sent.length > 0);
    expect(sent[0]!.protocol).toMatchObject({ lines: { length: 4096 }, dropped: 904 });
    channel.log('protocol').write(line);
    channel.left('g', '10.1.2.4', 1, true);
    await until('the next', () => sent.length > 1);
    expect(sent[1]).toEqual({ left: [['g', '10.1.2.4', 1]], protocol: { lines: [], dropped: 1 } });
    for (const done of waiting) done();
    channel.log('protocol').write(line);
    await until('lines again', () => sent.length > 2);
    expect(sent[2]).toEqual({ protocol: { lines: [line], dropped: 0 } });
  });
});

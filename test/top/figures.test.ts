/** Rates from looks, figures in columns, bars and sparklines, and what reaches the terminal. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as figures from '../../src/top/figures.ts';
import { ASCII, bar, sparkline, UNICODE, writesUnicode } from '../../src/top/glyphs.ts';
import { type Line, span } from '../../src/top/line.ts';
import { Screen } from '../../src/top/screen.ts';
import { Trend } from '../../src/top/trend.ts';
import { connector, event, snapshot } from './scene.ts';

describe('rates', () => {
  const at = (seconds: number, accepted: number, source: number, unmatched = 0, more = {}) =>
    snapshot(seconds, {
      connectors: [connector('A', { accepted, refused: { connector: 0, source, percentage: 0, rate: 0 } })],
      status: { unmatched, ...more },
    });

  test('are differences by the time between two looks, those that no connector takes among the refused', () => {
    const trend = new Trend();
    expect(trend.observe(at(0, 100, 1000), true).rates).toEqual({ accepted: undefined, refused: undefined });
    const look = trend.observe(at(2, 110, 1500, 40), false);
    expect(look.rates).toEqual({ accepted: 5, refused: 270 });
    expect(look.ratesOf.get('guid of A')).toEqual({ accepted: 5, refused: 250 });
    expect(look.refused).toBe(1540);
    expect(look.course).toEqual([270]);
  });

  test('a restarted listener counts from zero: no rates at its first look, none below zero, and the course goes on', () => {
    const trend = new Trend();
    trend.observe(at(0, 100, 1000), true);
    trend.observe(at(1, 100, 1001), false);
    trend.miss();
    const other = { pid: 4712, startedAt: '2024-05-06T09:50:02.000Z' };
    expect(trend.observe(at(3, 1, 2, 0, other), true).rates.refused).toBeUndefined();
    expect(trend.observe(at(4, 1, 12, 0, other), false).course).toEqual([1, undefined, 10]);
  });

  test('a connector that is new counts from zero; one that is gone takes nothing away', () => {
    const trend = new Trend();
    const b = connector('B', { accepted: 7, refused: { connector: 1, source: 1, percentage: 1, rate: 0 } });
    trend.observe(snapshot(0, { connectors: [connector('A', { accepted: 500 })] }), true);
    expect(trend.observe(snapshot(1, { connectors: [b] }), false).rates).toEqual({ accepted: 7, refused: 3 });
  });

  test('a connection that was lost and made again to the same listener loses no refusal', () => {
    const trend = new Trend();
    trend.observe(at(0, 0, 0), true);
    expect(trend.observe(at(10, 0, 50), true).rates.refused).toBe(5);
  });

  test('events that are told again are known; equal ones that are told on are not the same', () => {
    const trend = new Trend();
    const [a, b] = [event(0, 17000, 'started'), event(1, 1021, 'refused')];
    trend.observe(snapshot(0, { events: [a, b] }), true);
    expect(trend.observe(snapshot(1, { events: [b] }), false).events).toHaveLength(3);
    const c = event(2, 1021, 'refused');
    const { events } = trend.observe(snapshot(2, { events: [a, b, c] }), true);
    expect(events.map((e) => e.number)).toEqual([1, 2, 3, 4]);
  });

  test('keeps the last 600 samples and 500 events, however long it runs', () => {
    const trend = new Trend();
    let look = trend.observe(at(0, 0, 0), true);
    for (let s = 1; s <= 700; s++) {
      look = trend.observe({ ...at(s, 0, s * s), events: [event(s, 1, 'x')] }, false);
    }
    expect(look.course).toHaveLength(600);
    expect(look.course.at(-1)).toBe(700 * 700 - 699 * 699);
    expect(look.events).toHaveLength(500);
    expect(look.events.at(-1)).toMatchObject({ number: 700 });
  });
});

describe('figures', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1204, '1,204'],
    [999_999, '999,999'],
    [1_234_567, '1.23M'],
    [9_876_543_210, '9.88G'],
  ])('count %d: %s', (n, text) => expect(figures.count(n)).toBe(text));
  test.each([
    [undefined, '-'],
    [0, '0'],
    [0.01, '0.1'],
    [0.5, '0.5'],
    [9.94, '9.9'],
    [9.96, '10'],
    [979.6, '980'],
    [12_345.6, '12,346'],
  ])('rate %s: %s', (n, text) => expect(figures.rate(n)).toBe(text));
  test.each([
    [undefined, '-'],
    [0, '0%'],
    [0.999, '99%'],
    [1, '100%'],
    [0.29, '29%'],
    [2.5, '250%'],
    [99, '999%'],
  ])('share %s: %s', (share, text) => expect(figures.percent(share)).toBe(text));
  test.each([
    [0, '00:00:00'],
    [59_999, '00:00:59'],
    [86_399_000, '23:59:59'],
    [273_127_000, '3d 03:52:07'],
    [-5, '00:00:00'],
  ])('uptime %d: %s', (ms, text) => expect(figures.uptime(ms)).toBe(text));
  test.each([
    ['2024-05-06T09:50:01.999Z', '09:50:01'],
    ['', '-'],
    ['soon', '-'],
  ])('clock %j: %s', (iso, text) => expect(figures.clock(iso)).toBe(text));
});

describe('bars', () => {
  test('have their width; something shows when there is something, and only what is full looks full', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 3, noNaN: true }), fc.integer({ min: 1, max: 60 }), (share, cells) => {
        for (const glyphs of [UNICODE, ASCII]) {
          const { filled, rest } = bar(share, cells, glyphs);
          expect(filled.length + rest.length).toBe(cells);
          expect(filled === '').toBe(share === 0);
          expect(filled === glyphs.full.repeat(cells)).toBe(share >= 1);
        }
      }),
    );
  });
  test('half a cell is the least step', () => {
    expect(bar(0.5, 5, UNICODE)).toEqual({ filled: '██▌', rest: '░░' });
    expect(bar(0.5, 5, ASCII)).toEqual({ filled: '##=', rest: '..' });
  });
});

test('a sparkline: newest at the right, unknown is blank, zero is the lowest, a trickle is more', () => {
  expect(sparkline([undefined, 0, 1, 500, 1000], 7, 1000, UNICODE)).toBe('   ▁▂▅█');
  expect(sparkline([undefined, 0, 1, 500, 1000], 4, 1000, ASCII)).toBe('_.=#');
  expect(sparkline([0, 0], 2, 0, UNICODE)).toBe('▁▁');
});

test.each([
  [{ LANG: 'en_US.UTF-8' }, 'linux', true],
  [{ LANG: 'C.utf8' }, 'linux', true],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, 'linux', false],
  [{ LANG: 'C', LC_CTYPE: 'de_DE.UTF-8' }, 'linux', true],
  [{ LANG: 'de_DE.ISO-8859-1' }, 'linux', false],
  [{}, 'linux', false],
  [{}, 'darwin', true],
  [{}, 'win32', true],
] as const)('%j on %s: UTF-8 %s', (env, platform, expected) => {
  expect(writesUnicode(env, platform)).toBe(expected);
});

describe('the screen', () => {
  const lines = (...texts: string[]): Line[] => texts.map((text) => [span(text)]);
  const over = () => {
    const written: string[] = [];
    return { written, screen: new Screen((text) => written.push(text), 'text') };
  };

  test('only what changed is written, in one synchronized update', () => {
    const { written, screen } = over();
    screen.enter();
    screen.draw(lines('one', 'two', 'three'));
    written.length = 0;
    screen.draw(lines('one', 'TWO', 'three'));
    expect(written).toEqual(['\x1b[?2026h\x1b[2;1HTWO\x1b[?2026l']);
    screen.draw(lines('one', 'TWO', 'three'));
    expect(written).toHaveLength(1);
    screen.forget();
    screen.draw(lines('one'));
    expect(written.slice(1)).toEqual(['\x1b[2J', '\x1b[?2026h\x1b[1;1Hone\x1b[?2026l']);
  });

  test('is given back once, whatever comes after; a terminal that is gone is no matter', () => {
    const { written, screen } = over();
    screen.draw(lines('not yet'));
    expect(written).toEqual([]);
    screen.enter();
    screen.leave();
    screen.leave();
    screen.draw(lines('too late'));
    expect(written).toHaveLength(2);
    expect(written[0]).toContain('\x1b[?1049h');
    expect(written[1]).toMatch(/\x1b\[\?25h\x1b\[\?1049l$/);
    let gone = false;
    const broken = new Screen(() => {
      if (gone) throw new Error('EIO');
    }, 'text');
    broken.enter();
    gone = true;
    expect(() => broken.leave()).not.toThrow();
  });
});

/** Whole screens as they should be: each stands in frames/ as text, a bar at the right edge. `UPDATE=1` writes them anew; then read them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { displayWidth, loadWidths } from '../../src/text/display-width.ts';
import { frame } from '../../src/top/frame.ts';
import type { Situation } from '../../src/top/header.ts';
import { press } from '../../src/top/keys.ts';
import type { Size } from '../../src/top/layout.ts';
import { paint, widthOf } from '../../src/top/line.ts';
import { plainLine } from '../../src/top/lines.ts';
import { lookAtAll } from '../../src/top/several.ts';
import { initialState, type State } from '../../src/top/state.ts';
import type { Look } from '../../src/top/trend.ts';
import {
  ASCII,
  busy,
  connector,
  type Drawn,
  event,
  looked,
  sceneOf,
  screen,
  snapshot,
  source,
  UNICODE,
} from './scene.ts';

let afternoon: Look;
beforeAll(async () => {
  await loadWidths(['漢']);
  afternoon = looked(busy, -1, 150);
});

const SMALL: Size = { columns: 80, rows: 24 };
const LARGE: Size = { columns: 200, rows: 50 };

/** The state after these keys. */
function typed(keys: readonly string[], scene: Situation, size: Size, from = initialState()): State {
  return keys.reduce((state, key) => press(state, key, frame(state, scene, size, UNICODE)).state, from);
}

async function looksLike(name: string, scene: Situation, size: Size, drawn: Drawn = {}): Promise<void> {
  const lines = await screen(scene, size, drawn);
  expect(lines).toHaveLength(size.rows);
  for (const line of lines) expect(displayWidth(line), line).toBe(size.columns);
  const file = join(import.meta.dirname, 'frames', `${name}.txt`);
  const text = lines.map((line) => `${line}|\n`).join('');
  if (process.env.UPDATE) writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

/** Names and addresses that try to do harm, or are wider than they are long. */
function wide(seconds: number) {
  return snapshot(seconds, {
    connectors: [
      connector('受信コネクタ 既定 フロントエンド', { connections: 95, limit: 100, sourceCount: 3 }),
      connector('Café 👩‍👩‍👧‍👧 relay é́', { connections: 100, limit: 100 }),
      connector('evil\x1b[31m\x07name\nsecond line', { connections: 1 }),
      connector('\u202etxt.exe and a name that is longer than any column that there is for it, by far', { limit: 0 }),
    ],
    sources: [
      source('2001:db8:1111:2222:3333:4444:5555:6666', '受信コネクタ 既定 フロントエンド', { connections: 20 }),
    ],
    events:
      seconds < 0
        ? [
            event(
              -1,
              17003,
              'tab\there, bell\x07, 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字',
            ),
          ]
        : [],
  });
}

function many(seconds: number) {
  return snapshot(seconds, {
    connectors: Array.from({ length: 300 }, (_, i) =>
      connector(`Tenant ${i + 1}`, { connections: (i * 37) % 100, limit: 100, accepted: i * seconds }),
    ),
    sources: Array.from({ length: 100 }, (_, i) => source(`10.0.${i}.9`, `Tenant ${i + 1}`, { connections: i % 21 })),
  });
}

describe('screens', () => {
  test('80x24', () => looksLike('80x24', sceneOf(afternoon), SMALL));
  test('200x50', () => looksLike('200x50', sceneOf(afternoon), LARGE));
  test('80x24 in ASCII', () => looksLike('80x24-ascii', sceneOf(afternoon), SMALL, { glyphs: ASCII }));
  test('the smallest, ASCII: only the panel that keys act on', () =>
    looksLike('60x12-ascii', sceneOf(afternoon), { columns: 60, rows: 12 }, { glyphs: ASCII }));
  test('too small says so', () => looksLike('40x10', sceneOf(afternoon), { columns: 40, rows: 10 }));
  test('names that are wide, or would do harm', () => looksLike('wide-names', sceneOf(looked(wide, -1, 2)), SMALL));
  test('the same on a large screen', () => looksLike('wide-names-large', sceneOf(looked(wide, -1, 2)), LARGE));
  test('the same in ASCII', () =>
    looksLike('wide-names-ascii', sceneOf(looked(wide, -1, 2)), SMALL, { glyphs: ASCII }));

  test('300 connectors, the cursor far down', () => {
    const scene = sceneOf(looked(many, 0, 3));
    return looksLike('many', scene, SMALL, { state: typed(['end', 'up', 'up', 'up'], scene, SMALL) });
  });
  test('one panel has the screen', () => {
    const scene = sceneOf(looked(many, 0, 3));
    return looksLike('zoomed', scene, SMALL, { state: typed(['tab', 'z', 'pagedown'], scene, SMALL) });
  });
  test('help', () => looksLike('help', sceneOf(afternoon), SMALL, { state: typed(['?'], sceneOf(afternoon), SMALL) }));
  test('help in ASCII', () =>
    looksLike('help-ascii', sceneOf(afternoon), SMALL, {
      glyphs: ASCII,
      state: typed(['?'], sceneOf(afternoon), SMALL),
    }));
  test('an event in full', () => {
    const scene = sceneOf(afternoon);
    return looksLike('event', scene, SMALL, { state: typed(['3', 'enter'], scene, SMALL) });
  });
  test('a connector with its sources', () => {
    const scene = sceneOf(afternoon);
    return looksLike('connector', scene, SMALL, { state: typed(['down', 'enter'], scene, SMALL) });
  });
  test('a source with its sessions', () => {
    const session = {
      ...{
        connector: 'Default Frontend EX',
        source: '192.0.2.77',
        local: '192.0.2.1:25',
        user: '',
        helo: 'app.fabrikam.com',
      },
      ...{ tls: true, messages: 12, bytes: 9000, bytesSent: 900, state: 'idle', since: '2024-05-06T09:50:10Z' },
    };
    const list = [
      { ...session, id: 'a', port: 40001, remote: '192.0.2.77:40001' },
      {
        ...session,
        id: 'b',
        port: 40002,
        remote: '192.0.2.77:40002',
        tls: false,
        state: 'message',
        user: 'scanner@contoso.com',
      },
    ];
    const scene = sceneOf(undefined, { shown: { look: afternoon, sessions: list } });
    return looksLike('source', scene, SMALL, { state: typed(['tab', 'enter'], scene, SMALL) });
  });
  test('a filter is being typed', () => {
    const scene = sceneOf(afternoon);
    return looksLike('filter', scene, SMALL, { state: typed(['/', ...'frontend'], scene, SMALL) });
  });
  test('a filter that is no pattern yet', () => {
    const scene = sceneOf(afternoon);
    return looksLike('filter-open', scene, SMALL, { state: typed(['/', ...'client[0-'], scene, SMALL) });
  });
  test('nothing matches', () => {
    const scene = sceneOf(afternoon);
    return looksLike('filter-nothing', scene, SMALL, { state: typed(['/', ...'xyz', 'enter'], scene, SMALL) });
  });
  test('a question before anybody is disconnected, while paused', () => {
    const scene = sceneOf(afternoon);
    return looksLike('question', scene, SMALL, { state: typed(['p', 'tab', 'd'], scene, SMALL) });
  });
  test('no listener yet', () =>
    looksLike('waiting', sceneOf(undefined, { gone: { since: '2024-05-06T09:52:31Z', why: '' } }), SMALL));
  test('the listener has gone', () =>
    looksLike('gone', sceneOf(afternoon, { gone: { since: '2024-05-06T09:52:31Z', why: '' } }), SMALL));
  test('a store that is refused, and bindings that cannot be opened', () => {
    const at = (seconds: number) =>
      snapshot(seconds, {
        connectors: [connector('Default Frontend EX'), connector('Submission')],
        status: {
          generation: { applied: 17, seen: 18 },
          lastError: 'store.json, line 12, column 3:\n  "abc" is not a whole number',
          failed: [
            {
              binding: '0.0.0.0:25',
              connectors: ['Default Frontend EX'],
              code: 'EACCES',
              advice: 'Ports below 1024 need a right.',
              since: '',
            },
            {
              binding: '0.0.0.0:587',
              connectors: ['Submission'],
              code: 'EADDRINUSE',
              advice: 'In use by another program.',
              since: '',
            },
          ],
        },
      });
    return looksLike('problems', sceneOf(looked(at, 0, 1)), SMALL);
  });
  test('several servers: which of them are ending', async () => {
    const looks = ['EX01', 'EX02', 'EX03'].map((server, i) => ({
      server,
      snapshot: snapshot(0, { connectors: [connector('Relay')], status: i ? { stopping: true } : {} }),
    }));
    const look = looked(() => lookAtAll(looks, [], []), 0, 1);
    const told = 'STOPPING on EX02, EX03';
    expect((await screen(sceneOf(look), SMALL)).join('\n')).toContain(`${told}: nobody is let in`);
    expect(plainLine(look, [], [])).toContain(told);
    const none = looked(() => lookAtAll(looks.slice(0, 1), [], []), 0, 1);
    expect((await screen(sceneOf(none), SMALL)).join('\n')).not.toContain('STOPPING');
  });
  test('a generation that is not applied yet, and a listener without connectors', () =>
    looksLike(
      'empty',
      sceneOf(looked((s) => snapshot(s, { status: { generation: { applied: 17, seen: 18 } } }), 0, 1)),
      SMALL,
    ));
});

describe('colour', () => {
  test('how close a limit is shows in colours, and in words without them', async () => {
    const colour = (await screen(sceneOf(afternoon), SMALL, { how: 'colour' })).join('\n');
    expect(colour).toContain('\x1b[1;31mFULL\x1b[0m');
    expect(colour).toContain('\x1b[33mnear\x1b[0m');
    expect(colour).toContain('\x1b[32mok\x1b[0m');
    const attributes = (await screen(sceneOf(afternoon), SMALL, { how: 'attributes' })).join('\n');
    expect(attributes).toContain('\x1b[1mFULL\x1b[0m');
    expect(attributes).not.toMatch(/\x1b\[[\d;]*\b[34]\d/); // NO_COLOR: bold and dim only
  });

  test('the same text with and without', async () => {
    const plain = await screen(sceneOf(afternoon), LARGE);
    for (const how of ['attributes', 'colour'] as const) {
      const painted = await screen(sceneOf(afternoon), LARGE, { how });
      expect(painted.map((line) => line.replace(/\x1b\[[\d;]*m/g, ''))).toEqual(plain);
    }
  });
});

describe('whatever is typed, at whatever size', () => {
  const KEYS = ['up', 'down', 'pageup', 'pagedown', 'home', 'end', 'tab', 'shift-tab', 'enter', 'escape', 'backspace'];
  const LETTERS = [...'sr<>z/p?dyjk123gGhx[*'];
  const looks: (() => Look)[] = [() => afternoon, () => looked(wide, -1, 2), () => looked(many, 0, 2)];

  test('a frame is exactly the screen, its text harmless, its rows within the list', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...looks),
        fc.array(fc.constantFrom(...KEYS, ...LETTERS), { maxLength: 25 }),
        fc.record({ columns: fc.integer({ min: 1, max: 220 }), rows: fc.integer({ min: 1, max: 60 }) }),
        fc.constantFrom(UNICODE, ASCII),
        (look, keys, size, glyphs) => {
          const scene = sceneOf(look());
          let state = initialState();
          for (const key of keys) {
            const drawn = frame(state, scene, size, glyphs);
            expect(drawn.lines).toHaveLength(size.rows);
            for (const line of drawn.lines) {
              const text = paint(line, 'text');
              expect(widthOf(line)).toBe(size.columns);
              expect(displayWidth(text)).toBe(size.columns);
              expect(text).not.toMatch(glyphs.ascii ? /[^\x20-\x7e]/ : /[\x00-\x1f\x7f-\x9f\u202e]/);
            }
            for (const { rows, selected } of drawn.panels) expect(selected).toBeLessThan(Math.max(1, rows.length));
            state = press(state, key, drawn).state;
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

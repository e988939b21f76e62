/** What each key does, on made-up looks; and which key a terminal's bytes are. */
import { PassThrough } from 'node:stream';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadWidths } from '../../src/text/display-width.ts';
import { frame } from '../../src/top/frame.ts';
import { Keyboard } from '../../src/top/keyboard.ts';
import { type Effect, press } from '../../src/top/keys.ts';
import { initialState, type State, viewOf } from '../../src/top/state.ts';
import type { Look } from '../../src/top/trend.ts';
import { until } from '../support/until.ts';
import { busy, connector, looked, sceneOf, snapshot, UNICODE } from './scene.ts';

const SIZE = { columns: 80, rows: 24 };
let afternoon: Look;
beforeAll(async () => {
  await loadWidths(['漢']);
  afternoon = looked(busy, -1, 3);
});

interface Typed {
  readonly state: State;
  readonly effect: Effect | undefined;
  /** Of the panel that keys act on: its rows in their order, by name, address, event or session. */
  readonly rows: readonly string[];
  readonly cursor: string | undefined;
}

function type(keys: readonly string[], look: Look = afternoon, from: State = initialState()): Typed {
  let state = from;
  let effect: Effect | undefined;
  const draw = () => frame(state, sceneOf(look), SIZE, UNICODE);
  for (const key of keys) ({ state, effect } = { effect: undefined, ...press(state, key, draw()) });
  const panel = draw().panels.find((p) => p.name === state.panel);
  const nameOf = (row: { name?: string; address?: string; key?: string }) => row.name ?? row.address ?? row.key ?? '';
  const rows = (panel?.rows ?? []).map((row) => nameOf(row));
  return { state, effect, rows, cursor: rows[panel?.selected ?? 0] };
}

const BY_USE = ['Client Frontend EX', 'Default Frontend EX', 'Old partner', 'Relay for scanners'];

describe('the cursor', () => {
  test.each([
    [['j'], 'Default Frontend EX'],
    [['down', 'down'], 'Old partner'],
    [['down', 'down', 'k'], 'Default Frontend EX'],
    [['up'], 'Client Frontend EX'],
    [['end'], 'Relay for scanners'],
    [['G', 'g'], 'Client Frontend EX'],
    [['pagedown'], 'Relay for scanners'],
    [['end', 'pageup'], 'Client Frontend EX'],
    [['x'], 'Client Frontend EX'],
  ])('%j: %s', (keys, cursor) => expect(type(keys).cursor).toBe(cursor));

  test('stays on its row when the order changes around it', () => {
    const { state } = type(['down']);
    const after = looked(
      (s) => snapshot(s, { connectors: ['A', 'Default Frontend EX'].map((n) => connector(n)) }),
      0,
      1,
    );
    const busyNow = snapshot(9, {
      connectors: [connector('A', { connections: 9 }), connector('Default Frontend EX', { connections: 5000 })],
    });
    expect(type([], after, state).cursor).toBe('Default Frontend EX');
    expect(
      type(
        [],
        looked(() => busyNow, 0, 0),
        state,
      ).cursor,
    ).toBe('Default Frontend EX');
  });

  test('at the top it stays at the top, whatever comes to stand there', () => {
    const { state } = type(['down', 'up']);
    const other = looked((s) => snapshot(s, { connectors: [connector('New', { connections: 4999 })] }), 0, 1);
    expect(type([], other, state).cursor).toBe('New');
  });

  test('goes to the row that took the place of one that is gone', () => {
    const { state } = type(['down', 'down']);
    const without = busy(4).status.connectors.filter((c) => c.name !== 'Old partner');
    const look = looked((s) => snapshot(s, { connectors: without }), 0, 1);
    expect(type([], look, state).cursor).toBe('Relay for scanners');
  });
});

describe('panels and orders', () => {
  test.each([
    [['tab'], 'sources'],
    [['tab', 'tab'], 'events'],
    [['tab', 'tab', 'tab'], 'connectors'],
    [['shift-tab'], 'events'],
    [['2'], 'sources'],
    [['3', '1'], 'connectors'],
  ])('%j: %s', (keys, panel) => expect(type(keys).state.panel).toBe(panel));

  test.each([
    [[], BY_USE],
    [['r'], ['Relay for scanners', 'Old partner', 'Default Frontend EX', 'Client Frontend EX']],
    [['s'], ['Default Frontend EX', 'Client Frontend EX', 'Relay for scanners', 'Old partner']],
    [['<'], ['Client Frontend EX', 'Default Frontend EX', 'Old partner', 'Relay for scanners']],
    [
      ['>', '>', '>'],
      ['Default Frontend EX', 'Client Frontend EX', 'Old partner', 'Relay for scanners'],
    ],
  ])('%j sorts connectors', (keys, rows) => expect(type(keys).rows).toEqual(rows));

  test('addresses sort by their numbers', () => {
    const { rows } = type([], afternoon, { ...initialState({ sort: 'name' }), panel: 'sources' });
    expect(rows).toEqual([
      '10.0.0.9',
      '10.0.0.10',
      '192.0.2.77',
      '198.51.100.9',
      '203.0.113.200',
      '2001:db8:12:34::56',
    ]);
  });

  test('--sort refused', () => {
    expect(type([], afternoon, initialState({ sort: 'refused' })).rows[0]).toBe('Default Frontend EX');
  });
});

describe('the filter', () => {
  const filtered = (text: string) => type(['/', ...text, 'enter']);
  test.each([
    ['frontend', ['Client Frontend EX', 'Default Frontend EX']],
    ['*EX', ['Client Frontend EX', 'Default Frontend EX']],
    ['?ld*', ['Old partner']],
    ['[cr]*', ['Client Frontend EX', 'Relay for scanners']],
    ['587', ['Client Frontend EX']],
    ['nobody', []],
    ['[', BY_USE],
  ])('%s', (text, rows) => {
    const { state, rows: shown } = filtered(text);
    expect(shown).toEqual(rows);
    expect(state.typing).toBe(false);
  });

  test('acts while it is typed; letters are letters then', () => {
    const { state, rows, effect } = type(['/', ...'relay q']);
    expect({ typing: state.typing, filter: state.filter, effect, rows }).toEqual({
      ...{ typing: true, filter: 'relay q', effect: undefined, rows: [] },
    });
    expect(type(['/', ...'relay q', 'backspace', 'backspace']).rows).toEqual(['Relay for scanners']);
    expect(type(['/', ...'one two', 'ctrl-w']).state.filter).toBe('one ');
    expect(type(['/', ...'one two', 'ctrl-u']).state.filter).toBe('');
    expect(type(['/', ...'漢字', 'backspace']).state.filter).toBe('漢');
  });

  test('Esc clears it, while it is typed and later; one Backspace too many leaves it', () => {
    expect(type(['/', 'x', 'escape']).state).toMatchObject({ filter: '', typing: false });
    expect(type(['/', 'x', 'enter', 'escape']).state).toMatchObject({ filter: '', typing: false });
    expect(type(['/', 'x', 'backspace', 'backspace']).state).toMatchObject({ filter: '', typing: false });
  });
});

describe('going in and back', () => {
  test('a connector opens on its sources, a source on its sessions; Esc goes back to where one was', () => {
    const inside = type(['down', 'enter']);
    expect(viewOf(inside.state)).toEqual({
      kind: 'connector',
      guid: 'guid of Default Frontend EX',
      name: 'Default Frontend EX',
    });
    expect(inside.rows).toEqual(['192.0.2.77', '2001:db8:12:34::56']);
    const source = type(['down', 'enter', 'enter']);
    expect(viewOf(source.state)).toMatchObject({ kind: 'source', address: '192.0.2.77' });
    expect(source.state.panel).toBe('sessions');
    expect(viewOf(type(['down', 'enter', 'enter', 'escape']).state).kind).toBe('connector');
    const back = type(['down', 'enter', 'enter', 'escape', 'escape']);
    expect(back.state.panel).toBe('connectors');
    expect(back.cursor).toBe('Default Frontend EX');
    expect(type(['escape', 'escape']).state.views).toHaveLength(1);
  });

  test('events of a connector are those that name it', () => {
    expect(type(['down', 'enter', 'tab']).rows).toHaveLength(1);
    expect(type(['3']).rows).toHaveLength(4);
  });

  test('the zoom and the filter go before the view does', () => {
    const keys = ['enter', 'z', '/', 'x', 'enter'];
    expect(type([...keys, 'escape']).state).toMatchObject({ zoomed: false, filter: 'x' });
    expect(type([...keys, 'escape', 'escape']).state).toMatchObject({ filter: '', views: [{}, {}] });
    expect(type([...keys, 'escape', 'escape', 'escape']).state.views).toHaveLength(1);
  });

  test('help and an event close with any key, which does nothing else', () => {
    expect(type(['?', 'j']).state.overlay).toBeUndefined();
    expect(type(['?', 'j']).cursor).toBe('Client Frontend EX');
    expect(type(['?', 'q']).effect).toBeUndefined();
    expect(type(['3', 'enter']).state.overlay).toEqual({ event: '4' });
    expect(type(['3', 'enter', 'q']).effect).toEqual({ kind: 'quit' });
  });
});

describe('disconnecting', () => {
  test('only y does it', () => {
    const asked = type(['2', 'd']);
    expect(asked.state.question).toMatchObject({
      what: 'source',
      address: '192.0.2.77',
      guid: 'guid of Default Frontend EX',
    });
    expect(asked.effect).toBeUndefined();
    for (const key of ['n', 'enter', 'escape', ' ', 'd', 'q']) {
      const { state, effect } = type(['2', 'd', key]);
      expect({ key, effect, question: state.question }).toEqual({ key, effect: undefined, question: undefined });
      expect(state.notice?.text).toBe('Nobody was disconnected.');
    }
    expect(type(['2', 'd', 'y']).effect).toMatchObject({ kind: 'disconnect', which: { address: '192.0.2.77' } });
    expect(type(['2', 'd', 'ctrl-c']).effect).toEqual({ kind: 'quit' });
  });

  test('what cannot be disconnected says so, and the next key takes that away', () => {
    expect(type(['d']).state).toMatchObject({ question: undefined, notice: { bad: false } });
    expect(type(['d', 'j']).state.notice).toBeUndefined();
    const refusedOnly = type(['2', 'end', 'd']);
    expect(refusedOnly.state.question).toBeUndefined();
    expect(refusedOnly.state.notice?.text).toBe('203.0.113.200 has no session open.');
  });
});

test.each([
  ['q', 'quit'],
  ['ctrl-c', 'quit'],
  ['ctrl-z', 'suspend'],
  ['ctrl-l', 'redraw'],
])('%s: %s', (key, kind) => expect(type([key]).effect).toEqual({ kind }));

test('p stops and goes on', () => {
  expect(type(['p']).state.paused).toBe(true);
  expect(type(['p', ' ']).state.paused).toBe(false);
});

describe('bytes of a terminal', () => {
  test.each([
    ['\x1b[A', 'up'],
    ['\x1bOA', 'up'],
    ['\x1b[B', 'down'],
    ['\x1b[5~', 'pageup'],
    ['\x1b[6~', 'pagedown'],
    ['\x1b[H', 'home'],
    ['\x1b[1~', 'home'],
    ['\x1bOF', 'end'],
    ['\t', 'tab'],
    ['\x1b[Z', 'shift-tab'],
    ['\r', 'enter'],
    ['\n', 'enter'],
    ['\x7f', 'backspace'],
    ['\b', 'backspace'],
    ['\x03', 'ctrl-c'],
    ['\x1a', 'ctrl-z'],
    ['\x0c', 'ctrl-l'],
    ['\x1b', 'escape'],
    ['q', 'q'],
    ['G', 'G'],
    ['<', '<'],
    ['?', '?'],
    ['1', '1'],
    [' ', ' '],
    ['漢', '漢'],
  ])('%j is %s', async (bytes, key) => {
    const input = new PassThrough();
    const heard: string[] = [];
    const keyboard = new Keyboard(input, (name) => heard.push(name));
    keyboard.start();
    input.write(bytes);
    await until('a key', () => heard.length > 0);
    expect(heard).toEqual([key]);
    keyboard.close();
  });

  test('Alt with a letter is not the letter', async () => {
    const input = new PassThrough();
    const heard: string[] = [];
    const keyboard = new Keyboard(input, (name) => heard.push(name));
    keyboard.start();
    input.write('\x1bdq');
    await until('the key after it', () => heard.length > 0);
    expect(heard).toEqual(['q']);
    keyboard.close();
  });
});

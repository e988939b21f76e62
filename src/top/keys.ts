/** What a key does: from one state to the next, and what is to be done outside. */
import type { Panel } from './arrange.ts';
import { type Heights, scrolled } from './layout.ts';
import type { SessionRow, SourceRow } from './rows.ts';
import { type Disconnection, type PanelState, type State, viewOf } from './state.ts';
import { connectorOf, type PanelName } from './tables.ts';

export type Effect =
  | { readonly kind: 'quit' }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'redraw' }
  | { readonly kind: 'disconnect'; readonly which: Disconnection };

interface Pressed {
  readonly state: State;
  readonly effect?: Effect;
}

interface Around {
  readonly panels: readonly Panel[];
  readonly heights: Heights;
}

/**
 * A key by its name (`up`, `pagedown`, `enter`, `escape`, `tab`, `ctrl-c`, …) or, for one that types, its character.
 * Unknown ones do nothing.
 */
export function press(before: State, key: string, around: Around): Pressed {
  if (key === 'ctrl-c') return { state: before, effect: { kind: 'quit' } };
  if (key === 'ctrl-z') return { state: before, effect: { kind: 'suspend' } };
  if (key === 'ctrl-l') return { state: before, effect: { kind: 'redraw' } };
  const state: State = before.notice ? { ...before, notice: undefined } : before;
  if (state.question) return answered(state, key);
  if (state.typing) return { state: typed(state, key) };
  if (state.overlay) return overlayKey(state, key);
  return COMMANDS[key]?.(state, around) ?? { state };
}

/** Only y does it: Enter typed ahead must not cut anybody off. */
function answered(state: State, key: string): Pressed {
  const next: State = { ...state, question: undefined };
  if (key === 'y' || key === 'Y') return { state: next, effect: { kind: 'disconnect', which: state.question! } };
  return { state: { ...next, notice: { text: 'Nobody was disconnected.', bad: false } } };
}

function overlayKey(state: State, key: string): Pressed {
  if (key === 'q' && state.overlay !== 'help') return { state, effect: { kind: 'quit' } };
  return { state: { ...state, overlay: undefined } };
}

function typed(state: State, key: string): State {
  switch (key) {
    case 'enter':
      return { ...state, typing: false };
    case 'escape':
      return fromTop({ ...state, filter: '', typing: false });
    case 'backspace':
      // One more at the beginning gives up typing, as in a pager.
      if (state.filter === '') return { ...state, typing: false };
      return fromTop({ ...state, filter: [...state.filter].slice(0, -1).join('') });
    case 'ctrl-u':
      return fromTop({ ...state, filter: '' });
    case 'ctrl-w':
      return fromTop({ ...state, filter: state.filter.replace(/\S+\s*$/, '') });
    default:
      return types(key) && state.filter.length < 100 ? fromTop({ ...state, filter: state.filter + key }) : state;
  }
}

function types(key: string): boolean {
  return [...key].length === 1 && key >= ' ' && key !== '\x7f';
}

function fromTop(state: State): State {
  const panels = Object.fromEntries(
    Object.entries(state.panels).map(([name, panel]) => [name, { ...panel, selected: undefined, index: 0, top: 0 }]),
  ) as Record<PanelName, PanelState>;
  return { ...state, panels };
}

function inPanel(state: State, change: Partial<PanelState>): State {
  return { ...state, panels: { ...state.panels, [state.panel]: { ...state.panels[state.panel], ...change } } };
}

function active({ panel }: State, { panels }: Around): Panel | undefined {
  return panels.find((p) => p.name === panel);
}

type Command = (state: State, around: Around) => Pressed;

/** The cursor goes to another row; at the first one it stays at the top, whatever comes to stand there. */
function move(by: (selected: number, height: number, count: number) => number): Command {
  return (state, around) => {
    const panel = active(state, around);
    if (!panel?.rows.length) return { state };
    const { rows, selected } = panel;
    const height = around.heights.get(panel.name) ?? 1;
    const index = Math.max(0, Math.min(rows.length - 1, by(selected, height, rows.length)));
    const top = scrolled(state.panels[panel.name].top, index, rows.length, height);
    return { state: inPanel(state, { index, top, selected: index === 0 ? undefined : rows[index]!.key }) };
  };
}

function panelBy(step: number): Command {
  return (state, { panels }) => {
    const at = panels.findIndex((p) => p.name === state.panel);
    const next = panels[(at + step + panels.length) % panels.length];
    return { state: next ? { ...state, panel: next.name } : state };
  };
}

function sortBy(step: number): Command {
  return (state, around) => {
    const panel = active(state, around);
    if (!panel) return { state };
    const names = panel.table.orders.map((order) => order.name);
    const at = Math.max(0, names.indexOf(state.panels[panel.name].order));
    const order = names[(at + step + names.length) % names.length]!;
    return { state: inPanel(state, { order, reversed: false, selected: undefined, index: 0, top: 0 }) };
  };
}

const reverse: Command = (state) => ({
  state: inPanel(state, { reversed: !state.panels[state.panel].reversed, selected: undefined, index: 0, top: 0 }),
});

function numbered(n: number): Command {
  return (state, { panels }) => ({ state: panels[n - 1] ? { ...state, panel: panels[n - 1]!.name } : state });
}

/** A connector opens on its sources, a source on its sessions, an event in full. */
const enter: Command = (state, around) => {
  const panel = active(state, around);
  const row = panel?.rows[panel.selected];
  if (!panel || !row) return { state };
  switch (panel.name) {
    case 'connectors':
      return {
        state: into(
          state,
          { kind: 'connector', guid: row.key, name: (row as { name?: string }).name ?? '' },
          'sources',
        ),
      };
    case 'sources': {
      const { guid, connector: name, address } = row as SourceRow;
      return { state: into(state, { kind: 'source', guid, name, address }, 'sessions') };
    }
    case 'events':
      return { state: { ...state, overlay: { event: row.key } } };
    default:
      return { state };
  }
};

function into(state: State, view: State['views'][number], panel: PanelName): State {
  const fresh = { ...state.panels[panel], selected: undefined, index: 0, top: 0 };
  return {
    ...state,
    views: [...state.views, view],
    panel,
    panels: { ...state.panels, [panel]: fresh },
    filter: '',
    zoomed: false,
  };
}

/** Back one step: the zoom, then the filter, then the view. */
const back: Command = (state) => {
  if (state.zoomed) return { state: { ...state, zoomed: false } };
  if (state.filter) return { state: fromTop({ ...state, filter: '' }) };
  if (state.views.length === 1) return { state };
  const left = viewOf(state);
  const views = state.views.slice(0, -1);
  const panel: PanelName = left.kind === 'source' ? 'sources' : 'connectors';
  return { state: { ...state, views, panel } };
};

const disconnect: Command = (state, around) => {
  const panel = active(state, around);
  const row = panel?.rows[panel.selected];
  const nobody = (text: string): Pressed => ({ state: { ...state, notice: { text, bad: false } } });
  if (panel?.name === 'sessions' && row) {
    const { id, remote } = (row as SessionRow).session;
    return { state: { ...state, question: { what: 'session', id, about: `the session of ${remote}` } } };
  }
  if (panel?.name === 'sources' && row) {
    const { address, guid, connector, connections } = row as SourceRow;
    if (!connections) return nobody(`${address} has no session open.`);
    const about = `${connections === 1 ? 'the session' : `all ${connections} sessions`} of ${address} on ${connectorOf(row as SourceRow)}`;
    return { state: { ...state, question: { what: 'source', address, guid, connector, about: about } } };
  }
  return nobody('Choose a source or a session first (Tab goes to the next panel).');
};

const quit: Command = (state) => ({ state, effect: { kind: 'quit' } });

const COMMANDS: Readonly<Record<string, Command | undefined>> = Object.assign(Object.create(null), {
  q: quit,
  Q: quit,
  up: move((at) => at - 1),
  k: move((at) => at - 1),
  down: move((at) => at + 1),
  j: move((at) => at + 1),
  pageup: move((at, height) => at - height),
  'ctrl-b': move((at, height) => at - height),
  pagedown: move((at, height) => at + height),
  'ctrl-f': move((at, height) => at + height),
  home: move(() => 0),
  g: move(() => 0),
  end: move((_at, _height, count) => count - 1),
  G: move((_at, _height, count) => count - 1),
  tab: panelBy(1),
  'shift-tab': panelBy(-1),
  1: numbered(1),
  2: numbered(2),
  3: numbered(3),
  s: sortBy(1),
  '>': sortBy(1),
  '<': sortBy(-1),
  r: reverse,
  z: (state) => ({ state: { ...state, zoomed: !state.zoomed } }),
  p: (state) => ({ state: { ...state, paused: !state.paused } }),
  ' ': (state) => ({ state: { ...state, paused: !state.paused } }),
  '/': (state) => ({ state: { ...state, typing: true } }),
  '?': (state) => ({ state: { ...state, overlay: 'help' } }),
  h: (state) => ({ state: { ...state, overlay: 'help' } }),
  d: disconnect,
  enter,
  right: enter,
  escape: back,
  left: back,
  backspace: back,
} satisfies Record<string, Command>);

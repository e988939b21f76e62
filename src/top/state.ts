/** What the person has chosen: where he looks, how each panel is sorted, what is filtered, what is asked. Pure values; keys.ts changes them. */
import type { PanelName } from './tables.ts';

/** Everything; one connector with its sources; one source with its sessions. */
export type View =
  | { readonly kind: 'all' }
  | { readonly kind: 'connector'; readonly guid: string; readonly name: string }
  | { readonly kind: 'source'; readonly guid: string; readonly name: string; readonly address: string };

export interface PanelState {
  /** Name of the order. */
  readonly order: string;
  readonly reversed: boolean;
  /** Key of the row that keys act on; `undefined`: the first, whichever that is. */
  readonly selected: string | undefined;
  /** Where it stood last: what is selected when it has gone. */
  readonly index: number;
  /** The first row shown. */
  readonly top: number;
}

/** Which sessions are to be ended: one, or all of a source on a connector. */
export type Disconnection =
  | { readonly what: 'session'; readonly id: string; readonly about: string }
  | {
      readonly what: 'source';
      readonly address: string;
      readonly guid: string;
      readonly connector: string;
      readonly about: string;
    };

export interface State {
  /** The last one is shown; Esc goes back. */
  readonly views: readonly View[];
  readonly panel: PanelName;
  readonly panels: Readonly<Record<PanelName, PanelState>>;
  /** The active panel alone. */
  readonly zoomed: boolean;
  readonly filter: string;
  /** The filter is being typed. */
  readonly typing: boolean;
  readonly paused: boolean;
  readonly overlay: 'help' | { readonly event: string } | undefined;
  /** Waits for y. */
  readonly question: Disconnection | undefined;
  /** What came of a key, shown until the next one. */
  readonly notice: { readonly text: string; readonly bad: boolean } | undefined;
}

export function initialState(
  options: { readonly sort?: string | undefined; readonly filter?: string | undefined } = {},
): State {
  const panel = (order: string): PanelState => ({ order, reversed: false, selected: undefined, index: 0, top: 0 });
  const sort = options.sort ?? 'use';
  return {
    views: [{ kind: 'all' }],
    panel: 'connectors',
    panels: { connectors: panel(sort), sources: panel(sort), sessions: panel('since'), events: panel('time') },
    zoomed: false,
    filter: options.filter ?? '',
    typing: false,
    paused: false,
    overlay: undefined,
    question: undefined,
    notice: undefined,
  };
}

export function viewOf(state: State): View {
  return state.views.at(-1)!;
}

const PANELS: Readonly<Record<View['kind'], readonly PanelName[]>> = {
  all: ['connectors', 'sources', 'events'],
  connector: ['sources', 'events'],
  source: ['sessions', 'events'],
};

/** The panels of the view, from top to bottom. */
export function panelsOf(state: State): readonly PanelName[] {
  return PANELS[viewOf(state).kind];
}

/** `rc top` on a terminal: follows the listener, draws what it sees, acts on keys. What is of the process is handed in. */

import { disconnectSession, type SessionStatus } from '../control/listener-client.ts';
import { loadWidths } from '../text/display-width.ts';
import { arrange, type Shown } from './arrange.ts';
import { type Frame, frame } from './frame.ts';
import type { Situation } from './header.ts';
import { Keyboard, type KeyInput } from './keyboard.ts';
import { press } from './keys.ts';
import type { Size } from './layout.ts';
import type { Painting } from './line.ts';
import type { TopOptions } from './options.ts';
import { Screen } from './screen.ts';
import { type Disconnection, initialState, type State, viewOf } from './state.ts';
import { Trend } from './trend.ts';

/** The terminal, as the process has it. */
export interface Terminal {
  readonly input: KeyInput;
  size(): Size;
  readonly painting: Painting;
  /** Calls back when the size changed; gives the way to stop it. */
  onResize(changed: () => void): () => void;
  /** Signals that end, stop and continue; gives the way to stop it. */
  onSignals(heard: (what: 'end' | 'stop' | 'continue', signal: NodeJS.Signals) => void): () => void;
  /** Stops the process until it is continued; `group`: with all that stand in the foreground, as Ctrl-Z does. */
  suspend(group: boolean): void;
}

/** Sessions of a source are asked for no oftener than this: there may be thousands. */
const SESSIONS_EVERY_MS = 2000;

/** Until q, or a signal that ends, which is given back. @throws what the terminal throws */
export async function runScreen(options: TopOptions, terminal: Terminal): Promise<NodeJS.Signals | undefined> {
  await loadWidths(['漢']);
  return new Top(options, terminal).run();
}

class Top {
  readonly #options: TopOptions;
  readonly #terminal: Terminal;
  readonly #screen: Screen;
  readonly #keyboard: Keyboard;
  readonly #end = new AbortController();
  readonly #trend = new Trend();
  #state: State;
  #server = '';
  #shown: Shown | undefined;
  /** What is shown while it is paused. */
  #frozen: Shown | undefined;
  #gone: Situation['gone'];
  #frame: Frame | undefined;
  #signal: NodeJS.Signals | undefined;
  #failure: { readonly error: unknown } | undefined;
  #drawing = false;
  #suspended = false;
  #sessions: { view: string; at: number; list: readonly SessionStatus[] | undefined; asking: boolean } | undefined;

  constructor(options: TopOptions, terminal: Terminal) {
    this.#options = options;
    this.#terminal = terminal;
    this.#state = initialState(options);
    this.#server = options.server();
    this.#screen = new Screen((text) => options.write(text), terminal.painting);
    this.#keyboard = new Keyboard(terminal.input, (key) => this.#guarded(() => this.#press(key)));
  }

  async run(): Promise<NodeJS.Signals | undefined> {
    const restore = () => this.#restore();
    const lost = () => this.#end.abort();
    const stopResize = this.#terminal.onResize(() => this.#guarded(() => this.#redraw()));
    const stopSignals = this.#terminal.onSignals((what, signal) => this.#guarded(() => this.#heard(what, signal)));
    // Whatever ends the process, the terminal is given back first.
    process.on('exit', restore);
    process.on('uncaughtExceptionMonitor', restore);
    this.#terminal.input.on('end', lost).on('error', lost);
    try {
      this.#screen.enter();
      this.#keyboard.start();
      this.#draw();
      await this.#follow();
    } finally {
      this.#keyboard.close();
      this.#restore();
      stopResize();
      stopSignals();
      process.off('exit', restore).off('uncaughtExceptionMonitor', restore);
      this.#terminal.input.off('end', lost).off('error', lost);
    }
    if (this.#failure) throw this.#failure.error;
    return this.#signal;
  }

  async #follow(): Promise<void> {
    const { follow, server, wanted } = this.#options;
    for await (const news of follow(this.#end.signal)) {
      if (this.#end.signal.aborted) return;
      if (news.kind === 'look') {
        if (news.first) this.#server = server();
        this.#gone = undefined;
        const look = this.#trend.observe(news.snapshot, news.first);
        this.#shown = { look, sessions: undefined, wanted };
        this.#askSessions();
        if (this.#state.paused) continue;
      } else {
        this.#trend.miss();
        this.#gone = { since: this.#gone?.since ?? new Date().toISOString(), why: news.why };
      }
      this.#guarded(() => this.#draw());
    }
  }

  /** What a key, a signal or a drawing throws ends the run, not the process with a terminal in disorder. */
  #guarded(work: () => void): void {
    if (this.#end.signal.aborted) return;
    try {
      work();
    } catch (error) {
      this.#failure = { error };
      this.#end.abort();
    }
  }

  #restore(): void {
    this.#keyboard.stop();
    this.#screen.leave();
  }

  #situation(): Situation {
    const { home, everyMs } = this.#options;
    const shown = this.#state.paused ? this.#frozen : this.#shown;
    const list = this.#sessions && this.#sessions.view === keyOf(this.#state) ? this.#sessions.list : undefined;
    return {
      server: this.#server,
      home: home.folder,
      everyMs,
      shown: shown && { ...shown, sessions: list },
      gone: this.#gone,
    };
  }

  #draw(): void {
    this.#frame = frame(this.#state, this.#situation(), this.#terminal.size(), this.#options.glyphs);
    this.#screen.draw(this.#frame.lines);
  }

  /** After all keys that have come at once. */
  #drawSoon(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    setImmediate(() => {
      this.#drawing = false;
      this.#guarded(() => this.#draw());
    });
  }

  #redraw(): void {
    this.#screen.forget();
    this.#draw();
  }

  #press(key: string): void {
    // Keys typed ahead act on what the ones before them made, which may not be drawn yet.
    const situation = this.#situation();
    const panels = situation.shown && this.#frame?.panels.length ? arrange(this.#state, situation.shown) : [];
    const before = this.#state;
    const { state, effect } = press(before, key, { panels, heights: this.#frame?.heights ?? new Map() });
    this.#state = state;
    if (state.paused && !before.paused) this.#frozen = this.#shown;
    if (viewOf(state) !== viewOf(before)) this.#askSessions();
    if (effect?.kind === 'quit') this.#end.abort();
    else if (effect?.kind === 'suspend') this.#suspend(true);
    else if (effect?.kind === 'redraw') this.#redraw();
    else if (effect?.kind === 'disconnect') void this.#disconnect(effect.which);
    this.#drawSoon();
  }

  #heard(what: 'end' | 'stop' | 'continue', signal: NodeJS.Signals): void {
    if (what === 'end') {
      this.#signal = signal;
      this.#end.abort();
    } else if (what === 'stop') this.#suspend(false);
    else this.#resume();
  }

  #suspend(group: boolean): void {
    this.#suspended = true;
    this.#restore();
    this.#terminal.suspend(group);
    // Nothing may have stopped us (an orphaned process group): go on at once then.
    setTimeout(() => this.#suspended && this.#guarded(() => this.#resume()), 50);
  }

  /** Also after a stop that nobody announced: the shell has changed the terminal meanwhile. */
  #resume(): void {
    this.#suspended = false;
    this.#restore();
    this.#keyboard.start();
    this.#screen.enter();
    this.#draw();
  }

  /** Keeps the sessions of the source that is looked at, asked for anew when they are old. */
  #askSessions(): void {
    const view = viewOf(this.#state);
    if (view.kind !== 'source') return;
    const key = keyOf(this.#state);
    if (this.#sessions?.view !== key)
      this.#sessions = { view: key, at: Number.NEGATIVE_INFINITY, list: undefined, asking: false };
    const mine = this.#sessions;
    if (mine.asking || performance.now() - mine.at < SESSIONS_EVERY_MS) return;
    mine.asking = true;
    void this.#options
      .sessions()
      .catch(() => undefined)
      .then((all) => {
        mine.asking = false;
        mine.at = performance.now();
        mine.list = (all ?? []).filter(
          (s) => s.source === view.address && s.connector === this.#nameOf(view.guid, view.name),
        );
        if (this.#sessions === mine) this.#guarded(() => this.#draw());
      });
  }

  /** The connector's name as it is now. */
  #nameOf(guid: string, before: string): string {
    return this.#shown?.look.snapshot.status.connectors.find((c) => c.guid === guid)?.name ?? before;
  }

  async #disconnect(which: Disconnection): Promise<void> {
    let notice: State['notice'];
    try {
      const ended = await this.#ended(which);
      const text = ended === 1 ? '1 session ends' : `${ended} sessions end`;
      notice = ended
        ? { text: `${text}: ${which.about}. A message that is under way is finished first.`, bad: false }
        : this.#shown?.look.snapshot.several
          ? { text: `Not on this server, whose sessions alone can be ended here: ${which.about}.`, bad: true }
          : { text: `Not there any more: ${which.about}.`, bad: false };
    } catch (error) {
      notice = { text: (error as Error).message, bad: true };
    }
    this.#guarded(() => {
      this.#state = { ...this.#state, notice };
      if (this.#sessions) this.#sessions.at = Number.NEGATIVE_INFINITY;
      this.#draw();
    });
  }

  /** How many sessions were told to end. */
  async #ended(which: Disconnection): Promise<number> {
    const { home } = this.#options;
    if (which.what === 'session') return (await disconnectSession(home, which.id, false)) === 'ending' ? 1 : 0;
    const name = this.#nameOf(which.guid, which.connector);
    const ids = ((await this.#options.sessions()) ?? []).filter(
      (s) => s.source === which.address && s.connector === name,
    );
    let ended = 0;
    const left = ids.values();
    const worker = async () => {
      for (const { id } of left) if ((await disconnectSession(home, id, false)) === 'ending') ended++;
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    return ended;
  }
}

function keyOf(state: State): string {
  const view = viewOf(state);
  return view.kind === 'source' ? `${view.guid} ${view.address}` : '';
}

/** Keys by the names that keys.ts knows. node:readline reads the terminal's sequences; raw mode, so that every key comes at once. */
import { emitKeypressEvents } from 'node:readline';
import type { Readable } from 'node:stream';

export interface KeyInput extends Readable {
  setRawMode?(on: boolean): unknown;
}

interface KeypressKey {
  readonly name?: string;
  readonly sequence?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly shift?: boolean;
}

const NAMES: Readonly<Record<string, string | undefined>> = { return: 'enter', enter: 'enter', space: ' ' };

/** How long after an Esc more of a sequence may come, in milliseconds: over a slow line they come apart. */
const ESCAPE_MS = 100;

declare module 'node:readline' {
  /** Of an interface it takes nothing but how long it waits (lib/internal/readline/emitKeypressEvents.js). */
  function emitKeypressEvents(stream: NodeJS.ReadableStream, settings: { readonly escapeCodeTimeout: number }): void;
}

/** The name of a key: `up`, `ctrl-c`, `shift-tab`, or the character typed; `undefined` for what is no key of ours (Alt and others). */
function keyName(text: string | undefined, key: KeypressKey): string | undefined {
  const name = key.name ?? '';
  if (key.ctrl && /^[a-z]$/.test(name)) return `ctrl-${name}`;
  if (key.meta) return name === 'escape' ? 'escape' : undefined;
  if (name === 'tab') return key.shift ? 'shift-tab' : 'tab';
  if (NAMES[name]) return NAMES[name];
  if (text !== undefined && [...text].length === 1 && text >= ' ' && text !== '\x7f') return text;
  return name.length > 1 && name !== 'undefined' ? name : undefined;
}

export class Keyboard {
  readonly #input: KeyInput;
  readonly #heard: (text: string | undefined, key: KeypressKey) => void;

  constructor(input: KeyInput, on: (key: string) => void) {
    this.#input = input;
    emitKeypressEvents(input, { escapeCodeTimeout: ESCAPE_MS });
    this.#heard = (text, key) => {
      const name = keyName(text, key ?? {});
      if (name !== undefined) on(name);
    };
    input.on('keypress', this.#heard);
  }

  start(): void {
    this.#input.setRawMode?.(true);
    this.#input.resume();
  }

  stop(): void {
    try {
      this.#input.setRawMode?.(false);
    } catch {} // the terminal is gone
    this.#input.pause();
  }

  close(): void {
    this.stop();
    this.#input.off('keypress', this.#heard);
  }
}

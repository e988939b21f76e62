/**
 * One level of a script: its variables, `$_`, and whether an error that ends a statement is caught further out. A function
 * sees the variables of whoever called it (about_Scopes), and sets its own.
 */
import type { StopStatement } from '../../pipeline/run.ts';
import type { Value } from '../../pipeline/value.ts';
import type { Alias, Called, CalleeIn, Result, Slot } from './runnable.ts';

/** What a variable holds; `undefined`, as a pipeline that gave nothing, when that was put into it, and null where there is none. */
export function readSlot(slot: Slot | undefined): Result {
  return slot?.isNothing ? undefined : (slot?.value ?? null);
}

/** @typeParam S the session that runs here */
export class Frame<S> {
  readonly variables = new Map<string, Slot>();
  readonly functions = new Map<string, CalleeIn<S>>();
  /** By name in lower case. */
  readonly aliases = new Map<string, Alias>();
  /** $_ */
  underscore: Result;
  /** How many `try` blocks are around what runs now, callers' included: with a `catch` or without, an error leaves them. */
  catching: number;
  /** As many are around it where an error is for whoever works something out of a block: he says it, and $Error has his. */
  unheard: number | undefined;
  /** The error that a `catch` is about, which a bare `throw` throws again. */
  caught: StopStatement | undefined;
  /** How deep calls are nested here. */
  readonly depth: number;
  /** Where `$script:` variables are. */
  readonly script: Frame<S>;
  /** What runs here, when it was called. */
  called: Called | undefined;
  /** $input, until it was read. */
  input: (() => AsyncIterable<Value>) | undefined;

  constructor(
    /** Who called. */
    readonly caller?: Frame<S>,
    isScript = false,
  ) {
    this.underscore = caller?.underscore;
    this.catching = caller?.catching ?? 0;
    this.unheard = caller?.unheard;
    this.depth = caller ? caller.depth + 1 : 0;
    this.script = isScript || !caller ? this : caller.script;
  }

  /** The variable of this name, in lower case, here or at a caller's. */
  find(name: string): Slot | undefined {
    for (let frame: Frame<S> | undefined = this; frame; frame = frame.caller) {
      const slot = frame.variables.get(name);
      if (slot) return slot;
    }
    return undefined;
  }

  /** The variables of this level, as they are now. */
  copied(): ReadonlyMap<string, Slot> {
    return new Map([...this.variables].map(([name, slot]) => [name, { ...slot }]));
  }

  /** Variables by their own spelling, without those of callers that are hidden by one of the same name. */
  *allVariables(): Iterable<readonly [name: string, value: Value]> {
    const seen = new Set<string>();
    for (let frame: Frame<S> | undefined = this; frame; frame = frame.caller) {
      for (const [key, { name, value }] of frame.variables) {
        if (!seen.has(key)) yield [name, value];
        seen.add(key);
      }
    }
  }

  /** The function of this name, in lower case, of this level or a caller's. */
  functionNamed(name: string): CalleeIn<S> | undefined {
    for (let frame: Frame<S> | undefined = this; frame; frame = frame.caller) {
      const found = frame.functions.get(name);
      if (found) return found;
    }
    return undefined;
  }

  /** All functions, the innermost of a name. */
  allFunctions(): Map<string, CalleeIn<S>> {
    const all = new Map<string, CalleeIn<S>>();
    for (let frame: Frame<S> | undefined = this; frame; frame = frame.caller)
      for (const [name, callee] of frame.functions) if (!all.has(name)) all.set(name, callee);
    return all;
  }

  /** $input, read to its end; empty from the second time on, as an enumerator is. */
  async readInput(): Promise<Value[]> {
    const values: Value[] = [];
    for (let frame: Frame<S> | undefined = this; frame; frame = frame.caller) {
      const source = frame.input;
      frame.input = undefined;
      if (source) for await (const value of source()) values.push(value);
      if (source || frame === frame.script) break;
    }
    return values;
  }

  /** The outermost: `$global:`. */
  get global(): Frame<S> {
    let frame: Frame<S> = this;
    while (frame.caller) frame = frame.caller;
    return frame;
  }
}

/** The command line as a cmdlet's host: warnings, errors and What-if on stderr, questions on the terminal. */

import { conciseView, type Part } from '../pipeline/concise-view.ts';
import type { Host } from '../pipeline/context.ts';
import type { CmdletError } from '../pipeline/error.ts';
import { usage } from '../pipeline/error.ts';
import type { ScriptBlock } from '../pipeline/value.ts';
import { colourWanted } from '../text/colour-wanted.ts';
import { fill } from '../text/fill.ts';
import { printable } from '../text/printable.ts';
import { listenerBundle } from './listener-bundle.ts';
import { askTerminal, streamKind, terminalColumns, writeAll } from './terminal.ts';

export interface HostOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly silent?: boolean;
  readonly compile?: ((text: string) => ScriptBlock) | undefined;
}

const RED = '31';
const YELLOW = '33';
const CYAN = '36';

export function wantsColour(fd: number, env: NodeJS.ProcessEnv): boolean {
  return colourWanted(env, streamKind(fd) === 'terminal');
}

/** Text of several lines, made safe for a terminal; line breaks and tabs, which do no harm, stay. */
function safe(text: string): string {
  return text.replace(/[^\n\t]+/g, printable);
}

export function commandLineHost({ env, silent, compile }: HostOptions): Host {
  let colour: boolean | undefined;
  const line = (text: string, sgr?: string, end = '\n') => {
    if (silent) return;
    colour ??= wantsColour(2, env);
    writeAll(2, (sgr && colour ? `\u001b[${sgr}m${text}\u001b[0m` : text) + end);
  };
  const width = () => (streamKind(2) === 'terminal' ? terminalColumns(env) : undefined);
  const filled = (text: string) => {
    const columns = width();
    return columns ? fill(safe(text), columns) : safe(text);
  };
  const errorStyle = () => {
    colour ??= wantsColour(2, env);
    const sgr: Record<Part, string> = { error: RED, accent: CYAN, plain: '' };
    return {
      width: width(),
      colour: (text: string, part: Part) =>
        colour && sgr[part] && text ? `\u001b[${sgr[part]}m${safe(text)}\u001b[0m` : safe(text),
    };
  };
  return {
    env,
    cwd: process.cwd(),
    clock: () => new Date(),
    writeWarning: (text) => line(filled(`WARNING: ${text}`), YELLOW),
    writeError: (error: CmdletError, cmdlet) => line(conciseView(error, cmdlet, errorStyle())),
    writeVerbose: (text) => line(filled(`VERBOSE: ${text}`), CYAN),
    writeHost: (text, end) => line(end === undefined ? filled(text) : safe(text), undefined, end),
    listener: listenerBundle,
    ask: async (prompt, options) => askTerminal(prompt, options?.secret ?? false),
    interrupted: () => {
      const stop = new AbortController();
      process.once('SIGINT', () => stop.abort()); // a second Ctrl-C ends the process
      return stop.signal;
    },
    get columns() {
      return streamKind(1) === 'terminal' ? terminalColumns(env) : undefined;
    },
    compile:
      compile ??
      (() => {
        throw usage('A block { … } begins with its brace: quote the whole of it.');
      }),
  };
}

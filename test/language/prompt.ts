/** The prompt, driven through streams that behave like a terminal: keys in, what the screen got out. */
import { PassThrough } from 'node:stream';
import { membersOf, runShell, type ShellOptions } from '../../src/language/prompt/repl.ts';
import { until } from '../support/until.ts';
import { type Scene, scene } from './scene.ts';

export interface Prompt {
  readonly scene: Scene;
  /** Types keys as they are: `\r` is Enter, `\t` Tab, `\x03` Ctrl-C, `\x04` Ctrl-D. */
  type(keys: string): void;
  /** All that was written since the last `clear`. */
  text(): string;
  clear(): void;
  /** Waits until the screen shows it. */
  shows(text: string | RegExp): Promise<void>;
  /** Types a line, waits for the next prompt, gives what came between. */
  line(text: string): Promise<string>;
  readonly over: Promise<number>;
  leave(): Promise<number>;
}

export interface PromptOptions {
  readonly terminal?: boolean;
  readonly rows?: number;
  readonly columns?: number;
  readonly env?: Record<string, string>;
  readonly on?: Scene;
}

export async function prompt(options: PromptOptions = {}): Promise<Prompt> {
  const { terminal = true, rows = 40, columns = 100, on = scene() } = options;
  const input = new PassThrough();
  const output = new PassThrough();
  let text = '';
  const say = (line: string) => {
    text += `${line}\n`;
  };
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const host = {
    ...on.world.host,
    env: { ...on.world.host.env, ...options.env },
    writeError: (error: Error, cmdlet: string) => say(`${cmdlet}: ${error.message}`),
    writeWarning: (line: string) => say(`WARNING: ${line}`),
    writeHost: (line: string, end = '\n') => {
      text += line + end;
    },
  };
  const shell: ShellOptions = {
    input,
    output,
    terminal,
    world: { ...on.world, host, complain: say },
    format: 'default',
    colour: false,
    home: on.home,
    size: () => ({ rows, columns }),
    completion: (session) => ({
      connectors: () => on.world.store.read().connectors.map((c) => c.Name),
      servers: () => [],
      users: () => [],
      domains: () => [],
      elements: () => [],
      variables: () => [...session.frame.allVariables()].map(([name]) => name),
      members: (name) => membersOf(session.get(name.toLowerCase())),
    }),
  };
  const over = runShell(shell);
  const plain = () => text.replace(/\u001b\[[\d;?]*[A-Za-z]/g, '');
  const shows = async (wanted: string | RegExp) => {
    try {
      await until(`the screen shows ${wanted}`, () =>
        typeof wanted === 'string' ? plain().includes(wanted) : wanted.test(plain()),
      );
    } catch (error) {
      throw new Error(`${(error as Error).message}; it shows:\n${plain()}`);
    }
  };
  const me: Prompt = {
    scene: on,
    type: (keys) => void input.write(keys),
    text: plain,
    clear: () => {
      text = '';
    },
    shows,
    async line(typed) {
      text = '';
      input.write(`${typed}\r`);
      await shows(/(?:\[PS\] rc> |>> )$/);
      return plain();
    },
    over,
    async leave() {
      input.write('\x04');
      return over;
    },
  };
  if (terminal) await shows('[PS] rc> ');
  return me;
}

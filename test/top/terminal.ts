/** A bash in a real terminal (tmux, a server of its own), typed at and looked at as a person does. */
import { join } from 'node:path';
import { environment, ROOT, run } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { until } from '../support/until.ts';

export interface TerminalOptions {
  readonly home: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: NodeJS.ProcessEnv;
}

export class Terminal {
  readonly #socket: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(options: TerminalOptions) {
    this.#socket = join(tempFolder('tmux'), 's');
    const env = environment({ home: options.home });
    this.#env = { ...env, PATH: `${join(ROOT, 'bin')}:${env.PATH}`, LC_ALL: 'C.UTF-8', ...options.env };
    delete this.#env.TMUX;
  }

  static async open(options: TerminalOptions): Promise<Terminal> {
    const terminal = new Terminal(options);
    const { columns = 80, rows = 24 } = options;
    await terminal.#tmux(
      'new-session',
      '-d',
      '-x',
      String(columns),
      '-y',
      String(rows),
      "env PS1='$ ' bash --norc --noprofile -i",
    );
    await terminal.sees(/^\$$/m);
    return terminal;
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    const ran = await run('tmux', ['-u', '-f', '/dev/null', '-S', this.#socket, ...args], { env: this.#env });
    if (ran.code !== 0) throw new Error(`tmux ${args.join(' ')}: ${ran.stderr}`);
    return ran.stdout;
  }

  /** Keys by tmux's names (`Enter`, `Tab`, `C-c`) or text. */
  async keys(...keys: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  /** Types a line of bash. */
  async line(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', text);
    await this.keys('Enter');
  }

  /** The screen as it is now; with colours when wanted. */
  screen(colours = false): Promise<string> {
    return this.#tmux('capture-pane', '-p', ...(colours ? ['-e'] : []));
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** Is the alternate screen shown, is the cursor hidden? */
  async modes(): Promise<string> {
    return (await this.#tmux('display-message', '-p', 'alternate #{alternate_on} cursor #{cursor_flag}')).trim();
  }

  /** Waits until the screen matches, and gives it. */
  async sees(wanted: string | RegExp): Promise<string> {
    let last = '';
    try {
      return await until(`the screen shows ${wanted}`, async () => {
        last = await this.screen();
        return (typeof wanted === 'string' ? last.includes(wanted) : wanted.test(last)) && `${last} `;
      });
    } catch (error) {
      throw new Error(`${(error as Error).message}; it shows:\n${last}`);
    }
  }

  async close(): Promise<void> {
    await this.#tmux('kill-server').catch(() => {});
  }
}

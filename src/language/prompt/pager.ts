/** Long output on a terminal, a screen at a time: through $PAGER when it is set, else with a `-- More --` of our own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { displayWidth, withoutColour } from '../../text/display-width.ts';

interface Screen {
  readonly rows: number;
  readonly columns: number;
  write(text: string): void;
  /** The next key: its name or character; `undefined` when there will be none. */
  key(): Promise<string | undefined>;
  /** $PAGER */
  readonly pager: string | undefined;
  /** Gives the terminal away until the program has ended. */
  lend(run: () => Promise<void>): Promise<void>;
}

const PROMPT = '-- More --  (space: next screen, Enter: next line, q: quit)';

/** The person wants to see no more of it. */
export class PagerQuit extends Error {}

export class Pager {
  readonly #screen: Screen;
  #left: number;
  #held = '';
  #heldRows = 0;
  #program: Program | undefined;

  constructor(screen: Screen) {
    this.#screen = screen;
    this.#left = screen.rows - 1;
  }

  /** Writes some text; waits while the screen is full. @throws PagerQuit */
  async write(text: string): Promise<void> {
    if (this.#program) await this.#program.write(text);
    else if (this.#screen.pager && !this.#own) await this.#hold(text);
    else for (const line of text.match(/[^\n]*\n|[^\n]+/g) ?? []) await this.#line(line);
  }

  async end(): Promise<void> {
    if (this.#held) this.#screen.write(this.#held);
    this.#held = '';
    await this.#program?.end();
  }

  #rowsOf(line: string): number {
    return Math.max(1, Math.ceil(displayWidth(withoutColour(line.replace(/\n$/, ''))) / this.#screen.columns));
  }

  /** What fits on the screen needs no program. */
  async #hold(text: string): Promise<void> {
    this.#held += text;
    for (const line of text.match(/[^\n]*\n|[^\n]+/g) ?? []) this.#heldRows += this.#rowsOf(line);
    if (this.#heldRows < this.#screen.rows) return;
    const held = this.#held;
    this.#held = '';
    if (isThere(this.#screen.pager!)) {
      this.#program = new Program(this.#screen);
      await this.#program.write(held);
    } else {
      this.#own = true;
      await this.write(held);
    }
  }
  /** $PAGER names a program that is not installed: our own stops at each screen. */
  #own = false;

  async #line(line: string): Promise<void> {
    const rows = this.#rowsOf(line);
    if (rows > this.#left) await this.#more();
    this.#left -= rows;
    this.#screen.write(line);
  }

  async #more(): Promise<void> {
    this.#screen.write(PROMPT);
    for (;;) {
      const key = await this.#screen.key();
      if (key === undefined || key === 'q' || key === 'Q' || key === 'escape' || key === 'ctrl-c') {
        this.#screen.write(`\r${' '.repeat(PROMPT.length)}\r`);
        throw new PagerQuit();
      }
      if (key !== 'space' && key !== ' ' && key !== 'return' && key !== 'enter' && key !== 'down' && key !== 'pagedown')
        continue;
      this.#screen.write(`\r${' '.repeat(PROMPT.length)}\r`);
      this.#left = key === 'return' || key === 'enter' || key === 'down' ? 1 : this.#screen.rows - 1;
      return;
    }
  }
}

function isThere(pager: string): boolean {
  const [program = ''] = pager.trim().split(/\s+/);
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program], { stdio: 'ignore' }).status === 0;
}

/** $PAGER, run by a shell as git and man do it. */
class Program {
  readonly #child: ChildProcess;
  readonly #over: Promise<void>;
  #closed = false;

  constructor(screen: Screen) {
    this.#child = spawn(screen.pager!, { shell: true, stdio: ['pipe', 'inherit', 'inherit'] });
    this.#child.stdin!.on('error', () => {
      this.#closed = true; // it was quit before the end
    });
    this.#over = screen.lend(
      () =>
        new Promise((done) => {
          this.#child.once('error', () => done());
          this.#child.once('close', () => done());
        }),
    );
    void this.#over.then(() => {
      this.#closed = true;
    });
  }

  async write(text: string): Promise<void> {
    if (this.#closed) throw new PagerQuit();
    if (this.#child.stdin!.write(text)) return;
    await Promise.race([this.#over, new Promise((done) => this.#child.stdin!.once('drain', done))]);
  }

  async end(): Promise<void> {
    this.#child.stdin!.end();
    await this.#over;
  }
}

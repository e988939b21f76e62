/** A shell at a real terminal (a pseudo-terminal of script(1)), typed at like a person does. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, ROOT } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { until } from '../support/until.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

const START: Readonly<Record<Shell, string>> = {
  bash: 'bash --norc --noprofile -i',
  zsh: 'zsh -f -i',
  fish: 'fish --no-config -i',
};

const INIT: Readonly<Record<Shell, string>> = {
  bash: 'eval "$(rc init bash)"',
  zsh: 'autoload -Uz compinit; compinit -u -D; eval "$(rc init zsh)"',
  fish: 'rc init fish | source',
};

/** What bash and zsh send when they begin to edit a line: bracketed paste on. */
const EDITING = '\u001b[?2004h';

export class Prompt {
  readonly home = tempFolder();
  /** Where the shell stands: files of names that our patterns would match. */
  readonly folder = tempFolder('folder');
  #seen = '';
  #marks = 0;
  readonly #child;

  constructor(readonly shell: Shell) {
    for (const name of ['Default1', 'default2', 'MaxInboundX', 'Name,MaxInboundY'])
      writeFileSync(join(this.folder, name), '');
    const userHome = join(this.home, 'user');
    mkdirSync(userHome);
    const env = environment({ home: this.home });
    this.#child = spawn('script', ['-qfec', START[shell], '/dev/null'], {
      cwd: this.folder,
      env: {
        ...env,
        PATH: `${join(ROOT, 'bin')}:${env.PATH}`,
        HOME: userHome,
        XDG_CONFIG_HOME: userHome,
        XDG_DATA_HOME: userHome,
        TERM: 'xterm',
        INPUTRC: '/dev/null',
        HISTFILE: '',
      },
      stdio: 'pipe',
    });
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#seen += chunk.toString();
    });
    this.#child.stdin.on('error', () => {});
  }

  /** Starts the shell and gives it what `rc init` prints. */
  static async at(shell: Shell, before = ''): Promise<Prompt> {
    const prompt = new Prompt(shell);
    if (before) await prompt.run(before);
    await prompt.run(INIT[shell]);
    return prompt;
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Waits for text on the screen that came after everything waited for before. */
  async sees(text: string): Promise<void> {
    await until(`${JSON.stringify(text)} at the ${this.shell} prompt, which shows:\n${this.#seen}`, () => {
      const at = this.#seen.indexOf(text);
      if (at < 0) return false;
      this.#seen = this.#seen.slice(at + text.length);
      return true;
    });
  }

  /** Ctrl-C, and waits for the next prompt. */
  async interrupt(): Promise<void> {
    this.type('\u0003');
    await this.sees('^C');
    await this.sees(EDITING);
  }

  /** Types a line (tabs complete it) and waits until it has run; what stood on the screen, without escape sequences. */
  async run(line: string): Promise<string> {
    this.type(`${line}\r`);
    const mark = `mark${++this.#marks}e`;
    const before = this.#seen;
    this.#seen = '';
    // The quotes keep the typed line itself from being taken for its output.
    this.type(`echo mark"${this.#marks}"e\r`);
    const shown = await until(`the end of a line at the ${this.shell} prompt, which shows:\n${before}`, () => {
      const at = this.#seen.indexOf(mark);
      return at >= 0 && { text: this.#seen.slice(0, at), rest: this.#seen.slice(at + mark.length) };
    });
    this.#seen = shown.rest;
    return plain(before + shown.text);
  }

  /** Ends the shell. */
  close(): void {
    this.#child.stdin.end();
    this.#child.kill('SIGHUP');
  }
}

function plain(text: string): string {
  return text.replace(/\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007]*\u0007|[()][A-Z0-9]|[=>])/g, '').replaceAll('\r', '');
}

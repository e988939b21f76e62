/** Runs writer.ts as processes: bundled once, killed by pid. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

let bundle: Promise<string> | undefined;

export function bundledWriter(): Promise<string> {
  bundle ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rc-writer-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    const outfile = join(folder, 'writer.cjs');
    const entryPoints = [join(import.meta.dirname, 'writer.ts')];
    await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
    return outfile;
  })();
  return bundle;
}

export class Writer {
  out = '';
  err = '';
  readonly ended: Promise<number | null>;
  #waiting: (() => void)[] = [];

  constructor(
    readonly child: ChildProcess,
    public hasEnded = false,
  ) {
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.out += text;
      this.#wake();
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.err += text;
    });
    this.ended = new Promise((resolve) => {
      child.once('close', (code) => {
        this.hasEnded = true;
        this.#wake();
        resolve(code);
      });
    });
  }

  static async start(role: string, folder: string, id: number | string, count: number): Promise<Writer> {
    const file = await bundledWriter();
    return new Writer(
      spawn(process.execPath, [file, role, folder, String(id), String(count)], { stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  /** Waits until it has printed so many `done` lines, or ended. */
  async done(count: number): Promise<void> {
    while (!this.hasEnded && this.changes < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Changes that came back. */
  get changes(): number {
    return this.out.split('done').length - 1;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** Runs serve-entry.ts as a process: bundled once per test file, ended with the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { until } from './harness.ts';

let bundle: Promise<{ file: string; folder: string }> | undefined;

function bundled() {
  bundle ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rc-serve-'));
    const file = join(folder, 'serve.cjs');
    const entryPoints = [join(import.meta.dirname, 'serve-entry.ts')];
    await build({ entryPoints, bundle: true, platform: 'node', format: 'cjs', outfile: file, logLevel: 'error' });
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    return { file, folder };
  })();
  return bundle;
}

export class Serving {
  out = '';
  err = '';
  code: number | null | undefined;
  signal: string | null = null;

  private constructor(readonly child: ChildProcess) {
    child.stdout!.setEncoding('utf8').on('data', (text) => {
      this.out += text;
    });
    child.stderr!.setEncoding('utf8').on('data', (text) => {
      this.err += text;
    });
    child.on('close', (code, signal) => {
      this.code = code;
      this.signal = signal;
    });
  }

  static async start(home: string, graceMs = 10_000, env: NodeJS.ProcessEnv = {}): Promise<Serving> {
    const { file } = await bundled();
    const child = spawn(process.execPath, [file, home, String(graceMs)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    return new Serving(child);
  }

  get pid(): number {
    return this.child.pid!;
  }

  get ended(): boolean {
    return this.code !== undefined;
  }

  /** Waits for the greeting on stdout, or the end. */
  async ready(): Promise<this> {
    await until(() => this.out.includes('Ctrl-C ends it.') || this.ended);
    return this;
  }

  async over(): Promise<number | null> {
    await until(() => this.ended);
    return this.code!;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

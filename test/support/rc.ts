/** Runs the built `bin/rc` as a person's shell would: a real process, streams as pipes, a home of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
export const RC = resolve(ROOT, 'bin/rc');

export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** RC_HOME. */
  readonly home?: string;
  /** Standard input; without it there is none (/dev/null). */
  readonly input?: string | Uint8Array;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** The environment of a test's processes: this one without what would change `rc`, with the home. */
export function environment({ home, env }: RunOptions): NodeJS.ProcessEnv {
  const clean = { ...process.env };
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'RC_OUTPUT', 'RC_HOME', 'COLUMNS', 'XDG_DATA_HOME'])
    delete clean[name];
  return { ...clean, TZ: 'UTC', ...(home ? { RC_HOME: home } : {}), ...env };
}

/** `rc ARGS`, to its end. */
export function rc(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return run(process.execPath, [RC, ...args], options);
}

/** A line of bash with `rc` on the PATH, to its end. */
export function bash(script: string, options: RunOptions = {}): Promise<Ran> {
  const env = environment(options);
  return run('bash', ['-c', script], { ...options, env: { ...env, PATH: `${resolve(ROOT, 'bin')}:${env.PATH}` } });
}

/** Any program, to its end. */
export function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: environment(options),
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  if (child.stdin) {
    child.stdin.on('error', () => {}); // it may end without reading
    child.stdin.end(options.input);
  }
  return ended(child);
}

/** What a process printed and how it ended. */
export function ended(child: ChildProcess): Promise<Ran> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) =>
      done({ code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}

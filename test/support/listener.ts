/** `rc serve` of a home as a process: started, asked until it answers, ended by its pid. */
import { type ChildProcess, spawn } from 'node:child_process';
import { type ListenerStatus, listenerStatus } from '../../src/control/listener-client.ts';
import { homeAt } from '../../src/store/home.ts';
import { environment, RC } from './rc.ts';
import { InVain, until } from './until.ts';

export class RunningListener {
  stderr = '';
  readonly ended: Promise<number | null>;

  private constructor(
    readonly child: ChildProcess,
    readonly home: string,
  ) {
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = new Promise((done) => child.once('close', done));
  }

  /** Starts it and waits until its control socket answers. `detached`: in a process group of its own, to be signalled as a terminal does. */
  static async start(
    home: string,
    flags: readonly string[] = [],
    detached = false,
    env = {},
  ): Promise<RunningListener> {
    const child = spawn(process.execPath, [RC, 'serve', ...flags], {
      env: environment({ home, env }),
      stdio: ['ignore', 'ignore', 'pipe'],
      detached,
    });
    const listener = new RunningListener(child, home);
    await until(
      `the listener of ${home} answers`,
      async () => {
        if (child.exitCode !== null || child.signalCode !== null) throw new InVain(`it ended: ${listener.stderr}`);
        return (await listener.status())?.pid === child.pid;
      },
      { timeout: 90_000 }, // it says at once when it ended
    ).catch((error) => {
      child.kill('SIGKILL');
      throw error;
    });
    return listener;
  }

  status(): Promise<ListenerStatus | undefined> {
    return listenerStatus(homeAt(this.home));
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.child.kill(signal);
    await this.ended;
  }
}

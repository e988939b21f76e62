/** A built `rc serve --workers N` on a home of its own, with connectors on free ports, and clients. */
import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import type { ConnectorStatus, ListenerStatus } from '../../src/control/listener-client.ts';
import { homeAt } from '../../src/store/home.ts';
import { Client } from '../listener/harness.ts';
import { eventsOf, type LoggedEvent } from '../support/events.ts';
import { freePorts } from '../support/free-port.ts';
import { RunningListener } from '../support/listener.ts';
import { rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { until } from '../support/until.ts';

export const REFUSED =
  '421 4.3.2 The maximum number of concurrent connections has exceeded a limit, closing transmission channel';

export interface SceneOptions {
  readonly workers?: number;
  /** Settings of each connector by name; Bindings are given a free port. */
  readonly connectors?: Record<string, Record<string, unknown>>;
  readonly more?: object;
  readonly detached?: boolean;
}

export class Scene {
  readonly clients: Client[] = [];

  private constructor(
    readonly folder: string,
    readonly ports: readonly number[],
    readonly listener: RunningListener,
  ) {}

  static async start(options: SceneOptions = {}): Promise<Scene> {
    const { workers = 2, connectors = { A: {} }, more, detached } = options;
    const folder = tempFolder();
    const ports = await freePorts(Object.keys(connectors).length);
    const given = Object.entries(connectors).map(([Name, settings], i) => ({
      Name,
      Bindings: [`127.0.0.1:${ports[i]}`],
      PermissionGroups: 'AnonymousUsers',
      TarpitInterval: '00:00:00',
      MaxInboundConnectionPercentagePerSource: 100,
      MaxInboundConnectionPerSource: 1000,
      ...settings,
    }));
    writeStore(folder, given, more);
    const listener = await RunningListener.start(folder, ['--workers', String(workers)], detached);
    return new Scene(folder, ports, listener);
  }

  get port(): number {
    return this.ports[0]!;
  }

  get home() {
    return homeAt(this.folder);
  }

  /** A client that has read its first line. */
  async open(localAddress = '127.0.0.1', port = this.port): Promise<Client> {
    const client = await Client.open(port, { localAddress });
    this.clients.push(client);
    return client;
  }

  /** Many clients at the same moment. */
  async openMany(n: number, localAddress = '127.0.0.1'): Promise<Client[]> {
    return Promise.all(Array.from({ length: n }, () => this.open(localAddress)));
  }

  /** Clients of which each worker has some: who accepts is the kernel's choice. */
  async openInEach(n: number): Promise<Client[]> {
    const clients = await this.openMany(n);
    await until('each worker has some', async () => {
      if ((await this.workers()).every(({ sessions }) => sessions > 0)) return true;
      clients.push(await this.open());
      return false;
    });
    return clients;
  }

  async status(): Promise<ListenerStatus> {
    const status = await this.listener.status();
    if (!status) throw new Error('the listener does not answer');
    return status;
  }

  async connector(name = 'A'): Promise<ConnectorStatus> {
    return (await this.status()).connectors.find((c) => c.name === name)!;
  }

  async workers() {
    return (await this.status()).workers!;
  }

  async pids(): Promise<number[]> {
    return (await this.workers()).flatMap(({ pid }) => pid ?? []);
  }

  /** Waits until so many connections count. */
  async counting(n: number, name = 'A'): Promise<void> {
    await until(`${n} connections`, async () => (await this.connector(name)).connections === n);
  }

  rc(...args: string[]) {
    return rc(args, { home: this.folder });
  }

  events(): LoggedEvent[] {
    return eventsOf(this.folder);
  }

  async end(): Promise<void> {
    for (const client of this.clients) client.socket.destroy();
    if (this.listener.child.exitCode === null && this.listener.child.signalCode === null) await this.listener.stop();
  }
}

/** Runs `act` on a scene, which ends with the test, also with one that takes too long. */
export async function scene<T>(options: SceneOptions, act: (scene: Scene) => Promise<T>): Promise<T> {
  const it = await Scene.start(options);
  onTestFinished(() => it.end());
  return act(it);
}

export const served = (clients: readonly Client[]) => clients.filter(({ lines }) => lines[0]?.startsWith('220'));
export const refused = (clients: readonly Client[]) => clients.filter(({ lines }) => lines[0] === REFUSED);

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')); // a zombie is nobody
  } catch {
    return false;
  }
}

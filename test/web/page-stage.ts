/** The page's server in this process, before connectors that only the test moves, and a client that says exactly what it is told. */
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { isLoopback } from '../../src/domain/address.ts';
import type { Connector } from '../../src/domain/connector.ts';
import type { Pressure } from '../../src/domain/pressure.ts';
import { Gate } from '../../src/listener/admission/gate.ts';
import { LiveConnector } from '../../src/listener/admission/live-connector.ts';

import { Observer } from '../../src/listener/observe/snapshot.ts';
import { RecentEvents } from '../../src/listener/records/recent-events.ts';
import type { LiveOptions } from '../../src/listener/web/live.ts';
import { PageServer } from '../../src/listener/web/page-server.ts';
import type { CommandResult } from '../../src/listener/web/surroundings.ts';
import type { Look } from '../../src/listener/web/view.ts';
import type { MessageReading } from '../../src/messages/reading.ts';
import { connector, SITE } from '../domain/connectors.ts';
import { Events } from '../listener/harness.ts';
import { tempFolder } from '../support/temp-home.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is, anything else as JSON. */
  readonly body?: unknown;
}

export class PageStage {
  readonly events = new Events();
  readonly connectors: LiveConnector[];
  /** What the page asked rc to run. */
  readonly ran: { argv: readonly string[]; via: string; input?: string }[] = [];
  answer: CommandResult | ((argv: readonly string[]) => Promise<CommandResult>) = { code: 0, stdout: '[]', stderr: '' };
  state = { applied: 1, seen: 1, problem: '', unreadable: false, appliedAt: '2024-01-02T03:04:05.000Z' };
  server = { name: SITE.server, fqdn: SITE.fqdn };
  pressure: Pressure | undefined;
  page!: PageServer;
  readonly recent: RecentEvents;

  private constructor(
    readonly home: string,
    connectors: readonly Connector[],
  ) {
    this.connectors = connectors.map((one) => new LiveConnector(one.Guid, one));
    this.recent = new RecentEvents(this.events);
  }

  static async open({
    home = tempFolder('page'),
    host = '127.0.0.1',
    port = 0,
    connectors = [connector({ Name: 'Default EX' })],
    live,
    mail,
  }: {
    home?: string;
    host?: string;
    /** 0: any that is free. */
    port?: number;
    connectors?: readonly Connector[];
    live?: LiveOptions;
    mail?: MessageReading;
  } = {}): Promise<PageStage> {
    const stage = new PageStage(home, connectors);
    const listener = {
      gate: new Gate(),
      connectors: stage.connectors,
      live: stage.connectors,
      get state() {
        return stage.state;
      },
      sockets: { bound: [], failed: [] },
      get pressure() {
        return stage.pressure;
      },
    };
    const observer = new Observer(
      listener,
      { home, version: 'test', startedAt: new Date('2024-01-02T03:04:05Z') },
      stage.recent,
    );
    stage.page = new PageServer({
      address: { host, port, loopback: isLoopback(host) },
      token: join(home, 'web.token'),
      sessions: join(home, 'web.sessions'),
      events: stage.recent,
      watched: {
        look: (known) => observer.look(known),
        connectors: stage.connectors,
        live: stage.connectors,
        get state() {
          return stage.state;
        },
        get server() {
          return stage.server;
        },
        changedAt: '2024-01-02T03:04:05.000Z',
        mailChanged: '',
        hint: () => {},
        health: () => ({ serving: true, text: 'ok' }),
        settled: async () => {},
      },
      run: async (argv, via, input) => {
        stage.ran.push({ argv, via, ...(input === undefined ? {} : { input }) });
        return typeof stage.answer === 'function' ? stage.answer(argv) : stage.answer;
      },
      live,
      mail,
    });
    await stage.page.open();
    return stage;
  }

  get port(): number {
    return Number(new URL(this.page.url).port);
  }

  ask(path: string, { method, headers = {}, body }: Asking = {}): Promise<Answer> {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const asked = httpRequest(
        {
          host: '127.0.0.1',
          port: this.port,
          path,
          method: method ?? (text === undefined ? 'GET' : 'POST'),
          agent: false,
          headers: { ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        },
        (response) => {
          let all = '';
          response.setEncoding('utf8').on('data', (chunk) => {
            all += chunk;
          });
          response.on('error', reject);
          response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text: all }));
        },
      );
      asked.on('error', reject);
      asked.end(text);
    });
  }

  /** Bytes as they are; gives what came back until the end. */
  raw(bytes: string | Uint8Array): Promise<string> {
    return new Promise((resolve) => {
      let all = '';
      const socket = connect({ port: this.port, host: '127.0.0.1' });
      socket.setEncoding('latin1').on('data', (chunk) => {
        all += chunk;
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(all));
      socket.end(bytes);
    });
  }

  /** Signs in; the headers that a browser would send from then on. */
  async signIn(): Promise<{ cookie: string; 'x-rc-key': string }> {
    const { status, headers, text } = await this.ask('/session', { body: { token: this.page.token } });
    if (status !== 200) throw new Error(`${status} ${text}`);
    const cookie = String(headers['set-cookie']).split(';')[0]!;
    return { cookie, 'x-rc-key': JSON.parse(text).key };
  }

  /** Looks on; gives the looks as they come, and ends it. */
  watch(headers: Readonly<Record<string, string>>, { reading = true } = {}) {
    const looks: Look[] = [];
    const watcher = { looks, status: 0, ended: false, close: () => asked.destroy() };
    const asked = httpRequest(
      { host: '127.0.0.1', port: this.port, path: '/live', agent: false, headers },
      (response) => {
        watcher.status = response.statusCode!;
        response.on('close', () => {
          watcher.ended = true;
        });
        response.on('error', () => {});
        if (!reading) return void response.pause();
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
          const parts = text.split('\n\n');
          text = parts.pop()!;
          for (const part of parts) looks.push(JSON.parse(part.slice('data: '.length)));
        });
      },
    );
    asked.on('error', () => {
      watcher.ended = true;
    });
    asked.end();
    return watcher;
  }

  close(): Promise<void> {
    return this.page.close();
  }
}

/** A listener for tests: sessions on a real loopback socket, a delivery that keeps messages in memory, settings changed at will. */
import { createServer, type Server } from 'node:net';
import { type Connector, readConnector, type StoredConnector } from '../../../src/domain/connector.ts';
import { NO_PRESSURE } from '../../../src/domain/pressure.ts';
import { settingNamed } from '../../../src/domain/settings.ts';
import type { Certificates } from '../../../src/listener/contracts/certificates-api.ts';
import type { Delivery, DeliveryResult, Envelope, Message } from '../../../src/listener/contracts/delivery-api.ts';
import type { ListenerEvent } from '../../../src/listener/contracts/event-log.ts';
import type { LiveServer } from '../../../src/listener/contracts/live-server.ts';
import type { Session } from '../../../src/listener/contracts/session-api.ts';
import type { SessionConnector } from '../../../src/listener/contracts/session-connector.ts';
import { NO_COUNTS } from '../../../src/listener/contracts/session-counts.ts';
import { MemoryBudget } from '../../../src/listener/memory-budget.ts';
import type { Refusal } from '../../../src/listener/refusal/refusal.ts';
import { accept, passedOn } from '../../../src/listener/refusal/reply.ts';
import { followFaultRules } from '../../../src/listener/session/faults-on-purpose.ts';
import { Logons } from '../../../src/listener/session/logon.ts';
import { SlidingRates } from '../../../src/listener/session/rates.ts';
import { startSession } from '../../../src/listener/session/session.ts';

export interface Kept {
  readonly envelope: Envelope;
  readonly text: string;
  readonly bytes: Buffer;
  readonly messageId: string;
}

/** Keeps messages in memory; `outcome` decides what becomes of the next ones. */
export class MemoryDelivery implements Delivery {
  readonly kept: Kept[] = [];
  aborted = 0;
  /** Begun, and neither committed nor aborted. */
  open = 0;
  outcome: () => Promise<DeliveryResult> = async () => ({ ok: true });
  #next = 1;

  begin(envelope: Envelope): Message {
    const pieces: Buffer[] = [];
    let over = false;
    this.open++;
    const end = () => {
      if (!over) this.open--;
      over = true;
    };
    return {
      internalId: this.#next++,
      prepend: (header) => void pieces.unshift(Buffer.from(header)),
      write: (chunk) => void pieces.push(Buffer.from(chunk)),
      commit: async (messageId) => {
        const result = await this.outcome();
        end();
        const bytes = Buffer.concat(pieces);
        if (result.ok)
          this.kept.push({
            envelope: { ...envelope, recipients: [...envelope.recipients] },
            bytes,
            text: bytes.toString('latin1'),
            messageId,
          });
        return result;
      },
      abort: () => {
        end();
        this.aborted++;
      },
    };
  }
  async close(): Promise<void> {}
}

export interface LogLine {
  readonly session: string;
  readonly event: string;
  readonly data: string;
  readonly context: string;
}

const SITE = { server: 'EX01', fqdn: 'mail.contoso.com' };
const NO_CERTIFICATES: Certificates = {
  contextFor: () => {
    throw new Error('no certificate');
  },
  has: () => false,
  clientCa: undefined,
  close: () => {},
};

export class Host {
  readonly delivery = new MemoryDelivery();
  readonly events: ListenerEvent[] = [];
  readonly log: LogLine[] = [];
  readonly sessions = new Set<Session>();
  readonly counts = { ...NO_COUNTS };
  /** Every refusal, and the names of their causes as the connector counts them. */
  readonly refusals: Refusal[] = [];
  readonly refusedBy: string[] = [];
  ended = 0;
  certificates: Certificates = NO_CERTIFICATES;
  live: LiveServer = {
    generation: 1,
    name: SITE.server,
    fqdn: SITE.fqdn,
    acceptedDomains: [],
    users: [],
    transport: {},
  };
  /** What is waited for before an accepted socket gets its session. */
  admit: (() => Promise<void>) | undefined;
  readonly connector: SessionConnector;
  /** What its sessions may hold. */
  readonly memory = new MemoryBudget();
  readonly logons = new Logons();
  /** What its sessions are told of the machine. */
  pressure = NO_PRESSURE;
  port = 0;
  #settings: Record<string, unknown>;
  #server: Server;

  /** Anonymous clients may submit and nobody is slowed down, unless the settings say otherwise. */
  constructor(settings: Record<string, unknown> = {}) {
    this.#settings = {
      PermissionGroups: 'AnonymousUsers',
      TarpitInterval: '00:00:00',
      AuthTarpitInterval: '00:00:00',
      ...settings,
    };
    this.connector = {
      guid: GUID,
      now: connectorOf(this.#settings),
      count: (what, by = 1) => {
        this.counts[what] += by;
      },
      countRefusal: (_source, because) => void this.refusedBy.push(because),
    };
    const rates = new SlidingRates();
    this.#server = createServer({ pauseOnConnect: true }, async (socket) => {
      await this.admit?.();
      const session: Session = startSession(
        socket,
        this.connector,
        {
          remoteAddress: socket.remoteAddress!,
          remotePort: socket.remotePort!,
          localAddress: socket.localAddress!,
          localPort: socket.localPort!,
        },
        {
          server: () => this.live,
          delivery: this.delivery,
          protocolLog: {
            session: (id) => ({
              write: (event, data, context = '') => void this.log.push({ session: id, event, data, context }),
            }),
            close: async () => {},
          },
          events: { write: (event) => void this.events.push(event), close: async () => {} },
          certificates: this.certificates,
          rates,
          memory: this.memory,
          logons: this.logons,
          pressure: () => this.pressure,
          onRefusal: (_connector, _source, refusal) => void this.refusals.push(refusal),
        },
        () => {
          this.ended++;
          this.sessions.delete(session);
        },
      );
      this.sessions.add(session);
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.port = (this.#server.address() as { port: number }).port;
    return this;
  }

  /** Changes a setting of the connector under running sessions. */
  set(name: string, value: unknown): void {
    const known = settingNamed(name) ?? (name === 'Grants' || name === 'Overrides' ? name : undefined);
    if (!known) throw new Error(`no setting ${name}`);
    this.#settings = { ...this.#settings, [known]: value };
    this.connector.now = connectorOf(this.#settings);
    followFaultRules(this.connector);
    for (const session of this.sessions) session.settingsChanged();
  }

  async close(): Promise<void> {
    for (const session of this.sessions) session.destroy();
    this.logons.close();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** A delivery's result with this reply: `451 4.4.0 Not now`. */
export function resultOf(line: string): DeliveryResult {
  const [, code, enhanced = '', text] = /^(\d{3}) (?:([245]\.\d+\.\d+) )?(.*)$/.exec(line)!;
  if (Number(code) < 400) return { ok: true, reply: accept(Number(code), enhanced, text!) };
  const reply = passedOn(Number(code), enhanced, text!);
  return { ok: false, refusal: { reply, because: { kind: 'nextHost', host: 'next.contoso.com:25', said: line } } };
}

const GUID = '6f1c1b6e-0000-4000-8000-000000000001';

export function connectorOf(settings: Record<string, unknown>): Connector {
  const stored: StoredConnector = {
    Name: 'Default EX01',
    Guid: GUID,
    WhenCreated: '2025-01-01T00:00:00Z',
    WhenChanged: '2025-01-01T00:00:00Z',
    Bindings: ['127.0.0.1:25'],
    ...settings,
  };
  const problems: string[] = [];
  const connector = readConnector(stored, SITE, (key, message) => problems.push(`${key}: ${message}`));
  if (problems.length) throw new Error(problems.join('\n'));
  return connector;
}

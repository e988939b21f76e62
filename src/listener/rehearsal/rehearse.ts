/**
 * What the listener would say to a client, without a connection: the store read as the listener reads it, the real way in
 * (gate, limits, refusal) and a real session, over a wire in memory. Nothing is kept, counted or waited for: messages are
 * discarded, nothing is logged, tarpits are noted, users log on with a password of the moment.
 */
import { randomBytes } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { certificatesNamed, readCertificates } from '../../certificates/certificate-folder.ts';
import { selfSigned } from '../../certificates/self-signed.ts';
import type { Cause } from '../../domain/cause.ts';
import type { Connector } from '../../domain/connector.ts';
import { settingsFor } from '../../domain/override.ts';
import { NO_PRESSURE } from '../../domain/pressure.ts';
import type { Exchange, RatesUsed, Rehearsal, RehearsalQuestion, RehearsedExchange } from '../../domain/rehearsal.ts';
import { explainSelection, Selection } from '../../domain/selection.ts';
import { sourceOf } from '../../domain/source.ts';
import { percentageLimit } from '../../domain/source-share.ts';
import { readTransport } from '../../domain/transport.ts';
import { hashPassword } from '../../store/password.ts';
import { ConnectionAdmission } from '../admission/connection-admission.ts';
import { Gate, type Verdict } from '../admission/gate.ts';
import { refusalAtGate } from '../admission/gate-refusal.ts';
import { LiveConnector } from '../admission/live-connector.ts';
import { LocalAuthority, SERVER } from '../admission/local-authority.ts';
import type { Certificates } from '../contracts/certificates-api.ts';
import type { Delivery } from '../contracts/delivery-api.ts';
import type { EventLog } from '../contracts/event-log.ts';
import type { LiveServer } from '../contracts/live-server.ts';
import type { SessionServices, StartDelay } from '../contracts/session-services.ts';
import { DocumentReader, type LiveDocument } from '../follow/live-document.ts';
import { MemoryBudget } from '../memory-budget.ts';
import { EventThrottle } from '../records/event-throttle.ts';
import { messageTooLarge } from '../session/judged.ts';
import { Logons } from '../session/logon.ts';
import { SlidingRates } from '../session/rates.ts';
import { ListenerSession } from '../session/session.ts';
import { ScriptedClient } from './script.ts';
import { connection } from './wire.ts';

/** A rehearsal waits for nothing but a password's hash and a handshake in memory. */
const PATIENCE_MS = 60_000;
/** Port of a client that has none. */
const CLIENT_PORT = 49_152;

/** @throws StoreError for a store that the listener would not apply */
export async function rehearse(question: RehearsalQuestion): Promise<Rehearsal> {
  const live = await documentOf(question);
  const stage = await Stage.for(question, live);
  const { client, socket } = connection({ address: question.remote, port: CLIENT_PORT }, question.local);
  const exchanges: RehearsedExchange[] = [];
  const smtp = new ScriptedClient(client, {
    timeoutMs: PATIENCE_MS,
    after: (exchange) => exchanges.push({ ...exchange, ...stage.delayed(), because: stage.because(exchange) }),
  });
  try {
    stage.admission.accept(socket, `${question.local.address}:${question.local.port}`);
    const { script } = question;
    const good = await smtp.speak({ ...script, password: stage.password });
    const { session } = stage;
    const principals = session?.client.principals() ?? [];
    const rights = [...(session?.client.rights() ?? [])];
    if (good) await smtp.sendMessage(HEADER, smtp.offers('SIZE') ? 0 : Math.min(script.size ?? 0, stage.justTooMuch));
    return { connector: stage.connector?.Guid, exchanges, principals, rights, percentageLimit: stage.percentageLimit };
  } finally {
    smtp.close();
    socket.destroy();
    stage.close();
  }
}

/** The store asked about last: one question is often asked of every binding. */
let last: { readonly store: string; readonly live: LiveDocument } | undefined;

async function documentOf({ store, path }: RehearsalQuestion): Promise<LiveDocument> {
  if (last?.store === store) return last.live;
  const live = await new DocumentReader(path).read(Buffer.from(store));
  last = { store, live };
  return live;
}

const HEADER = 'Message-ID: <rehearsal@localhost>\r\nSubject: Rehearsal\r\n';

/** The gate with its last verdict in sight. */
class WatchedGate extends Gate {
  verdict: Verdict = { kind: 'none' };
  override admit(localAddress: string, localPort: number, source: string): Verdict {
    this.verdict = super.admit(localAddress, localPort, source) as Verdict; // the local authority answers at once
    return this.verdict;
  }
}

/** The parts of a listener around one connection. */
class Stage {
  readonly gate: WatchedGate;
  readonly #rates = new SlidingRates();
  readonly admission: ConnectionAdmission;
  readonly password = randomBytes(16).toString('hex');
  session: ListenerSession | undefined;
  readonly #question: RehearsalQuestion;
  readonly #connectors: readonly Connector[];
  readonly #server: LiveServer;
  readonly #throttle: EventThrottle;
  #delay = 0;
  #refused: Cause | undefined;

  static async for(question: RehearsalQuestion, live: LiveDocument): Promise<Stage> {
    const stage = new Stage(question, live);
    const { users } = live.document;
    if (question.script.user === '' || users.length === 0) return stage;
    const PasswordHash = await hashPassword(stage.password);
    Object.assign(stage.#server, { users: users.map((user) => ({ ...user, PasswordHash })) });
    return stage;
  }

  private constructor(question: RehearsalQuestion, { document, connectors }: LiveDocument) {
    this.#question = question;
    this.#connectors = connectors;
    this.#server = {
      generation: document.generation,
      name: document.server.name,
      fqdn: document.server.fqdn,
      acceptedDomains: document.acceptedDomains,
      users: [],
      transport: document.transport,
    };
    const live = connectors.map((connector) => new LiveConnector(connector.Guid, connector));
    const comings = new SlidingRates();
    this.gate = new WatchedGate(new LocalAuthority(this.#rates, comings));
    this.gate.authority.pace(readTransport(document.transport).MaxConnectionRatePerMinute);
    this.gate.selection = Selection.of(live.map((live) => [live, live.now] as const));
    const byGuid = new Map(live.map((live) => [live.guid, live]));
    for (const { guid, used } of question.occupied) if (used) this.#useUp(comings, guid, used);
    for (const { guid, open, source } of question.occupied) {
      const live = byGuid.get(guid);
      if (!live) continue;
      live.open = open;
      if (source > 0) live.sources.set(sourceOf(question.remote, live.now.MaxInboundConnectionSourcePrefix), source);
    }
    const events: EventLog = { write() {}, close: async () => {} };
    const delay: StartDelay = (length) => {
      this.#delay = length();
      return { over: Promise.resolve(), rearm() {}, end() {} };
    };
    const services: SessionServices = {
      server: () => this.#server,
      delivery: DISCARDING,
      protocolLog: { session: () => ({ write() {} }), close: async () => {} },
      events,
      certificates: throwaway(question.certificates),
      rates: this.#rates,
      pressure: () => question.pressure ?? NO_PRESSURE,
      memory: new MemoryBudget(),
      logons: new Logons(),
      onRefusal: (_connector, _source, { because }) => {
        this.#refused = because;
      },
      delay,
    };
    this.#throttle = new EventThrottle(events);
    this.admission = new ConnectionAdmission({
      gate: this.gate,
      throttle: this.#throttle,
      startSession: (socket, connector, peer, given, onEnd) => {
        this.session = new ListenerSession(socket, connector, peer, given, onEnd);
        return this.session;
      },
      services,
      proxyTimeoutMs: PATIENCE_MS,
      onEmpty() {},
    });
  }

  /** The rates as the client has used them already. */
  #useUp(comings: SlidingRates, guid: string, { source, connections, connectionsOfAll, messages }: RatesUsed): void {
    comings.count(guid, source, connections);
    comings.count(SERVER, source, connectionsOfAll - comings.used(SERVER, source)); // each connector says the same
    const windowMs = 1000 * (this.#connectors.find((c) => c.Guid === guid)?.MessageRateLimitWindow.seconds ?? 60);
    for (const [by, count] of messages) this.#rates.count(guid, by, count, windowMs);
  }

  /** The connector that takes the client, or has no room for him. */
  get connector(): Connector | undefined {
    const { verdict } = this.gate;
    return verdict.kind === 'none' ? undefined : settingsFor(verdict.connector.now, verdict.source);
  }

  get percentageLimit(): number | null {
    const { verdict } = this.gate;
    if (verdict.kind === 'none') return null;
    const { connector: live } = verdict;
    const occupied = this.#question.occupied.find(({ guid }) => guid === live.guid);
    const limit = percentageLimit(
      settingsFor(live.now, verdict.source),
      (occupied?.open ?? 0) - (occupied?.source ?? 0),
    );
    return limit === Number.POSITIVE_INFINITY ? null : limit;
  }

  /** A message of so many bytes is over MaxMessageSize, whatever else. */
  get justTooMuch(): number {
    return (this.connector?.MaxMessageSize.bytes ?? 0) + 1;
  }

  /** How long the client would have waited for the last reply. */
  delayed(): { delay: number } {
    const delay = this.#delay / 1000;
    this.#delay = 0;
    return { delay };
  }

  /** Why the last thing the client said was refused. */
  because({ step, accepted }: Exchange): Cause | undefined {
    const because = this.#refused;
    this.#refused = undefined;
    if (accepted) return undefined;
    const { verdict } = this.gate;
    if (step !== 'Connect' || verdict.kind === 'accepted') return this.#ofWholeMessage(because);
    const { remote, local } = this.#question;
    return refusalAtGate(verdict, remote, () => explainSelection(this.#connectors, local, remote).passed).because;
  }

  /** Of a message that is too large only as much is sent as shows it; the cause is about all of it. */
  #ofWholeMessage(because: Cause | undefined): Cause | undefined {
    const { size = 0 } = this.#question.script;
    if (because?.kind !== 'setting' || because.setting !== 'MaxMessageSize') return because;
    return messageTooLarge(because.connector, Math.max(size, Number(because.asked))).because;
  }

  close(): void {
    this.admission.shut();
    this.admission.close();
    this.#throttle.close();
  }
}

/** Takes every message and keeps none. Next hosts are not asked. */
const DISCARDING: Delivery = {
  begin: () => ({
    internalId: 1,
    write: () => undefined,
    prepend() {},
    commit: async () => ({ ok: true }),
    abort() {},
  }),
  close: async () => {},
};

/** Presents a certificate of the moment, where the listener would have one to present; the folder is only looked at. */
function throwaway(folder: string): Certificates {
  const called = (name: string) => certificatesNamed(readCertificates(folder), name, new Date()).length > 0;
  let context: SecureContext | undefined;
  return {
    contextFor(connector) {
      if (connector.TlsCertificateName && !called(connector.TlsCertificateName))
        throw new Error(`no certificate ${connector.TlsCertificateName}`);
      if (!context) {
        const { certificate, key } = selfSigned('localhost', new Date(), 1);
        context = createSecureContext({ cert: certificate, key, minVersion: 'TLSv1.2' });
      }
      return context;
    },
    has: called,
    clientCa: undefined,
    close() {},
  };
}

/**
 * The protocol loop of one session: a line arrives, is read as a command, the command judges it (hello.ts, mail.ts, rcpt.ts,
 * data.ts, auth.ts, starttls.ts), and its reply is written, now or later. Settings are read from `connector.now` at the moment
 * they are needed, so that a change acts on the next command.
 */
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { causeName, fault, isMistake } from '../../domain/cause.ts';
import { causeWords } from '../../domain/cause-words.ts';
import type { Connector } from '../../domain/connector.ts';
import type { FaultStage } from '../../domain/fault-rule.ts';
import { settingsFor } from '../../domain/override.ts';
import { rightsLine } from '../../domain/permissions.ts';
import { isExemptSource, sourceOf } from '../../domain/source.ts';
import type { Body } from '../../smtp/body.ts';
import { printable } from '../../text/printable.ts';
import type { Peer } from '../contracts/peer.ts';
import type { ProtocolLog } from '../contracts/protocol-log-api.ts';
import type { Session, SessionInfo, StartSession } from '../contracts/session-api.ts';
import type { SessionConnector } from '../contracts/session-connector.ts';
import type { SessionCount } from '../contracts/session-counts.ts';
import type { Delay, SessionServices } from '../contracts/session-services.ts';
import { EVENTS } from '../records/event-table.ts';
import type { Refusal } from '../refusal/refusal.ts';
import type { Acceptance, Reply } from '../refusal/reply.ts';
import { ClientIdentity } from './client-identity.ts';
import { COMMANDS, HTTP, lineTooLong, STAGE_OF, unknown } from './commands.ts';
import { type Acting, faultsAt } from './faults-on-purpose.ts';
import { earlyTalker, MISTAKES, tooManyErrors } from './judged.ts';
import type { LogonCheck } from './logon.ts';
import { Misbehaviour, occasionAt } from './misbehaviour.ts';
import { bannerGreeting, greeting, REPLIES } from './replies.ts';
import { SessionClock } from './session-clock.ts';
import { newSessionId } from './session-id.ts';
import { sessionInfo } from './session-info.ts';
import { type Answer, LINE_LIMIT, type LineHandler, LONG_LINE_LIMIT, type SmtpSession } from './smtp-session.ts';
import { secured } from './starttls.ts';
import { pauseFor } from './tarpit.ts';
import type { Transaction } from './transaction.ts';
import { WireConnection } from './wire.ts';

export class ListenerSession extends WireConnection implements Session, SmtpSession {
  readonly peer: Peer;
  readonly connector: SessionConnector;
  readonly services: SessionServices;
  readonly client: ClientIdentity;
  mail: Transaction | undefined;
  messages = 0;
  logonFailures = 0;
  nextLine: LineHandler | undefined;
  readonly #log: ReturnType<ProtocolLog['session']>;
  readonly #onEnd: () => void;
  readonly #startedAt = Date.now();
  readonly #clock: SessionClock;
  #errors = 0;
  #retiring = false;
  #clientDone = false;
  #made: Misbehaviour | undefined;
  #ending: SessionCount = 'endedByClient';
  /** Of the bytes received and sent, those that have been counted. */
  #counted = 0;
  #countedSent = 0;
  #pause: Delay | undefined;
  #check: LogonCheck | undefined;
  #afterBody: (() => Answer) | undefined;

  constructor(
    socket: Socket,
    connector: SessionConnector,
    peer: Peer,
    services: SessionServices,
    onEnd: () => void,
    id = newSessionId(),
  ) {
    super(socket, id, peer, services.memory);
    this.peer = peer;
    this.connector = connector;
    this.services = services;
    this.client = new ClientIdentity(connector, () => services.server());
    this.#onEnd = onEnd;
    this.#log = services.protocolLog.session(this.id, connector, peer);
    this.#log.write('+', '');
    this.#clock = new SessionClock({
      connector,
      looked: () => this.#countBytes(),
      over: (refusal) => {
        this.resetTransaction();
        this.#endFor(refusal);
      },
    });
    this.start();
  }

  /** Found once for each generation of the connector: a command reads its settings many times. */
  #forClient: { readonly of: Connector; readonly are: Connector } | undefined;

  /** As they are for this client. */
  get settings(): Connector {
    const { now } = this.connector;
    if (!now.Overrides.length) return now;
    if (this.#forClient?.of !== now) this.#forClient = { of: now, are: settingsFor(now, this.#sourceBy(now)) };
    return this.#forClient.are;
  }

  #sourceBy({ MaxInboundConnectionSourcePrefix }: Connector): string {
    return sourceOf(this.peer.remoteAddress, MaxInboundConnectionSourcePrefix);
  }

  get fqdn(): string {
    return this.settings.Fqdn || this.services.server().fqdn;
  }

  get source(): string {
    return this.#sourceBy(this.connector.now);
  }

  get startedAt(): Date {
    return new Date(this.#startedAt);
  }

  // ---- A line arrives, and is read as a command.

  /** The recipients of a message that is not there yet. */
  protected override get keptBesides(): number {
    return this.mail?.memory ?? 0;
  }

  protected override greet(): Answer {
    this.note(rightsLine(this.client.rights()), 'Set Session Permissions');
    return this.atStage('connect', () => this.atStage('greeting', () => this.#greet()));
  }

  #greet(): Answer {
    const { Banner } = this.settings;
    return this.#put(Banner === '' ? greeting(this.fqdn, new Date()) : bannerGreeting(Banner));
  }

  protected override greeted(): void {
    this.#retireIfIdle();
  }

  protected override get refusesEarly(): boolean {
    return this.settings.EarlyTalkers === 'Refuse';
  }

  protected override spokeEarly(): void {
    this.#refuseNow(earlyTalker(this.settings));
  }

  protected override heard(): void {
    this.#clock.stir();
  }

  override lineArrived(line: Buffer | null): Answer {
    return this.#whileAnswering(this.#command(line));
  }

  override bodyEnded(): Answer {
    const after = this.#afterBody;
    this.#afterBody = undefined;
    return this.#whileAnswering(after?.());
  }

  #whileAnswering(work: Answer): Answer {
    if (work) return this.#clock.while(work).finally(() => this.#retireIfIdle());
    this.#retireIfIdle();
    return undefined;
  }

  #command(bytes: Buffer | null): Answer {
    const line = bytes?.toString('utf8');
    if (this.nextLine) {
      const handler = this.nextLine;
      this.nextLine = undefined;
      this.#log.write('<', '<authentication response>');
      return line === undefined ? this.refuse(MISTAKES.lineTooLong) : handler(line);
    }
    const verb = line === undefined ? '' : (/^[a-z]+(?=$|[ \t])/i.exec(line)?.[0].toUpperCase() ?? '');
    const long = this.settings.LongAddressesEnabled || this.client.promised?.LongAddressesEnabled;
    const limit = long ? LONG_LINE_LIMIT : LINE_LIMIT;
    if (line === undefined || (line.length > limit && verb !== 'AUTH')) {
      this.#log.write('<', `<line of more than ${limit} characters>`);
      return this.refuse(lineTooLong(this.settings, line?.length ?? Number.POSITIVE_INFINITY, limit));
    }
    const argument = line.slice(verb.length).trim();
    this.#log.write('<', printable(verb === 'AUTH' ? `AUTH ${argument.split(/\s/)[0]}` : line));
    if (HTTP.test(line)) return this.refuse(MISTAKES.httpRequest);
    const command = COMMANDS.get(verb);
    if (!command) return this.refuse(unknown(this, verb, line));
    if (/[\x00-\x08\x0a-\x1f\x7f]/.test(argument)) return this.refuse(MISTAKES.invalidArguments);
    if (this.#made?.turnedAway && verb !== 'QUIT') return this.refuse(MISTAKES.badSequence);
    const stage = STAGE_OF.get(verb);
    return stage ? this.atStage(stage, () => command(this, argument), argument) : command(this, argument);
  }

  // ---- Faults on purpose (FaultRules) come before it.

  atStage(stage: FaultStage, go: () => Answer, argument = ''): Answer {
    if (this.settings.FaultRules.length === 0) return go();
    const acting = (this.services.faults ?? faultsAt)(this.connector, occasionAt(stage, argument, this));
    if (acting instanceof Promise) return acting.then((late) => this.#act(stage, late, go));
    return this.#act(stage, acting, go);
  }

  #act(stage: FaultStage, acting: readonly Acting[], go: () => Answer): Answer {
    if (this.isOver) return undefined;
    return acting.length === 0 ? go() : this.#misbehaviour.act(stage, acting, go);
  }

  /** Made when the first rule acts. */
  get #misbehaviour(): Misbehaviour {
    this.#made ??= new Misbehaviour(this, {
      wait: (ms) => this.#wait(() => ms),
      say: (reply) => this.#put(reply),
      refuse: (refusal) => this.#refuseNow(refusal),
      tell: (refusal) => this.#tell(refusal),
      put: (text) => this.put(text),
      log: (sent) => this.#log.write('>', sent),
      end: () => this.#end('endedByPolicy'),
      drop: () => this.#leave(),
      reset: () => this.reset(),
    });
    return this.#made;
  }

  // ---- The command has judged; its reply is said.

  say(reply: Acceptance): Answer {
    return this.#put(reply);
  }

  refuse(refusal: Refusal): Answer {
    const { reply } = refusal;
    if (reply.protocolError) {
      const most = Number(this.settings.MaxProtocolErrors);
      if (++this.#errors > most) return this.#refuseNow(tooManyErrors(this.settings, this.#errors));
    }
    const { isTrusted, isAuthenticated } = this.client;
    const slow = reply.permanent && !isTrusted && !isAuthenticated && !isExemptSource(this.peer.remoteAddress);
    if (!slow) return this.#refuseNow(refusal);
    this.#tell(refusal);
    return this.#putAfter('TarpitInterval', reply);
  }

  refuseLogon(refusal: Refusal, since: number): Answer {
    this.#tell(refusal);
    return this.#putAfter('AuthTarpitInterval', refusal.reply, performance.now() - since);
  }

  async checking(check: LogonCheck): Promise<Awaited<LogonCheck['done']>> {
    if (this.#clientDone || this.isOver) check.cancel();
    this.#check = check;
    const user = await check.done;
    this.#check = undefined;
    if (user === 'left') this.#leave();
    return user;
  }

  refuseAndEnd(refusal: Refusal): Answer {
    this.#refuseNow(refusal);
    this.#end('endedByErrors');
    return undefined;
  }

  #refuseNow(refusal: Refusal): Answer {
    this.#tell(refusal);
    return this.#put(refusal.reply);
  }

  /** Its time is over; nothing that the client asked for is refused, so nothing is counted as that. */
  #endFor(refusal: Refusal): void {
    this.#announce(refusal);
    this.#put(refusal.reply);
  }

  /** Whoever counts and looks on hears of a refusal, and why. */
  #tell(refusal: Refusal): void {
    if (this.isOver) return;
    this.connector.countRefusal(this.source, causeName(refusal.because));
    this.#announce(refusal);
  }

  #announce(refusal: Refusal): void {
    if (this.isOver) return;
    const { because } = refusal;
    this.services.onRefusal(this.connector, this.source, refusal);
    if (this.settings.ProtocolLoggingLevel === 'None' || isMistake(because)) return;
    this.note(printable(causeWords(because).problem), `Refused: ${causeName(because)}`);
  }

  #putAfter(delay: 'TarpitInterval' | 'AuthTarpitInterval', reply: Reply, spentMs = 0): Answer {
    if (this.settings[delay].seconds === 0 || this.#retiring) return this.#put(reply);
    if (this.#clientDone) return this.#leave();
    this.count('delays');
    return this.#wait(() => this.settings[delay].seconds * 1000 - spentMs).then(() => this.#put(reply));
  }

  /** A client that leaves meanwhile is let go. @param length milliseconds */
  async #wait(length: () => number): Promise<void> {
    const pause = (this.services.delay ?? pauseFor)(length);
    this.#pause = pause;
    await pause.over;
    this.#pause = undefined;
  }

  /** The reply is written. */
  #put(of: Reply): Answer {
    if (this.isOver) return undefined;
    if (this.#made?.losesReply) return this.#leave();
    const { EnhancedStatusCodesEnabled, ReplyDialect } = this.settings;
    const reply = of.in(ReplyDialect);
    const sent = EnhancedStatusCodesEnabled ? reply.line : reply.bare;
    if (reply.isLong) for (const line of sent.split('\r\n')) this.#log.write('>', line);
    else this.#log.write('>', sent);
    if (reply.counts) this.count(reply.counts);
    const slowly = this.#made?.putsSlowly(`${sent}\r\n`);
    if (slowly) return slowly.then(() => (reply.closes && !this.isOver ? this.#end(reply.ending) : undefined));
    this.put(`${sent}\r\n`);
    if (reply.closes) this.#end(reply.ending);
    return undefined;
  }

  /** The first reason counts. */
  #end(why: SessionCount): void {
    if (!this.isOver) this.#ending = why;
    this.close();
  }

  // ---- What commands ask for besides.

  count(count: SessionCount, by = 1): void {
    this.connector.count(count, by);
  }

  #countBytes(): void {
    if (this.bytesReceived > this.#counted) this.count('bytes', this.bytesReceived - this.#counted);
    if (this.bytesSent > this.#countedSent) this.count('bytesSent', this.bytesSent - this.#countedSent);
    this.#counted = this.bytesReceived;
    this.#countedSent = this.bytesSent;
  }

  note(data: string, context = ''): void {
    this.#log.write('*', data, context);
  }

  receive(body: Body, after: () => Answer): void {
    this.#afterBody = after;
    this.readBody(body);
  }

  commit<T>(work: Promise<T>): Promise<T> {
    return this.#clock.commit(work);
  }

  whileBusy(work: Promise<void>): Promise<void> {
    return this.#clock.while(work);
  }

  resetTransaction(): void {
    if (!this.#clock.isCommitting) this.mail?.receiver?.abort();
    this.mail?.endRecipients();
    this.mail = undefined;
    this.#afterBody = undefined;
  }

  startTls(context: SecureContext): Answer {
    this.#put(REPLIES.startTls);
    return this.secureWith(context, this.settings.DomainSecureEnabled, (socket) => secured(this, socket));
  }

  // ---- How it ends.

  /** A client that left is not waited with: a delayed reply would hold its place among the connections. */
  protected override clientDone(): void {
    this.#clientDone = true;
    if (this.#pause) this.#leave();
    this.#check?.cancel();
  }

  #leave(): undefined {
    this.drop();
    return undefined;
  }

  override commandFailed(error: Error): void {
    const reason = printable(String(error.stack ?? error));
    this.services.events.write(EVENTS.sessionDefect(this.settings.Name, this.id, reason));
    this.resetTransaction();
    this.#refuseNow({ reply: REPLIES.localError, because: fault('Defect', reason) });
    this.#end('endedByListener');
  }

  protected override socketFailed(error: Error): void {
    this.note(printable(error.message), this.client.tls ? 'Connection failed' : 'Connection or TLS negotiation failed');
  }

  protected override ended(): void {
    this.resetTransaction();
    this.#pause?.end();
    this.#check?.cancel();
    this.#clock.stop();
    this.#countBytes();
    this.count(this.#ending);
    this.#log.write('-', '');
    this.#onEnd();
  }

  settingsChanged(): void {
    this.#pause?.rearm();
    if (!this.isOver) this.#clock.rearm();
  }

  retire(): void {
    this.#retiring = true;
    this.#pause?.end();
    this.#retireIfIdle();
  }

  #retireIfIdle(): void {
    if (!this.#retiring || this.isOver || !this.isGreeted) return;
    if (this.#clock.isBusy || this.#clock.isCommitting || this.mail?.receiver) return;
    this.resetTransaction();
    this.#endFor(MISTAKES.ending);
  }

  destroy(): void {
    if (!this.isOver) this.#ending = 'endedByListener';
    this.drop();
  }

  info(): SessionInfo {
    const bytes = { received: this.bytesReceived, sent: this.bytesSent };
    const { id, settings, peer, startedAt, client, messages } = this;
    return sessionInfo({ id, settings, peer, startedAt, client, messages, bytes, doing: this.#doing() });
  }

  #doing(): SessionInfo['state'] {
    if (this.isOver) return 'closing';
    if (this.mail?.receiver) return 'message';
    return this.#clock.isBusy ? 'command' : 'idle';
  }
}

export const startSession: StartSession = (socket, connector, peer, services, onEnd, id) =>
  new ListenerSession(socket, connector, peer, services, onEnd, id);

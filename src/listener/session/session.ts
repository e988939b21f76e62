/**
 * One SMTP session: what it knows of its client and its transaction, how it hears a command and says a reply. Settings are
 * read from `connector.now` at the moment they are needed, so that a change acts on the next command. The commands
 * themselves stand in hello.ts, mail.ts, rcpt.ts, data.ts, auth.ts and starttls.ts.
 */
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { Connector } from '../../domain/connector.ts';
import {
  ANONYMOUS,
  AUTHENTICATED,
  EXTERNALLY_SECURED,
  PARTNERS,
  type Right,
  rightsLine,
  rightsOf,
  userPrincipal,
} from '../../domain/permissions.ts';
import { printable } from '../../domain/value-error.ts';
import type { Body } from '../../smtp/body.ts';
import type {
  Delay,
  LiveConnector,
  Peer,
  ProtocolLog,
  Session,
  SessionCount,
  SessionInfo,
  SessionServices,
  StartSession,
} from '../contract.ts';
import { events as told } from '../records/event-table.ts';
import { COMMANDS } from './commands.ts';
import type { LogonCheck } from './logon.ts';
import {
  CLOSES,
  COUNTED,
  ENDINGS,
  greeting,
  isProtocolError,
  multiline,
  REPLIES,
  withoutEnhancedCodes,
} from './replies.ts';
import { newSessionId } from './session-id.ts';
import { forgetTime, watchSoon, watchTime } from './session-timeouts.ts';
import { pauseFor } from './tarpit.ts';
import type { Transaction } from './transaction.ts';
import { WireConnection } from './wire.ts';

export type Answer = Promise<void> | undefined;
/** Takes the next line instead of a command (AUTH). */
export type LineHandler = (line: string) => Answer;

/** Command lines to 2,000 characters, with LongAddressesEnabled to 8,000 (Exchange documentation, LongAddressesEnabled). */
export const LINE_LIMIT = 2000;
const LONG_LINE_LIMIT = 8000;
const HTTP = /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|TRACE|CONNECT|PATCH|PRI) \S+ HTTP\/\d/i;

export class SmtpSession extends WireConnection implements Session {
  readonly peer: Peer;
  readonly connector: LiveConnector;
  readonly services: SessionServices;
  /** What the client called itself; empty before HELO and EHLO. */
  helo = '';
  /** It said EHLO. */
  esmtp = false;
  /** The user it authenticated as. */
  user = '';
  tls: { protocol: string; cipher: string; verified: boolean } | undefined;
  mail: Transaction | undefined;
  messages = 0;
  logonFailures = 0;
  /** See session-timeouts.ts. */
  turn = 0;
  /** The next line is not a command. */
  nextLine: LineHandler | undefined;
  readonly #log: ReturnType<ProtocolLog['session']>;
  readonly #onEnd: () => void;
  readonly #started = performance.now();
  readonly #startedAt = Date.now();
  #heardAt = this.#started;
  #errors = 0;
  #busy = 0;
  #committing = false;
  #retiring = false;
  #clientDone = false;
  #ending: SessionCount = 'endedByClient';
  /** Of the bytes received and sent, those that have been counted. */
  #counted = 0;
  #countedSent = 0;
  #pause: Delay | undefined;
  #check: LogonCheck | undefined;
  #afterBody: (() => Answer) | undefined;

  constructor(
    socket: Socket,
    connector: LiveConnector,
    peer: Peer,
    services: SessionServices,
    onEnd: () => void,
    id = newSessionId(),
  ) {
    super(socket, id, peer, services.memory);
    this.peer = peer;
    this.connector = connector;
    this.services = services;
    this.#onEnd = onEnd;
    this.#log = services.protocolLog.session(this.id, connector, peer);
    this.#log.write('+', '');
    watchTime(this);
    this.start();
  }

  /** The connector's settings now. */
  get settings(): Connector {
    return this.connector.now;
  }

  /** The connector's Fqdn; the server's own name when that is empty. */
  get fqdn(): string {
    return this.settings.Fqdn || this.services.server().fqdn;
  }

  get startedAt(): Date {
    return new Date(this.#startedAt);
  }

  /** Who the client is, for its rights. A user who was removed or disabled is nobody any more. */
  principals(): readonly string[] {
    if (this.isTrusted) return [EXTERNALLY_SECURED];
    if (this.isAuthenticated) return [AUTHENTICATED, userPrincipal(this.user)];
    return this.isPartner ? [ANONYMOUS, PARTNERS] : [ANONYMOUS];
  }

  rights(): ReadonlySet<Right> {
    return rightsOf(this.settings, this.principals());
  }

  /** ExternalAuthoritative: whoever connects is trusted as an Exchange server. */
  get isTrusted(): boolean {
    return this.settings.AuthMechanism.has('ExternalAuthoritative');
  }

  /** Its certificate was asked for and verified. */
  get isPartner(): boolean {
    return this.tls?.verified === true && this.settings.DomainSecureEnabled;
  }

  /** Whom it counts for: limits, rates, wrong passwords. */
  get source(): string {
    return this.peer.remoteAddress;
  }

  get isAuthenticated(): boolean {
    return this.user !== '' && this.services.server().users.some((u) => u.Name === this.user && u.Enabled);
  }

  count(count: SessionCount, by = 1): void {
    this.services.counts.add(this.connector, count, by);
  }

  #countBytes(): void {
    if (this.bytesReceived > this.#counted) this.count('bytes', this.bytesReceived - this.#counted);
    if (this.bytesSent > this.#countedSent) this.count('bytesSent', this.bytesSent - this.#countedSent);
    this.#counted = this.bytesReceived;
    this.#countedSent = this.bytesSent;
  }

  /** Says a reply, later when the client is to be slowed down; ends the session when the reply does. */
  say(reply: string | readonly string[]): Answer {
    const first = typeof reply === 'string' ? reply : reply[0]!;
    if (isProtocolError(first) && ++this.#errors > Number(this.settings.MaxProtocolErrors)) {
      return this.#put(REPLIES.tooManyErrors);
    }
    const slow = first.startsWith('5') && !this.isTrusted && !this.isAuthenticated;
    return this.#sayAfter(slow ? 'TarpitInterval' : undefined, reply);
  }

  /** Says the answer to a failed logon, AuthTarpitInterval after it came: how long the check took tells nothing. */
  sayLogonFailed(reply: string, since: number): Answer {
    return this.#sayAfter('AuthTarpitInterval', reply, performance.now() - since);
  }

  /** Waits for a password check; a client that leaves meanwhile is let go, and its check not made. */
  async checking(check: LogonCheck): Promise<Awaited<LogonCheck['done']>> {
    if (this.#clientDone || this.isOver) check.cancel();
    this.#check = check;
    const user = await check.done;
    this.#check = undefined;
    if (user === 'left') this.#leave();
    return user;
  }

  #sayAfter(
    delay: 'TarpitInterval' | 'AuthTarpitInterval' | undefined,
    reply: string | readonly string[],
    spentMs = 0,
  ): Answer {
    if (delay === undefined || this.settings[delay].seconds === 0 || this.#retiring) return this.#put(reply);
    if (this.#clientDone) return this.#leave();
    this.count('delays');
    const pause = (this.services.delay ?? pauseFor)(() => this.settings[delay].seconds * 1000 - spentMs);
    this.#pause = pause;
    return pause.over.then(() => {
      this.#pause = undefined;
      this.#put(reply);
    });
  }

  #put(reply: string | readonly string[]): undefined {
    if (this.isOver) return undefined;
    const first = typeof reply === 'string' ? firstLine(reply) : reply[0]!;
    const text = typeof reply === 'string' ? reply : multiline(reply);
    const sent = this.settings.EnhancedStatusCodesEnabled ? text : withoutEnhancedCodes(text);
    if (sent.includes('\r\n')) for (const line of sent.split('\r\n')) this.#log.write('>', line);
    else this.#log.write('>', sent);
    this.put(`${sent}\r\n`);
    const counted = COUNTED.get(first);
    if (counted) this.count(counted);
    if (first.startsWith('421') || CLOSES.has(first)) this.#end(ENDINGS.get(first) ?? 'endedByPolicy');
    return undefined;
  }

  /** Says a reply and ends the session, whatever the reply is. */
  sayAndEnd(reply: string): Answer {
    this.#put(reply);
    this.#end('endedByErrors');
    return undefined;
  }

  /** The first reason counts. */
  #end(why: SessionCount): void {
    if (!this.isOver) this.#ending = why;
    this.close();
  }

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

  /** Notes something in the protocol log. */
  note(data: string, context = ''): void {
    this.#log.write('*', data, context);
  }

  /** Reads a message or a part of it; `after` runs at its end. */
  receive(body: Body, after: () => Answer): void {
    this.#afterBody = after;
    this.readBody(body);
  }

  /** Waits for work that must not be cut short, such as making a message safe. */
  async commit<T>(work: Promise<T>): Promise<T> {
    this.#committing = true;
    try {
      return await work;
    } finally {
      this.#committing = false;
    }
  }

  /** Forgets the transaction, and the message that came with it. */
  resetTransaction(): void {
    if (!this.#committing) this.mail?.intake?.abort();
    this.mail?.endRecipients();
    this.mail = undefined;
    this.#afterBody = undefined;
  }

  /** Starts TLS; what the client said before it is forgotten (RFC 3207 section 4.2). */
  startTls(context: SecureContext): Answer {
    this.#put(REPLIES.startTls);
    return this.secureWith(context, this.settings.DomainSecureEnabled, (socket) => {
      this.resetTransaction();
      this.helo = '';
      this.esmtp = false;
      this.user = '';
      const protocol = socket.getProtocol() ?? '';
      const cipher = socket.getCipher();
      this.count('tls');
      this.tls = { protocol, cipher: cipher?.standardName ?? cipher?.name ?? '', verified: socket.authorized };
      this.note(`${protocol} ${this.tls.cipher}`, 'TLS negotiation succeeded');
      if (this.settings.DomainSecureEnabled) {
        const subject = socket.getPeerCertificate()?.subject?.CN;
        const name = typeof subject === 'string' ? printable(subject) : 'none';
        this.note(name, socket.authorized ? 'Client certificate verified' : 'Client certificate not verified');
      }
    });
  }

  protected override greet(): void {
    this.note(rightsLine(this.rights()), 'Set Session Permissions');
    this.#put(this.settings.Banner || greeting(this.fqdn, new Date()));
    this.#retireIfIdle();
  }

  protected override spokeEarly(): void {
    this.#put(REPLIES.earlyTalker);
  }

  protected override heard(): void {
    this.#stir();
  }

  override lineArrived(line: Buffer | null): Answer {
    return this.#while(this.#command(line));
  }

  override bodyEnded(): Answer {
    const after = this.#afterBody;
    this.#afterBody = undefined;
    return this.#while(after?.());
  }

  #while(work: Answer): Answer {
    if (!work) {
      this.#retireIfIdle();
      return undefined;
    }
    this.#busy++;
    return work.finally(() => {
      this.#busy--;
      this.#stir();
      this.#retireIfIdle();
    });
  }

  #command(bytes: Buffer | null): Answer {
    const line = bytes?.toString('utf8');
    if (this.nextLine) {
      const handler = this.nextLine;
      this.nextLine = undefined;
      this.#log.write('<', '<authentication response>');
      return line === undefined ? this.say(REPLIES.lineTooLong) : handler(line);
    }
    const verb = line === undefined ? '' : (/^[a-z]+(?=$|[ \t])/i.exec(line)?.[0].toUpperCase() ?? '');
    const limit = this.settings.LongAddressesEnabled ? LONG_LINE_LIMIT : LINE_LIMIT;
    if (line === undefined || (line.length > limit && verb !== 'AUTH')) {
      this.#log.write('<', `<line of more than ${limit} characters>`);
      return this.say(REPLIES.lineTooLong);
    }
    const argument = line.slice(verb.length).trim();
    this.#log.write('<', printable(verb === 'AUTH' ? `AUTH ${argument.split(/\s/)[0]}` : line));
    if (HTTP.test(line)) return this.say(REPLIES.httpRequest);
    const command = COMMANDS.get(verb);
    if (!command) return this.say(REPLIES.unrecognizedCommand);
    if (/[\x00-\x08\x0a-\x1f\x7f]/.test(argument)) return this.say(REPLIES.invalidArguments);
    return command(this, argument);
  }

  override commandFailed(error: Error): void {
    const reason = printable(String(error.stack ?? error));
    this.services.events.write(told.sessionDefect(this.settings.Name, this.id, reason));
    this.resetTransaction();
    this.#put(REPLIES.localError);
    this.#end('endedByListener');
  }

  protected override socketFailed(error: Error): void {
    this.note(printable(error.message), this.tls ? 'Connection failed' : 'Connection or TLS negotiation failed');
  }

  protected override ended(): void {
    this.resetTransaction();
    this.#pause?.end();
    this.#check?.cancel();
    forgetTime(this);
    this.#countBytes();
    this.count(this.#ending);
    this.#log.write('-', '');
    this.#onEnd();
  }

  checkTime(now: number): number {
    this.#countBytes();
    if (this.isOver || this.#committing) return now;
    const { ConnectionTimeout, ConnectionInactivityTimeout } = this.settings;
    const total = this.#started + ConnectionTimeout.seconds * 1000;
    const idle = this.#busy === 0 ? this.#heardAt + ConnectionInactivityTimeout.seconds * 1000 : now + 1;
    if (now < total && now < idle) return Math.min(total, idle);
    this.resetTransaction();
    this.#put(REPLIES.timedOut);
    return now;
  }

  /** Something happened: its time begins anew, and what it received and sent is counted within a second. */
  #stir(): void {
    this.#heardAt = performance.now();
    watchSoon(this, this.#heardAt);
  }

  /** Time that the disk or the next host takes is not the client's. */
  whileBusy(work: Promise<void>): Promise<void> {
    this.#busy++;
    return work.finally(() => {
      this.#busy--;
      this.#stir();
    });
  }

  settingsChanged(): void {
    this.#pause?.rearm();
    if (!this.isOver) watchTime(this);
  }

  retire(): void {
    this.#retiring = true;
    this.#pause?.end();
    this.#retireIfIdle();
  }

  #retireIfIdle(): void {
    if (!this.#retiring || this.isOver || !this._ready) return;
    if (this.#busy > 0 || this.#committing || this.mail?.intake) return;
    this.resetTransaction();
    this.#put(REPLIES.serviceNotAvailable);
  }

  destroy(): void {
    if (!this.isOver) this.#ending = 'endedByListener';
    this.drop();
  }

  info(): SessionInfo {
    const { peer, mail } = this;
    const host = (address: string) => (address.includes(':') ? `[${address}]` : address);
    return {
      id: this.id,
      connector: this.settings.Name,
      source: peer.remoteAddress,
      port: peer.remotePort,
      remote: `${host(peer.remoteAddress)}:${peer.remotePort}`,
      local: `${host(peer.localAddress)}:${peer.localPort}`,
      since: this.startedAt.toISOString(),
      tls: this.tls !== undefined,
      user: this.user,
      helo: printable(this.helo),
      state: this.isOver ? 'closing' : mail?.intake ? 'message' : this.#busy > 0 ? 'command' : 'idle',
      messages: this.messages,
      bytes: this.bytesReceived,
      bytesSent: this.bytesSent,
    };
  }
}

function firstLine(reply: string): string {
  const end = reply.indexOf('\r\n');
  return end < 0 ? reply : reply.slice(0, end);
}

export const startSession: StartSession = (socket, connector, peer, services, onEnd, id) =>
  new SmtpSession(socket, connector, peer, services, onEnd, id);

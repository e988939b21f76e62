/**
 * All that reaches into smtp-server (pinned at 3.21.6) stands here; test/session/internals.test.ts fails when a new
 * version changes what this page leans on. What it leans on: SMTPConnection's life of a socket (`_setListeners` pipes it
 * into the parser, `close` half-closes and bounds the wait, `_onClose`), `upgrade` (STARTTLS with the plaintext that was
 * buffered thrown away), `_whenWritable`. What it replaces: the greeting with its 100 ms wait, the parser, the commands,
 * the replies, the idle timer.
 */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContext, TLSSocket } from 'node:tls';
import type { SMTPServer } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import type { Body } from '../../smtp/body.ts';
import type { Peer } from '../contracts/peer.ts';
import type { MemoryBudget } from '../memory-budget.ts';
import { WireReader } from './wire-reader.ts';

/** Bytes of replies that may wait for a client to read them, before no more of its commands are answered. */
const UNREAD_REPLIES = 16 * 1024;
/** Where early talkers are refused, the greeting is held back so long that what came with the connect is always seen. */
const HOLD_BACK_MS = 200;

/** In the place of smtp-server's parser: hands on what comes. What is left when the client goes away is no command. */
class WireStream extends SMTPStream {
  readonly reader: WireReader;

  constructor(connection: WireConnection) {
    super();
    this.reader = new WireReader(connection, this);
  }

  override _write(chunk: Buffer, _encoding: string, next: (error?: Error | null) => void): void {
    this.reader.take(chunk, next);
  }

  override _flushData(): void {}
}

/** The server that SMTPConnection believes it belongs to: options and hooks, none of which do anything. */
class QuietServer {
  // A name, so that the system is not asked for one with each connection; it is never said.
  readonly options: Record<string, unknown> = { disabledCommands: [], authMethods: [], size: 0, name: 'localhost' };
  readonly connections = { delete: () => true, size: 0 };
  readonly logger = { debug() {}, info() {}, error() {} };
  readonly secureContext: { get(): SecureContext | undefined } = { get: () => undefined };
  onClose(): void {}
  onSecure(_socket: unknown, _session: unknown, done: (error?: Error) => void): void {
    done();
  }
  _resolveSNI(_name: string, done: (error: Error | null, context?: SecureContext) => void): void {
    done(null, this.secureContext.get());
  }
}

/** The server of one STARTTLS: its certificate, and whether the client is asked for one. */
class SecureServer extends QuietServer {
  override readonly secureContext;
  constructor(context: SecureContext, requestCert: boolean) {
    super();
    this.secureContext = { get: () => context };
    if (requestCert) {
      this.options.requestCert = true;
      this.options.rejectUnauthorized = false; // the session judges it; without one it is no partner
    }
  }
}

const QUIET = new QuietServer() as unknown as SMTPServer;

/** A duplex stream with the addresses of a socket: all that a connection here needs of one. */
export function asSocket(stream: Duplex & Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>) {
  return stream as unknown as Socket;
}

/** A connection that speaks through `reply` and hears through `lineArrived`. What SMTP is, is the subclass's matter. */
export abstract class WireConnection extends SMTPConnection {
  #holding = false;
  /** Replies to commands that came together. */
  #held = '';
  #ended = false;
  #saidAll = false;
  readonly #memory: MemoryBudget;
  /** Of the memory that all connections may take, what this one's bytes and replies have. */
  #counted = 0;
  /** What the client sent and got so far, in bytes; of TLS what is inside. */
  protected bytesReceived = 0;
  protected bytesSent = 0;

  constructor(socket: Socket, id: string, peer: Peer, memory: MemoryBudget) {
    super(QUIET, socket, { id, ...peer });
    this.#memory = memory;
  }

  /** Greet now, or when the promise settles. */
  protected abstract greet(): Promise<void> | undefined;
  /** The client was greeted. */
  protected abstract greeted(): void;
  /** The client spoke before it was greeted. */
  protected abstract spokeEarly(): void;
  /** Is a client refused that speaks before it is greeted? */
  protected abstract get refusesEarly(): boolean;
  /** One line without its end; `null` for a line longer than LONGEST_LINE, which was not kept. */
  abstract lineArrived(line: Buffer | null): Promise<void> | undefined;
  /** The body given to `readBody` has its end. */
  abstract bodyEnded(): Promise<void> | undefined;
  /** A command threw: a mistake of ours. */
  abstract commandFailed(error: Error): void;
  protected abstract heard(): void;
  /** The client closed its side. */
  protected abstract clientDone(): void;
  protected abstract ended(): void;
  protected abstract socketFailed(error: Error): void;

  /**
   * Listens, and greets. What the client says before that is answered after it; or it is refused for it, and then the
   * greeting waits for a moment, so that the same client always meets the same.
   */
  protected start(): void {
    this.#hearToTheEnd(this._socket);
    this._setListeners(() => {});
    const greet = () => {
      if (this.isOver) return;
      const wait = this.greet();
      if (wait) wait.then(greeted, (error: Error) => this.commandFailed(error));
      else greeted();
    };
    const greeted = () => {
      if (this.isOver) return;
      this._ready = true;
      this.greeted();
      if (this.#saidAll) this.close();
      else if (this._parser) (this._parser as WireStream).reader.greeted();
    };
    if (this.refusesEarly) setTimeout(greet, HOLD_BACK_MS);
    else setImmediate(() => setImmediate(greet));
  }

  /**
   * A client that closes its side has said all it wants and may still be reading (`nc` at the end of its input): what it
   * said is answered, then the connection ends. Node would end our side at once, and with it the answer to a message kept.
   */
  #hearToTheEnd(socket: Socket): void {
    socket.allowHalfOpen = true;
    socket.once('end', () => this.clientDone());
  }

  /** Everything the client said before it closed its side has been worked off. */
  #workedOff(): void {
    this.#saidAll = true;
    if (this._ready && !this.isOver) this.close();
  }

  /** @internal */
  bytesArrived(count: number): void {
    this.bytesReceived += count;
    this.heard();
    if (this.isWaiting && this.refusesEarly) this.spokeEarly();
  }

  /** @internal It is not greeted yet. */
  get isWaiting(): boolean {
    return !this._ready && !this._upgrading && !this.isOver;
  }

  protected get isGreeted(): boolean {
    return this._ready;
  }

  /** The connection is closed or closing: nothing more is said or heard. */
  get isOver(): boolean {
    return this._closing || this._closed || this._socket.destroyed;
  }

  /** The next bytes are a message's, until `body` has its end. */
  protected readBody(body: Body): void {
    if (this._parser) (this._parser as WireStream).reader.body = body;
  }

  /** The next lines, should the client have sent them already: at most so many. They stay where they are. */
  linesWaiting(most: number): Iterable<string> {
    return this._parser ? (this._parser as WireStream).reader.linesWaiting(most) : [];
  }

  /** Puts text on the wire; silent while a TLS handshake runs. Replies to commands that came together go out together (RFC 2920 section 3.2). */
  protected put(text: string): void {
    const socket = this._socket;
    if (this._upgrading || socket.destroyed || !socket.writable) return;
    this.bytesSent += Buffer.byteLength(text);
    if (this.#holding) this.#held += text;
    else socket.write(text);
  }

  /** @internal */
  holdReplies(): void {
    this.#holding = true;
  }

  /** @internal */
  sendReplies(): void {
    this.#holding = false;
    const text = this.#held;
    if (text === '') return;
    this.#held = '';
    const socket = this._socket;
    if (!socket.destroyed && socket.writable) socket.write(text);
  }

  /**
   * More replies wait for the client to read them than may: the promise settles when it has. Not when memory is short: then
   * such a client is let go.
   * @internal
   */
  drained(): Promise<void> | undefined {
    if (this.#held.length + this._socket.writableLength < UNREAD_REPLIES || this.isOver) return undefined;
    this.sendReplies();
    if (!this._socket.writableNeedDrain) {
      this.#holding = true;
      return undefined;
    }
    if (this.#memory.isShort) this.drop();
    return new Promise((next) => this.whenDrained(next));
  }

  /** Bytes that are kept for the client besides what the wire keeps. */
  protected abstract get keptBesides(): number;

  /** Counts what is held for this connection now: `bytes` read and not worked off, replies, and what is kept besides. @internal */
  countHeld(bytes: number): void {
    const now = this.#ended ? 0 : bytes + this._socket.writableLength + this.keptBesides;
    this.#memory.owe(now - this.#counted);
    this.#counted = now;
  }

  /** A client that does not read its replies is not read from either. */
  whenDrained(next: () => void): void {
    this._whenWritable(next);
  }

  /** Starts TLS on the socket after `220` has been said; `secured` runs when the handshake is done. */
  protected secureWith(
    context: SecureContext,
    requestCert: boolean,
    secured: (socket: TLSSocket) => void,
  ): Promise<void> {
    this.sendReplies();
    this._server = new SecureServer(context, requestCert) as unknown as SMTPServer;
    this._socket.allowHalfOpen = false; // whoever leaves in the handshake is gone
    return new Promise((resume) => {
      this.upgrade(resume, () => {
        this._server = QUIET;
        this.#hearToTheEnd(this._socket);
        secured(this._socket as TLSSocket);
      });
    });
  }

  /** Ends the connection with a TCP reset. */
  protected reset(): void {
    const socket = this._socket;
    // Inside TLS, and over a stream that is no socket, there is none to send.
    if ('encrypted' in socket || typeof socket.resetAndDestroy !== 'function') socket.destroy();
    else socket.resetAndDestroy();
  }

  /** Ends the connection at once. */
  protected drop(): void {
    this._socket.destroy();
  }

  /** In a TLS handshake nothing can be said, so nobody is waited for to hear it. */
  override close(): void {
    this.sendReplies();
    if (this._upgrading) this.drop();
    else super.close();
  }

  override _createParser(): SMTPStream {
    const reader = new WireStream(this);
    reader.once('finish', () => this.#workedOff());
    return reader;
  }

  /** Time limits are the subclass's. */
  override _armTimeout(): void {}

  /** Whatever smtp-server would say of its own accord ends the session in our words. */
  override send(): void {
    this.close();
  }

  override _onError(error: Error): void {
    this.socketFailed(error);
    this.drop();
  }

  override _onClose(): void {
    super._onClose();
    if (this.#ended) return;
    this.#ended = true;
    this.countHeld(0);
    this.ended();
  }
}

/**
 * The next host asked about the recipients of one client's message, in one transaction: MAIL once, RCPT for each, several on
 * the way at a time where PIPELINING is offered, RSET at the end. Each recipient gets the host's own answer. One that could
 * not be asked is refused for now: taken unasked it would take the message from all the others, should the host refuse it in
 * the end (docs/decisions/0146-asking-about-recipients.md).
 */

import type { SmtpClient } from '../../smtp/client/client.ts';
import { inOneLine, isGood, type ServerReply } from '../../smtp/client/reply-reader.ts';
import { inTime } from '../../text/in-time.ts';
import { passedOn, type Rejection } from '../refusal/reply.ts';
import { MOST_REFUSALS } from './relay-pool.ts';
import { NO_INTERNATIONAL } from './relay-transaction.ts';
import { asOurs, isTooMany } from './their-reply.ts';

/** Recipients on the way at one time, at most: what a host says to more than its limit of wrong ones is punishment. */
const MOST_ON_THE_WAY = 20;
/** How long a connection is held for the next recipient. A client that types its recipients holds none. */
const LINGER_MS = 1000;
/** Connections tried for one recipient, and one after the other without an answer to anybody. */
const TRIES = 2;

interface InquiryOptions {
  readonly sender: string;
  readonly smtpUtf8: boolean;
  /** A connection for a while; a new one when `fresh`. @throws an Error with the `reply` for the client, or any other */
  take(fresh: boolean): Promise<SmtpClient>;
  give(connection: SmtpClient, reusable: boolean): void;
  /** Gives it back when its last command is answered. */
  giveSoon(connection: SmtpClient, good: Promise<boolean>): void;
  /** Asked to give back what is not needed at this moment. */
  readonly holders: Set<() => void>;
  /** Milliseconds an answer may take. */
  readonly answerMs: number;
  /** The host took it. */
  taken(recipient: string): void;
  /** Recipients that the message may still have, as far as the host's limit is known. */
  room(): number;
  /** The host takes so many recipients in one message, and no more. */
  full(most: number): void;
  /** Recipients were refused with `reply` because the host could not be asked; `late`: it did not answer in time. */
  failed(why: string, reply: Rejection, late: boolean): void;
}

interface Question {
  readonly recipient: string;
  tries: number;
  answer(refusal: Rejection | undefined): void;
}

export const NOT_IN_TIME = passedOn(451, '4.4.1', 'Next host did not answer in time');
export const LOST = passedOn(451, '4.4.2', 'Connection to the next host was lost');
/** The client sends the others in another message (RFC 5321 section 4.5.3.1.10). */
export const NO_ROOM = passedOn(452, '4.5.3', 'Too many recipients for the next host');

export class RecipientInquiry {
  readonly #options: InquiryOptions;
  /** Asked already in this transaction. */
  readonly #asked = new Map<string, Promise<Rejection | undefined>>();
  #queue: Question[] = [];
  #running = false;
  #closed = false;
  #connection: SmtpClient | undefined;
  /** Sent and not answered, in order. */
  #onTheWay: Question[] = [];
  /** Taken one after the other: what allows more on the way. */
  #streak = 0;
  /** Connections one after the other on which nobody was answered. */
  #barren = 0;
  #idle: NodeJS.Timeout | undefined;
  /** Taken in the transaction on this connection. */
  #here = 0;
  /** What whoever else is asked about gets: the host takes nothing from this sender, or it answered nobody. */
  #forAll: Rejection | undefined;

  constructor(options: InquiryOptions) {
    this.#options = options;
    options.holders.add(this.#giveBack);
  }

  /** The host's refusal, or nothing when it takes the recipient. Never rejects. */
  ask(recipient: string): Promise<Rejection | undefined> {
    const known = this.#asked.get(recipient);
    if (known) return known;
    const asked = new Promise<Rejection | undefined>((answer) => this.#queue.push({ recipient, tries: 0, answer }));
    this.#asked.set(recipient, asked);
    if (!this.#running) void this.#run();
    else this.#send();
    return asked;
  }

  /** The transaction is over. */
  close(): void {
    this.#closed = true;
    this.#options.holders.delete(this.#giveBack);
    for (const question of this.#queue.splice(0)) question.answer(LOST);
    this.#giveBack();
  }

  async #run(): Promise<void> {
    this.#running = true;
    clearTimeout(this.#idle);
    try {
      while (this.#queue.length + this.#onTheWay.length > 0) await this.#round();
    } finally {
      this.#running = false;
    }
    if (this.#closed) this.#giveBack();
    else if (this.#connection) {
      this.#idle = setTimeout(this.#giveBack, LINGER_MS);
      this.#idle.unref();
    }
  }

  /** As much as one connection answers. */
  async #round(): Promise<void> {
    if (this.#refusedAll()) return;
    let answered = false;
    let problem = LOST;
    try {
      this.#connection ??= await this.#begin();
      if (this.#refusedAll()) return;
      const connection = this.#connection;
      this.#send();
      while (this.#onTheWay.length > 0) {
        const reply = await this.#reply(connection);
        if (reply.code === 421) {
          problem = asOurs(reply);
          throw new Error(inOneLine(reply));
        }
        answered = true;
        this.#judge(this.#onTheWay.shift()!, reply, connection);
        this.#send();
      }
      if (connection.refusals >= MOST_REFUSALS) this.#giveBack();
    } catch (error) {
      const late = error instanceof NotInTime;
      const { reply } = error as { reply?: Rejection };
      const refused = this.#lost(late ? NOT_IN_TIME : (reply ?? problem), answered, !late);
      if (refused !== undefined) this.#options.failed((error as Error).message, refused, late);
    }
  }

  /** MAIL on a connection; on one that was kept and is dead or used up, once more on a new one. */
  async #begin(): Promise<SmtpClient> {
    const { take, sender, smtpUtf8 } = this.#options;
    for (const fresh of [false, true]) {
      const connection = await take(fresh);
      this.#here = 0;
      const kept = connection.used++ > 0;
      try {
        const utf8 = smtpUtf8 && connection.extensions.has('SMTPUTF8') ? ' SMTPUTF8' : '';
        connection.send(`MAIL FROM:<${sender}>${utf8}\r\n`);
        const reply = await this.#reply(connection);
        const ofConnection = reply.code === 421 || (kept && reply.code < 500 && !isGood(reply));
        if (ofConnection) throw Object.assign(new Error(inOneLine(reply)), { reply: asOurs(reply) });
        if (!isGood(reply)) {
          this.#forAll = asOurs(reply);
          connection.refusals++;
        }
        return connection;
      } catch (error) {
        this.#options.give(connection, false);
        if (!kept || fresh || error instanceof NotInTime) throw error;
      }
    }
    throw new Error('no connection'); // the loop has returned or thrown by then
  }

  #reply(connection: SmtpClient): Promise<ServerReply> {
    return inTime(connection.reply(), this.#options.answerMs, () => {
      throw new NotInTime();
    });
  }

  #refusedAll(): boolean {
    if (this.#onTheWay.length > 0) return false;
    const all = this.#forAll ?? (this.#options.room() > 0 ? undefined : NO_ROOM);
    if (all === undefined) return false;
    for (const question of this.#queue.splice(0)) question.answer(all);
    return true;
  }

  /** Sends what may be on the way now. */
  #send(): void {
    const connection = this.#connection;
    if (!connection || this.#forAll !== undefined) return;
    const left = MOST_REFUSALS - connection.refusals;
    if (left <= 0) return; // it has had enough: the rest goes over another one
    const pipelined = connection.extensions.has('PIPELINING') ? Math.min(left + this.#streak, MOST_ON_THE_WAY) : 1;
    const most = Math.min(pipelined, this.#options.room());
    let text = '';
    while (this.#queue.length > 0 && this.#onTheWay.length < most) {
      const question = this.#queue.shift()!;
      if (/[^\x00-\x7f]/.test(this.#options.sender + question.recipient) && !connection.extensions.has('SMTPUTF8')) {
        question.answer(NO_INTERNATIONAL);
        continue;
      }
      this.#onTheWay.push(question);
      text += `RCPT TO:<${question.recipient}>\r\n`;
    }
    if (text !== '') connection.send(text);
  }

  #judge(question: Question, reply: ServerReply, connection: SmtpClient): void {
    if (isGood(reply)) {
      this.#streak++;
      this.#here++;
      this.#options.taken(question.recipient);
      question.answer(undefined);
      return;
    }
    this.#streak = 0;
    connection.refusals++;
    if (this.#here > 0 && isTooMany(reply)) this.#options.full(this.#here);
    question.answer(asOurs(reply));
  }

  /**
   * The connection is gone. Who was not answered is asked again on a new one, but nobody too often: one that costs a
   * connection each time is refused alone where the others get answers, all are where nobody does. The reply, if any was refused.
   */
  #lost(reply: Rejection, answered: boolean, again: boolean): Rejection | undefined {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#streak = 0;
    if (connection) this.#options.give(connection, false);
    const unanswered = this.#onTheWay.splice(0);
    const [first] = unanswered;
    this.#barren = answered ? 0 : this.#barren + 1;
    if (!first || !again || this.#barren >= TRIES) {
      if (again) this.#forAll = reply; // each of those to come would cost another try
      for (const question of [...unanswered, ...this.#queue.splice(0)]) question.answer(reply);
      return reply;
    }
    const enough = ++first.tries >= TRIES;
    if (enough) unanswered.shift()!.answer(reply);
    this.#queue.unshift(...unanswered);
    return enough ? reply : undefined;
  }

  /** Ends the transaction at the next host, unless an answer is waited for. */
  readonly #giveBack = (): void => {
    const connection = this.#connection;
    if (!connection || this.#onTheWay.length > 0) return;
    this.#connection = undefined;
    this.#streak = 0;
    clearTimeout(this.#idle);
    if (connection.refusals >= MOST_REFUSALS) {
      this.#options.give(connection, true);
      return;
    }
    connection.send('RSET\r\n');
    this.#options.giveSoon(
      connection,
      this.#reply(connection).then(isGood, () => false),
    );
  };
}

class NotInTime extends Error {
  constructor() {
    super('it did not answer in time');
  }
}

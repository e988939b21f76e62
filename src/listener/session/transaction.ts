/** A mail transaction: what MAIL and RCPT said, and the message once its first bytes are asked for. */

import type { Mailbox, Parameters } from '../../smtp/path.ts';
import type { Delivery, Envelope, RecipientCheck } from '../contracts/delivery-api.ts';
import type { Peer } from '../contracts/peer.ts';
import type { SessionConnector } from '../contracts/session-connector.ts';
import type { MemoryBudget } from '../memory-budget.ts';
import type { Refusal } from '../refusal/refusal.ts';
import type { ClientIdentity } from './client-identity.ts';
import { MessageReceiver } from './message-receiver.ts';
import { protocolName } from './received-header.ts';

/** Whose message it is; a session is this. */
interface Submitter {
  readonly id: string;
  readonly connector: SessionConnector;
  readonly peer: Peer;
  readonly client: ClientIdentity;
  readonly fqdn: string;
  readonly services: { readonly delivery: Delivery; readonly memory: MemoryBudget };
  refuseAndEnd(refusal: Refusal): unknown;
}

/** What a recipient costs besides its characters: objects, their properties, its place in list and set (measured on Node 20). */
const RECIPIENT = 400;
/** So much of a message's recipients is kept however little memory is left: most messages have no more. */
const ALWAYS_KEPT = 16 * 1024;

export class Transaction {
  readonly recipients: { readonly address: string; readonly parameters: Parameters }[] = [];
  readonly #known = new Set<string>();
  /** Bytes that the recipients take. */
  memory = 0;
  receiver: MessageReceiver | undefined;
  /** Recipients of commands that have come and not been worked off, asked about already. */
  askedAhead = 0;
  #check: RecipientCheck | undefined | null;

  constructor(
    readonly sender: Mailbox,
    readonly parameters: Parameters,
    readonly body: Envelope['body'],
    readonly utf8: boolean,
  ) {}

  /** A recipient named twice gets the message once. `said`: characters of the command, which its parts keep in memory. */
  add(address: string, parameters: Parameters, said: number): void {
    const key = address.toLowerCase();
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.recipients.push({ address, parameters });
    this.memory += RECIPIENT + said + address.length;
  }

  /** Is there no memory for another recipient? */
  isFull(memory: MemoryBudget): boolean {
    return this.memory > ALWAYS_KEPT && memory.isShort;
  }

  /** Asks the next host about a recipient, where there is one to ask: its refusal, or nothing. */
  ask(session: Submitter, recipient: string): Promise<Refusal | undefined> | undefined {
    if (this.#check === undefined) {
      const about = { connector: session.connector.now, sender: this.sender.address, smtpUtf8: this.utf8 };
      this.#check = session.services.delivery.checkRecipients?.(about) ?? null;
    }
    return this.#check?.ask(recipient);
  }

  /** No more recipients will come. */
  endRecipients(): void {
    this.#check?.close();
    this.#check = null;
  }

  /** Begins the message. */
  begin(session: Submitter, refuseBareLinefeeds: boolean): MessageReceiver {
    this.endRecipients();
    const { connector, peer, client } = session;
    const { helo, esmtp, user, tls } = client;
    const envelope: Envelope = {
      sessionId: session.id,
      connector: connector.now,
      peer,
      helo,
      protocol: protocolName(esmtp, this.utf8, tls !== undefined, user !== ''),
      user,
      tls: tls ? { protocol: tls.protocol, cipher: tls.cipher } : null,
      mailFrom: { address: this.sender.address, parameters: this.parameters },
      recipients: this.recipients,
      body: this.body,
      smtpUtf8: this.utf8,
    };
    this.receiver = new MessageReceiver(session.services.delivery, {
      memory: session.services.memory,
      connector,
      envelope,
      principals: () => client.principals(),
      fqdn: () => session.fqdn,
      refuseBareLinefeeds,
      headerTooLarge: (refusal) => session.refuseAndEnd(refusal),
    });
    return this.receiver;
  }
}

/** Between a session and the delivery: who sent what to whom, and what became of it. */

import type { Connector } from '../../domain/connector.ts';
import type { Refusal } from '../refusal/refusal.ts';
import type { Acceptance } from '../refusal/reply.ts';
import type { Peer } from './peer.ts';

/** Who sent a message to whom, as known when its data begins. */
export interface Envelope {
  readonly sessionId: string;
  readonly connector: Connector;
  readonly peer: Peer;
  readonly helo: string;
  /** Protocol for the Received header: SMTP, ESMTP, ESMTPS, ESMTPA, ESMTPSA, UTF8SMTP… (RFC 3848, RFC 6531). */
  readonly protocol: string;
  readonly user: string;
  readonly tls: { readonly protocol: string; readonly cipher: string } | null;
  readonly mailFrom: { readonly address: string; readonly parameters: Readonly<Record<string, string | true>> };
  readonly recipients: readonly {
    readonly address: string;
    readonly parameters: Readonly<Record<string, string | true>>;
  }[];
  readonly body: '7BIT' | '8BITMIME' | 'BINARYMIME';
  readonly smtpUtf8: boolean;
}

/** A transaction as known at MAIL. */
export interface TransactionSender {
  readonly connector: Connector;
  /** Empty for the null sender. */
  readonly sender: string;
  readonly smtpUtf8: boolean;
}

/** Asks about the recipients of one transaction, so that each gets its own answer. */
export interface RecipientCheck {
  /** The refusal, or nothing for one that is taken or about which nobody has to be asked. May be called before earlier answers are there. */
  ask(recipient: string): Promise<Refusal | undefined> | undefined;
  /** No more will be asked. */
  close(): void;
}

/** Keeps messages safe. Nothing here throws for reasons of the outside world: results carry the refusal. */
export interface Delivery {
  /** Begins a message; throws nothing, a full disk shows at `write` or `commit`. `internalId` numbers messages of this listener. */
  begin(envelope: Envelope): Message;
  /** Who is asked at RCPT, where the delivery knows anybody to ask; nothing where it does not. */
  checkRecipients?(about: TransactionSender): RecipientCheck | undefined;
  close(): Promise<void>;
}

export interface Message {
  readonly internalId: number;
  /** Takes bytes as they are (dots already unstuffed); resolves when more may come. Errors are kept for `commit`. */
  write(chunk: Buffer): Promise<void> | undefined;
  /** Adds fields in front of what has been written (Received). Call before the first `write`. */
  prepend(header: string): void;
  /** Makes it safe, or says why not. Settles within the delivery's own time limit. */
  commit(messageId: string): Promise<DeliveryResult>;
  /** Forgets it, and whatever it left behind. */
  abort(): void;
}

export type DeliveryResult =
  | {
      readonly ok: true;
      /** The reply of a next host that answered itself; else the session says its own `250 2.6.0 …`. */
      readonly reply?: Acceptance;
    }
  | { readonly ok: false; readonly refusal: Refusal };

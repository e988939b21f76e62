/** Where a message can go. A route takes the bytes of messages and makes them safe, each in its own way. */
import type { DeliveryResult, Envelope, RecipientCheck, TransactionSender } from '../contracts/delivery-api.ts';
import { REPLIES } from '../session/replies.ts';

export type Method = 'Maildir' | 'Relay' | 'Discard';

export interface Route {
  begin(envelope: Envelope): RouteMessage;
  /** See Delivery.checkRecipients. */
  checkRecipients?(about: TransactionSender): RecipientCheck;
  close(): Promise<void>;
}

export interface RouteMessage {
  prepend(header: string): void;
  write(chunk: Buffer): Promise<void> | undefined;
  commit(): Promise<Outcome>;
  abort(): void;
}

/** What became of a message, for the client and for the message tracking log. */
export type Outcome = DeliveryResult & {
  /** One per recipient, in the envelope's order, when they differ or say more than the reply. */
  readonly recipientStatus?: readonly string[];
  /** Name of the file, or the host it went to. */
  readonly where?: string;
};

/** Exchange's answer when it cannot store a message (reference of SMTP replies; RFC 3463 X.3.1). */
export const NO_RESOURCES = REPLIES.noResources;

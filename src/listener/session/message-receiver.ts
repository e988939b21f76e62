/**
 * A message on its way from the wire to the delivery: its header is held back until it is whole (at most MaxHeaderSize),
 * then filtered and sent on; its body passes through. What is wrong with it is remembered, the rest of it passed over,
 * and the reply given at its end. Limits are read at every piece, so a change acts on a message being received.
 */
import { randomUUID } from 'node:crypto';
import { rightsOf } from '../../domain/permissions.ts';
import type { Sink } from '../../smtp/dot-stuffing.ts';
import { HeaderEnd, type HeaderFacts, readHeader } from '../../smtp/header.ts';
import type { Delivery, Envelope, LiveConnector, Message } from '../contract.ts';
import { HeldBytes, type MemoryBudget } from '../memory-budget.ts';
import { receivedField } from './received-header.ts';
import { REPLIES } from './replies.ts';

/** So much of a header is kept however little memory is left: most headers are no larger, and mail goes on in a flood. */
const ALWAYS_KEPT = 8 * 1024;

export interface IntakeOptions {
  readonly memory: MemoryBudget;
  readonly connector: LiveConnector;
  readonly envelope: Envelope;
  /** Principals of the client, for its rights now. */
  principals(): readonly string[];
  /** Name of this server. */
  fqdn(): string;
  /** Refuse bare line feeds in it (DATA only). */
  readonly refuseBareLinefeeds: boolean;
  /** Called at once when the header is over its limit: the session ends there. */
  headerTooLarge(): void;
}

export class Intake implements Sink {
  readonly message: Message;
  /** The reply it will be refused with. */
  refusal: string | undefined;
  /** Bytes received so far. */
  size = 0;
  readonly #options: IntakeOptions;
  #header: HeldBytes | undefined;
  readonly #headerEnd = new HeaderEnd();
  #facts: Omit<HeaderFacts, 'kept'> | undefined;
  #lastByte = 0;
  #aborted = false;
  #messageId = '';

  constructor(delivery: Delivery, options: IntakeOptions) {
    this.#options = options;
    this.#header = new HeldBytes(options.memory, ALWAYS_KEPT);
    this.message = delivery.begin(options.envelope);
  }

  /** Known once the header is whole. */
  get facts(): Omit<HeaderFacts, 'kept'> | undefined {
    return this.#facts;
  }

  write(bytes: Buffer): Promise<void> | undefined {
    this.size += bytes.length;
    if (this.refusal) return undefined;
    if (this.#isTooLarge(this.size)) return this.refuse(REPLIES.messageTooLarge);
    if (this.#options.refuseBareLinefeeds && this.#hasBareLinefeed(bytes)) return this.refuse(REPLIES.bareLinefeeds);
    if (!this.#header) return this.message.write(bytes);
    return this.#headerPiece(bytes);
  }

  /** Is a message of so many bytes over the limit, as it is now? */
  #isTooLarge(bytes: number): boolean {
    const { connector, principals } = this.#options;
    return (
      bytes > connector.now.MaxMessageSize.bytes &&
      !rightsOf(connector.now, principals()).has('Bypass-Message-Size-Limit')
    );
  }

  #hasBareLinefeed(bytes: Buffer): boolean {
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
      if ((at > 0 ? bytes[at - 1] : this.#lastByte) !== 13) return true;
    }
    this.#lastByte = bytes[bytes.length - 1]!;
    return false;
  }

  #headerPiece(bytes: Buffer): Promise<void> | undefined {
    const end = this.#headerEnd.find(bytes);
    const ours = end < 0 ? bytes : bytes.subarray(0, end);
    const header = this.#header!;
    if (!header.add(ours)) return this.refuse(REPLIES.noResources);
    if (header.size > this.#options.connector.now.MaxHeaderSize.bytes) {
      this.refuse(REPLIES.headerTooLarge);
      this.#options.headerTooLarge();
      return undefined;
    }
    if (end < 0) return undefined;
    const wait = this.#headerWhole();
    if (this.refusal || end === bytes.length) return wait;
    const body = this.message.write(bytes.subarray(end));
    return wait && body ? Promise.all([wait, body]).then(() => {}) : (wait ?? body);
  }

  #headerWhole(): Promise<void> | undefined {
    const { connector, envelope, principals } = this.#options;
    const fqdn = this.#options.fqdn();
    const header = this.#header!.release().whole();
    this.#header = undefined;
    const now = connector.now;
    const rights = rightsOf(now, principals());
    const { kept, ...facts } = readHeader(
      header,
      {
        routing: rights.has('Accept-Headers-Routing'),
        organization: rights.has('Accept-Headers-Organization'),
        forest: rights.has('Accept-Headers-Forest'),
      },
      fqdn,
    );
    this.#facts = facts;
    const tooManyLocal = now.MaxLocalHopCount > 0 && facts.localHops > now.MaxLocalHopCount;
    if (facts.hops > now.MaxHopCount || tooManyLocal) return this.refuse(REPLIES.tooManyHops);
    this.#messageId = facts.messageId ?? `<${randomUUID()}@${fqdn}>`;
    const id = `${envelope.sessionId}.${this.message.internalId}`;
    const ownId = facts.hasMessageId ? '' : `Message-ID: ${this.#messageId}\r\n`;
    this.message.prepend(receivedField(envelope, fqdn, id, new Date()) + ownId);
    return kept.length > 0 ? this.message.write(kept) : undefined;
  }

  /** Refuses it: what came so far is forgotten, what still comes passed over. */
  refuse(reply: string): undefined {
    this.abort();
    this.refusal = reply;
    return undefined;
  }

  /** Forgets it; once is enough. */
  abort(): void {
    if (!this.#aborted) this.message.abort();
    this.#aborted = true;
    this.#header?.release();
    this.#header = undefined;
  }

  /** Makes it safe, or says why not. Its ID is known then. */
  async commit(): Promise<{ ok: true; messageId: string; reply?: string } | { ok: false; reply: string }> {
    if (!this.refusal && this.#header) await this.#headerWhole(); // a message that is all header
    if (this.refusal) return { ok: false, reply: this.refusal };
    const result = await this.message.commit(this.#messageId);
    return result.ok ? { ...result, messageId: this.#messageId } : result;
  }
}

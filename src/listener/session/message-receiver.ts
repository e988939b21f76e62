/**
 * A message on its way from the wire to the delivery: its header is held back until it is whole (at most MaxHeaderSize),
 * then filtered and sent on; its body passes through. What is wrong with it is remembered, the rest of it passed over,
 * and the reply given at its end. Limits are read at every piece, so a change acts on a message being received.
 */
import { randomUUID } from 'node:crypto';
import type { Connector } from '../../domain/connector.ts';
import { rightsOf } from '../../domain/permissions.ts';
import type { Sink } from '../../smtp/dot-stuffing.ts';
import { HeaderEnd, type HeaderFacts, readHeader } from '../../smtp/header.ts';
import type { Delivery, DeliveryResult, Envelope, Message } from '../contracts/delivery-api.ts';
import type { SessionConnector } from '../contracts/session-connector.ts';
import { HeldBytes, type MemoryBudget } from '../memory-budget.ts';
import type { Refusal } from '../refusal/refusal.ts';
import { bySetting, MISTAKES, messageTooLarge, twice } from './judged.ts';
import { receivedField } from './received-header.ts';
import { REPLIES } from './replies.ts';

/** So much of a header is kept however little memory is left: most headers are no larger, and mail goes on in a flood. */
const ALWAYS_KEPT = 8 * 1024;
/** Enough for the headers of nearly all mail. */
const ROOMY_HEADER = 128 * 1024;

interface ReceiverOptions {
  readonly memory: MemoryBudget;
  readonly connector: SessionConnector;
  readonly envelope: Envelope;
  /** Principals of the client, for its rights now. */
  principals(): readonly string[];
  /** Name of this server. */
  fqdn(): string;
  /** Refuse bare line feeds in it (DATA only). */
  readonly refuseBareLinefeeds: boolean;
  /** Called at once when the header is over its limit: the session ends there. */
  headerTooLarge(refusal: Refusal): void;
}

export class MessageReceiver implements Sink {
  readonly message: Message;
  /** Bytes received so far. */
  size = 0;
  readonly #options: ReceiverOptions;
  #header: HeldBytes | undefined;
  readonly #headerEnd = new HeaderEnd();
  #facts: Omit<HeaderFacts, 'kept'> | undefined;
  #lastByte = 0;
  #aborted = false;
  #messageId = '';
  #refusal: Refusal | undefined;
  /** It is over MaxMessageSize; by how much is known when all of it is there. */
  #tooLarge = false;

  constructor(delivery: Delivery, options: ReceiverOptions) {
    this.#options = options;
    this.#header = new HeldBytes(options.memory, ALWAYS_KEPT);
    this.message = delivery.begin(options.envelope);
  }

  /** Known once the header is whole. */
  get facts(): Omit<HeaderFacts, 'kept'> | undefined {
    return this.#facts;
  }

  /** Known once the header is whole; its own, or ours where it has none. */
  get messageId(): string {
    return this.#messageId;
  }

  /** What it will be refused with. */
  get refusal(): Refusal | undefined {
    return this.#tooLarge ? messageTooLarge(this.#options.connector.now, this.size) : this.#refusal;
  }

  write(bytes: Buffer): Promise<void> | undefined {
    this.size += bytes.length;
    if (this.#isRefused) return undefined;
    if (this.#isTooLarge(this.size)) {
      this.#tooLarge = true;
      this.abort();
      return undefined;
    }
    if (this.#options.refuseBareLinefeeds && this.#hasBareLinefeed(bytes)) return this.#refuse(this.#bareLinefeeds());
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

  get #isRefused(): boolean {
    return this.#tooLarge || this.#refusal !== undefined;
  }

  #bareLinefeeds(): Refusal {
    const enough = { BareLinefeedRejectionEnabled: 'false' };
    const { now } = this.#options.connector;
    return bySetting(REPLIES.bareLinefeeds, now, 'BareLinefeedRejectionEnabled', 'LF', enough);
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
    if (!header.add(ours)) return this.#refuse(MISTAKES.noMemory);
    const { size } = header;
    const { now } = this.#options.connector;
    const limit = now.MaxHeaderSize.bytes;
    if (size > limit) {
      const enough = { MaxHeaderSize: size <= ROOMY_HEADER ? '128KB' : twice(size) };
      const refusal = bySetting(REPLIES.headerTooLarge, now, 'MaxHeaderSize', size, enough, limit);
      this.#refuse(refusal);
      this.#options.headerTooLarge(refusal);
      return undefined;
    }
    if (end < 0) return undefined;
    const wait = this.#headerWhole();
    if (this.#isRefused || end === bytes.length) return wait;
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
    const loop = tooManyHops(now, facts);
    if (loop) return this.#refuse(loop);
    this.#messageId = facts.messageId ?? `<${randomUUID()}@${fqdn}>`;
    const id = `${envelope.sessionId}.${this.message.internalId}`;
    const ownId = facts.hasMessageId ? '' : `Message-ID: ${this.#messageId}\r\n`;
    const ours = receivedField(envelope, fqdn, id, new Date()) + ownId;
    this.message.prepend(facts.isBody ? `${ours}\r\n` : ours);
    return kept.length > 0 ? this.message.write(kept) : undefined;
  }

  /** Refuses it: what came so far is forgotten, what still comes passed over. */
  #refuse(refusal: Refusal): undefined {
    this.#refusal = refusal;
    this.abort();
    return undefined;
  }

  /** Forgets it; once is enough. */
  abort(): void {
    if (!this.#aborted) this.message.abort();
    this.#aborted = true;
    this.#header?.release();
    this.#header = undefined;
  }

  /** Makes it safe, or says why not. */
  async commit(): Promise<DeliveryResult> {
    if (!this.#isRefused && this.#header) await this.#headerWhole(); // a message that is all header
    const { refusal } = this;
    return refusal ? { ok: false, refusal } : this.message.commit(this.#messageId);
  }
}

function tooManyHops(now: Connector, { hops, localHops }: Omit<HeaderFacts, 'kept'>): Refusal | undefined {
  const { MaxHopCount, MaxLocalHopCount } = now;
  if (hops > MaxHopCount) {
    const enough = hops <= 500 ? { MaxHopCount: String(hops) } : {}; // 500 is the most it takes
    return bySetting(REPLIES.tooManyHops, now, 'MaxHopCount', hops, enough, MaxHopCount);
  }
  if (MaxLocalHopCount === 0 || localHops <= MaxLocalHopCount) return undefined;
  const enough = { MaxLocalHopCount: '0' };
  return bySetting(REPLIES.tooManyHops, now, 'MaxLocalHopCount', localHops, enough, MaxLocalHopCount);
}

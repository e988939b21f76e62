/**
 * The messages of a Maildir for those who ask again and again: the page, the API. What was read is kept for a while, bounded
 * in bytes; a message stays what it is, so nothing kept gets old, and whether it is still there is asked of the folder.
 */
import { Semaphore } from '../store/semaphore.ts';
import { byAge, LARGEST_READ, listMessages, type MaildirEntry, readMessage, removeMessage } from './maildir-reader.ts';
import { parseMessage } from './message.ts';
import { type Found, type MessageTexts, messagesThatFit, messageTest } from './message-filter.ts';
import type { Message } from './message-types.ts';

/** Bytes of messages kept read; each counts twice, as it came and decoded. */
const MOST_KEPT = 64 * 2 ** 20;
/** A larger message is read again each time. */
const LARGEST_KEPT = MOST_KEPT / 16;
/** Messages read at one time: of 64 MB each at most. */
const AT_ONCE = 4;

interface MessagePage {
  readonly messages: readonly Message[];
  /** Messages in the Maildir, those that do not fit among them. */
  readonly total: number;
  /** `before` of the next, older page; `undefined`: there is none. */
  readonly next: string | undefined;
}

export class Mailbox {
  readonly #folder: string;
  /** Used longest ago first. */
  readonly #kept = new Map<string, Message>();
  #bytes = 0;
  readonly #reading = new Semaphore(AT_ONCE);

  readonly #whole: number;

  /** @param whole bytes: of a larger message only the header is read */
  constructor(folder: string, whole = LARGEST_READ) {
    this.#folder = folder;
    this.#whole = whole;
  }

  /** What is there, oldest first. */
  entries(): Promise<MaildirEntry[]> {
    return listMessages(this.#folder);
  }

  /** Its content; `undefined` when it is gone. */
  async read(entry: MaildirEntry): Promise<Message | undefined> {
    const kept = this.#kept.get(entry.id);
    if (kept) {
      this.#kept.delete(entry.id);
      this.#kept.set(entry.id, kept);
      return kept;
    }
    return this.#reading.run(async () => {
      const raw = await readMessage(this.#folder, entry, this.#whole);
      if (!raw) return undefined;
      const message = await parseMessage(entry, raw);
      this.#keep(message);
      return message;
    });
  }

  /** One by its id; `latest` is the newest. */
  async find(id: string): Promise<Message | undefined> {
    const entry = await this.#entry(id);
    return entry && this.read(entry);
  }

  async #entry(id: string): Promise<MaildirEntry | undefined> {
    const entries = await this.entries();
    return id === 'latest' ? entries.at(-1) : entries.find((one) => one.id === id);
  }

  /** The newest that fit, newest first. @param before id of the page before: only what is older, also when that one is gone by now */
  async page(texts: MessageTexts, limit: number, before?: string): Promise<MessagePage> {
    const fits = messageTest(texts);
    const entries = await this.entries();
    const older = before === undefined ? entries : entries.filter(({ id }) => byAge(id, before) < 0);
    const messages: Message[] = [];
    for (const entry of older.reverse()) {
      const message = await this.read(entry);
      if (!message || !fits(message)) continue;
      if (messages.length === limit) return { messages, total: entries.length, next: messages.at(-1)!.id };
      messages.push(message);
    }
    return { messages, total: entries.length, next: undefined };
  }

  /** Those that fit and are not in `looked`, oldest first; what was looked at is put there. */
  async *fitting(texts: MessageTexts, looked?: Set<string>): AsyncGenerator<Message> {
    for await (const { message } of this.#those(texts, looked)) yield message;
  }

  async *#those(texts: MessageTexts, looked?: Set<string>): AsyncGenerator<Found> {
    yield* messagesThatFit(await this.entries(), (entry) => this.read(entry), texts, looked);
  }

  /** One by its id, unread; `latest` is the newest. @returns whether it was there */
  async remove(id: string): Promise<boolean> {
    const entry = await this.#entry(id);
    return entry !== undefined && this.#remove(entry);
  }

  /** Removes those that fit, without reading any when all are meant. @returns how many */
  async clear(texts: MessageTexts): Promise<number> {
    const all = Object.values(texts).every((text) => text === undefined);
    let removed = 0;
    if (all) {
      for (const entry of await this.entries()) if (await this.#remove(entry)) removed++;
      return removed;
    }
    for await (const { entry } of this.#those(texts)) if (await this.#remove(entry)) removed++;
    return removed;
  }

  #remove(entry: MaildirEntry): Promise<boolean> {
    const kept = this.#kept.get(entry.id);
    if (kept) this.#forget(kept);
    return removeMessage(this.#folder, entry);
  }

  #keep(message: Message): void {
    const bytes = Math.min(message.size, LARGEST_READ) * 2;
    if (bytes > LARGEST_KEPT || this.#kept.has(message.id)) return;
    this.#kept.set(message.id, message);
    this.#bytes += bytes;
    for (const oldest of this.#kept.values()) {
      if (this.#bytes <= MOST_KEPT) break;
      this.#forget(oldest);
    }
  }

  #forget(message: Message): void {
    if (this.#kept.delete(message.id)) this.#bytes -= Math.min(message.size, LARGEST_READ) * 2;
  }
}

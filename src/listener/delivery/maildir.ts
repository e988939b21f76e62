/**
 * Delivery into a Maildir: written to tmp, synced, moved to new, the folder synced; only then is a message acknowledged.
 * A message is in new with its whole content or it is not there, whatever dies in between. Syncs of the folder are shared
 * by all messages that wait for one.
 */
import { join } from 'node:path';
import { fault } from '../../domain/cause.ts';
import { UnixLineEnds } from '../../smtp/line-ends.ts';
import { Semaphore } from '../../store/semaphore.ts';
import { printable } from '../../text/printable.ts';
import type { Envelope } from '../contracts/delivery-api.ts';
import type { EventLog } from '../contracts/event-log.ts';
import type { MemoryBudget } from '../memory-budget.ts';
import { Content } from './content.ts';
import { EVENT, type FailureEvents } from './failure-events.ts';
import type { MailFiles } from './files.ts';
import { GroupSync } from './group-sync.ts';
import type { NameMaker } from './maildir-name.ts';
import { NO_RESOURCES, type Outcome, type Route, type RouteMessage } from './route.ts';

/** Messages being made safe at one time: more would wait in the thread pool all the same, each with an open file. */
const AT_ONCE = 64;
/** A disk that takes longer than this to make a message safe is as good as full. */
const COMMIT_LIMIT_MS = 60_000;
/** Age at which a file in tmp is nobody's any more (36 hours, from the Maildir description). */
const STALE_MS = 36 * 3600_000;

interface MaildirOptions {
  readonly folder: string;
  readonly files: MailFiles;
  readonly names: NameMaker;
  readonly failures: FailureEvents;
  readonly memory: MemoryBudget;
  readonly events: EventLog;
  readonly clock?: () => number;
  readonly commitLimitMs?: number;
}

export class Maildir implements Route {
  readonly #options: MaildirOptions;
  readonly #folders: Record<'tmp' | 'new' | 'cur', string>;
  readonly #newSync: GroupSync;
  readonly #commits = new Semaphore(AT_ONCE);
  /** Folders made and leftovers gone; made again when the folders vanish. */
  #ready: Promise<void> | undefined;

  constructor(options: MaildirOptions) {
    this.#options = options;
    const at = (name: string) => join(options.folder, name);
    this.#folders = { tmp: at('tmp'), new: at('new'), cur: at('cur') };
    this.#newSync = new GroupSync(() => options.files.syncFolder(this.#folders.new));
  }

  begin(envelope: Envelope): RouteMessage {
    const name = this.#options.names.next();
    const temporary = join(this.#folders.tmp, name);
    const content = new Content(this.#filesWithFolders(), this.#options.memory, () => temporary);
    // Programs that read Maildirs want the line ends of files; binary content has none, and stays as it is (decision 0148).
    const lineEnds = envelope.body === 'BINARYMIME' ? undefined : new UnixLineEnds();
    const write = (chunk: Buffer) => content.write(lineEnds ? lineEnds.take(chunk) : chunk);
    let started = false;
    let received = '';
    const start = () => {
      if (started) return;
      started = true;
      write(Buffer.from(deliveryFields(envelope) + received));
    };
    return {
      prepend: (header) => {
        received = header + received;
      },
      write: (chunk) => {
        start();
        return write(chunk);
      },
      commit: () => {
        start();
        if (lineEnds) content.write(lineEnds.end());
        return this.#commits.run(() => this.#commit(content, name));
      },
      abort: () => void content.release(true),
    };
  }

  async #commit(content: Content, name: string): Promise<Outcome> {
    const state = { late: false, safe: false };
    const work = this.#makeSafe(content, name, state);
    const limit = this.#options.commitLimitMs ?? COMMIT_LIMIT_MS;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        if (state.safe) return;
        state.late = true;
        reject(Object.assign(new Error(`the disk did not answer within ${limit / 1000} s`), { code: 'ETIMEDOUT' }));
      }, limit);
    });
    try {
      await Promise.race([work, tooLate]);
      return { ok: true, where: name };
    } catch (error) {
      work.catch(() => {});
      this.#tell(error as NodeJS.ErrnoException);
      return {
        ok: false,
        refusal: { reply: NO_RESOURCES, because: fault('Disk', printable((error as Error).message)) },
      };
    } finally {
      clearTimeout(timer);
    }
  }

  /** All the steps. When one fails, or the time was over, nothing is left of the message: the client was or will be told 452 and sends it again. */
  async #makeSafe(content: Content, name: string, state: { late: boolean; safe: boolean }): Promise<void> {
    const { files } = this.#options;
    const final = join(this.#folders.new, name);
    let moved = false;
    const inTime = () => {
      if (state.late) throw new Error('too late');
    };
    try {
      await content.store();
      inTime();
      await files.rename(content.path!, final);
      moved = true;
      await this.#newSync.wait();
      inTime();
      state.safe = true;
      await content.release(false);
    } catch (error) {
      await content.release(!moved);
      if (moved) await files.unlink(final).catch(() => {});
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') this.#ready = undefined;
      throw error;
    }
  }

  #tell(error: NodeJS.ErrnoException): void {
    const code = error.code ?? error.name;
    const { folder, failures } = this.#options;
    failures.report(`maildir ${code}`, {
      id: EVENT.mailNotStored,
      level: 'Error',
      message: `A message could not be stored in ${folder}: ${printable(error.message)}. The client was answered ${NO_RESOURCES.line}`,
      data: { folder, code },
    });
  }

  /** Files that make sure of the folders before the first file is made in them. */
  #filesWithFolders(): MailFiles {
    const { files } = this.#options;
    return {
      ...files,
      create: async (path) => {
        try {
          await this.open();
          return await files.create(path);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
          this.#ready = undefined; // the folders vanished under us
          await this.open();
          return files.create(path);
        }
      },
    };
  }

  /** Makes the folders and removes what a process that died left in tmp. Once; tried again after a failure. */
  open(): Promise<void> {
    this.#ready ??= this.#open().catch((error) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }

  async #open(): Promise<void> {
    const { files, folder } = this.#options;
    await files.makeFolder(folder);
    for (const name of ['tmp', 'new', 'cur'] as const) await files.makeFolder(this.#folders[name]);
    await files.syncFolder(folder);
    await this.#sweep();
  }

  async #sweep(): Promise<void> {
    const { files, names, events, folder, clock = Date.now } = this.#options;
    let removed = 0;
    for (const name of await files.list(this.#folders.tmp)) {
      const path = join(this.#folders.tmp, name);
      const verdict = names.judge(name, isAlive);
      const stale = verdict === 'alive' && clock() - (await files.changedAt(path).catch(clock)) > STALE_MS;
      if (verdict !== 'leftover' && !stale) continue;
      await files.unlink(path).then(
        () => removed++,
        () => {},
      );
    }
    if (removed) {
      events.write({
        id: EVENT.leftoversRemoved,
        level: 'Information',
        message: `${removed} unfinished message${removed === 1 ? '' : 's'} of an earlier run removed from ${folder}/tmp; their clients were never told that they were accepted.`,
        data: { folder, count: removed },
      });
    }
  }

  /** Waits for the folders and the sweep of the start; messages are committed by then. */
  async close(): Promise<void> {
    await this.#ready?.catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Return-Path at the top, as final delivery writes it (RFC 5321 section 4.4), and one Delivered-To per recipient, so that
 * a person sees the envelope. Addresses are safe for a header: no line ends, control characters as `?`.
 */
function deliveryFields(envelope: Envelope): string {
  const safe = (text: string) => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?');
  const lines = [`Return-Path: <${safe(envelope.mailFrom.address)}>\r\n`];
  for (const recipient of envelope.recipients) lines.push(`Delivered-To: ${safe(recipient.address)}\r\n`);
  return lines.join('');
}

/**
 * The first process lends places to its workers: each connection has one, counted by the one authority. Far from all limits
 * a worker may keep a place for a moment when its connection is over. Before somebody is refused, what is kept is called back:
 * so no limit is ever passed, and nobody is refused while a place is kept for nobody.
 */
import { settingsFor } from '../../domain/override.ts';
import { percentageLimit } from '../../domain/source-share.ts';
import type { Ruling } from '../admission/authority.ts';
import type { Gate } from '../admission/gate.ts';
import type { LiveConnector } from '../admission/live-connector.ts';
import type { Ask, Verdict, Whose } from './messages.ts';

/** Whose places they are. */
export interface Lending {
  readonly gate: Gate;
  find(guid: string): LiveConnector | undefined;
  /** The last connection of a connector is gone. */
  left(connector: LiveConnector): void;
}

/** A worker, as far as it borrows. */
export interface Borrower {
  readonly loans: Loans;
  readonly isOver: boolean;
  verdict(verdict: Verdict): void;
  forget(whose: Whose): void;
  /** Settles when it has given back what it kept, or cannot be waited for. */
  recall(whose: Whose): Promise<void>;
}

interface Lent {
  places: number;
  /** Some may be kept. */
  kept: boolean;
}

interface Account {
  readonly connector: LiveConnector;
  readonly sources: Map<string, Lent>;
  /** Some of some source may be kept. */
  kept: boolean;
}

/** Sources of a connector that are known to be refused; above, all of them are told when a place is free. */
const MOST_TOLD = 1000;
const MOST_REUSES = 1_000_000;
const PART_OF_RATE = 64;

/** What one worker has. */
export class Loans {
  /** By Guid. */
  readonly accounts = new Map<string, Account>();
  /** Whom it was told to refuse, and believes it for a while: sources by Guid, or 'all'. */
  readonly told = new Map<string, Set<string> | 'all'>();
  /** Places it has of all connectors. */
  places = 0;
}

export class Lender {
  readonly #lending: Lending;
  readonly #borrowers: () => Iterable<Borrower>;
  /** Most places that a source had when it might keep them, by connector. */
  readonly #mostKept = new WeakMap<LiveConnector, number>();
  /** What is being called back. */
  readonly #recalls = new Map<string, Promise<unknown>>();

  constructor(lending: Lending, borrowers: () => Iterable<Borrower>) {
    this.#lending = lending;
    this.#borrowers = borrowers;
  }

  ask(borrower: Borrower, [number, guid, source, limited]: Ask): void {
    const connector = this.#lending.find(guid);
    if (!connector?.now.Enabled) {
      borrower.verdict([number, 'moved']);
      return;
    }
    const judge = () => this.#lending.gate.authority.ask(connector, source, limited);
    const settle = (ruling: Ruling) => this.#settle(borrower, number, { connector, source, limited }, ruling);
    const first = judge();
    const settleFirst = (ruling: Ruling): unknown => {
      const recall =
        ruling.kind === 'accepted' || ruling.kind === 'rate' || ruling.kind === 'sourceRate'
          ? undefined
          : this.#recall(connector, ruling.kind === 'source' ? source : null);
      if (!recall) return settle(ruling);
      return recall.then(judge).then(settle);
    };
    if (first instanceof Promise) void first.then(settleFirst);
    else settleFirst(first);
  }

  #settle(
    borrower: Borrower,
    number: number,
    { connector, source, limited }: { connector: LiveConnector; source: string; limited: boolean },
    ruling: Ruling,
  ): void {
    if (ruling.kind === 'accepted') {
      if (borrower.isOver) {
        this.#free(connector, source, 1);
        return;
      }
      const reuses = this.#hasRoom(connector, source, limited) ? this.#reuses(connector, source, limited) : 0;
      lend(borrower.loans, connector, source, reuses > 0);
      borrower.verdict([number, 'accepted', reuses]);
      return;
    }
    const { told } = borrower.loans;
    const known = told.get(connector.guid);
    if (ruling.kind === 'rate' || ruling.kind === 'sourceRate') {
      borrower.verdict([number, ruling.kind, ruling.limit]); // nobody's end makes room
      return;
    }
    if (ruling.kind !== 'source' || (known instanceof Set && known.size >= MOST_TOLD)) told.set(connector.guid, 'all');
    else if (known === undefined) told.set(connector.guid, new Set([source]));
    else if (known !== 'all') known.add(source);
    borrower.verdict([number, ruling.kind, ruling.kind === 'percentage' ? ruling.limit : 0]);
  }

  /**
   * How often a kept place may be used without asking. That is told a little later, so it is a small part of what the rate
   * leaves: so many do not come meanwhile.
   */
  #reuses(connector: LiveConnector, source: string, limited: boolean): number {
    if (!limited) return MOST_REUSES;
    const left = this.#lending.gate.authority.pacedFor(connector, source);
    return Math.min(MOST_REUSES, Math.floor(left / PART_OF_RATE));
  }

  /** Are all limits so far away that a place may be kept? */
  #hasRoom(connector: LiveConnector, source: string, limited: boolean): boolean {
    const { authority } = this.#lending.gate;
    if (authority.isShared(connector)) return false;
    const { open, sources } = authority.counts(connector);
    const { now } = connector;
    const own = settingsFor(now, source);
    const mine = sources.get(source) ?? 0;
    const percentage = percentageLimit(own, open - mine);
    // Shares of a limit shrink as others come: those who might keep what is no longer theirs keep nothing.
    const most = this.#mostKept.get(connector) ?? 0;
    if (most > 0 && percentageLimit(now, open) <= most) {
      this.#mostKept.delete(connector);
      void this.#recall(connector, null);
    }
    if (2 * open > Number(now.MaxInboundConnection)) return false;
    if (!limited) return true;
    if (2 * mine > Number(own.MaxInboundConnectionPerSource) || 2 * mine > percentage) return false;
    if (own === now) this.#mostKept.set(connector, Math.max(mine, this.#mostKept.get(connector) ?? 0));
    return true;
  }

  /** Calls back what workers may keep of a source, or of the connector. @returns nothing when none can keep any */
  #recall(connector: LiveConnector, source: string | null): Promise<unknown> | undefined {
    const key = `${connector.guid} ${source ?? ''}`;
    const running = this.#recalls.get(key);
    if (running) return running;
    const asked: Promise<void>[] = [];
    for (const borrower of this.#borrowers()) {
      const account = borrower.loans.accounts.get(connector.guid);
      const lent = source === null ? account : account?.sources.get(source);
      if (!account || !lent?.kept) continue;
      lent.kept = false;
      if (source === null) for (const one of account.sources.values()) one.kept = false;
      asked.push(borrower.recall([connector.guid, source]));
    }
    if (asked.length === 0) return undefined;
    const recall = Promise.all(asked).finally(() => this.#recalls.delete(key));
    this.#recalls.set(key, recall);
    return recall;
  }

  /** A worker gives back places of a source. */
  left({ loans }: Borrower, guid: string, source: string, places: number): void {
    const account = loans.accounts.get(guid);
    const lent = account?.sources.get(source);
    if (!account || !lent) return;
    const back = Math.min(places, lent.places);
    lent.places -= back;
    loans.places -= back;
    if (lent.places === 0) account.sources.delete(source);
    if (account.sources.size === 0) loans.accounts.delete(guid);
    this.#free(account.connector, source, back);
  }

  /** A worker is gone, and all it had is free. @returns how many places it had, by connector */
  gone({ loans }: Borrower): Map<LiveConnector, number> {
    const all = new Map<LiveConnector, number>();
    const accounts = [...loans.accounts.values()];
    loans.accounts.clear();
    loans.places = 0;
    for (const { connector, sources } of accounts) {
      let lost = 0;
      for (const [source, { places }] of sources) {
        lost += places;
        this.#free(connector, source, places);
      }
      all.set(connector, lost);
    }
    return all;
  }

  #free(connector: LiveConnector, source: string, places: number): void {
    const { gate } = this.#lending;
    for (let i = 0; i < places; i++) gate.leave(connector, source);
    for (const borrower of this.#borrowers()) {
      if (borrower.loans.told.size === 0) continue;
      const told = borrower.loans.told.get(connector.guid);
      if (told === 'all') {
        borrower.loans.told.delete(connector.guid);
        borrower.forget([connector.guid, null]);
      } else if (told?.delete(source)) {
        if (told.size === 0) borrower.loans.told.delete(connector.guid);
        borrower.forget([connector.guid, source]);
      }
    }
    if (connector.open === 0) this.#lending.left(connector);
  }
}

function lend(loans: Loans, connector: LiveConnector, source: string, keep: boolean): void {
  let account = loans.accounts.get(connector.guid);
  if (!account) {
    account = { connector, sources: new Map(), kept: false };
    loans.accounts.set(connector.guid, account);
  }
  const lent = account.sources.get(source) ?? { places: 0, kept: false };
  account.sources.set(source, lent);
  lent.places++;
  lent.kept ||= keep;
  account.kept ||= keep;
  loans.places++;
}

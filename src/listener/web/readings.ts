/** What a signed-in page may read beside the live looks: settings out of the running listener, the rest as `rc` tells it. */
import type { Connector } from '../../domain/connector.ts';
import { DOMAIN_TYPES } from '../../domain/names.ts';
import { limitsText, OVERRIDABLE, type Override } from '../../domain/override.ts';
import { groupGrants, PRINCIPALS, RIGHT_PREFIX, RIGHTS } from '../../domain/permissions.ts';
import { SETTINGS } from '../../domain/settings.ts';
import { USAGES } from '../../domain/usage.ts';
import { printable } from '../../text/printable.ts';
import { BadRequest } from '../http/request-body.ts';
import { asRecord } from './as-record.ts';
import { answerOf, type ChangeAnswer } from './change.ts';
import { Given, whyOf } from './commands.ts';
import { type Topic, topicsOf } from './fields.ts';
import type { RunCommand, WatchedListener } from './surroundings.ts';

export interface ConnectorAnswer {
  readonly guid: string;
  readonly name: string;
  /** Generation of the store that these values are of. */
  readonly generation: number;
  readonly topics: readonly Topic[];
  readonly rights: readonly RightEntry[];
  readonly overrides: readonly OverrideEntry[];
}

/** Limits of an address or range of its own. */
export interface OverrideEntry {
  readonly range: string;
  /** By setting, as they are typed. */
  readonly limits: Readonly<Record<string, string>>;
  /** ISO 8601; empty: for good. */
  readonly until: string;
  /** What holds when it has ended, where it had limits before. */
  readonly before: string;
  readonly comment: string;
}

/** A right that somebody has on a connector. */
export interface RightEntry {
  readonly user: string;
  readonly right: string;
  readonly deny: boolean;
  /** Given or denied by itself; else it comes with a permission group. */
  readonly single: boolean;
}

/** What forms choose from. */
export interface Choices {
  readonly usages: readonly { readonly name: string; readonly help: string; readonly needs: readonly string[] }[];
  readonly principals: readonly string[];
  readonly rights: readonly string[];
  readonly domainTypes: readonly string[];
  /** What an override may have. */
  readonly limits: readonly { readonly name: string; readonly allowed: string }[];
}

export interface WhyAnswer extends Pick<ChangeAnswer, 'command' | 'warnings' | 'problems' | 'fields'> {
  readonly steps: readonly WhyStep[];
}

/** A step of `rc why`, as it gives it. */
export interface WhyStep {
  readonly Step: string;
  readonly Subject: string;
  readonly Result: string;
  readonly Accepted: boolean | null;
  readonly Why: string;
  readonly Mend: readonly string[];
  readonly Connector: string;
  readonly Local: string;
}

/** Entries of the history that the page shows. */
const SHOWN = 200;
const EVENTS_SHOWN = 500;
const EVENTS_FRESH_MS = 3000;
const FINDINGS_FRESH_MS = 60_000;

/** Lists that `rc` gives: the command, how long an answer is good within one generation, and exit codes that are no failure. */
export const LISTS = {
  history: { argv: ['history', '--last', String(SHOWN)], name: 'entries' },
  events: { argv: ['get-event', '--newest', String(EVENTS_SHOWN)], name: 'events', freshMs: EVENTS_FRESH_MS },
  // What ended in the meantime is another generation
  temporary: { argv: ['temporary'], name: 'temporary' },
  users: { argv: ['get-smtp-user'], name: 'users' },
  domains: { argv: ['get-accepted-domain'], name: 'domains' },
  // Exit code 1 says that there are some
  findings: { argv: ['doctor'], name: 'findings', freshMs: FINDINGS_FRESH_MS, codes: [0, 1] },
} satisfies Record<string, List>;

interface List {
  readonly argv: readonly string[];
  /** Of the answer's property. */
  readonly name: string;
  readonly freshMs?: number;
  readonly codes?: readonly number[];
}

export type ListName = keyof typeof LISTS;

interface Kept {
  readonly at: number;
  readonly generation: number;
  readonly answer: Promise<unknown>;
}

export class Readings {
  readonly #listener: WatchedListener;
  readonly #run: RunCommand;
  readonly #kept = new Map<ListName, Kept>();

  constructor(listener: WatchedListener, run: RunCommand) {
    this.#listener = listener;
    this.#run = run;
  }

  /** A connector with its settings and rights. @throws BadRequest when there is none */
  connector(guid: string): ConnectorAnswer {
    const now = this.find(guid);
    const { server, state } = this.#listener;
    return {
      guid: now.Guid,
      name: now.Name,
      generation: state.applied,
      topics: topicsOf(now, { server: server.name, fqdn: server.fqdn }),
      rights: rightsOf(now),
      overrides: now.Overrides.map(overrideEntry),
    };
  }

  /** @throws BadRequest when there is none */
  find(guid: string): Connector {
    for (const { now } of this.#listener.live) if (now.Guid === guid.toLowerCase()) return now;
    throw new BadRequest('There is no such connector any more.', 404);
  }

  /** What `rc` lists; asked anew when the generation is another, or the answer is old. */
  list(name: ListName): Promise<unknown> {
    const list: List = LISTS[name];
    const generation = this.#listener.state.applied;
    const at = performance.now();
    const kept = this.#kept.get(name);
    if (kept && kept.generation === generation && at - kept.at <= (list.freshMs ?? Number.POSITIVE_INFINITY))
      return kept.answer;
    const answer = this.#ask(list);
    const mine = { at, generation, answer };
    this.#kept.set(name, mine);
    answer.catch(() => {
      if (this.#kept.get(name) === mine) this.#kept.delete(name);
    });
    return answer;
  }

  async #ask({ argv, name, codes = [0] }: List): Promise<unknown> {
    const { code, stdout, stderr } = await this.#run([...argv, '--output', 'json'], 'the page');
    const objects = code !== null && codes.includes(code) ? objectsIn(stdout) : undefined;
    if (!objects) throw new BadRequest(printable(stderr.trim()) || `rc ${argv[0]} failed.`, 500);
    return { [name]: objects };
  }

  /** What `rc why` says of a client. */
  async why(body: unknown): Promise<WhyAnswer> {
    const { argv } = whyOf(new Given(asRecord(body, 'the body'), (guid) => this.find(guid)));
    const ran = await this.#run(argv, 'the page');
    const asked = argv.filter((word) => !['--full', '--output', 'json'].includes(word));
    const { command, warnings, problems, fields } = answerOf(asked, ran);
    const steps = (objectsIn(ran.stdout) ?? []) as WhyStep[];
    // Exit code 1: something would be refused, which the steps say
    return { command, warnings, fields, problems: steps.length ? [] : problems, steps };
  }
}

export const CHOICES: Choices = {
  usages: USAGES.map(({ name, help, needs }) => ({ name, help, needs })),
  principals: PRINCIPALS,
  rights: RIGHTS.map((right) => RIGHT_PREFIX + right),
  domainTypes: DOMAIN_TYPES,
  limits: OVERRIDABLE.map((name) => ({ name, allowed: SETTINGS[name].kind.allowed })),
};

function overrideEntry({ stored, range, limits }: Override): OverrideEntry {
  return {
    range: range.text,
    limits: Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, String(value)])),
    until: stored.Until ?? '',
    before: stored.Before ? limitsText(stored.Before) : '',
    comment: stored.Comment ?? '',
  };
}

function rightsOf(connector: Connector): RightEntry[] {
  const entry = (user: string, right: string, deny: boolean, single: boolean) => ({ user, right, deny, single });
  return [
    ...connector.Grants.flatMap(({ User, ExtendedRights, Deny }) =>
      ExtendedRights.map((right) => entry(User, right, Deny, true)),
    ),
    ...groupGrants(connector).flatMap(({ principal, rights }) =>
      [...rights].map((right) => entry(principal, RIGHT_PREFIX + right, false, false)),
    ),
  ];
}

function objectsIn(stdout: string): unknown[] | undefined {
  try {
    const objects: unknown = JSON.parse(stdout || '[]');
    return Array.isArray(objects) ? objects : undefined;
  } catch {
    return undefined;
  }
}

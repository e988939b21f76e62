/**
 * Faults on purpose (setting FaultRules): which rules act at a stage of a session. What has been counted (`first 3`) belongs to
 * the connector: it outlives sessions, and begins anew when the rule is taken away.
 */
import type { Connector } from '../../domain/connector.ts';
import {
  type FaultAction,
  type FaultOccasion,
  type FaultRule,
  type FaultStage,
  isOccasionOf,
  parseFaultRule,
} from '../../domain/fault-rule.ts';
import type { SessionConnector } from '../contracts/session-connector.ts';
import type { Refusal } from '../refusal/refusal.ts';
import { type Acceptance, accept, passedOn } from '../refusal/reply.ts';
import { bySetting } from './judged.ts';
import type { Answer } from './smtp-session.ts';

/** Something that happens now, and the rule that says so. */
interface Acting {
  readonly action: FaultAction;
  readonly rule: string;
}

/** With these, what was asked for is still done. */
const GO_ON: ReadonlySet<FaultAction['kind']> = new Set(['delay', 'slow', 'lose-reply']);

const schedules = new WeakMap<SessionConnector, FaultSchedule>();

/** What happens at this stage, in the order of the rules, up to the first that ends it; nothing most of the time. */
export function faultsAt(connector: SessionConnector, occasion: FaultOccasion): readonly Acting[] {
  const rules = connector.now.FaultRules;
  if (rules.length === 0) return NONE;
  let schedule = schedules.get(connector);
  if (!schedule) {
    schedule = new FaultSchedule();
    schedules.set(connector, schedule);
  }
  schedule.follow(rules);
  return schedule.at(occasion);
}

const NONE: readonly Acting[] = [];

/** The connector's settings changed: rules that are gone are forgotten, with what they counted. */
export function followFaultRules(connector: SessionConnector): void {
  schedules.get(connector)?.follow(connector.now.FaultRules);
}

class FaultSchedule {
  #followed: readonly string[] = [];
  #rules: CountedRule[] = [];

  follow(rules: readonly string[]): void {
    if (rules === this.#followed) return;
    this.#followed = rules;
    const before = new Map(this.#rules.map((counted) => [counted.rule.text, counted]));
    this.#rules = rules.flatMap((text) => {
      const rule = parseFaultRule(text);
      return typeof rule === 'string' ? [] : [before.get(text) ?? new CountedRule(rule)];
    });
  }

  at(occasion: FaultOccasion): Acting[] {
    const acting: Acting[] = [];
    for (const counted of this.#rules) {
      if (!counted.acts(occasion)) continue;
      acting.push({ action: counted.rule.action, rule: counted.rule.text });
      if (!GO_ON.has(counted.rule.action.kind)) break;
    }
    return acting;
  }
}

class CountedRule {
  readonly rule: FaultRule;
  readonly #since = performance.now();
  #seen = 0;
  #random: number;

  constructor(rule: FaultRule) {
    this.rule = rule;
    this.#random = rule.when.seed ?? Math.floor(Math.random() * 2 ** 32);
  }

  acts(occasion: FaultOccasion): boolean {
    const { first, every, percent, forMs } = this.rule.when;
    if (!isOccasionOf(this.rule, occasion)) return false;
    if (forMs !== undefined && performance.now() - this.#since > forMs) return false;
    this.#seen++;
    if (first !== undefined && this.#seen > first) return false;
    if (every !== undefined && this.#seen % every !== 0) return false;
    return percent === undefined || this.#next() * 100 < percent;
  }

  /** From 0 up to 1, the same numbers for the same seed: mulberry32 (public domain). */
  #next(): number {
    this.#random = (this.#random + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#random ^ (this.#random >>> 15), 1 | this.#random);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** What a session can do to its client on purpose. */
export interface Misbehaving {
  readonly isOver: boolean;
  readonly settings: Connector;
  /** Waits, but not for a client that left. @param ms milliseconds */
  wait(ms: number): Promise<void>;
  say(reply: Acceptance): Answer;
  refuse(refusal: Refusal): Answer;
  /** Tells of something that has no reply. */
  tell(refusal: Refusal): void;
  note(data: string, context: string): void;
  /** The next reply goes out byte by byte. @param ms milliseconds between two */
  slowly(ms: number): void;
  /** The next reply is not said: the connection is closed instead. */
  loseReply(): void;
  /** Bytes as they are. */
  utter(text: string): void;
  forgetTransaction(): void;
  /** Says what is still to be said, and closes. */
  close(): void;
  drop(): void;
  reset(): void;
}

/** A client waits longer for nothing, and ConnectionTimeout ends it. */
const NEVER_MS = 24 * 3_600_000;
const GARBAGE = '{"status":"not SMTP"}\r\n';
const UNSAID = passedOn(421, '4.0.0', 'On purpose');

/** Does what the rules say, and what was asked for if they let it. */
export async function misbehave(
  session: Misbehaving,
  stage: FaultStage,
  acting: readonly Acting[],
  go: () => Answer,
): Promise<void> {
  for (const { action, rule } of acting) {
    if (session.isOver) return;
    const refusal = onPurpose(session.settings, stage, rule, action);
    if (!GO_ON.has(action.kind) && stage === 'message') session.forgetTransaction();
    if (action.kind === 'reply' && action.code >= 400) return session.refuse(refusal);
    session.note(rule, 'Fault on purpose');
    if (!GO_ON.has(action.kind)) session.tell(refusal);
    switch (action.kind) {
      case 'reply':
        return session.say(accept(action.code, action.enhanced, action.text));
      case 'delay':
        await session.wait(action.ms);
        break;
      case 'slow':
        session.slowly(action.ms);
        break;
      case 'lose-reply':
        session.tell(refusal);
        session.loseReply();
        break;
      case 'garbage':
        return void session.utter(GARBAGE);
      case 'never-answer':
        await session.wait(NEVER_MS);
        return session.drop();
      case 'cut-tls':
        session.utter('220 2.0.0 SMTP server ready\r\n');
        return session.close();
      case 'drop':
        return session.close();
      case 'reset':
        return session.reset();
    }
  }
  if (!session.isOver) return go();
}

/** The setting that refuses is FaultRules, and it refuses no more without the rule. */
function onPurpose(settings: Connector, stage: FaultStage, rule: string, action: FaultAction): Refusal {
  const reply = action.kind === 'reply' ? passedOn(action.code, action.enhanced, action.text) : UNSAID;
  const others = settings.FaultRules.filter((one) => one !== rule).join(',');
  return bySetting(reply, settings, 'FaultRules', stage, { FaultRules: others }, rule);
}

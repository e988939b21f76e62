/**
 * Faults on purpose (setting FaultRules): which rules act at a stage of a session. What has been counted (`first 3`) belongs to
 * the connector: it outlives sessions, and begins anew when the rule is taken away.
 */
import {
  type FaultAction,
  type FaultOccasion,
  type FaultRule,
  isOccasionOf,
  parseFaultRule,
} from '../../domain/fault-rule.ts';
import { seeded } from '../../text/seeded.ts';
import type { SessionConnector } from '../contracts/session-connector.ts';

/** Something that happens now, and the rule that says so. */
export interface Acting {
  readonly action: FaultAction;
  readonly rule: string;
}

/** With these, what was asked for is still done. */
export const GO_ON: ReadonlySet<FaultAction['kind']> = new Set(['delay', 'slow', 'lose-reply']);

const schedules = new WeakMap<SessionConnector, FaultSchedule>();

/** What happens at this stage, in the order of the rules, up to the first that ends it; nothing most of the time. */
export function faultsAt(connector: SessionConnector, occasion: FaultOccasion): readonly Acting[] {
  return connector.now.FaultRules.length === 0 ? NONE : scheduleOf(connector).at(occasion);
}

const NONE: readonly Acting[] = [];

/** Does what happens at this stage depend on what was before: on what was counted, on lots drawn, on the time? */
export function dependsOnThePast(connector: SessionConnector, occasion: FaultOccasion): boolean {
  return connector.now.FaultRules.length > 0 && scheduleOf(connector).dependsOnThePast(occasion);
}

/** What a rule says, by its text. */
export function actingBy(text: string): Acting[] {
  const rule = parseFaultRule(text);
  return typeof rule === 'string' ? [] : [{ action: rule.action, rule: text }];
}

function scheduleOf(connector: SessionConnector): FaultSchedule {
  let schedule = schedules.get(connector);
  if (!schedule) {
    schedule = new FaultSchedule();
    schedules.set(connector, schedule);
  }
  schedule.follow(connector.now.FaultRules);
  return schedule;
}

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

  dependsOnThePast(occasion: FaultOccasion): boolean {
    return this.#rules.some(({ rule, dependsOnThePast }) => dependsOnThePast && isOccasionOf(rule, occasion));
  }
}

class CountedRule {
  readonly rule: FaultRule;
  readonly dependsOnThePast: boolean;
  readonly #since = performance.now();
  #seen = 0;
  readonly #random: () => number;

  constructor(rule: FaultRule) {
    this.rule = rule;
    const { first, every, percent, forMs } = rule.when;
    this.dependsOnThePast = [first, every, percent, forMs].some((condition) => condition !== undefined);
    this.#random = seeded(rule.when.seed ?? Math.floor(Math.random() * 2 ** 32));
  }

  acts(occasion: FaultOccasion): boolean {
    const { first, every, percent, forMs } = this.rule.when;
    if (!isOccasionOf(this.rule, occasion)) return false;
    if (forMs !== undefined && performance.now() - this.#since > forMs) return false;
    this.#seen++;
    if (first !== undefined && this.#seen > first) return false;
    if (every !== undefined && this.#seen % every !== 0) return false;
    return percent === undefined || this.#random() * 100 < percent;
  }
}

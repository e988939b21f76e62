/**
 * A fault on purpose (setting FaultRules, ours): at which stage of a session, what happens, and when. Its text is the whole of
 * it: `rcpt 451 4.3.0 "Try again later" first 3 recipient *@contoso.com`. Pure.
 */
import { tried } from '../text/tried.ts';
import { Wildcard } from '../text/wildcard.ts';
import { parseAddress } from './address.ts';
import { parseRange } from './range.ts';
import { secondsOf } from './span.ts';
import type { IpRange } from './value.ts';

export const FAULT_STAGES = [
  'connect',
  'greeting',
  'helo',
  'starttls',
  'auth',
  'mail',
  'rcpt',
  'data',
  'message',
  'quit',
] as const;
export type FaultStage = (typeof FAULT_STAGES)[number];

export type FaultAction =
  /** This is answered instead, and what was asked for is not done. `enhanced` empty for none. */
  | { readonly kind: 'reply'; readonly code: number; readonly enhanced: string; readonly text: string }
  /** What was asked for is done so many milliseconds later. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The answer comes byte by byte, so many milliseconds apart. */
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'drop' | 'reset' | 'never-answer' | 'garbage' | 'cut-tls' | 'lose-reply' };

/** Which of the occasions at its stage it is for; all that are given have to hold. */
interface FaultConditions {
  readonly first?: number;
  readonly every?: number;
  /** Of a hundred; with `seed` the same ones each time. */
  readonly percent?: number;
  readonly seed?: number;
  readonly from?: IpRange;
  readonly sender?: Wildcard;
  readonly recipient?: Wildcard;
  /** Milliseconds since the listener began to obey it. */
  readonly forMs?: number;
}

export interface FaultRule {
  readonly text: string;
  readonly stage: FaultStage;
  readonly action: FaultAction;
  readonly when: FaultConditions;
}

const PLAIN_ACTIONS = ['drop', 'reset', 'never-answer', 'garbage', 'cut-tls', 'lose-reply'] as const;
/** Where there is an answer that could be lost after what was asked for is done. */
const DONE_BEFORE_ANSWER: ReadonlySet<FaultStage> = new Set(['helo', 'mail', 'rcpt', 'message', 'auth']);
const KNOWS_SENDER: ReadonlySet<FaultStage> = new Set(['mail', 'rcpt', 'data', 'message']);
const KNOWS_RECIPIENT: ReadonlySet<FaultStage> = new Set(['rcpt', 'data', 'message']);
const MOST_MS = 24 * 3_600_000;
const MOST_COUNT = 1_000_000_000;

/** In words, for errors and help. */
export const FAULT_RULE_FORM =
  'STAGE WHAT [WHEN …]: a stage (connect, greeting, helo, starttls, auth, mail, rcpt, data, message, quit), what happens there (a reply such as 451 4.3.0 "text", drop, reset, delay 5s, slow 100ms, never-answer, garbage, cut-tls, lose-reply), and when (first N, every N, N% [seed N], from ADDRESS, sender PATTERN, recipient PATTERN, for 10m; always when left out), such as: rcpt 451 4.3.0 first 3';

/** @returns the rule, or what is wrong with the text */
export function parseFaultRule(text: string): FaultRule | string {
  const words = wordsOf(text);
  if (!words) return 'has a quotation mark without its other half';
  const stage = FAULT_STAGES.find((one) => one === words[0]?.toLowerCase());
  if (!stage) return words[0] ? `begins with ${JSON.stringify(words[0])}, which is no stage` : 'is empty';
  const rest = words.slice(1);
  const action = takeAction(stage, rest);
  if (typeof action === 'string') return action;
  const when = takeConditions(stage, rest);
  return typeof when === 'string' ? when : { text, stage, action, when };
}

/** Words by spaces, one in quotation marks being one, marks kept; `undefined` where a mark has no end. */
function wordsOf(text: string): string[] | undefined {
  const words = text.match(/"[^"]*"|[^\s"]+/g) ?? [];
  return (text.match(/"/g)?.length ?? 0) % 2 === 0 ? [...words] : undefined;
}

/** Takes what happens off the front of the words. */
function takeAction(stage: FaultStage, words: string[]): FaultAction | string {
  const word = words.shift()?.toLowerCase();
  if (word === undefined) return 'says no more than the stage';
  if (/^\d+$/.test(word)) return takeReply(stage, Number(word), words);
  if (word === 'delay' || word === 'slow') {
    const span = words.shift();
    const ms = span === undefined ? undefined : milliseconds(span);
    if (ms === undefined) {
      const said = span === undefined ? word : `${word} ${span}`;
      return `says ${said}, and a time from 1ms to 24h belongs there (5s)`;
    }
    return { kind: word, ms };
  }
  const kind = PLAIN_ACTIONS.find((one) => one === word);
  if (!kind) return `says ${JSON.stringify(word)}, which is nothing that could happen`;
  if (kind === 'cut-tls' && stage !== 'starttls') return `says cut-tls at ${stage}, and it belongs to starttls`;
  if (kind === 'lose-reply' && !DONE_BEFORE_ANSWER.has(stage))
    return `says lose-reply at ${stage}, and it belongs to ${[...DONE_BEFORE_ANSWER].join(', ')}`;
  return { kind };
}

function takeReply(stage: FaultStage, code: number, words: string[]): FaultAction | string {
  if (code < 200 || code > 599) return `has the code ${code}, and a reply has one from 200 to 599`;
  if (stage === 'connect' && code < 400) return `has the code ${code} at connect, where only 400 to 599 refuse`;
  const enhanced = /^\d\.\d{1,3}\.\d{1,3}$/.test(words[0] ?? '') ? words.shift()! : '';
  const quoted = /^"(.*)"$/.exec(words[0] ?? '');
  if (quoted) words.shift();
  const said = quoted?.[1] ?? '';
  if (/[^\x20-\x7e]/.test(said)) return 'has a reply with a character that is not ASCII';
  return { kind: 'reply', code, enhanced, text: said === '' ? USUAL_TEXT(code) : said };
}

const USUAL_TEXT = (code: number) =>
  code < 400 ? 'OK, on purpose' : code < 500 ? 'Refused for now, on purpose' : 'Refused, on purpose';

function takeConditions(stage: FaultStage, words: string[]): FaultConditions | string {
  const when: Conditions = {};
  while (words.length > 0) {
    const word = words.shift()!.toLowerCase();
    const problem = word === 'always' ? undefined : takeCondition(stage, word, words, when);
    if (problem !== undefined) return problem;
  }
  return when.seed !== undefined && when.percent === undefined ? 'has a seed and no percentage' : when;
}

type Conditions = { -readonly [K in keyof FaultConditions]: FaultConditions[K] };

/** @returns what is wrong with it */
function takeCondition(stage: FaultStage, word: string, words: string[], when: Conditions): string | undefined {
  const percent = /^(\d{1,3}(?:\.\d{1,4})?)%$/.exec(word);
  if (percent) return once(when, 'percent', between(Number(percent[1]), 0.0001, 100), word, '0.0001% to 100%');
  const value = words.shift()?.replace(/^"(.*)"$/, '$1');
  if (!CONDITIONS.includes(word)) return `says ${JSON.stringify(word)}, where ${CONDITIONS.join(', ')} or N% may stand`;
  if (value === undefined) return `ends after ${word}`;
  const shown = `${word} ${value}`;
  switch (word) {
    case 'first':
    case 'every':
      return once(when, word, count(value, 1), shown, `a whole number from 1 to ${MOST_COUNT}`);
    case 'seed':
      return once(when, 'seed', count(value, 0), shown, `a whole number from 0 to ${MOST_COUNT}`);
    case 'for':
      return once(when, 'forMs', milliseconds(value), shown, 'a time from 1ms to 24h (10m)');
    case 'from':
      return once(when, 'from', rangeOf(value), shown, 'an address, a range or CIDR (10.1.2.0/24)');
    case 'sender':
      if (!KNOWS_SENDER.has(stage)) return `asks for a sender at ${stage}, where there is none yet`;
      return once(when, 'sender', pattern(value), shown, 'a wildcard (*@contoso.com)');
    default:
      if (!KNOWS_RECIPIENT.has(stage)) return `asks for a recipient at ${stage}, where there is none yet`;
      return once(when, 'recipient', pattern(value), shown, 'a wildcard (*@contoso.com)');
  }
}

const CONDITIONS: readonly string[] = ['always', 'first', 'every', 'seed', 'from', 'sender', 'recipient', 'for'];

function once<K extends keyof Conditions>(
  when: Conditions,
  name: K,
  value: Conditions[K],
  shown: string,
  allowed: string,
): string | undefined {
  if (value === undefined) return `says ${shown}, and there belongs ${allowed}`;
  if (when[name] !== undefined) return `says ${shown.split(' ')[0]} twice`;
  when[name] = value;
  return undefined;
}

function between(value: number, min: number, max: number): number | undefined {
  return value >= min && value <= max ? value : undefined;
}

function count(text: string, min: number): number | undefined {
  return /^\d{1,10}$/.test(text) ? between(Number(text), min, MOST_COUNT) : undefined;
}

/** `100ms`, `5s`, `10m`, `1h` in milliseconds; `undefined` for what is no such time, or over a day. */
function milliseconds(text: string): number | undefined {
  const seconds = /^\d{1,8}(?:\.\d{1,3})?(?:ms|s|m|h)$/i.test(text) ? secondsOf(text) : undefined;
  return seconds === undefined ? undefined : between(seconds * 1000, 1, MOST_MS);
}

const pattern = (text: string) => tried(() => new Wildcard(text));
const rangeOf = (text: string) => tried(() => parseRange(text));

/** What is known of an occasion; addresses empty where there are none. */
export interface FaultOccasion {
  readonly stage: FaultStage;
  /** Of the client, canonical. */
  readonly address: string;
  readonly sender: string;
  readonly recipients: readonly string[];
}

/** Is the occasion one that the rule counts? */
export function isOccasionOf({ stage, when }: FaultRule, occasion: FaultOccasion): boolean {
  const { from, sender, recipient } = when;
  return (
    stage === occasion.stage &&
    (from === undefined || isWithin(from, occasion.address)) &&
    (sender === undefined || sender.matches(occasion.sender)) &&
    (recipient === undefined || occasion.recipients.some((one) => recipient.matches(one)))
  );
}

function isWithin(range: IpRange, address: string): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && range.contains(parsed.family, parsed.value);
}

/** One text may be several rules, separated by commas outside quotation marks; `{a, b}` as a list prints. */
export function splitRules(input: unknown): readonly unknown[] {
  if (input === null || input === undefined || input === '') return [];
  if (Array.isArray(input)) return input.flatMap(splitRules);
  if (typeof input !== 'string') return [input];
  const inside = /^\s*\{(.*)\}\s*$/s.exec(input)?.[1] ?? input;
  const parts = inside.match(/(?:"[^"]*"?|[^,"])+/g) ?? [];
  return parts.map((part) => part.trim().replace(/\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/g, ' ')).filter((part) => part !== '');
}

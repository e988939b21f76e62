/** -For and -Until: how long something holds that ends by itself. One reader for all cmdlets that have them. */
import { LONGEST_SECONDS, lengthOf } from '../domain/temporary.ts';
import { ValueError } from '../domain/value-error.ts';
import type { Context } from '../pipeline/context.ts';
import { usage } from '../pipeline/error.ts';
import type { Parameter } from '../pipeline/parameter.ts';
import type { Draft } from '../store/draft.ts';
import { readDate } from '../text/read-date.ts';

export const FOR = {
  name: 'For',
  type: 'string',
  placeholder: 'TIME',
  help: 'Only for so long, from 1s to 365d (30m, 2h, 1d12h): then it goes back by itself, unless it was changed since.',
} as const satisfies Parameter;

export const UNTIL = {
  name: 'Until',
  type: 'string',
  placeholder: 'TIME',
  help: 'Only until then: a time (18:00, the next there is), tomorrow 8:00, or a date (2026-11-29 18:00), at most 365 days on.',
} as const satisfies Parameter;

interface Asking {
  readonly context: Context;
  readonly arguments: { readonly For?: string | undefined; readonly Until?: string | undefined };
  spell(name: 'For' | 'Until'): string;
}

/**
 * The end that was asked for, ISO 8601; `undefined` when none was.
 * @param from what a length counts from; now when it is left out @throws CmdletError (usage)
 */
export function endGiven(call: Asking, from?: Date): string | undefined {
  const { For, Until } = call.arguments;
  if (For === undefined && Until === undefined) return undefined;
  if (For !== undefined && Until !== undefined)
    throw usage(`${call.spell('For')} and ${call.spell('Until')} both say when it ends; give one.`);
  const now = call.context.host.clock();
  const name = For === undefined ? 'Until' : 'For';
  try {
    const end = For === undefined ? untilOf(Until!, now) : new Date((from ?? now).getTime() + lengthOf(For));
    if (end.getTime() - now.getTime() > LONGEST_SECONDS * 1000)
      throw new ValueError(For ?? Until, 'is more than 365 days from now', ALLOWED);
    return end.toISOString();
  } catch (error) {
    if (error instanceof ValueError)
      throw usage(
        `${call.spell(name)}: ${error.message} For example: ${call.spell(name)} ${name === 'For' ? '2h' : '18:00'}`,
      );
    throw error;
  }
}

/** The same by the clock of the change: in a fleet, a length counts by the engine's; a moment is what it is. */
export function endIn(draft: Draft, { arguments: { For } }: Asking, end: string | undefined): string | undefined {
  if (end === undefined || For === undefined || !draft.aheadMs) return end;
  return new Date(Date.parse(end) + draft.aheadMs).toISOString();
}

const ALLOWED = 'a moment within 365 days: a time (18:00), tomorrow 8:00, or a date (2026-11-29 18:00)';

/** A time of the day alone is the next there is, as at(1) has it. @throws ValueError */
function untilOf(text: string, now: Date): Date {
  const trimmed = text.trim();
  const tomorrow = /^tomorrow\b\s*/i.exec(trimmed);
  const dayAfter = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1);
  const rest = tomorrow ? trimmed.slice(tomorrow[0].length) || '00:00' : trimmed;
  const day = tomorrow ? dayAfter(now) : now;
  let end = readDate(rest, () => day);
  if (!end) throw new ValueError(text, 'is no moment', ALLOWED);
  const isTimeOnly = /^\d{1,2}(?::\d{2}){0,2}\s*(?:[ap]\.?m?\.?)?$/i.test(rest);
  if (isTimeOnly && end <= now) end = readDate(rest, () => dayAfter(now)) ?? end;
  if (end <= now) throw new ValueError(text, 'is past', ALLOWED);
  return new Date(end.getTime());
}

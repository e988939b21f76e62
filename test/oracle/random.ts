/** Random expressions, pipelines and statements, thrown at PowerShell and at us. */
import fc from 'fast-check';
import { type Answer, type Case, differences } from './answer.ts';
import type { Ours } from './ours.ts';
import { cases, RULES } from './random/texts.ts';
import type { Theirs } from './theirs.ts';

/** Texts that PowerShell has before it, so that both work at the same time. */
const AHEAD = 64;

function ruleOf(theirs: Answer, text: string, ours: Answer): string | undefined {
  const said = JSON.stringify(theirs);
  return RULES.find(({ holds }) => holds(said, text, ours))?.rule;
}

const REDIRECTED: Readonly<Record<string, readonly (keyof Answer)[]>> = {
  '3': ['warnings'],
  '4': ['verbose'],
  '5': ['debug'],
  '6': ['said'],
  '*': ['warnings', 'verbose', 'debug', 'said'],
};

/**
 * PowerShell's answer as a terminal would have it: a PowerShell within another program still tells it what `3>$null` hides.
 * And a Decimal, which is a Double here, as the Double it would be.
 */
function asShown(theirs: Answer, text: string): Answer {
  const hidden = [...text.matchAll(/([3456*])>\$null/g)].flatMap(([, stream]) => REDIRECTED[stream!]!);
  const kept = Object.fromEntries(Object.entries(theirs).filter(([name]) => !hidden.includes(name as keyof Answer)));
  const json = JSON.stringify(kept).replace(/\{"decimal":"([^"]*)"\}/g, (_, figure: string) => {
    const number = Number(figure);
    return Number.isInteger(number) ? `{"double":"${number}"}` : String(number);
  });
  return JSON.parse(json);
}

/** Our answer with the words left out that say more than PowerShell's error does: a rule of docs/language.md. */
function asTold(ours: Answer, theirs: Answer): Answer {
  if (!ours.errors) return ours;
  const errors = ours.errors.map((error, k) => {
    const message = theirs.errors?.[k]?.message;
    return message !== undefined && error.message.startsWith(message) ? { ...error, message } : error;
  });
  return { ...ours, errors };
}

/** @returns how many differed */
export async function throwRandom(count: number, seed: number, we: Ours, they: Theirs, shown: number): Promise<number> {
  let differ = 0;
  const passed = new Map<string, number>();
  const all: Case[] = fc.sample(cases, { numRuns: count, seed });
  const asked: Promise<Answer>[] = [];
  for (const [at, one] of all.entries()) {
    while (asked.length < Math.min(all.length, at + AHEAD)) asked.push(they.run(all[asked.length]!));
    const our = await we.run(one);
    const their = asShown(await asked[at]!, one.text);
    const found = differences(their, asTold(our, their));
    if (!found.length) continue;
    const rule = ruleOf(their, one.text, our);
    if (rule) passed.set(rule, (passed.get(rule) ?? 0) + 1);
    else if (++differ <= shown)
      console.log([one.width === undefined ? one.text : `${one.text}   (width ${one.width})`, ...found].join('\n    '));
  }
  console.log(`${count} random texts, seed ${seed}: ${differ} differ`);
  for (const [rule, times] of passed) console.log(`  ${times} by the rule: ${rule}`);
  return differ;
}

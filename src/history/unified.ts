/** Differences in the form of `diff -u`: a heading an object, then what went and what came. */
import type { Json } from '../domain/kind.ts';
import type { Servers } from '../domain/servers.ts';
import { endText } from '../domain/temporary.ts';
import type { ObjectChange } from '../store/difference.ts';
import { printable } from '../text/printable.ts';
import { type ChangeRow, changeName, rowsOf, valueText } from './rows.ts';

const SGR = { '-': '31', '+': '32', '@': '36', ' ': '', '=': '1' } as const;

/** Lines without line breaks; coloured as git does when `colour`. */
export function unifiedDiff(
  from: string,
  to: string,
  changes: readonly ObjectChange[],
  servers: Servers,
  colour: boolean,
): string[] {
  const lines: string[] = [];
  const put = (kind: keyof typeof SGR, text: string) => {
    const safe = printable(text);
    lines.push(colour && SGR[kind] ? `\u001b[${SGR[kind]}m${safe}\u001b[0m` : safe);
  };
  if (!changes.length) return lines;
  put('=', `--- ${from}`);
  put('=', `+++ ${to}`);
  for (const change of changes) {
    put(
      '@',
      `@@ ${change.kind}${change.name ? ` "${changeName(change)}"` : ''}${change.change === 'set' ? '' : ` (${change.change})`} @@`,
    );
    for (const row of rowsOf(change, servers)) for (const [sign, text] of signed(row)) put(sign, `${sign}${text}`);
  }
  return lines;
}

function* signed({ setting, before, after, until, untilBefore }: ChangeRow): Generator<['-' | '+' | ' ', string]> {
  const elements = (value: Json): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [value]);
  if (Array.isArray(before) || Array.isArray(after)) {
    const [was, is] = [before === null ? [] : elements(before), after === null ? [] : elements(after)];
    const same = (list: readonly Json[], item: Json) => list.some((other) => valueText(other) === valueText(item));
    for (const item of was) yield [same(is, item) ? ' ' : '-', `${setting} : ${valueText(item)}`];
    for (const item of is) if (!same(was, item)) yield ['+', `${setting} : ${valueText(item)}`];
    return;
  }
  const ends = (moment: string | undefined) => (moment === undefined ? '' : ` until ${endText(moment)}`);
  if (before !== null) yield ['-', `${setting} : ${valueText(before)}${ends(untilBefore)}`];
  if (after !== null) yield ['+', `${setting} : ${valueText(after)}${ends(until)}`];
}

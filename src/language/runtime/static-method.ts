/** What a static method is, and what those of all types use. */
import type { CmdletError } from '../../pipeline/error.ts';
import { printed, type Value } from '../../pipeline/value.ts';
import { toNumber } from './convert.ts';
import { Reference } from './net-objects.ts';
import type { Result } from './runnable.ts';
import type { Session } from './session.ts';

export type Method = (args: readonly Value[], session: Session) => Result;
export type Methods = Readonly<Record<string, Method>>;
export type Properties = Readonly<Record<string, (session: Session) => Value>>;

/** An argument as a number. @throws CmdletError */
export const n = (value: Value | undefined) => toNumber(value ?? null);
/** An argument as a text. */
export const t = (value: Value | undefined) => printed(value);
/** Puts the result into the [ref], when there is one. @returns whether there is a result */
export function tried(refs: readonly Value[], read: () => Value | undefined, otherwise: Value = null): boolean {
  let value: Value | undefined;
  try {
    value = read();
  } catch (error) {
    if (!('id' in (error as CmdletError))) throw error;
  }
  const ref = refs.find((one) => one instanceof Reference) as Reference | undefined;
  ref?.place.set(value ?? otherwise);
  return value !== undefined;
}

/** How long texts and lists of a script may become. */
import { failure } from './failure.ts';
import { outOfRange } from './net-exception.ts';

/** Longest text and list that operators make. */
export const LONGEST_STRING = 16 * 1024 * 1024;
const LONGEST_LIST = 1_000_000;

export function checkText(text: string): string {
  checkLength(text.length);
  return text;
}
export function checkLength(length: number): void {
  if (length > LONGEST_STRING) throw tooLarge(`The text would be longer than ${LONGEST_STRING} characters.`);
}
/** A text so many times. @param parameter as the method calls the count */
export function repeated(text: string, times: number, parameter = 'count'): string {
  if (times < 0) throw outOfRange(parameter, times);
  checkLength(text.length * times);
  return text.repeat(times);
}
export function checkList(length: number): void {
  if (length > LONGEST_LIST) throw tooLarge(`The list would have more than ${LONGEST_LIST} elements.`);
}
function tooLarge(message: string): Error {
  return failure('ScriptTooComplicated', message, 'LimitsExceeded');
}

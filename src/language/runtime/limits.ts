/** How long texts and lists of a script may become. */
import { failure } from './failure.ts';

/** Longest text and list that operators make. */
export const LONGEST_STRING = 16 * 1024 * 1024;
const LONGEST_LIST = 1_000_000;

export function checkText(text: string): string {
  if (text.length > LONGEST_STRING) throw tooLarge(`The text would be longer than ${LONGEST_STRING} characters.`);
  return text;
}
export function checkList(length: number): void {
  if (length > LONGEST_LIST) throw tooLarge(`The list would have more than ${LONGEST_LIST} elements.`);
}
function tooLarge(message: string): Error {
  return failure('ScriptTooComplicated', message, 'LimitsExceeded');
}

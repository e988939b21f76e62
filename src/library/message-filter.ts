/** Which messages a program means. */
import type { Message } from '../messages/message-types.ts';
import { recipientsOf, sendersOf } from '../messages/parties.ts';
import type { MessageFilter } from './library-types.ts';
import { ListenerError } from './listener-error.ts';

type Test = (message: Message) => boolean;

const KEYS = ['from', 'to', 'subject', 'text'] as const;

/** @throws ListenerError for something that is no filter */
export function filterOf(filter: MessageFilter | Test | undefined): Test {
  if (filter === undefined) return () => true;
  if (typeof filter === 'function') return filter;
  const odd = Object.keys(filter).find((key) => !(KEYS as readonly string[]).includes(key));
  if (odd !== undefined) throw new ListenerError(`A filter has no "${odd}"; it has ${KEYS.join(', ')}.`);
  const { from, to, subject, text } = filter;
  return (message) =>
    some(from, sendersOf(message)) &&
    some(to, recipientsOf(message)) &&
    some(subject, [message.subject]) &&
    some(text, [message.text]);
}

function some(wanted: string | RegExp | undefined, found: readonly string[]): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted === 'string') return found.some((text) => text.toLowerCase().includes(wanted.toLowerCase()));
  const pattern = new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, '')); // no memory from one message to the next
  return found.some((text) => pattern.test(text));
}

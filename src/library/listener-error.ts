/** What a program is told when something cannot be. */
export class ListenerError extends Error {
  override readonly name = 'ListenerError';
}

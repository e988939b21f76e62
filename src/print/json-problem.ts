/** What JSON.parse says of a text, in the same words on every Node: since 22 it adds line and column of its own. */
export function jsonProblem(error: unknown): string {
  return (error as Error).message.replace(/ \(line \d+ column \d+\)$/, '');
}

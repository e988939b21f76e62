/** A limit as JSON tells it: null is none. */
export function finite(limit: number): number | null {
  return Number.isFinite(limit) ? limit : null;
}

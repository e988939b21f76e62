/** Delivery to nowhere: for load tests and connectors that only measure. Counts (delivery.ts) and forgets. */
import type { Route, RouteMessage } from './route.ts';

const NOTHING: RouteMessage = {
  prepend() {},
  write: () => undefined,
  commit: async () => ({ ok: true }),
  abort() {},
};

export const discard: Route = {
  begin: () => NOTHING,
  close: async () => {},
};

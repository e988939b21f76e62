/** What a listener does while its store cannot be read. Loaded only then. */
import { listenerStatus } from '../control/listener-client.ts';
import type { Home } from '../store/home.ts';

/** A sentence behind the error; empty when no listener tells. */
export async function whatStillRuns(home: Home): Promise<string> {
  const status = await listenerStatus(home).catch(() => undefined);
  if (!status) return '';
  return `The listener (process ${status.pid}) goes on with generation ${status.generation.applied}, the last good one, until then. See: rc status`;
}

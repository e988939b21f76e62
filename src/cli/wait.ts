/** `--wait`: a changing command returns when the running listener obeys, and fails when it does not. The change stays written. */

import { waitForGeneration } from '../control/listener-client.ts';
import { isMember } from '../fleet/when-member.ts';
import type { Host } from '../pipeline/context.ts';
import { CmdletError } from '../pipeline/error.ts';
import type { Home } from '../store/home.ts';
import { StoreError } from '../store/store-error.ts';

/** Waits for a generation, in a fleet on all its listeners. @throws CmdletError when one did not apply it within `timeoutMs` */
export async function waitForListener(home: Home, generation: number, timeoutMs: number, host: Host): Promise<void> {
  const began = host.clock().getTime();
  const result = await waitForGeneration(home, generation, timeoutMs);
  const kept = `The change is written (generation ${generation})`;
  const others = isMember(home) ? await fleetWaited(home, generation, timeoutMs, kept) : 0;
  if (others > 0 && result.result === 'no listener') return; // a home that is only administrated from
  switch (result.result) {
    case 'applied': {
      const said = result.failed.map((f) => ({
        text: `${f.binding} (${f.connectors.join(', ')}) is not open: ${f.advice || f.code}`,
        isNew: Date.parse(f.since) >= began - 1000,
      }));
      for (const { text } of said.filter((f) => !f.isNew)) host.writeWarning(text);
      const fresh = said.filter((f) => f.isNew);
      if (fresh.length)
        throw failed(`${kept} and applied, but:\n  ${fresh.map((f) => f.text).join('\n  ')}`, 'BindingFailed');
      return;
    }
    case 'refused':
      throw failed(
        `${kept}, but the listener refused it and goes on with the settings it had: ${result.reason}\nTo take it back: rc undo ${generation}`,
        'ListenerRefused',
      );
    case 'timeout':
      throw failed(
        `${kept}, but the listener has not applied it within ${timeoutMs / 1000} s. Look at: rc get-listener`,
        'ListenerTimeout',
      );
    default:
      throw failed(
        `${kept}, but no listener runs on ${home.folder}; it acts when one starts: rc serve`,
        'ListenerNotRunning',
      );
  }
}

/** @returns how many listeners of the fleet act by it @throws CmdletError when one does not */
async function fleetWaited(home: Home, generation: number, timeoutMs: number, kept: string): Promise<number> {
  const { waitForFleet } = await import('../fleet/wait-for-fleet.ts');
  let waited: Awaited<ReturnType<typeof waitForFleet>>;
  try {
    waited = await waitForFleet(home, generation, timeoutMs);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw failed(`${kept}, but whether the fleet acts by it is not known: ${error.message}`, 'FleetError');
  }
  if (!waited?.behind.length) return waited?.acting ?? 0;
  const lines = waited.behind.map(
    (node) =>
      `  ${node.server} (${node.host}): generation ${node.generation}${node.problem ? `; ${node.problem}` : ''}`,
  );
  throw failed(
    `${kept}, but not all listeners of the fleet "${waited.fleet}" act by it:\n${lines.join('\n')}\nLook at: rc get-fleet`,
    'ListenerTimeout',
  );
}

function failed(message: string, id: string): CmdletError {
  return new CmdletError(message, { id, category: 'ResourceUnavailable' });
}

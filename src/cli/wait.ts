/** `--wait`: a changing command returns when the running listener obeys, and fails when it does not. The change stays written. */

import { waitForGeneration } from '../control/listener-client.ts';
import type { Host } from '../pipeline/context.ts';
import { CmdletError } from '../pipeline/error.ts';
import type { Home } from '../store/home.ts';

/** Waits for a generation. @throws CmdletError when no listener applied it within `timeoutMs` */
export async function waitForListener(home: Home, generation: number, timeoutMs: number, host: Host): Promise<void> {
  const began = host.clock().getTime();
  const result = await waitForGeneration(home, generation, timeoutMs);
  const kept = `The change is written (generation ${generation})`;
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

function failed(message: string, id: string): CmdletError {
  return new CmdletError(message, { id, category: 'ResourceUnavailable' });
}

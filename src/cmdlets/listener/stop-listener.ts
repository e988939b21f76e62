/** Stop-Listener: ends the running listener of this home, and waits until it has ended. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listenerStatus, stopListener } from '../../control/listener-client.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { PsObject } from '../../pipeline/value.ts';
import { asked } from './listener-objects.ts';

/** Sessions may finish their message for ten seconds; then it ends. */
const LONGEST_MS = 30_000;
const EVERY_MS = 50;

export const stopListenerCmdlet = defineCmdlet({
  name: 'Stop-Listener',
  short: 'stop',
  group: 'server',
  looksHere: true,
  summary: 'End the running listener',
  description:
    'As SIGTERM does: nothing new is accepted, sessions finish the message they are in (ten seconds at most), then it ends, and so does this command. A service manager that is told to restart it does so: then end the service.',
  changes: 'low',
  gives: 'StoppedListener',
  parameters: [{ name: 'Now', type: 'switch', help: 'Cuts sessions off at once, even in the middle of a message.' }],
  examples: [
    { command: 'rc stop', language: 'Stop-Listener', does: 'Ends it once running messages are in.' },
    { command: 'rc stop --now', language: 'Stop-Listener -Now', does: 'Ends it at once.' },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const { home } = context.store;
    const { pid } = await asked(context, listenerStatus);
    if (!(await context.shouldProcess(`Stopping the listener of "${home.folder}" (process ${pid}).`))) return;
    await asked(context, (of) => stopListener(of, args.Now));
    const mark = join(home.folder, 'listener.pid'); // removed last
    for (let waited = 0; existsSync(mark) || (await stillAnswers(home)); waited += EVERY_MS) {
      if (waited > LONGEST_MS)
        throw new CmdletError(
          `The listener (process ${pid}) was told to stop and has not ended within ${LONGEST_MS / 1000} s. To end it all the same: rc stop --now`,
          { id: 'ListenerStillRunning' },
        );
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    yield new PsObject('StoppedListener', { Pid: pid, Home: home.folder, State: 'Stopped' });
  },
});

async function stillAnswers(home: Parameters<typeof listenerStatus>[0]): Promise<boolean> {
  try {
    return (await listenerStatus(home)) !== undefined;
  } catch {
    return false; // in the middle of its end
  }
}

/** Update-Listener: makes the running listener read the store now, and says whether it could. */
import { reloadListener } from '../../control/listener-client.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { PsObject } from '../../pipeline/value.ts';
import { asked } from './listener-objects.ts';

export const updateListener = defineCmdlet({
  name: 'Update-Listener',
  short: 'reload',
  group: 'server',
  looksHere: true,
  summary: 'Make the running listener read the store and open its logs anew, now',
  description:
    'The listener sees changes by itself; this is for a store on a file system that tells of none, and after logs were moved away. As SIGHUP does. Exit code 1 when the store cannot be applied: the last good settings stay.',
  gives: 'ReloadedListener',
  parameters: [],
  examples: [
    { command: 'rc reload', language: 'Update-Listener', does: 'Reads it now, and says which generation acts.' },
  ],
  async *run({ context }) {
    const { pid, applied, problem } = await asked(context, reloadListener);
    if (problem)
      throw new CmdletError(`The listener goes on with the settings it had (generation ${applied}): ${problem}`, {
        id: 'ListenerRefused',
      });
    yield new PsObject('ReloadedListener', { Pid: pid, Generation: applied, Home: context.store.home.folder });
  },
});

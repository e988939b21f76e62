/**
 * Cmdlets of Exchange that show what is not of this server: send connectors, queues, mailboxes. They give nothing and warn, saying
 * what there is instead, so that a script that also looks at receive connectors runs on. Those that would change something are
 * not here: done in silence, they would be believed.
 */
import type { Cmdlet } from '../../pipeline/cmdlet.ts';
import { lazy } from '../../text/lazy.ts';
import { ELSEWHERE } from '../exchange-elsewhere.ts';
import { takenParameters } from './taken-parameters.ts';

const LIST =
  'Identity:0* Filter ResultSize SortBy OrganizationalUnit Status! IncludePreExchange2013! Include Exclude SortOrder ADPropertiesOnly! ShowMailboxVirtualDirectories! Server DomainController';

const MORE: Readonly<Record<string, string>> = {
  'Get-EventLog': 'LogName:0 Source Newest EntryType After Before InstanceId Message ComputerName',
  'Get-WinEvent': 'LogName:0 FilterHashtable MaxEvents ProviderName ComputerName FilterXPath Oldest!',
  'Get-QueueDigest': 'Server Dag Site Forest! Filter GroupBy DetailsLevel ResultSize',
};

export const elsewhere: readonly Cmdlet[] = ELSEWHERE.flatMap(([cmdlets, instead]) =>
  cmdlets.split(' ').map((name): Cmdlet => {
    const parameters = lazy(() => takenParameters(MORE[name] ?? LIST));
    return {
      name,
      group: 'language',
      hidden: true,
      summary: 'Gives nothing, and says what there is instead',
      description: instead,
      input: 'optional',
      get parameters() {
        return parameters();
      },
      examples: [{ command: `rc -c '${name}'`, language: name, does: instead }],
      // biome-ignore lint/correctness/useYield: it gives nothing
      async *run({ context, input }) {
        if (input) for await (const _ of input); // what is piped in has run
        context.warn(`${name} has nothing to show here. ${instead}`);
      },
    };
  }),
);

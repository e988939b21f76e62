/**
 * Cmdlets of Exchange that show what is not of this server: send connectors, queues, mailboxes. They give nothing and warn, saying
 * what there is instead, so that a script that also looks at receive connectors runs on. Those that would change something are
 * not here: done in silence, they would be believed.
 */
import type { Cmdlet } from '../../pipeline/cmdlet.ts';
import { ELSEWHERE, namesIn } from '../exchange-elsewhere.ts';
import { takenParameters } from './taken-parameters.ts';

const parameters = takenParameters('Identity:0*');

export const elsewhere: readonly Cmdlet[] = ELSEWHERE.flatMap(([cmdlets, instead]) =>
  namesIn(cmdlets).map(
    (name): Cmdlet => ({
      name,
      group: 'language',
      hidden: true,
      summary: 'Gives nothing, and says what there is instead',
      description: instead,
      input: 'optional',
      takesAnything: true,
      parameters,
      examples: [{ command: `rc -c '${name}'`, language: name, does: instead }],
      // biome-ignore lint/correctness/useYield: it gives nothing
      async *run({ context, input }) {
        if (input) for await (const _ of input); // what is piped in has run
        context.warn(`${name} has nothing to show here. ${instead}`);
      },
    }),
  ),
);

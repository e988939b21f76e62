/** New-Guid: an identifier that nobody else has. */
import { newGuid as randomGuid } from '../../domain/guid.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import type { Value } from '../../pipeline/value.ts';
import { Guid, guidOf } from '../runtime/net-objects.ts';

export const newGuid = defineCmdlet({
  name: 'New-Guid',
  group: 'language',
  summary: 'Make an identifier that nobody else has',
  input: 'optional',
  parameters: [
    {
      name: 'InputObject',
      type: 'value',
      position: 0,
      pipeline: true,
      placeholder: 'GUID',
      help: 'The one of this text.',
    },
    { name: 'Empty', type: 'switch', help: 'The one that is all zeros.' },
  ],
  examples: [
    {
      command: 'rc -c \'(New-Guid).ToString("N")\'',
      language: "(New-Guid).ToString('N')",
      does: 'Gives 32 digits that are there once.',
    },
  ],
  async *run({ arguments: { Empty, InputObject }, input, context }) {
    const texts: AsyncIterable<Value> | Iterable<Value> | undefined = InputObject === undefined ? input : [InputObject];
    if (Empty) yield new Guid();
    else if (!texts) yield new Guid(randomGuid());
    else
      for await (const text of texts) {
        const guid = guidOf(text);
        if (!guid)
          context.error(
            new CmdletError('Unrecognized Guid format.', {
              id: 'StringNotRecognizedAsGuid',
              category: 'InvalidArgument',
              type: 'System.FormatException',
            }),
          );
        yield guid ?? null;
      }
  },
});

/** Parameters of the cmdlets that say which messages they mean. */
import type { Parameter } from '../../pipeline/parameter.ts';

export const SELECTION = [
  {
    name: 'Identity',
    aliases: ['Id'],
    type: 'value',
    position: 0,
    pipeline: true,
    placeholder: 'ID',
    help: 'The Identity of a message as rc get-message shows it, or so much of its end that only one has it; wildcards find several.',
  },
  { name: 'From', type: 'string', help: 'Only messages of this sender, of the envelope or the header.' },
  { name: 'To', type: 'string', help: 'Only messages with this recipient, of the envelope or the header.' },
  { name: 'Subject', type: 'string', help: 'Only messages with this subject.' },
  { name: 'Text', aliases: ['Body'], type: 'string', help: 'Only messages with this in their text or HTML.' },
] as const satisfies readonly Parameter[];

/** How the texts of a selection are meant, for descriptions. */
export const SELECTION_MEANS =
  'A text is found anywhere, in any case; one with a wildcard has to match the whole of it. Several filters have to hold together.';

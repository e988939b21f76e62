/** Select-Object: the properties named, wildcards included. */

import type { Cmdlet } from '../cmdlet/cmdlet.ts';
import { usage } from '../cmdlet/error.ts';
import { PsObject, printed, type Value } from '../cmdlet/value.ts';
import { hasWildcard, Wildcard } from '../connector/wildcard.ts';

export const selectObject: Cmdlet = {
  name: 'Select-Object',
  aliases: ['select'],
  group: 'objects',
  summary: 'Keep some properties of the piped objects',
  input: 'needed',
  parameters: [
    {
      name: 'Property',
      type: 'properties',
      position: 0,
      rest: true,
      completes: 'property',
      placeholder: 'NAME[,NAME]',
      help: 'Properties to keep, in this order; wildcards take all that match.',
    },
  ],
  examples: [
    {
      command: 'rc get | rc select Name,MaxInbound*',
      language: 'Get-ReceiveConnector | Select Name,MaxInbound*',
      does: 'Shows the connection limits.',
    },
  ],
  async *run({ arguments: args, input }) {
    if (!input) throw usage('Select-Object needs objects piped into it: rc get | rc select Name');
    const wanted = args
      .values('Property')
      .flatMap((value) => printed(value).split(','))
      .map((name) => name.trim());
    for await (const value of input) yield value instanceof PsObject ? selected(value, wanted) : value;
  },
};

function selected(object: PsObject, wanted: readonly string[]): PsObject {
  if (!wanted.length) return object;
  const kept: Record<string, Value> = {};
  for (const name of wanted) {
    if (hasWildcard(name)) {
      const pattern = new Wildcard(name);
      for (const key of Object.keys(object.properties))
        if (pattern.matches(key)) kept[key] ??= object.properties[key] ?? null;
    } else kept[object.nameOf(name) ?? name] = object.get(name) ?? null;
  }
  return new PsObject(`Selected.${object.type}`, kept);
}

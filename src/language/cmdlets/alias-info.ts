/** An alias as a value: what Get-Alias and Get-Command give. */
import { PsObject } from '../../pipeline/value.ts';
import type { Alias } from '../runtime/runnable.ts';

export function aliasInfo(name: string, definition: string, more: Partial<Alias> = {}): PsObject {
  return new PsObject('AliasInfo', {
    CommandType: 'Alias',
    Name: name,
    Definition: definition,
    DisplayName: `${name} -> ${definition}`,
    ResolvedCommandName: definition,
    Options: more.options ?? 'None',
    Description: more.description ?? '',
  });
}

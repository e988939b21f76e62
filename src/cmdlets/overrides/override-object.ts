/** Limits of one address or range, as the cmdlets find and show them. */
import type { StoredConnector } from '../../domain/connector.ts';
import { limitTexts, OVERRIDABLE, type Override } from '../../domain/override.ts';
import { parseRange } from '../../domain/range.ts';
import type { IpRange } from '../../domain/value.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { PsObject, type Value } from '../../pipeline/value.ts';
import type { Draft } from '../../store/draft.ts';
import { parsedArgument } from '../parsed-argument.ts';

export const CONNECTOR = {
  name: 'Connector',
  type: 'string',
  position: 0,
  completes: 'connector',
  help: 'The connector: its name, SERVER\\Name or GUID; wildcards find several.',
} as const satisfies Parameter;

export const RANGES = {
  name: 'RemoteIPRanges',
  aliases: ['RemoteIPRange'],
  type: 'strings',
  position: 1,
  rest: true,
  placeholder: 'RANGE',
  help: 'Addresses, ranges (10.1.2.1-10.1.2.9) or networks (10.1.2.0/24), IPv4 or IPv6.',
} as const satisfies Parameter;

/** @throws CmdletError (usage) for the first that is none */
export function rangesOf(texts: readonly string[], flag: string): IpRange[] {
  return texts.map((text) => parsedArgument(flag, () => parseRange(text)));
}

export function overrideObject(
  draft: Draft,
  stored: StoredConnector,
  { stored: one, range, limits }: Override,
): PsObject {
  const shown = OVERRIDABLE.map((name) => [name, (limits[name] ?? null) as Value] as const);
  return new PsObject('ConnectorOverride', {
    Connector: draft.label(stored),
    RemoteIPRange: range,
    ...Object.fromEntries(shown),
    Until: one.Until === undefined ? null : new Date(one.Until),
    Before: one.Before ? limitTexts(one.Before) : [],
    Comment: one.Comment ?? '',
    Limits: limitTexts(limits),
    Server: draft.servers.of(stored).server,
  });
}

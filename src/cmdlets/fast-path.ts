/**
 * The cmdlets that are typed all day. `rc get` and `rc set` find them here, before the table of all of them is loaded:
 * most of what `rc` costs is reading the code of its cmdlets. Every row is a row of table.ts too.
 */
import type { Cmdlet } from '../pipeline/cmdlet.ts';
import { kebab } from '../text/flag-name.ts';
import { getReceiveConnector } from './connectors/get-receive-connector.ts';
import { newReceiveConnector } from './connectors/new-receive-connector.ts';
import { removeReceiveConnector } from './connectors/remove-receive-connector.ts';
import { setReceiveConnector } from './connectors/set-receive-connector.ts';

export const EVERYDAY: readonly Cmdlet[] = [
  getReceiveConnector,
  setReceiveConnector,
  newReceiveConnector,
  removeReceiveConnector,
];

/** The everyday cmdlet behind `rc NAME`, by any name that the table of all cmdlets knows it by. */
export function fastNamed(name: string): Cmdlet | undefined {
  const wanted = name.toLowerCase();
  return EVERYDAY.find(({ name, short, aliases = [], words = [] }) =>
    [short, name, kebab(name), ...aliases, ...words].some((known) => known?.toLowerCase() === wanted),
  );
}

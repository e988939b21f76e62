/** Rows of the history as pipeline objects, and the colours of text that cmdlets lay out themselves. */

import type { Json } from '../../domain/kind.ts';
import type { Servers } from '../../domain/servers.ts';
import { type ChangeRow, changeName, changeText, rowsOf, valueText } from '../../history/rows.ts';
import type { Host } from '../../pipeline/context.ts';
import { PsObject, type Value } from '../../pipeline/value.ts';
import type { ObjectChange } from '../../store/difference.ts';
import type { HistoryEntry } from '../../store/history-entry.ts';
import { colourWanted } from '../../text/colour-wanted.ts';

/** A changed object; in a table it is one line, in JSON its settings with before and after. */
class ChangeObject extends PsObject {
  readonly #text: string;
  constructor(change: ObjectChange, servers: Servers) {
    const settings = rowsOf(change, servers).map(
      ({ setting, before, after, until }) =>
        new PsObject('SettingChange', {
          Setting: setting,
          Before: shown(before),
          After: shown(after),
          ...(until === undefined ? {} : { Until: new Date(until) }),
        }),
    );
    super('ObjectChange', { Kind: change.kind, Name: changeName(change), Change: change.change, Settings: settings });
    this.#text = changeText(change, servers);
  }
  override toString(): string {
    return this.#text;
  }
}

export function entryObject(
  entry: HistoryEntry,
  changes: readonly ObjectChange[],
  servers: Servers,
  pending: boolean,
): PsObject {
  return new PsObject('HistoryEntry', {
    Generation: entry.generation,
    When: new Date(entry.time),
    Who: entry.sudoUser ? `${entry.user} (${entry.sudoUser})` : entry.user,
    Command: entry.command,
    Changes: changes.map((change) => new ChangeObject(change, servers)),
    Undoes: entry.undoes ?? null,
    Recorded: !pending,
  });
}

export function rowObject(row: ChangeRow): PsObject {
  return new PsObject('ConnectorDifference', {
    Name: row.kind === 'ReceiveConnector' ? row.name : `(${row.kind}${row.name ? ` ${row.name}` : ''})`,
    Change: row.change,
    Setting: row.setting,
    Before: shown(row.before),
    After: shown(row.after),
    Kind: row.kind,
    ...(row.until === undefined ? {} : { Until: new Date(row.until) }),
  });
}

/** Are colours wanted in text that goes to the terminal? */
export function coloured(host: Host): boolean {
  return colourWanted(host.env, host.columns !== undefined);
}

/** Rights, which are objects in a list, as words. */
function shown(value: Json): Value {
  if (!Array.isArray(value) || !value.some((item) => typeof item === 'object')) return value as Value;
  return value.map((item) => valueText(item as Json));
}

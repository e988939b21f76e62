/** Taking a configuration from a file into the store: all of it valid, or nothing; and what taking it would change. */

import { defaultDomainFindings } from '../../checks/accepted-domains.ts';
import { SETTINGS } from '../../domain/settings.ts';
import { endText, type TemporarySetting } from '../../domain/temporary.ts';
import { changeText, rowsOf } from '../../history/rows.ts';
import type { Context } from '../../pipeline/context.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Arguments, Parameter } from '../../pipeline/parameter.ts';
import { difference } from '../../store/difference.ts';
import type { Draft } from '../../store/draft.ts';
import { kebab } from '../../text/flag-name.ts';
import { shellWord } from '../../text/shell-word.ts';
import { sameText } from '../../text/wildcard.ts';
import { type Guids, type Merged, type Mode, merged } from '../../transfer/merge.ts';
import { fqdnBeside, movedTo } from '../../transfer/move.ts';
import {
  ConfigurationError,
  configurationFrom,
  fileTold,
  type Read,
  refuseInvalid,
  textOf,
} from '../../transfer/read.ts';
import { oneServer } from '../connectors/connector-server.ts';
import { makeChange } from '../make-change.ts';
import { rowObject } from './history-row.ts';

export const TAKING = [
  {
    name: 'ByGuid',
    type: 'switch',
    help: 'What has the GUID of an object of the store is that object, even under another name, and renames it. Without it the name decides.',
  },
  {
    name: 'Server',
    type: 'string',
    completes: 'server',
    help: 'The file comes from another server: its name and FQDN are replaced by those of NAME, this server or another one of the store, and GUIDs are made anew.',
  },
] as const satisfies readonly Parameter[];

/** Of a call, what is asked of it here. */
interface TakingCall {
  readonly context: Context;
  readonly arguments: Arguments<(typeof TAKING)[number]>;
}

/**
 * Gives the differences that it makes, as rc diff does.
 * @param doing what -WhatIf says is done
 * @param only says them and changes nothing; the exit status is 1 when there are some, 2 for a file that cannot be
 * @throws CmdletError for a file that cannot be
 */
export async function* takeConfiguration(
  call: TakingCall,
  path: string,
  mode: Mode,
  {
    doing = `Importing ${fileTold(path)} (${mode})`,
    only = false,
  }: { readonly doing?: string; readonly only?: boolean } = {},
) {
  const { arguments: args, context } = call;
  try {
    const read = adapted(call, await configurationFrom(path, textOf(path, context.host)));
    const guids: Guids = new Map();
    const now = context.host.clock().toISOString();
    const { draft } = context.statement;
    const before = draft.document;
    const make = (document = draft.document): Merged => {
      const result = merged(document, read.configuration, mode, now, guids, args.ByGuid);
      refuseInvalid(read, result);
      return result;
    };
    const { document: after, withoutPassword, waiting } = make();
    for (const name of withoutPassword)
      context.warn(`User "${name}" is not made: the file has no password for it. Make it with: rc new-smtp-user`);
    for (const { connector, temporary } of waiting)
      context.warn(
        `"${connector}": ${temporary.Setting} is temporary until ${endText(temporary.Until, context.host.clock())}; what ${fileTold(path)} has is what it is then. To have it now: ${nowCommand(connector, temporary)}`,
      );
    if (after.acceptedDomains !== before.acceptedDomains)
      for (const { problem, mend } of defaultDomainFindings(after)) context.warn(`${problem}: ${mend.join(', or ')}`);
    const changes = difference(before, after);
    if (!changes.length) {
      context.warn(`Everything is already as ${fileTold(path)} says; nothing was changed.`);
      return;
    }
    if (only) {
      context.statement.exitCode = 1;
      for (const change of changes) for (const row of rowsOf(change, draft.servers)) yield rowObject(row);
      return;
    }
    const lines = changes.map((change) => changeText(change, draft.servers));
    // -WhatIf says what becomes of each setting itself.
    const what = context.preferences.whatIf ? `${doing}.` : `${doing}:\n  ${lines.join('\n  ')}\n`.trimEnd();
    const change = (d: Draft): void => {
      d.document = make(d.document).document;
    };
    if (!(await makeChange(context, what, change))) return;
    for (const change of changes) for (const row of rowsOf(change, draft.servers)) yield rowObject(row);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const known = { id: 'InvalidConfiguration', target: path } as const;
    // 1 says that something differs, so what could not be compared ends with 2, as in diff(1)
    if (only) throw new CmdletError(error.message, { ...known, kind: 'usage' });
    throw new CmdletError(`${error.message}\nNothing was changed.`, known);
  }
}

/** What sets at once what it will be. */
function nowCommand(connector: string, { Setting, Before }: TemporarySetting): string {
  const { kind } = SETTINGS[Setting];
  const value = Before === undefined ? '…' : String(kind.parse(Before));
  return `rc set ${shellWord(connector)} --${kebab(Setting)} ${value === '…' ? value : shellWord(value)}`;
}

/** A configuration of another server, made this one's when that was asked for. */
function adapted({ arguments: args, context }: TakingCall, read: Read): Read {
  const { draft } = context.statement;
  const { servers } = draft;
  const { server: here } = draft.document;
  const from = read.configuration.server;
  const wanted = args.Server;
  if (wanted === undefined) {
    if (from && !servers.has(from.name))
      context.warn(
        `The file is from server ${from.name}, and this is ${here.name}. Names and FQDNs are taken as they are; to adapt them: --server ${here.name}`,
      );
    return read;
  }
  if (!servers.others.length && !sameText(wanted, here.name))
    throw usage(
      `This server is ${here.name}, not ${wanted}. To write a file for another server: rc export --server ${shellWord(wanted)}`,
    );
  if (!from)
    throw usage(
      '--server needs a file that says which server it is from ("server": {"name", "fqdn"}), as rc export writes it.',
    );
  const { server: name, fqdn } = oneServer(draft, wanted);
  const to = { name, fqdn: fqdn === '' ? fqdnBeside(name, from.fqdn) : fqdn };
  return { ...read, configuration: movedTo(read.configuration, from, to) };
}

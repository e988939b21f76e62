/** Set-ReceiveConnector: changes settings of connectors; everything one command changes is one transaction. */

import type { Edit, StoredConnector } from '../../domain/connector.ts';
import type { SettingName } from '../../domain/settings.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import type { Draft } from '../../store/draft.ts';
import { lazy } from '../../text/lazy.ts';
import { endGiven, endIn, FOR, UNTIL } from '../end-parameters.ts';
import { attempt, makeChange } from '../make-change.ts';
import { InvalidValues } from '../setting-parameters.ts';
import { warnUnmodified } from '../warn-unmodified.ts';
import {
  changed,
  checkCertificate,
  checkName,
  differs,
  refuseClash,
  rulesBroken,
  warnBeside,
  warnKept,
  warnOver,
} from './change-connector.ts';
import { connectorObject, targets } from './connector-object.ts';
import { CONNECTOR_PARAMETERS, editsFrom, IDENTITY } from './connector-parameters.ts';

/** Made when they are asked for, as most commands are another one: eighty, with their help. */
const parameters = lazy(
  () =>
    [
      IDENTITY,
      { name: 'Name', type: 'string', help: 'A new name: 1 to 64 characters, unique on the server.' },
      ...CONNECTOR_PARAMETERS.single,
      ...CONNECTOR_PARAMETERS.lists,
      FOR,
      UNTIL,
      { name: 'PassThru', type: 'switch', help: 'Outputs the changed connectors.' },
    ] as const satisfies readonly Parameter[],
);

type OwnCall = Call<ReturnType<typeof parameters>[number]>;

export const setReceiveConnector = defineCmdlet({
  name: 'Set-ReceiveConnector',
  short: 'set',
  group: 'connectors',
  summary: 'Change settings of receive connectors',
  description:
    'Changes every connector named or piped in, in one transaction: all of it is valid and written once, or nothing is. A running listener obeys at once.',
  changes: 'low',
  input: 'needed',
  gives: 'ReceiveConnector',
  get parameters() {
    return parameters();
  },
  examples: [
    {
      command: "rc set 'default*' --max-inbound-per-source 100",
      language: 'Get-ReceiveConnector default* | Set-ReceiveConnector -MaxInboundConnectionPerSource 100',
      does: 'Lets one address open 100 connections to every connector whose name begins with "default".',
    },
    {
      command: "rc get 'default*' | rc set --max-inbound-per-source 100",
      does: 'The same as a pipeline of two commands.',
    },
    {
      command: 'rc set Relay --add-remote-ip-ranges 10.1.2.3',
      language: "Set-ReceiveConnector Relay -RemoteIPRanges @{Add='10.1.2.3'}",
      does: 'Adds one address and keeps the others.',
    },
    {
      command: "rc set 'Client*' --max-message-size 50MB --what-if",
      language: "Set-ReceiveConnector 'Client*' -MaxMessageSize 50MB -WhatIf",
      does: 'Says what would be changed.',
    },
    {
      command: "rc set 'default*' --max-inbound-per-source 100 --for 2h",
      language: "Set-ReceiveConnector 'default*' -MaxInboundConnectionPerSource 100 -For 2h",
      does: 'Lets it for two hours; then the limit is by itself what it was before.',
    },
    {
      command: "rc set 'Default*' --protocol-logging-level Verbose --wait",
      does: 'Returns when the running listener obeys.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const { statement } = context;
    const until = endGiven(call);
    const edits = await editsOrAllThatIsWrong(call);
    const name = args.Name;
    if (until !== undefined) refuseForGood(call, edits);
    const keptSaid = new Set<string>();
    const renaming: { done: string | undefined } = { done: undefined };
    const now = context.host.clock().toISOString();
    const editOf = (target: StoredConnector) => (draft: Draft) => {
      const stored = draft.byGuid(target.Guid);
      if (!stored) throw gone(target);
      checkCertificate(context, stored, edits);
      if (name !== undefined && name !== stored.Name) checkRename(call, draft, stored, renaming);
      const own = name === undefined ? { WhenChanged: now } : { Name: name, WhenChanged: now };
      const next = changed(draft, stored, edits, call.spelling, own, endIn(draft, call, until));
      if (differs(stored, next)) draft.putConnector(next);
    };
    const meant = context.preferences.whatIf ? await allPossible(call, editOf) : targets(call);
    for await (const target of meant) {
      const identity = statement.draft.identity(target);
      const find = () => statement.draft.byGuid(target.Guid);
      const before = find();
      const told = (): void => {
        const after = find();
        if (after === before) warnUnmodified(context, identity);
        else if (after) warnAbout(call, before ?? after, after, edits, { until, keptSaid });
      };
      const what = `Setting Receive connector "${identity}".`;
      const after = (await makeChange(context, what, editOf(target), told)) && args.PassThru ? find() : undefined;
      if (after) yield connectorObject(statement.draft, after);
    }
  },
});

/** Those that -WhatIf tells of: none where one of them would be refused, or all together would, for then nothing is written. */
async function allPossible(call: OwnCall, editOf: (target: StoredConnector) => (draft: Draft) => void) {
  const { statement } = call.context;
  const meant: StoredConnector[] = [];
  for await (const target of targets(call)) meant.push(target);
  if (statement.keepGoing) return meant;
  const errors = statement.errors.length;
  const takeBack = statement.savepoint();
  const before = statement.draft.document;
  for (const target of meant) await attempt(call.context, editOf(target));
  if (statement.errors.length === errors)
    await attempt(call.context, (draft) => refuseClash(draft, before, meant[0]?.Name ?? ''));
  takeBack();
  return statement.errors.length === errors ? meant : [];
}

/** @throws CmdletError when the name is taken, or is given a second connector */
function checkRename(
  call: OwnCall,
  draft: Draft,
  stored: StoredConnector,
  renaming: { done: string | undefined },
): void {
  if (renaming.done !== undefined && renaming.done !== stored.Guid)
    throw new CmdletError(`${call.spell('Name')} gives one connector a name, and more than one is meant here.`, {
      kind: 'usage',
    });
  checkName(draft, call.arguments.Name!, draft.servers.of(stored), stored.Guid);
  renaming.done = stored.Guid;
}

/** What one does better to know of a change, before it or after. @param keptSaid what was said of the connectors before this one */
function warnAbout(
  { context, spelling }: OwnCall,
  before: StoredConnector,
  after: StoredConnector,
  edits: ReadonlyMap<SettingName, Edit>,
  { until, keptSaid }: { until: string | undefined; keptSaid: Set<string> },
): void {
  const { draft } = context.statement;
  warnKept(context, before, after, keptSaid);
  if (until === undefined) warnOver(context, before, after);
  warnBeside(context, draft.connector(before), draft.connector(after), edits, spelling);
}

/** @throws CmdletError naming the values that cannot be and the rules that the others would break */
async function editsOrAllThatIsWrong(call: OwnCall): Promise<ReadonlyMap<SettingName, Edit>> {
  try {
    return editsFrom(call);
  } catch (error) {
    if (!(error instanceof InvalidValues)) throw error;
    const good = error.good as ReadonlyMap<SettingName, Edit>;
    const problems = [...error.problems];
    if (good.size > 0 && (call.arguments.Identity !== undefined || call.input)) {
      const { draft } = call.context.statement;
      for await (const target of targets(call))
        problems.push(...rulesBroken(draft, target, good, error.bad, call.spelling));
    }
    throw new InvalidValues(problems, error.bad, good);
  }
}

/** @throws CmdletError (usage) where an end was given for nothing, or for what has none */
function refuseForGood(call: OwnCall, edits: ReadonlyMap<SettingName, Edit>): void {
  const said = call.spell(call.has('For') ? 'For' : 'Until');
  if (call.has('Name'))
    throw usage(
      `${call.spell('Name')} is for good: a name cannot end by itself. Leave out ${said}, or give the connector its name in a command of its own.`,
    );
  if (edits.size) return;
  const extend = call.spelling === 'flags' ? 'rc extend NAME --for 1h' : 'Update-TemporaryChange NAME -For 1h';
  throw usage(
    `${said} says until when a setting holds, and none is given. To make longer what is temporary already: ${extend}`,
  );
}

function gone(target: StoredConnector): CmdletError {
  return new CmdletError(`"${target.Name}" was removed by somebody else in the meantime.`, {
    id: 'ManagementObjectNotFound',
    category: 'ObjectNotFound',
    target: target.Name,
  });
}

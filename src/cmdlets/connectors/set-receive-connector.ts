/** Set-ReceiveConnector: changes settings of connectors; everything one command changes is one transaction. */

import type { Edit, StoredConnector } from '../../domain/connector.ts';
import type { SettingName } from '../../domain/settings.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import type { Draft } from '../../store/draft.ts';
import { endGiven, endIn, FOR, UNTIL } from '../end-parameters.ts';
import { tryOut } from '../named-object.ts';
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

const declared = () =>
  [
    IDENTITY,
    { name: 'Name', type: 'string', help: 'A new name: 1 to 64 characters, unique on the server.' },
    ...CONNECTOR_PARAMETERS.single,
    ...CONNECTOR_PARAMETERS.lists,
    FOR,
    UNTIL,
    { name: 'PassThru', type: 'switch', help: 'Outputs the changed connectors.' },
  ] as const satisfies readonly Parameter[];

type OwnParameters = ReturnType<typeof declared>;
type OwnCall = Call<OwnParameters[number]>;

/** Made when they are asked for, as most commands are another one: eighty, with their help. */
let parameters: OwnParameters | undefined;

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
    parameters ??= declared();
    return parameters;
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
    const planned: StoredConnector[] = [];
    let renamed: string | undefined;
    for await (const target of targets(call)) {
      const identity = statement.draft.identity(target);
      if (!(await context.shouldProcess(`Setting Receive connector "${identity}".`))) {
        if (context.preferences.whatIf) await tellWhatIf(call, target, edits, { until, keptSaid, planned });
        continue;
      }
      const now = context.host.clock().toISOString();
      const edit = (draft: Draft): void => {
        const stored = draft.byGuid(target.Guid);
        if (!stored) throw gone(target);
        if (name !== undefined && name !== stored.Name) {
          if (renamed !== undefined && renamed !== stored.Guid) throw oneName(call.spell('Name'));
          checkName(draft, name, draft.servers.of(stored), stored.Guid);
        }
        const own = name === undefined ? { WhenChanged: now } : { Name: name, WhenChanged: now };
        const next = changed(draft, stored, edits, call.spelling, own, endIn(draft, call, until));
        if (differs(stored, next)) draft.putConnector(next);
      };
      const find = () => statement.draft.byGuid(target.Guid);
      const before = find();
      try {
        checkCertificate(context, target, edits);
        statement.change(edit);
      } catch (error) {
        if (!(error instanceof CmdletError)) throw error;
        context.error(error);
        continue;
      }
      renamed ??= target.Guid;
      const after = find();
      if (!after) continue;
      if (after === before) warnUnmodified(context, identity);
      else warnAbout(call, before ?? after, after, edits, { until, keptSaid });
      if (args.PassThru) yield connectorObject(statement.draft, after);
    }
    // The clash of bindings that all of them together would be refused for.
    if (planned.length)
      tryOut(context, (draft) => {
        const before = draft.document;
        for (const next of planned) draft.putConnector(next);
        refuseClash(draft, before, planned[0]!.Name);
      });
  },
});

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

/** What -WhatIf would change, a line a setting, and into `planned`; a change that could not be made is the error that it would be. */
async function tellWhatIf(
  call: OwnCall,
  target: StoredConnector,
  edits: ReadonlyMap<SettingName, Edit>,
  state: { until: string | undefined; keptSaid: Set<string>; planned: StoredConnector[] },
): Promise<void> {
  const { until, planned } = state;
  const { arguments: args, context, spelling } = call;
  const { draft } = context.statement;
  try {
    const own = args.Name === undefined ? {} : { Name: args.Name };
    if (own.Name !== undefined && own.Name !== target.Name) {
      if (planned.length) throw oneName(call.spell('Name'));
      checkName(draft, own.Name, draft.servers.of(target), target.Guid);
    }
    checkCertificate(context, target, edits);
    const next = changed(draft, target, edits, spelling, own, until);
    planned.push(next);
    const [{ difference }, { changeLines }] = await Promise.all([
      import('../../store/difference.ts'),
      import('../../history/rows.ts'),
    ]);
    const { document } = draft;
    const changes = difference({ ...document, connectors: [target] }, { ...document, connectors: [next] });
    for (const line of changeLines(changes, draft.servers, context.host.clock())) context.host.writeHost(`  ${line}`);
    if (differs(target, next)) warnAbout(call, target, next, edits, state);
  } catch (error) {
    if (!(error instanceof CmdletError)) throw error;
    context.error(error);
  }
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

function oneName(flag: string): CmdletError {
  return new CmdletError(`${flag} gives one connector a name, and more than one is meant here.`, { kind: 'usage' });
}

function gone(target: StoredConnector): CmdletError {
  return new CmdletError(`"${target.Name}" was removed by somebody else in the meantime.`, {
    id: 'ManagementObjectNotFound',
    category: 'ObjectNotFound',
    target: target.Name,
  });
}

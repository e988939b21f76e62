/** New-ReceiveConnector: makes a connector, from a usage type and settings. */

import { type Edit, replaced } from '../../domain/catalogue.ts';
import type { Grant, StoredConnector } from '../../domain/connector.ts';
import { newGuid } from '../../domain/guid.ts';
import { PRESETS, presetSettings } from '../../domain/preset.ts';
import { SETTING_NAMES, SETTINGS, type SettingName } from '../../domain/settings.ts';
import { USAGES, type Usage } from '../../domain/usage.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { PsObject, printed, type Value } from '../../pipeline/value.ts';
import type { Draft } from '../../store/draft.ts';
import { lazy } from '../../text/lazy.ts';
import { show } from '../../text/printable.ts';
import { sameText } from '../../text/wildcard.ts';
import { makeChange } from '../make-change.ts';
import { changed, checkCertificate, checkName, refuseClash, warnKept } from './change-connector.ts';
import { connectorObject } from './connector-object.ts';
import { CONNECTOR_PARAMETERS, editsFrom } from './connector-parameters.ts';
import { oneServer, ownerOf } from './connector-server.ts';

/** Made when they are asked for, as most commands are another one: eighty, with their help. */
const parameters = lazy(
  () =>
    [
      {
        name: 'Name',
        type: 'string',
        position: 0,
        mandatory: true,
        help: 'The name: 1 to 64 characters, unique on the server, no wildcards.',
      },
      {
        name: 'Usage',
        type: 'string',
        values: USAGES.map((u) => u.name),
        placeholder: 'TYPE',
        help: 'What the connector is for; sets who may submit, how clients authenticate, and the bindings.',
      },
      ...USAGES.map((u) => ({ name: u.name, type: 'switch' as const, help: u.help })),
      {
        name: 'Preset',
        type: 'string',
        values: PRESETS,
        placeholder: 'PRESET',
        help: 'Begins with what Exchange’s setup gives its own connectors: Mailbox (protocol log), MailboxClient (5 messages a minute and user), MailboxHub (no limit per source), Edge (600 a minute, 5 and 1 minutes). What is given beside it wins.',
      },
      {
        name: 'Server',
        type: 'string',
        completes: 'server',
        help: 'The server it is made on: its name or FQDN. Without it, this one.',
      },
      ...CONNECTOR_PARAMETERS.single,
    ] as const satisfies readonly Parameter[],
);

/** What a connector without a usage type must be given. */
const CUSTOM_NEEDS = USAGES.find(({ name }) => name === 'Custom')!.needs;

type OwnCall = Call<ReturnType<typeof parameters>[number]>;

export const newReceiveConnector = defineCmdlet({
  name: 'New-ReceiveConnector',
  short: 'new',
  words: ['add', 'create'],
  group: 'connectors',
  summary: 'Make a receive connector',
  description:
    'Makes a connector of a usage type (Custom when none is given); every setting can be given at once. A connector that is piped in gives the settings that are not: rc get Relay | rc new Scanners --bindings 127.0.0.1:2530. A running listener opens its sockets at once.',
  changes: 'low',
  input: 'optional',
  // complete in itself it leaves standard input to the script around it: while read name; do rc new "$name" …; done
  readsInput: ({ has }) => !has('Usage') && !USAGES.some(({ name }) => has(name)) && !CUSTOM_NEEDS.every(has),
  gives: 'ReceiveConnector',
  get parameters() {
    return parameters();
  },
  examples: [
    {
      command:
        'rc new Relay --custom --bindings 127.0.0.1:2526 --remote-ip-ranges 127.0.0.1 --permission-groups AnonymousUsers',
      language:
        'New-ReceiveConnector -Name "Relay" -Custom -Bindings 127.0.0.1:2526 -RemoteIPRanges 127.0.0.1 -PermissionGroups AnonymousUsers',
      does: 'Makes a connector for one application server.',
    },
    {
      command: 'rc new Partners --partner --bindings 127.0.0.1:2527 --remote-ip-ranges 10.9.0.0/24 --what-if',
      does: 'Says what would be made.',
    },
    {
      command: 'rc new Submission --preset MailboxClient --bindings 127.0.0.1:2588 --remote-ip-ranges 10.0.0.0/8',
      does: 'Begins with the limits of Exchange’s Client Frontend.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const { statement } = context;
    const name = args.Name;
    if (name === undefined)
      throw usage(
        `New-ReceiveConnector needs a name: ${call.spelling === 'flags' ? 'rc new Relay --bindings …' : 'New-ReceiveConnector -Name Relay -Bindings …'}`,
      );
    const site = oneServer(statement.draft, args.Server);
    const owner = ownerOf(statement.draft, site);
    const piped = await pipedConnector(call);
    const edits = editsOf(call, () => checkName(statement.draft, name, site), piped);
    checkCertificate(context, { Name: name, ...owner }, edits);
    const guid = newGuid();
    const now = context.host.clock().toISOString();
    const make = (draft: Draft): void => {
      const before = draft.document;
      checkName(draft, name, site);
      const empty: StoredConnector = { Name: name, Guid: guid, ...owner, WhenCreated: now, WhenChanged: now };
      const base = piped?.grants.length ? { ...empty, Grants: piped.grants } : empty;
      draft.putConnector(changed(draft, base, edits, call.spelling));
      refuseClash(draft, before, name);
    };
    const made = () => statement.draft.byGuid(guid)!;
    const told = () => warnKept(context, undefined, made(), new Set());
    if (!(await makeChange(context, `Creating Receive connector "${site.server}\\${name}".`, make, told))) return;
    yield connectorObject(statement.draft, made());
  },
});

/** The settings of the usage type and those given. @throws CmdletError, one for all that is wrong, the name included */
function editsOf(call: OwnCall, checkName: () => void, piped: PipedConnector | undefined): Map<SettingName, Edit> {
  const problems: CmdletError[] = [];
  const attempt = <T>(part: () => T): T | undefined => {
    try {
      return part();
    } catch (error) {
      if (!(error instanceof CmdletError)) throw error;
      problems.push(error);
      return undefined;
    }
  };
  attempt(checkName);
  const edits = attempt(() => editsFrom(call)) ?? new Map<SettingName, Edit>();
  for (const [setting, edit] of piped?.edits ?? []) if (!edits.has(setting)) edits.set(setting, edit);
  const kind = attempt(() => usageOf(call.arguments, piped !== undefined));
  if (kind) attempt(() => completeFrom(kind, edits, call));
  attempt(() => addPreset(call, edits));
  if (problems.length === 1) throw problems[0];
  if (problems.length) {
    const all = problems.flatMap(({ message }) => message.replace(/^\d+ values cannot be:\n {2}/, '').split('\n  '));
    throw usage(`${all.length} things cannot be:\n  ${all.join('\n  ')}`);
  }
  return edits;
}

/** @param piped a connector that is piped in needs no usage type */
function usageOf(args: OwnCall['arguments'], piped: boolean): Usage | undefined {
  const chosen = new Set(USAGES.filter((u) => args[u.name]).map((u) => u.name));
  const named = args.Usage;
  if (named) chosen.add(named);
  if (chosen.size > 1) throw usage(`A connector has one usage type, not ${[...chosen].join(' and ')}.`);
  const name = [...chosen][0] ?? (piped ? undefined : 'Custom');
  return USAGES.find((u) => u.name === name);
}

function completeFrom(kind: Usage, edits: Map<SettingName, Edit>, call: OwnCall): void {
  const fixed = kind.fixes.filter((setting) => call.has(setting));
  if (fixed.length) {
    throw usage(
      `Usage ${kind.name} fixes ${fixed.map((s) => call.spell(s)).join(', ')} at creation (${String(kind.sets[fixed[0]!])}); make the connector, then change it with ${call.spelling === 'flags' ? 'rc set' : 'Set-ReceiveConnector'}.`,
    );
  }
  const missing = kind.needs.filter((setting) => !call.has(setting) && !edits.has(setting));
  if (missing.length) {
    const examples: Partial<Record<SettingName, string>> = {
      Bindings: '127.0.0.1:2526',
      RemoteIPRanges: '10.1.2.0/24',
    };
    throw usage(
      `Usage ${kind.name} needs ${missing.map((s) => `${call.spell(s)} (such as ${examples[s]})`).join(' and ')}.`,
    );
  }
  for (const [setting, value] of Object.entries(kind.sets)) {
    if (!call.has(setting as SettingName))
      edits.set(setting as SettingName, replaced(SETTINGS[setting as SettingName], value));
  }
}

function addPreset(call: OwnCall, edits: Map<SettingName, Edit>): void {
  const { Preset } = call.arguments;
  if (Preset === undefined) return;
  const preset = PRESETS.find((one) => sameText(one, Preset));
  if (!preset) throw usage(`${call.spell('Preset')}: ${show(Preset)} is not possible; allowed: ${PRESETS.join(', ')}.`);
  for (const [name, value] of presetSettings(preset))
    if (!call.has(name) && !edits.has(name)) edits.set(name, replaced(SETTINGS[name], value));
}

interface PipedConnector {
  readonly edits: ReadonlyMap<SettingName, Edit>;
  /** Single rights, where the store still has the connector. */
  readonly grants: readonly Grant[];
}

/** The settings of the connector that is piped in. @throws CmdletError when there are several, or what is piped is none */
async function pipedConnector(call: OwnCall): Promise<PipedConnector | undefined> {
  if (!call.input) return undefined;
  const objects: Value[] = [];
  for await (const value of call.input) objects.push(value);
  if (!objects.length) return undefined;
  const [one] = objects;
  if (objects.length > 1 || !(one instanceof PsObject))
    throw usage(
      objects.length > 1
        ? `${objects.length} objects are piped in, and one connector is made at a time.`
        : `What is piped in, ${show(printed(one))}, has no settings of a connector.`,
    );
  const { connectors } = call.context.statement.draft.document;
  const guid = printed(one.get('Guid'));
  const grants = connectors.find((c) => c.Guid === guid)?.Grants ?? [];
  const edits = new Map<SettingName, Edit>();
  for (const name of SETTING_NAMES) {
    const value = one.get(name);
    if (value === undefined || value === null) continue;
    // Custom shows single rights, which come by themselves
    const given = name === 'PermissionGroups' ? printed(value).replace(/,?\s*\bCustom\b/i, '') || 'None' : value;
    edits.set(name, replaced(SETTINGS[name], given));
  }
  if (!edits.size)
    throw usage('What is piped in has no settings of a connector; pipe whole ones: rc get Relay | rc new …');
  return { edits, grants };
}

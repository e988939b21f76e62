/** Set-Alias, New-Alias, Remove-Alias and Get-Alias: the short names of cmdlets, and those that a script or prompt adds. */
import { type Call, type Cmdlet, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import type { PsObject } from '../../pipeline/value.ts';
import { hasWildcard, Wildcard } from '../../text/wildcard.ts';
import { aliasesAt, aliasNamed } from '../runtime/aliases.ts';
import { missingMandatory } from '../runtime/binding-error.ts';
import type { Frame } from '../runtime/frame.ts';
import type { Alias } from '../runtime/runnable.ts';
import { frameIn } from '../runtime/scopes.ts';
import { type Session, sessionNeeded, sessionOf } from '../runtime/session.ts';
import { aliasInfo } from './alias-info.ts';
import type { Commands } from './help.ts';
import { SCOPE } from './scope-parameter.ts';

/** Aliases that PowerShell 7.6.9 does not let anybody set (`Get-Alias`, Options). */
const READ_ONLY = new Set(
  '? % clc clhy cli clp clv cpi cvpa dbp ebp epal epcsv fc fl foreach ft fw gal gbp gc gci gcm gcs gdr gerr ghy gi gl gm gmo gp gps gpv group gu gv iex ihy ii ipal ipcsv ipmo irm iwr measure mi mp nal ndr ni nmo nv oh rbp rcsn rdr ri rmo rni rnp rp rv rvpa sal saps sbp select si sl sp spps sv where'.split(
    ' ',
  ),
);

const OPTIONS = ['None', 'ReadOnly', 'Constant', 'AllScope', 'Private'] as const;

const SETTING = [
  { name: 'Name', type: 'string', position: 0, help: 'The new name.' },
  {
    name: 'Value',
    type: 'string',
    position: 1,
    completes: 'cmdlet',
    placeholder: 'COMMAND',
    help: 'The cmdlet, function or script that it stands for.',
  },
  { name: 'Description', type: 'string', help: 'Kept with it.' },
  {
    name: 'Option',
    type: 'string',
    values: OPTIONS,
    placeholder: 'OPTION',
    help: 'ReadOnly and Constant keep it from being set again.',
  },
  { name: 'Force', type: 'switch', help: 'Also one that is ReadOnly.' },
  { name: 'PassThru', type: 'switch', help: 'Gives the alias.' },
  SCOPE,
] as const satisfies readonly Parameter[];

type SettingCall = Call<(typeof SETTING)[number]>;

function levelOf(call: Call<typeof SCOPE>): Frame<Session> {
  const { frame } = sessionNeeded(call);
  const { Scope } = call.arguments;
  return Scope === undefined ? frame : frameIn(frame, Scope);
}

function empty(what: string): CmdletError {
  return new CmdletError(`Cannot bind argument to parameter '${what}' because it is an empty string.`, {
    kind: 'usage',
    id: 'ParameterArgumentValidationErrorEmptyStringNotAllowed',
    category: 'InvalidData',
  });
}

function notThere(what: 'name' | 'definition', asked: string): CmdletError {
  return new CmdletError(
    `This command cannot find a matching alias because an alias with the ${what} '${asked}' does not exist.`,
    { id: 'ItemNotFoundException', category: 'ObjectNotFound', target: asked },
  );
}

/** Puts the alias where it belongs. @throws CmdletError when it may not be there */
function put(call: SettingCall, commands: Commands, isNew: boolean): PsObject {
  const { Name, Value: definition, Description = '', Option = 'None', Force } = call.arguments;
  const left = [...(Name === undefined ? ['Name'] : []), ...(definition === undefined ? ['Value'] : [])];
  if (Name === undefined || definition === undefined) throw missingMandatory(left.join(' '));
  if (Name === '') throw empty('Name');
  if (definition === '') throw empty('Value');
  const level = levelOf(call);
  const key = Name.toLowerCase();
  const before = isNew ? level.aliases.get(key) : aliasNamed(level, key);
  const isBuiltIn = commands.named(Name) !== undefined && commands.named(Name)!.name.toLowerCase() !== key;
  if (isNew && !Force && (before || isBuiltIn))
    throw new CmdletError(`The alias is not allowed, because an alias with the name '${Name}' already exists.`, {
      id: 'AliasAlreadyExists',
      category: 'ResourceExists',
      target: Name,
    });
  const isFixed =
    before?.options === 'Constant' || (!Force && (before?.options === 'ReadOnly' || (!before && READ_ONLY.has(key))));
  if (isFixed)
    throw new CmdletError(
      `Alias is not writeable because alias ${before?.name ?? Name} is read-only or constant and cannot be written to.`,
      { id: 'AliasNotWritable', category: 'WriteError', target: Name },
    );
  const options = OPTIONS.find((one) => one === Option) ?? 'None';
  const changes = commands.named(definition)?.changes !== undefined;
  level.aliases.set(key, { name: Name, definition, options, description: Description, changes });
  return aliasInfo(Name, definition, { options, description: Description });
}

export function aliasCmdlets(commands: Commands): readonly Cmdlet[] {
  const setAlias = defineCmdlet({
    name: 'Set-Alias',
    aliases: ['sal'],
    group: 'language',
    summary: 'Give a command another name',
    parameters: [...SETTING],
    examples: [
      {
        command: "rc -c 'Set-Alias grc Get-ReceiveConnector; grc Default*'",
        language: 'Set-Alias grc Get-ReceiveConnector',
        does: 'Makes grc another name of Get-ReceiveConnector.',
      },
    ],
    async *run(call) {
      const made = put(call, commands, false);
      if (call.arguments.PassThru) yield made;
    },
  });
  const newAlias = defineCmdlet({
    ...setAlias,
    name: 'New-Alias',
    aliases: ['nal'],
    summary: 'Give a command a name that there is not yet',
    parameters: [...SETTING],
    examples: [
      {
        command: "rc -c 'New-Alias grc Get-ReceiveConnector; grc Default*'",
        language: 'New-Alias grc Get-ReceiveConnector',
        does: 'Makes grc another name of Get-ReceiveConnector.',
      },
    ],
    async *run(call) {
      const made = put(call, commands, true);
      if (call.arguments.PassThru) yield made;
    },
  });
  return [setAlias, newAlias, getAlias(commands), removeAlias];
}

const removeAlias = defineCmdlet({
  name: 'Remove-Alias',
  group: 'language',
  summary: 'Forget other names of commands',
  parameters: [
    { name: 'Name', type: 'strings', position: 0, rest: true, help: 'The aliases.' },
    SCOPE,
    { name: 'Force', type: 'switch', help: 'Also one that is ReadOnly.' },
  ],
  examples: [{ command: "rc -c 'Remove-Alias grc'", language: 'Remove-Alias grc', does: 'Forgets grc.' }],
  // biome-ignore lint/correctness/useYield: it gives nothing
  async *run(call) {
    const { Name: names, Force } = call.arguments;
    if (!names?.length) throw missingMandatory('Name');
    for (const name of names) {
      const key = name.toLowerCase();
      const { Scope } = call.arguments;
      const level = Scope === undefined ? levelWith(sessionNeeded(call).frame, key) : levelOf(call);
      const alias = level?.aliases.get(key);
      if (!alias) call.context.error(notThere('name', name));
      else if (alias.options === 'Constant' || (alias.options === 'ReadOnly' && !Force))
        call.context.error(
          new CmdletError(`Alias was not removed because alias ${alias.name} is constant or read-only.`, {
            id: 'AliasNotRemovable',
            category: 'WriteError',
            target: name,
          }),
        );
      else level!.aliases.delete(key);
    }
  },
});

function levelWith<S>(frame: Frame<S>, name: string): Frame<S> | undefined {
  for (let level: Frame<S> | undefined = frame; level; level = level.caller) if (level.aliases.has(name)) return level;
  return undefined;
}

function getAlias(commands: Commands): Cmdlet {
  return defineCmdlet({
    name: 'Get-Alias',
    aliases: ['gal'],
    group: 'language',
    summary: 'List the short names of cmdlets',
    parameters: [
      { name: 'Name', type: 'strings', position: 0, rest: true, help: 'Aliases, or wildcards.' },
      {
        name: 'Definition',
        type: 'strings',
        completes: 'cmdlet',
        placeholder: 'CMDLET',
        help: 'Only those of this cmdlet; wildcards are taken.',
      },
      SCOPE,
    ],
    examples: [{ command: "rc -c 'Get-Alias'", language: 'Get-Alias', does: 'Lists all aliases.' }],
    async *run(call) {
      const { Name: names, Definition: definitions, Scope } = call.arguments;
      const all = allAliases(call, commands, Scope);
      const asked = definitions ?? names ?? ['*'];
      const of = definitions ? 'definition' : 'name';
      for (const one of asked) {
        const pattern = new Wildcard(one);
        const found = all.filter((alias) => pattern.matches(alias[of]));
        if (!found.length && !hasWildcard(one)) call.context.error(notThere(of, one));
        for (const { name, definition, ...more } of found) yield aliasInfo(name, definition, more);
      }
    },
  });
}

type Listed = Pick<Alias, 'name' | 'definition' | 'options' | 'description'>;

function allAliases(call: Call<typeof SCOPE>, commands: Commands, scope: string | undefined): Listed[] {
  const own = sessionOf(call.context.statement)?.frame;
  const level = own && scope !== undefined ? frameIn(own, scope).aliases : own && aliasesAt(own);
  const builtIn = commands
    .all()
    .flatMap(({ name: definition, aliases = [] }) =>
      aliases.map((name): [string, Listed] => [
        name.toLowerCase(),
        { name, definition, options: READ_ONLY.has(name.toLowerCase()) ? 'ReadOnly' : 'None', description: '' },
      ]),
    );
  const all = new Map<string, Listed>([...builtIn, ...(level ?? [])]);
  return [...all.values()].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}

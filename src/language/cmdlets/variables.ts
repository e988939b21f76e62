/** Get-Variable, Set-Variable, Remove-Variable. */
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { PsObject, type Value } from '../../pipeline/value.ts';
import { hasWildcard, Wildcard } from '../../text/wildcard.ts';
import { isReadOnly } from '../runtime/automatic-variables.ts';
import type { Frame } from '../runtime/frame.ts';
import { frameIn } from '../runtime/scopes.ts';
import { type Session, sessionNeeded } from '../runtime/session.ts';
import { SCOPE } from './scope-parameter.ts';

const NAME = {
  name: 'Name',
  type: 'strings',
  position: 0,
  help: 'The name, without the dollar; wildcards are taken.',
} as const satisfies Parameter;

/** The level of -Scope; none when it was not said. @throws CmdletError */
function levelOf(call: Call<typeof SCOPE>): Frame<Session> | undefined {
  const { Scope } = call.arguments;
  return Scope === undefined ? undefined : frameIn(sessionNeeded(call).frame, Scope);
}

function* named(
  call: Call<typeof NAME | typeof SCOPE>,
  names = call.arguments.Name ?? ['*'],
): Generator<readonly [name: string, value: Value]> {
  const level = levelOf(call);
  const all = level
    ? [...level.variables.values()].map(({ name, value }) => [name, value] as const)
    : [...sessionNeeded(call).frame.allVariables()];
  for (const wanted of names) {
    const pattern = new Wildcard(wanted.replace(/^\$/, ''));
    const found = all.filter(([name]) => pattern.matches(name));
    if (!found.length && !hasWildcard(wanted))
      call.context.error(
        new CmdletError(`Cannot find a variable with the name '${wanted}'.`, {
          id: 'VariableNotFound',
          category: 'ObjectNotFound',
          target: wanted,
        }),
      );
    yield* found.sort((a, b) => (a[0].toLowerCase() < b[0].toLowerCase() ? -1 : 1));
  }
}

export const getVariable = defineCmdlet({
  name: 'Get-Variable',
  aliases: ['gv'],
  group: 'language',
  summary: 'List variables and their values',
  parameters: [NAME, SCOPE, { name: 'ValueOnly', type: 'switch', help: 'Gives the values alone.' }],
  examples: [
    {
      command: "rc -c 'Get-Variable *Preference'",
      language: 'Get-Variable *Preference',
      does: 'Lists the preferences.',
    },
  ],
  async *run(call) {
    for (const [Name, Value] of named(call))
      yield call.arguments.ValueOnly ? Value : new PsObject('PSVariable', { Name, Value });
  },
});

export const setVariable = defineCmdlet({
  name: 'Set-Variable',
  aliases: ['sv'],
  group: 'language',
  summary: 'Set a variable',
  parameters: [
    { ...NAME, mandatory: true, help: 'The names, without the dollar.' },
    { name: 'Value', type: 'value', position: 1, placeholder: 'VALUE', help: 'Its new value.' },
    SCOPE,
    { name: 'PassThru', type: 'switch', help: 'Gives the variables.' },
    { name: 'Force', type: 'switch', help: 'Taken.' },
    { name: 'Description', type: 'string', help: 'Taken.' },
  ],
  examples: [
    { command: "rc -c 'Set-Variable limit 100; $limit'", language: 'Set-Variable limit 100', does: 'As $limit = 100.' },
  ],
  async *run(call) {
    const { Name: names, PassThru } = call.arguments;
    if (!names?.length) throw usage('Set-Variable needs a name: Set-Variable limit 100');
    const level = levelOf(call);
    const Value = call.arguments.Value ?? null;
    for (const written of names) {
      const name = written.replace(/^\$/, '');
      sessionNeeded(call).set(name, Value, level);
      if (PassThru) yield new PsObject('PSVariable', { Name: name, Value });
    }
  },
});

export const removeVariable = defineCmdlet({
  name: 'Remove-Variable',
  aliases: ['rv'],
  group: 'language',
  summary: 'Forget variables',
  parameters: [NAME, SCOPE, { name: 'Force', type: 'switch', help: 'Taken.' }],
  examples: [{ command: "rc -c 'Remove-Variable limit'", language: 'Remove-Variable limit', does: 'Forgets $limit.' }],
  async *run(call) {
    if (!(call.arguments.Name !== undefined)) throw usage('Remove-Variable needs a name: Remove-Variable limit');
    const names = call.arguments.Name.filter((name) => !isReadOnly(name.toLowerCase()));
    for (const name of call.arguments.Name)
      if (!names.includes(name))
        call.context.error(
          new CmdletError(
            `Cannot remove variable ${name} because it is constant or read-only. If the variable is read-only, try the operation again specifying the Force option.`,
            { id: 'VariableNotRemovable', category: 'WriteError', target: name },
          ),
        );
    for (const [name] of named(call, names)) sessionNeeded(call).remove(name.toLowerCase(), levelOf(call));
  },
});

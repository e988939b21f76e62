/** New-Object and Add-Member: objects put together by scripts. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { Hashtable, PsObject, printed, type Value } from '../../pipeline/value.ts';
import { netText } from '../../print/format-string.ts';
import { sessionOf } from '../runtime/session.ts';
import { made } from '../runtime/static-members.ts';
import { typeNamed } from '../runtime/types.ts';

function put(object: PsObject, name: string, value: Value): void {
  (object.properties as Record<string, Value>)[object.nameOf(name) ?? name] = value;
}

export const newObject = defineCmdlet({
  name: 'New-Object',
  group: 'language',
  summary: 'Make an object: PSObject with -Property, a list, a StringBuilder, …',
  description: 'The types are those of the language; see [Type]::new() in docs/language.md.',
  parameters: [
    {
      name: 'TypeName',
      type: 'string',
      position: 0,
      placeholder: 'TYPE',
      help: 'PSObject, System.Collections.ArrayList, …',
    },
    {
      name: 'ArgumentList',
      aliases: ['Args'],
      type: 'value',
      position: 1,
      rest: true,
      placeholder: 'VALUE',
      help: 'What the object is made from.',
    },
    { name: 'Property', type: 'value', placeholder: '@{…}', help: 'Properties of the object and their values.' },
    { name: 'ComObject', type: 'string', placeholder: 'NAME', help: 'There are none here.' },
  ],
  examples: [
    {
      command: "rc -c 'New-Object PSObject -Property @{Name=1}'",
      language: "New-Object PSObject -Property @{ Name = 'Relay'; Limit = 100 }",
      does: 'Makes an object of two properties.',
    },
  ],
  async *run({ arguments: args, context }) {
    const session = sessionOf(context.statement);
    if (args.ComObject !== undefined || args.TypeName === undefined || !session)
      throw usage(
        'New-Object makes objects of the types of the language only: New-Object PSObject -Property @{ Name = … }.',
      );
    const type = typeNamed(args.TypeName);
    if (!type)
      throw new CmdletError(
        `Cannot find type [${args.TypeName}]: verify that the assembly containing this type is loaded.`,
        {
          id: 'TypeNotFound',
          category: 'InvalidType',
          type: 'System.Management.Automation.PSArgumentException',
          ends: true,
        },
      );
    const given = args.ArgumentList;
    const from =
      given === undefined ? [] : Array.isArray(given) && !type.startsWith('list') ? (given as Value[]) : [given];
    const object = constructed(() => made(type, from, session));
    if (args.Property instanceof Hashtable && object instanceof PsObject)
      for (const [name, value] of args.Property.entries) put(object, name, value);
    yield object;
  },
});

/** What goes wrong in a constructor ends the pipeline, so that `try` catches it. */
function constructed(make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof CmdletError)) throw error;
    const what = error.message.startsWith('Exception calling') ? 'MethodInvocationException' : 'MethodException';
    throw new CmdletError(error.message, {
      id: 'ConstructorInvokedThrowException',
      type: `System.Management.Automation.${what}`,
      ends: true,
      ...(error.cause instanceof CmdletError ? { cause: error.cause } : {}),
    });
  }
}

export const addMember = defineCmdlet({
  name: 'Add-Member',
  group: 'language',
  summary: 'Add a property to objects',
  input: 'needed',
  parameters: [
    {
      name: 'InputObject',
      type: 'value',
      pipeline: true,
      placeholder: 'OBJECT',
      help: 'The objects, when they are not piped in.',
    },
    { name: 'MemberType', aliases: ['Type'], type: 'string', position: 0, placeholder: 'KIND', help: 'NoteProperty.' },
    // or the value of Add-Member NAME VALUE
    { name: 'Name', type: 'value', position: 1, placeholder: 'NAME', help: 'The name of the property.' },
    { name: 'Value', type: 'value', position: 2, placeholder: 'VALUE', help: 'Its value.' },
    { name: 'NotePropertyName', type: 'string', help: 'The name, without saying the kind.' },
    { name: 'NotePropertyValue', type: 'value', placeholder: 'VALUE', help: 'Its value.' },
    { name: 'NotePropertyMembers', type: 'value', placeholder: '@{…}', help: 'Several properties and their values.' },
    { name: 'PassThru', type: 'switch', help: 'Gives the objects.' },
    { name: 'Force', type: 'switch', help: 'Replaces a property that is there.' },
  ],
  examples: [
    {
      command: "rc -c '$o = [pscustomobject]@{}; $o | Add-Member NoteProperty Limit 100; $o'",
      language: '$o | Add-Member -MemberType NoteProperty -Name Limit -Value 100',
      does: 'Adds the property Limit to the object in $o.',
    },
  ],
  async *run(call) {
    const { arguments: args, input, context } = call;
    const pairs = [...members(args)];
    const objects: AsyncIterable<Value> | Iterable<Value> =
      args.InputObject !== undefined ? ([args.InputObject].flat() as Value[]) : (input ?? []);
    for await (const object of objects) {
      if (!(object instanceof PsObject)) {
        context.error(
          new CmdletError('A property can be added to an object only; make one with [pscustomobject]@{ … }.', {
            id: 'InvalidOperation',
          }),
        );
        continue;
      }
      for (const [name, value] of pairs) {
        if (object.nameOf(name) !== undefined && !args.Force)
          context.error(
            new CmdletError(
              `Cannot add a member with the name "${name}" because a member with that name already exists. To overwrite the member anyway, add the Force parameter to your command.`,
              {
                id: 'MemberAlreadyExists',
                type: 'System.InvalidOperationException',
                target: netText(object),
                targetType: 'PSObject',
              },
            ),
          );
        else {
          sessionOf(context.statement)?.budget.spend(10 * Object.keys(object.properties).length);
          put(object, name, value);
        }
      }
      if (args.PassThru) yield object;
    }
  },
});

interface Given {
  readonly MemberType?: string;
  readonly Name?: Value;
  readonly Value?: Value;
  readonly NotePropertyName?: string;
  readonly NotePropertyValue?: Value;
  readonly NotePropertyMembers?: Value;
}

function* members(args: Given): Generator<readonly [name: string, value: Value]> {
  const table = args.NotePropertyMembers;
  if (table instanceof Hashtable) yield* table.entries;
  if (args.NotePropertyName !== undefined) yield [args.NotePropertyName, args.NotePropertyValue ?? null];
  const kind = args.MemberType;
  if (kind === undefined) return;
  if (!/^(?:note)?property$/i.test(kind)) {
    // Add-Member NAME VALUE, and kinds that run code
    if (/^(?:script|code|alias|member)/i.test(kind) || args.Value !== undefined)
      throw usage(`Add-Member: a member of the kind ${kind} is not possible; allowed: NoteProperty.`);
    yield [kind, args.Name ?? null];
    return;
  }
  if (args.Name === undefined) throw usage('Add-Member needs a name: Add-Member NoteProperty Limit 100');
  yield [printed(args.Name), args.Value ?? null];
}

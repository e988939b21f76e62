/** Get-Help and Get-Command: what there is, and how it is used. */

import { type Cmdlet, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { PsObject, type Value } from '../../pipeline/value.ts';
import { Formatted } from '../../print/record.ts';
import { show } from '../../text/printable.ts';
import { nearest } from '../../text/suggest.ts';
import { hasWildcard, sameText, Wildcard } from '../../text/wildcard.ts';
import { cmdletHelp, type Detail } from '../help-text.ts';
import { aliasesAt } from '../runtime/aliases.ts';
import { type Session, sessionOf } from '../runtime/session.ts';
import { aliasInfo } from './alias-info.ts';

/** The cmdlets of the language; given, because these cmdlets are among them. */
export interface Commands {
  all(): readonly Cmdlet[];
  named(name: string): Cmdlet | undefined;
}

const WIDTH_WITHOUT_TERMINAL = 80;

export function getHelp(commands: Commands): Cmdlet {
  return defineCmdlet({
    name: 'Get-Help',
    aliases: ['help', 'man'],
    group: 'language',
    summary: 'Show how a cmdlet is used',
    description: 'Without a name it lists the cmdlets. A wildcard lists those that match.',
    parameters: [
      { name: 'Name', type: 'string', position: 0, completes: 'cmdlet', help: 'The cmdlet or alias.' },
      { name: 'Examples', type: 'switch', help: 'Only the examples.' },
      { name: 'Detailed', type: 'switch', help: 'The parameters and examples too.' },
      { name: 'Full', type: 'switch', help: 'Everything there is to know about each parameter.' },
      { name: 'Parameter', type: 'string', placeholder: 'NAME', help: 'Only this parameter.' },
    ],
    examples: [
      {
        command: "rc -c 'Get-Help Set-ReceiveConnector -Examples'",
        language: 'Get-Help Set-ReceiveConnector -Examples',
        does: 'Shows examples of Set-ReceiveConnector.',
      },
      {
        command: "rc -c 'Get-Help *connector*'",
        language: 'Get-Help *connector*',
        does: 'Lists what has to do with connectors.',
      },
    ],
    async *run({ arguments: args, context }) {
      const name = args.Name;
      const width = Math.min(context.host.columns ?? WIDTH_WITHOUT_TERMINAL, 120);
      const cmdlet = name === undefined || hasWildcard(name) ? undefined : commands.named(name);
      if (!cmdlet && name !== undefined && !hasWildcard(name)) throw noHelp(name, commands);
      if (!cmdlet) {
        yield* listed(commands, name ?? '*');
        return;
      }
      const wanted = args.Parameter;
      if (wanted !== undefined) yield text(parameterHelp(cmdlet, wanted, width));
      else yield text(cmdletHelp(cmdlet, detailOf(args), width));
    },
  });
}

function text(what: string): Value {
  return new Formatted({ kind: 'text', text: what });
}

function detailOf(args: { Full: boolean; Detailed: boolean; Examples: boolean }): Detail {
  if (args.Full) return 'full';
  if (args.Detailed) return 'detailed';
  return args.Examples ? 'examples' : 'brief';
}

function parameterHelp(cmdlet: Cmdlet, wanted: string, width: number): string {
  const pattern = new Wildcard(wanted.replace(/^-/, ''));
  const parameters = cmdlet.parameters.filter((p) => pattern.matches(p.name));
  if (!parameters.length)
    throw new CmdletError(`${cmdlet.name} has no parameter ${show(wanted)}.`, {
      kind: 'usage',
      id: 'NoMatchingParameter',
    });
  const whole = cmdletHelp({ ...cmdlet, parameters, changes: undefined, examples: [] }, 'full', width);
  return whole
    .slice(whole.indexOf('\nPARAMETERS\n') + '\nPARAMETERS'.length)
    .replace(/ {4}<CommonParameters>[\s\S]*$/, '');
}

function noHelp(name: string, commands: Commands): CmdletError {
  const names = commands.all().flatMap((c) => [c.name, ...(c.aliases ?? [])]);
  const close = nearest(name, names);
  return new CmdletError(
    `There is no help for ${show(name)}.${close ? ` Did you mean ${close}?` : ''} For all cmdlets: Get-Help`,
    { id: 'HelpNotFound', category: 'ResourceUnavailable', target: name },
  );
}

function* listed(commands: Commands, pattern: string): Generator<Value> {
  const wildcard = new Wildcard(pattern);
  for (const cmdlet of commands.all()) {
    if (wildcard.matches(cmdlet.name)) yield commandInfo(cmdlet);
  }
}

function commandInfo(cmdlet: Cmdlet): PsObject {
  return new PsObject('CommandInfo', {
    CommandType: 'Cmdlet',
    Name: cmdlet.name,
    Aliases: [...(cmdlet.aliases ?? [])],
    Summary: cmdlet.summary,
  });
}

/** Functions and aliases that the script or prompt made. */
function* ofSession(
  session: Session | undefined,
  pattern: Wildcard,
  { Verb, Noun }: { readonly Verb: string | undefined; readonly Noun: string | undefined },
): Generator<Value> {
  if (!session || Verb !== undefined || Noun !== undefined) return;
  for (const alias of aliasesAt(session.frame).values())
    if (pattern.matches(alias.name)) yield aliasInfo(alias.name, alias.definition, alias);
  for (const { name, body, kind } of session.frame.allFunctions().values())
    if (pattern.matches(name))
      yield new PsObject('FunctionInfo', {
        CommandType: kind === 'filter' ? 'Filter' : 'Function',
        Name: name,
        Definition: body.text,
        ScriptBlock: body.text,
      });
}

export function getCommand(commands: Commands): Cmdlet {
  return defineCmdlet({
    name: 'Get-Command',
    aliases: ['gcm'],
    group: 'language',
    summary: 'List the cmdlets there are',
    parameters: [
      {
        name: 'Name',
        type: 'strings',
        position: 0,
        rest: true,
        completes: 'cmdlet',
        help: 'Names, aliases or wildcards.',
      },
      { name: 'Verb', type: 'string', placeholder: 'VERB', help: 'Only cmdlets with this verb: Get, Set.' },
      { name: 'Noun', type: 'string', placeholder: 'NOUN', help: 'Only cmdlets with this noun; wildcards are taken.' },
    ],
    examples: [
      {
        command: "rc -c 'Get-Command *Connector'",
        language: 'Get-Command *Connector',
        does: 'Lists the cmdlets for connectors.',
      },
    ],
    async *run({ arguments: args, context }) {
      const names = args.Name ?? ['*'];
      const parts = (['Verb', 'Noun'] as const).map((part) => args[part]).map((p) => new Wildcard(p ?? '*'));
      for (const name of names) {
        const wildcard = new Wildcard(name);
        const found = commands
          .all()
          .filter((c) => wildcard.matches(c.name) || c.aliases?.some((alias) => sameText(alias, name)))
          .filter((c) => parts.every((part, i) => part.matches(c.name.split('-')[i] ?? '')));
        const own = [...ofSession(sessionOf(context.statement), wildcard, args)];
        yield* own;
        if (own.length && !hasWildcard(name)) continue;
        if (!found.length && !own.length && !hasWildcard(name)) {
          const close = nearest(
            name,
            commands.all().map((c) => c.name),
          );
          context.error(
            new CmdletError(
              `The term '${name}' is not recognized as a name of a cmdlet.${close ? ` Did you mean ${close}?` : ''}`,
              {
                id: 'CommandNotFoundException',
                category: 'ObjectNotFound',
                target: name,
              },
            ),
          );
        }
        for (const cmdlet of found) yield commandInfo(cmdlet);
      }
    },
  });
}

/** Help texts, laid out by commander from the cmdlets' own declarations. */
import { Command, Option } from 'commander';
import { type Cmdlet, kebab, type Parameter, parametersOf } from '../cmdlet/cmdlet.ts';
import { usage } from '../cmdlet/error.ts';
import { CMDLETS, commandNamed } from '../cmdlets/table.ts';
import { COMMANDS } from './commands.ts';
import { terminalColumns } from './terminal.ts';

/** Help for one command, or the overview. @throws CmdletError (usage) when there is no such command */
export function helpWords(): string[] {
  return CMDLETS.map((c) => c.short ?? c.name);
}
export function helpFor([name]: readonly string[], env: NodeJS.ProcessEnv, _fd: number): string {
  const width = Math.min(terminalColumns(env), 120);
  if (name === undefined) return overview(width);
  const cmdlet = commandNamed(name);
  if (cmdlet) return cmdletHelp(cmdlet, width);
  const command = COMMANDS[name.toLowerCase()];
  if (!command) throw usage(`There is no help for "${name}". For all commands: rc help`);
  return new Command(`rc ${name}`).description(command.summary).configureHelp({ helpWidth: width }).helpInformation();
}

function overview(width: number): string {
  const program = new Command('rc')
    .usage('[flags] <command> [arguments]')
    .description('Exchange’s receive-connector cmdlets for any shell, and a listener that obeys every change live.')
    .configureHelp({ helpWidth: width })
    .helpCommand(false);
  globalOptions(program);
  for (const cmdlet of CMDLETS) {
    const sub = program.command(cmdlet.short ?? cmdlet.aliases?.[0] ?? kebab(cmdlet.name)).description(cmdlet.summary);
    sub.helpOption(false).helpGroup(GROUPS[cmdlet.group]);
  }
  for (const [name, command] of Object.entries(COMMANDS))
    program.command(name).description(command!.summary).helpOption(false).helpGroup('Commands:');
  return `${program.helpInformation()}
Every cmdlet also answers to its full name: rc get-receive-connector, rc Get-ReceiveConnector.

Examples:
  rc get 'default*' --select Name,MaxInbound*
  rc set 'default*' --max-inbound-per-source 100
  rc get 'default*' | rc set --max-inbound-per-source 100
  rc help set
`;
}

const GROUPS = {
  connectors: 'Connectors:',
  server: 'Server:',
  history: 'History:',
  objects: 'Objects in a pipeline:',
  output: 'Output:',
  language: 'Language:',
} as const;

function globalOptions(command: Command): void {
  command
    .option('--home <folder>', 'folder of the store (default: $RC_HOME, else ~/.local/share/rc)')
    .option(
      '-o, --output <format>',
      'table, list, json, ndjson, csv or yaml (default: a view on a terminal, ndjson in a pipe; RC_OUTPUT)',
    )
    .option('--select <properties>', 'keep these properties, as rc select does: Name,MaxInbound*')
    .option('-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help');
}

function cmdletHelp(cmdlet: Cmdlet, width: number): string {
  const word = cmdlet.short ?? cmdlet.aliases?.[0] ?? kebab(cmdlet.name);
  const command = new Command(`rc ${word}`)
    .description(`${cmdlet.summary} (${cmdlet.name}).${cmdlet.description ? `\n\n${cmdlet.description}` : ''}`)
    .usage(usageLine(cmdlet))
    .configureHelp({ helpWidth: width });
  for (const parameter of parametersOf(cmdlet)) {
    const option = new Option(flagText(parameter), parameter.help);
    command.addOption(option);
  }
  globalOptions(command);
  const examples = cmdlet.examples
    .map((e) => `  ${e.command}\n      ${e.does}${e.language ? `\n      In PowerShell’s words: ${e.language}` : ''}`)
    .join('\n');
  return `${command.helpInformation()}\nExamples:\n${examples}\n\nThe same as: rc ${kebab(cmdlet.name)}, rc ${cmdlet.name}\n`;
}

function usageLine(cmdlet: Cmdlet): string {
  const positional = cmdlet.parameters
    .filter((p) => p.position !== undefined)
    .sort((a, b) => a.position! - b.position!);
  const words = positional.map((p) => {
    const word = `${p.placeholder ?? p.name.toUpperCase()}${p.rest ? '…' : ''}`;
    return p.mandatory ? word : `[${word}]`;
  });
  return [...words, '[flags]'].join(' ');
}

function flagText(parameter: Parameter): string {
  const flag = `--${kebab(parameter.name)}`;
  return parameter.type === 'switch' ? flag : `${flag} <${(parameter.placeholder ?? 'value').toLowerCase()}>`;
}

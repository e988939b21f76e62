/** The manual: rc(1) and a page for each command, from the same declarations as the help. */

import { CMDLETS } from '../../cmdlets/table.ts';
import { type Cmdlet, commandWord } from '../../pipeline/cmdlet.ts';
import type { CommandInfo } from '../command.ts';
import { COMMANDS } from '../commands.ts';
import { exampleLines } from '../help/example-lines.ts';
import {
  type FlagGroup,
  flagGroups,
  globalGroup,
  LANGUAGE_GROUP,
  parameterFlag,
  usageOf,
} from '../help/flag-groups.ts';
import { TOPICS } from '../help/topics.ts';
import { cmdletGroups, commandNames, otherNames } from '../help.ts';
import { ManPage } from './roff.ts';

/** File name and text of every page. */
export function manPages(version: string): Map<string, string> {
  const pages = new Map<string, string>([['rc.1', mainPage(version)]]);
  for (const cmdlet of CMDLETS) pages.set(`rc-${commandWord(cmdlet)}.1`, cmdletPage(cmdlet, version));
  for (const name of commandNames()) pages.set(`rc-${name}.1`, commandPage(name, COMMANDS[name]!, version));
  return pages;
}

function mainPage(version: string): string {
  const page = new ManPage('rc', 'manage receive connectors from any shell', version);
  page.section('SYNOPSIS').synopsis('rc', '[flags] command [arguments]');
  page.paragraphBreak().synopsis('rc -c', 'TEXT').paragraphBreak().synopsis('rc -f', 'FILE [arguments]');
  page
    .section('DESCRIPTION')
    .text('Exchange’s receive-connector cmdlets for any shell, and an SMTP listener that obeys every change live.')
    .paragraph(
      'Every cmdlet answers to its short word and to its full name: rc get, rc get-receive-connector, rc Get-ReceiveConnector.',
    );
  page.section('COMMANDS');
  for (const { heading, cmdlets } of cmdletGroups()) {
    page.subsection(heading);
    for (const cmdlet of cmdlets) page.item(`rc-${commandWord(cmdlet)}(1)`, ` ${cmdlet.name}`, `${cmdlet.summary}.`);
  }
  page.subsection('Commands');
  for (const name of commandNames()) page.item(`rc-${name}(1)`, '', `${COMMANDS[name]!.summary}.`);
  page.section('FLAGS');
  flagItems(page, [LANGUAGE_GROUP, globalGroup()]);
  for (const topic of Object.values(TOPICS)) {
    for (const { heading, lines } of topic.sections) page.section(heading.toUpperCase()).prose(lines);
  }
  const pages = [...CMDLETS.map(commandWord), ...commandNames()];
  page.section('SEE ALSO').text(pages.map((word) => `rc-${word}(1)`).join(', '));
  return page.toString();
}

function cmdletPage(cmdlet: Cmdlet, version: string): string {
  const word = commandWord(cmdlet);
  const page = new ManPage(`rc-${word}`, cmdlet.summary, version);
  page.section('SYNOPSIS').synopsis(`rc ${word}`, usageOf(cmdlet));
  page.section('DESCRIPTION').text(cmdlet.description ?? `${cmdlet.summary}.`);
  page.paragraph(
    `Other names: ${otherNames(cmdlet)
      .map((name) => `rc ${name}`)
      .join(', ')}.`,
  );
  if (cmdlet.input) {
    const when =
      cmdlet.input === 'needed' ? 'when no name was given and it is a pipe or a file' : 'when the name is "-"';
    page.paragraph(`Standard input is read ${when}: objects as JSON, or names, a line each.`);
  }
  page.section('FLAGS');
  flagItems(page, flagGroups(cmdlet));
  ending(page, cmdlet.examples.length ? exampleLines(cmdlet.examples) : undefined);
  return page.toString();
}

function commandPage(name: string, command: CommandInfo, version: string): string {
  const page = new ManPage(`rc-${name}`, command.summary, version);
  page.section('SYNOPSIS').synopsis(`rc ${name}`, command.usage ?? '');
  const [first = `${command.summary}.`, ...more] = command.description ?? [];
  page.section('DESCRIPTION').text(first);
  for (const text of more) page.paragraph(text);
  page.section('FLAGS');
  const own = command.flags?.length ? [{ heading: 'Flags', flags: command.flags.map(parameterFlag) }] : [];
  flagItems(page, [...own, globalGroup()]);
  ending(page, command.examples?.length ? exampleLines(command.examples) : undefined);
  return page.toString();
}

function flagItems(page: ManPage, groups: readonly FlagGroup[]): void {
  for (const { heading, flags } of groups) {
    if (groups.length > 1) page.subsection(heading);
    for (const flag of flags) {
      const value =
        flag.placeholder === undefined ? '' : flag.optional ? `[=${flag.placeholder}]` : ` ${flag.placeholder}`;
      page.item(flag.names.join(', '), value, flag.help);
    }
  }
}

function ending(page: ManPage, examples: readonly string[] | undefined): void {
  if (examples) page.section('EXAMPLES').prose(examples);
  page.section('EXIT STATUS').text('0: done. 1: something failed. 2: typed wrong. See rc(1).');
  page.section('SEE ALSO').text('rc(1)');
}

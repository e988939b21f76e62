/** A help page laid out by commander: usage, description, groups of flags or commands, then sections of our own. */
import { Command, Option } from 'commander';
import { wantsColour } from '../host.ts';
import { terminalColumns } from '../terminal.ts';
import { type FlagGroup, flagText } from './flag-groups.ts';

/** Where a page is shown. */
export interface Screen {
  readonly width: number;
  readonly colour: boolean;
}

/** Prose is hard to read on longer lines. */
const WIDEST = 110;
/** Terms wider than this stand on a line of their own. */
const TERM_COLUMN = 34;

export function screenOf(fd: 1 | 2, env: NodeJS.ProcessEnv): Screen {
  return { width: Math.max(40, Math.min(terminalColumns(env), WIDEST)), colour: wantsColour(fd, env) };
}

interface Page {
  readonly command: string;
  readonly usage: string;
  readonly description: readonly string[];
  readonly groups?: readonly FlagGroup[];
  /** Words below it: commands, topics. */
  readonly words?: readonly { readonly heading: string; readonly words: readonly (readonly [string, string])[] }[];
  readonly sections?: readonly Section[];
}

export interface Section {
  readonly heading: string;
  /** Paragraphs; a line that begins with two blanks stays as it is. */
  readonly lines: readonly string[];
}

export function page(parts: Page, screen: Screen): string {
  const command = new Command(parts.command)
    .usage(parts.usage)
    .description(parts.description.map((text) => wrap(text, screen.width)).join('\n\n'))
    .helpOption(false)
    .helpCommand(false)
    .configureOutput({ getOutHelpWidth: () => screen.width, getOutHasColors: () => screen.colour })
    .configureHelp({
      styleTitle: (text) => bold(text),
      minWidthToWrap: 10,
      formatItem(term, _termWidth, description, helper) {
        const indent = ' '.repeat(TERM_COLUMN);
        const text = helper
          .boxWrap(description, (helper.helpWidth ?? 80) - TERM_COLUMN)
          .replaceAll('\n', `\n${indent}`);
        const room = TERM_COLUMN - 4 - helper.displayWidth(term);
        return room < 0 ? `  ${term}\n${indent}${text}` : `  ${term}${' '.repeat(room + 2)}${text}`;
      },
      optionTerm: (option) => option.flags,
    });
  for (const group of parts.groups ?? []) {
    for (const flag of group.flags) {
      const option = new Option(`--${flag.names[0]!.replace(/^-+/, '')}`, flag.help).helpGroup(`${group.heading}:`);
      option.flags = flagText(flag);
      command.addOption(option);
    }
  }
  for (const { heading, words } of parts.words ?? []) {
    for (const [word, about] of words)
      command.addCommand(new Command(word).description(about).helpOption(false).helpGroup(`${heading}:`));
  }
  const sections = (parts.sections ?? []).map((section) => sectionText(section, screen));
  return [command.helpInformation(), ...sections].join('\n');
}

export function sectionText(section: Section, screen: Screen): string {
  const heading = screen.colour ? bold(`${section.heading}:`) : `${section.heading}:`;
  return `${heading}\n${section.lines.map((line) => wrap(line, screen.width)).join('\n')}\n`;
}

function bold(text: string): string {
  return `\u001b[1m${text}\u001b[0m`;
}

/** Wraps at blanks; a line that begins with a blank stays as it is. */
export function wrap(text: string, width: number): string {
  if (text.startsWith(' ')) return text;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line].join('\n');
}

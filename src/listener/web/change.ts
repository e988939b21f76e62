/**
 * Changes from the page: the same cmdlets as from a shell, each run as `rc` itself, so that validation, What-if, history and
 * undo are one thing. Here a request becomes arguments (a list, never a line for a shell), and what rc said becomes an answer.
 */
import { type Connector, isGuid } from '../../domain/connector.ts';
import { SETTINGS, type SettingName } from '../../domain/settings.ts';
import { commandLine } from '../../store/author.ts';
import { kebab } from '../../text/flag-name.ts';
import { BadRequest } from '../http/request-body.ts';
import { asRecord } from './as-record.ts';
import { flag, MOST_TEXT, oneLine, wordFor } from './commands.ts';
import { asTyped } from './fields.ts';
import type { CommandResult } from './surroundings.ts';

interface ChangeRequest {
  readonly guid: string;
  /** New values, as typed. */
  readonly edits: ReadonlyMap<SettingName, string>;
  /** The values that the person saw when she changed them. */
  readonly seen: ReadonlyMap<SettingName, string>;
  /** False: only say what would happen. */
  readonly confirmed: boolean;
}

export interface ChangeAnswer {
  readonly done: boolean;
  /** The command, as it would be typed. */
  readonly command: string;
  /** What the cmdlet said with -WhatIf. */
  readonly whatIf: readonly string[];
  readonly warnings: readonly string[];
  /** What cannot be, by setting, and what belongs to none. */
  readonly fields: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

/** Reads the body of a change. @throws BadRequest */
export function readChange(body: unknown): ChangeRequest {
  const { guid, edits, seen, confirmed } = asRecord(body, 'the body');
  if (typeof guid !== 'string' || !isGuid(guid)) throw new BadRequest('"guid" is not a GUID.');
  const changes = readValues(edits, 'edits');
  if (!changes.size) throw new BadRequest('"edits" has no setting to change.');
  return { guid: guid.toLowerCase(), edits: changes, seen: readValues(seen, 'seen'), confirmed: confirmed === true };
}

function readValues(given: unknown, what: string): Map<SettingName, string> {
  const values = new Map<SettingName, string>();
  for (const [name, value] of Object.entries(asRecord(given, `"${what}"`))) {
    if (!Object.hasOwn(SETTINGS, name)) throw new BadRequest(`"${what}" names no setting of a receive connector.`);
    if (typeof value !== 'string' || value.length > MOST_TEXT || value.includes('\0'))
      throw new BadRequest(`"${what}" has a value that is no text of at most ${MOST_TEXT} characters.`);
    values.set(name as SettingName, value);
  }
  return values;
}

/** Settings that are no longer what the person saw, with what they are now. */
export function changedMeanwhile({ edits, seen }: ChangeRequest, now: Connector): Record<string, string> {
  const changed: Record<string, string> = {};
  for (const name of edits.keys()) {
    const current = asTyped(name, now[name]);
    if (seen.has(name) && seen.get(name) !== current) changed[name] = current;
  }
  return changed;
}

/** `set NAME --flag value …`: the name where it can only mean this connector, else its GUID. */
export function setArguments(connector: Pick<Connector, 'Name' | 'Guid'>, { edits }: ChangeRequest): string[] {
  const argv = ['set', wordFor(connector)];
  for (const [setting, value] of edits) {
    const typed = SETTINGS[setting].kind.name === 'list' ? oneLine(value) : value.trim();
    argv.push(...flag(kebab(setting), typed));
  }
  return argv;
}

/** What rc said on stderr, a statement a line or more, sorted by whom it concerns. @param argv as one types it */
export function answerOf(argv: readonly string[], { code, stderr }: CommandResult): ChangeAnswer {
  const whatIf: string[] = [];
  const warnings: string[] = [];
  const problems: string[] = [];
  const fields: Record<string, string> = {};
  for (const line of stderr.split('\n')) {
    if (!line.trim()) continue;
    if (line.startsWith('What if: ')) whatIf.push(line);
    else if (isChange(line)) {
      if (argv[0] !== 'set') whatIf.push(line.trim()); // of a change of settings the page shows itself what is other
    } else if (line.startsWith('WARNING: ')) warnings.push(line.slice('WARNING: '.length));
    else if (!ofField(line, fields)) problems.push(line);
  }
  // "3 values cannot be:" says nothing once each stands at its field.
  const rest = problems.filter((line) => !/\d+ (values|things) cannot be:$/.test(line));
  if (code !== 0 && !rest.length && !Object.keys(fields).length)
    rest.push(
      code === null
        ? 'rc did not end in time; whether the change was made, History tells.'
        : 'rc failed without saying why.',
    );
  return { done: code === 0, command: commandLine(['rc', ...argv]), whatIf, warnings, fields, problems: rest };
}

/** What the page's forms have fields for, besides settings. */
const FORM_FIELDS = new Set(['Name', 'DomainName', 'Password', 'From', 'To', 'For']);

/** `  Default EX  MaxHopCount  60 → 30`: what rc tells of a change besides. */
function isChange(line: string): boolean {
  return /^ {2}\S.* {2}(?:.+ → .*|new|removed)$/.test(line);
}

/** `  "Default EX": MaxHopCount: "x" is not a number; …`: is it about a setting? */
function ofField(line: string, fields: Record<string, string>): boolean {
  const parts = /^(?:[A-Z]\w+-\w+: | +)?(?:"[^"]*": )?((?:--)?[A-Za-z0-9-]+): (.+)$/.exec(line);
  const name = parts && fieldNamed(parts[1]!);
  if (!name) return false;
  // A field has no flag
  const text = parts![2]!.replace(/ For example: --\S+ (.+)$/, ' For example: $1');
  fields[name] = fields[name] ? `${fields[name]} ${text}` : text;
  return true;
}

/** The field that a message names, as a setting or as a flag. */
function fieldNamed(word: string): string | undefined {
  if (!word.startsWith('--')) return Object.hasOwn(SETTINGS, word) || FORM_FIELDS.has(word) ? word : undefined;
  return [...FORM_FIELDS, ...Object.keys(SETTINGS)].find((name) => `--${kebab(name)}` === word);
}

/**
 * What the page does besides changing settings: a table of commands of `rc` with what each is given. A request becomes a list
 * of arguments, never a line for a shell; a value cannot become a flag. What is allowed, the cmdlets say.
 */
import type { Connector } from '../../domain/connector.ts';
import { isGuid } from '../../domain/connector.ts';
import { OVERRIDABLE } from '../../domain/override.ts';
import { kebab } from '../../text/flag-name.ts';
import { BadRequest } from '../http/request-body.ts';

export interface PageCommand {
  readonly argv: readonly string[];
  /** What goes to its standard input: a password, which stands in no list of processes and in no history. */
  readonly input?: string;
}

type Named = Pick<Connector, 'Name' | 'Guid'>;

/** What a browser sent, read with care. */
export class Given {
  constructor(
    readonly body: Readonly<Record<string, unknown>>,
    readonly find: (guid: string) => Named,
  ) {}

  /** A text; empty when it is not there. @throws BadRequest */
  text(name: string): string {
    const value = this.body[name] ?? '';
    if (typeof value !== 'string' || value.length > MOST_TEXT || value.includes('\0'))
      throw new BadRequest(`"${name}" is no text of at most ${MOST_TEXT} characters.`);
    return value.trim();
  }

  needed(name: string): string {
    return this.text(name) || bad(`"${name}" is missing.`);
  }

  connector(): string {
    return wordFor(this.find(this.needed('guid')));
  }
}

export const MOST_TEXT = 20_000;

const COMMANDS: Readonly<Record<string, (given: Given) => PageCommand>> = {
  'new-connector': (given) => ({
    argv: [
      'new',
      ...flag('name', given.needed('Name')),
      ...flags(given, { Usage: 'usage', Bindings: 'bindings', RemoteIPRanges: 'remote-ip-ranges', Comment: 'comment' }),
    ],
  }),
  'copy-connector': (given) => ({
    argv: [
      'copy',
      given.connector(),
      ...flag('name', given.needed('Name')),
      ...flags(given, { Bindings: 'bindings', RemoteIPRanges: 'remote-ip-ranges' }),
    ],
  }),
  'remove-connector': (given) => ({ argv: ['remove', given.connector()] }),
  keep: (given) => ({ argv: ['keep', given.connector(), ...temporary(given)] }),
  extend: (given) => ({
    argv: ['extend', given.connector(), ...temporary(given), ...flag('for', given.needed('For'))],
  }),
  'new-override': (given) => ({
    argv: [
      'new-override',
      given.connector(),
      ...ranges(given),
      ...flags(given, Object.fromEntries([...OVERRIDABLE, 'For', 'Comment'].map((name) => [name, kebab(name)]))),
    ],
  }),
  'remove-override': (given) => ({ argv: ['remove-override', given.connector(), ...ranges(given)] }),
  'add-right': (given) => ({ argv: ['add-ad-permission', ...right(given)] }),
  'remove-right': (given) => ({ argv: ['remove-ad-permission', ...right(given)] }),
  'new-user': (given) => ({
    argv: ['new-smtp-user', ...flag('name', given.needed('Name')), '--password-stdin'],
    input: password(given),
  }),
  'set-password': (given) => ({ argv: ['set-smtp-user', word(given), '--password-stdin'], input: password(given) }),
  'enable-user': (given) => ({
    argv: ['set-smtp-user', word(given), '--enabled', given.body.enabled === true ? 'true' : 'false'],
  }),
  'remove-user': (given) => ({ argv: ['remove-smtp-user', word(given)] }),
  'new-domain': (given) => ({
    argv: [
      'new-accepted-domain',
      ...flag('name', given.text('Name') || given.needed('DomainName')),
      ...flags(given, { DomainName: 'domain-name', DomainType: 'domain-type' }),
    ],
  }),
  'set-domain': (given) => ({
    argv: [
      'set-accepted-domain',
      word(given),
      ...flags(given, { DomainType: 'domain-type' }),
      ...(given.body.makeDefault === true ? ['--make-default', 'true'] : []),
    ],
  }),
  'remove-message': (given) => ({ argv: ['remove-message', given.body.all === true ? '*' : given.needed('id')] }),
  'remove-domain': (given) => ({ argv: ['remove-accepted-domain', word(given)] }),
};

/** The command a request asks for. @throws BadRequest */
export function commandOf(given: Given): PageCommand {
  const name = given.needed('command');
  if (!Object.hasOwn(COMMANDS, name)) throw new BadRequest('"command" is none of the page’s.');
  return COMMANDS[name]!(given);
}

/** What `rc why` is asked. */
export function whyOf(given: Given): PageCommand {
  const argv = ['why', '--full'];
  argv.push(
    ...flag('from', given.needed('From')),
    ...flags(given, { To: 'to', User: 'user', Helo: 'helo', MailFrom: 'mail-from', RcptTo: 'rcpt-to', Size: 'size' }),
  );
  if (given.body.Tls === true) argv.push('--tls');
  return { argv: [...argv, '--output', 'json'] };
}

/** How a connector, user or domain is named: by its name where that can only mean this one, else by its GUID. */
export function wordFor({ Name, Guid }: Named): string {
  // A comma would make two names, a dash a flag, a brace a block, a wildcard others as well
  return /^[^-,{}'"`*?[\]][^,{}'"`*?[\]]*$/.test(Name) && !isGuid(Name) ? Name : Guid;
}

/** A flag with its value as two words, or as one where the value could be read as something else. */
export function flag(name: string, value: string): string[] {
  // A comma at the end asks for the next argument, a dash at the start is a flag
  return /^[^-]/.test(value) && !value.endsWith(',') ? [`--${name}`, value] : [`--${name}=${value}`];
}

/** A list as it is typed in a field, a line or a comma an element, as a flag takes it. */
export function oneLine(list: string): string {
  const elements = list.split(/[\n,]+/).map((element) => element.trim());
  return elements.filter(Boolean).join(',');
}

const LISTS = new Set(['Bindings', 'RemoteIPRanges', 'RcptTo']);

/** Flags of the fields that were filled in. */
function flags(given: Given, names: Readonly<Record<string, string>>): string[] {
  return Object.entries(names).flatMap(([field, name]) => {
    const value = given.text(field);
    return value ? flag(name, LISTS.has(field) ? oneLine(value) : value) : [];
  });
}

/** One thing that ends by itself: an override by its range, else a setting. */
function temporary(given: Given): string[] {
  return given.text('RemoteIPRanges') ? ranges(given) : flag('setting', given.needed('setting'));
}

function ranges(given: Given): string[] {
  return flag('remote-ip-ranges', oneLine(given.needed('RemoteIPRanges')));
}

function right(given: Given): string[] {
  const argv = [given.connector(), ...flag('user', given.needed('User'))];
  argv.push(...flag('extended-rights', given.needed('ExtendedRights')));
  if (given.body.deny === true) argv.push('--deny');
  return argv;
}

/** A user or a domain, as its list showed it. */
function word(given: Given): string {
  const Guid = given.needed('guid').toLowerCase();
  if (!isGuid(Guid)) throw new BadRequest('"guid" is not a GUID.');
  return wordFor({ Name: given.needed('Name'), Guid });
}

/** One line: the cmdlet reads no more. */
function password(given: Given): string {
  const value = given.body.password;
  if (typeof value !== 'string' || value.length > 1024 || /[\0\r\n]/.test(value))
    throw new BadRequest('"password" is no text of one line and at most 1024 characters.');
  return `${value}\n`;
}

function bad(message: string): never {
  throw new BadRequest(message);
}

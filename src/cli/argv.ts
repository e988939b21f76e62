/**
 * From argv to arguments: `--max-hop-count 5`, `--max-hop-count=5`, PowerShell's `-MaxHopCount 5` and `-MaxHopCount:5`, any
 * unambiguous prefix, `--switch`, `--no-switch`, `--switch=false`, and the flags of `rc` itself, wherever they stand.
 */
import { secondsOf } from '../domain/span.ts';
import { aliasTyped, isOwn, parameterNamed, type RawArguments, resolveParameter, spell } from '../pipeline/binder.ts';
import type { Cmdlet } from '../pipeline/cmdlet.ts';
import { type CmdletError, usage } from '../pipeline/error.ts';
import { type Parameter, placeholderOf, standsAlone } from '../pipeline/parameter.ts';
import type { Value } from '../pipeline/value.ts';
import { splitFlag } from '../text/flag-name.ts';
import { show } from '../text/printable.ts';

/** Flags of `rc` itself. */
export interface GlobalFlags {
  home?: string;
  output?: string;
  select?: string[];
  help?: boolean;
  version?: boolean;
  /** Does not tell what a change changed. */
  quiet?: boolean;
  /** Milliseconds to wait for the listener, when --wait was given. */
  wait?: number;
}

const DEFAULT_WAIT_MS = 10_000;

export const TRUTH = /^\$?(true|false)$/i;

/** Reads a flag of `rc` itself at `argv[at]`; how many arguments it took, 0 when it is none. */
export function globalFlag(argv: readonly string[], at: number, flags: GlobalFlags): number {
  const { name, inline } = splitFlag(argv[at]!);
  const value = (what: string): [string, number] => {
    if (inline !== undefined) return [inline, 1];
    const next = argv[at + 1];
    if (next === undefined) throw usage(`${name} needs a value: ${what}`);
    return [next, 2];
  };
  let taken = 1;
  switch (name) {
    case '--home':
      [flags.home, taken] = value('a folder');
      if (!flags.home) throw usage('--home needs a folder, not an empty text');
      return taken;
    case '-o':
    case '--output': {
      const [format, count] = value('table, list, grid, json, ndjson, csv or yaml');
      flags.output = format;
      return count;
    }
    case '--select': {
      const [names, count] = value('property names, such as Name,MaxInbound*');
      let all = names;
      taken = count;
      while (goesOn(all, argv[at + taken])) all += argv[at + taken++]!;
      flags.select = [...(flags.select ?? []), ...all.split(',')];
      return taken;
    }
    case '--wait': {
      const [isWanted, count] = inline === undefined || TRUTH.test(inline) ? truth(argv, at) : [true, 1];
      if (!isWanted) delete flags.wait;
      else flags.wait = inline === undefined || TRUTH.test(inline) ? DEFAULT_WAIT_MS : waitTime(inline);
      return count;
    }
    case '-q':
    case '--quiet':
      [flags.quiet, taken] = truth(argv, at);
      return taken;
    case '-h':
    case '-?':
    case '--help':
      [flags.help, taken] = truth(argv, at);
      return taken;
    case '--version':
    case '-V':
      [flags.version, taken] = truth(argv, at);
      return taken;
    default:
      return 0;
  }
}

/** Whether a flag of rc that takes no value is meant: `--quiet false` and `--quiet=false` are not; and how many arguments that took. */
function truth(argv: readonly string[], at: number): [boolean, number] {
  const { name, inline } = splitFlag(argv[at]!);
  if (inline !== undefined && !TRUTH.test(inline)) throw usage(`${name}: ${show(inline)} is not true or false`);
  const said = TRUTH.exec(inline ?? argv[at + 1] ?? '')?.[1];
  return [said?.toLowerCase() !== 'false', inline === undefined && said !== undefined ? 2 : 1];
}

function waitTime(text: string): number {
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : secondsOf(text);
  if (seconds === undefined)
    throw usage(`--wait: "${text}" is not a time; write seconds (--wait=5) or a unit (--wait=500ms, --wait=2m)`);
  return Math.round(seconds * 1000);
}

/** Flags of `rc` before the command's name, and where the command begins. @throws CmdletError (usage) */
export function leadingFlags(argv: readonly string[]): { flags: GlobalFlags; rest: readonly string[] } {
  const flags: GlobalFlags = {};
  let at = 0;
  while (at < argv.length) {
    const taken = globalFlag(argv, at, flags);
    if (!taken) break;
    at += taken;
  }
  return { flags, rest: argv.slice(at) };
}

/** The arguments of a cmdlet. @throws CmdletError (usage), the first mistake */
export function parseArguments(cmdlet: Cmdlet, argv: readonly string[], flags: GlobalFlags): RawArguments {
  const named: Named[] = [];
  const positional: Value[] = [];
  for (let at = 0; at < argv.length; at++) {
    const token = argv[at]!;
    if (token === '--') {
      positional.push(...argv.slice(at + 1));
      break;
    }
    if (!/^-(-|[A-Za-z?])/.test(token)) {
      positional.push(token);
      continue;
    }
    const taken = isOwn(cmdlet, splitFlag(token).name) ? 0 : globalFlag(argv, at, flags);
    if (taken) {
      at += taken - 1;
      continue;
    }
    at += flagWithValue(cmdlet, argv, at, named);
  }
  return { named, positional };
}

type Named = RawArguments['named'][number];

/** Reads a parameter; how many arguments beyond its own it took. */
function flagWithValue(cmdlet: Cmdlet, argv: readonly string[], at: number, named: Named[]): number {
  const token = argv[at]!;
  const { name: typed, inline } = splitFlag(token);
  const name = typed.replace(/^-+/, '');
  const { parameter, negated } = resolve(cmdlet, name);
  const alias = aliasTyped(parameter, name);
  const flag = spell(parameter.name, 'flags');
  if (standsAlone(parameter)) {
    if (inline === '' && token.endsWith(':')) throw replacedByShell(token, flag);
    if (inline !== undefined || negated) {
      named.push([parameter, negated ? false : inline!]);
      return 0;
    }
    // `--confirm false`: a switch takes no value, and a connector named false is rarer than whoever types this
    // (behind an operator, `where Enabled -eq false`, stands what is compared)
    const isOperator = cmdlet.group === 'objects';
    const said = parameter.type === 'switch' && !isOperator ? TRUTH.exec(argv[at + 1] ?? '')?.[1] : undefined;
    named.push([parameter, said ?? true]);
    return said === undefined ? 0 : 1;
  }
  if (inline !== undefined && !(inline === '' && token.endsWith(':'))) {
    named.push([parameter, inline, alias]);
    return 0;
  }
  let value = argv[at + 1];
  if (value === undefined || (/^--?[A-Za-z]/.test(value) && isFlagOf(cmdlet, value))) {
    throw needsValue(parameter, value);
  }
  let taken = 1;
  while (goesOn(value, argv[at + taken + 1], cmdlet)) value += argv[at + ++taken]!; // Name, Bindings
  named.push([parameter, value, alias]);
  return taken;
}

/** `-Confirm:$false` as bash hands it on. */
export function replacedByShell(token: string, flag: string): CmdletError {
  return usage(
    `${token} has no value: the shell replaced $true or $false by nothing. Write ${flag}=false, or quote it: '${token}$false'`,
  );
}

/** @param next the flag that stands where the value should */
export function needsValue(parameter: Parameter, next?: string): CmdletError {
  const { name, values, kind } = parameter;
  const flag = spell(name, 'flags');
  const allowed = values && kind !== 'count' ? `: ${values.join(', ')}` : '';
  const text = next === undefined ? '' : `; to give it the text "${next}", write ${flag}=${next}`;
  return usage(`${flag} needs a value (${placeholderOf(parameter)})${allowed}${text}`);
}

/** Is `next` more of a list that was typed with blanks after its commas? A flag never is: `--comment 'Hello,' --what-if`. */
function goesOn(value: string, next: string | undefined, cmdlet?: Cmdlet): next is string {
  if (next === undefined || !value.trimEnd().endsWith(',')) return false;
  return !(/^--?[A-Za-z]/.test(next) && (next.startsWith('--') || !cmdlet || isFlagOf(cmdlet, next)));
}

function isFlagOf(cmdlet: Cmdlet, token: string): boolean {
  return token.startsWith('--') || meant(cmdlet, splitFlag(token).name.replace(/^-+/, '')) !== undefined;
}

interface Meant {
  readonly parameter: Parameter;
  readonly negated: boolean;
}

function meant(cmdlet: Cmdlet, name: string): Meant | undefined {
  const parameter = parameterNamed(cmdlet, name, 'flags');
  if (parameter) return { parameter, negated: false };
  const negated = /^no-/.test(name) ? parameterNamed(cmdlet, name.slice(3), 'flags') : undefined;
  return negated?.type === 'switch' ? { parameter: negated, negated: true } : undefined;
}

/** @throws CmdletError (usage) */
function resolve(cmdlet: Cmdlet, name: string): Meant {
  return meant(cmdlet, name) ?? { parameter: resolveParameter(cmdlet, name, 'flags'), negated: false };
}

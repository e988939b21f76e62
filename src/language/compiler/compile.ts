import { cmdletsFor } from '../command-named.ts';
import type { Statement } from '../parser/ast.ts';
import { type Parsed, parseAll } from '../parser/parser.ts';
import { MOST_PROBLEMS } from '../parser/scanner.ts';
import { SyntaxProblem } from '../parser/syntax-error.ts';
import type { Callee, CompiledBody } from '../runtime/callee.ts';
import type { Alias } from '../runtime/runnable.ts';
import type { Code } from './code.ts';
import { Compiler, compileBody } from './compiler.ts';
import type { Unit } from './unit.ts';

export interface CompiledStatement extends Code {
  /** Its own text. */
  readonly text: string;
  /** It holds a cmdlet that changes the store. */
  readonly changes: boolean;
  /** Functions it calls, in lower case; `*` when that is not known. */
  readonly calls: ReadonlySet<string>;
}

/** A script as it runs: statement after statement, or as a whole when it has blocks with names. */
export interface CompiledScript {
  /** `undefined` when it runs as a whole. */
  readonly statements: readonly CompiledStatement[] | undefined;
  readonly body: CompiledBody;
}

/** What is there before the text runs, by names in lower case. */
interface Known {
  readonly functions: ReadonlyMap<string, Callee>;
  readonly aliases: ReadonlyMap<string, Alias>;
}

/** How a text is taken. */
interface Taken {
  /** Short words are commands, as at the prompt. */
  readonly takesWords?: boolean;
  /** The full name of the file that it stands in. */
  readonly file?: string | undefined;
}

/** Reads and compiles a whole text, statement by statement. @throws SyntaxProblem, one for all that is wrong with it */
export function compileScript(text: string, known: Known, taken: Taken = {}): CompiledScript {
  const parsed = parseAll(text);
  const { body } = parsed;
  const unit = unitOf(parsed, text, known, taken);
  const isWhole = body.begin !== undefined || body.process !== undefined;
  const whole = compileBody(isWhole ? body : { ...body, end: [] }, unit);
  const statements = isWhole ? undefined : topLevel(body.end, unit);
  checked(unit);
  return { statements, body: whole };
}

/** The same as one body, for a text that is run within another. @throws SyntaxProblem */
export function compileWhole(text: string, known: Known, taken: Taken = {}): CompiledBody {
  const parsed = parseAll(text);
  const unit = unitOf(parsed, text, known, taken);
  const body = compileBody(parsed.body, unit);
  checked(unit);
  return body;
}

function unitOf({ refused, names }: Parsed, text: string, known: Known, { takesWords = false, file }: Taken): Unit {
  const isFunction = (name: string) => names.definesMore || names.functions.has(name) || known.functions.has(name);
  const aliasOf = (name: string) => names.aliases.get(name) ?? known.aliases.get(name)?.definition;
  return { text, file, isFunction, aliasOf, cmdletNamed: cmdletsFor(takesWords), problems: [...refused] };
}

function checked({ problems }: Unit): void {
  const problem = SyntaxProblem.together(problems.slice(0, MOST_PROBLEMS));
  if (problem) throw problem;
}

function topLevel(statements: readonly Statement[], unit: Unit): CompiledStatement[] {
  if (statements.some((statement) => statement.kind === 'trap')) {
    const compiler = new Compiler(unit);
    const code = compiler.body(statements);
    return [{ ...code, text: unit.text.trim(), changes: compiler.changes, calls: compiler.calls }];
  }
  return statements.map((statement) => {
    const compiler = new Compiler(unit);
    const code = compiler.statement(statement);
    return { ...code, text: unit.text.slice(...statement.at), changes: compiler.changes, calls: compiler.calls };
  });
}

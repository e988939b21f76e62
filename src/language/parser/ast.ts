/** The tree that a text of the command language is parsed to. Every node knows its place in the text. */
import type { Value } from '../../pipeline/value.ts';
import type { Span } from './syntax-error.ts';

interface Node {
  readonly at: Span;
}

export interface Literal extends Node {
  readonly kind: 'literal';
  readonly value: Value;
  /** How a number or bare word was written: `-Name 007` is the text 007. */
  readonly text?: string;
}
/** "220 $($x.Fqdn) ready" */
interface Expandable extends Node {
  readonly kind: 'expandable';
  readonly parts: readonly (string | Expression)[];
}
export interface Variable extends Node {
  readonly kind: 'variable';
  /** Lower case, without `global:` and the like; `env:NAME` keeps its drive. */
  readonly name: string;
  readonly written: string;
  /** Where it is, when that was said: `$script:count`. */
  readonly scope?: VariableScope;
}
export type VariableScope = 'global' | 'script' | 'local' | 'private';
interface List extends Node {
  readonly kind: 'list';
  readonly items: readonly Expression[];
}
/** `( pipeline )` */
interface Parenthesis extends Node {
  readonly kind: 'parenthesis';
  readonly body: Statement;
}
/** `$( … )` */
interface SubExpression extends Node {
  readonly kind: 'subexpression';
  readonly body: readonly Statement[];
}
/** `@( … )` */
interface ArrayExpression extends Node {
  readonly kind: 'array';
  readonly body: readonly Statement[];
}
export interface HashLiteral extends Node {
  readonly kind: 'hash';
  readonly pairs: readonly (readonly [key: Expression, value: Statement])[];
}
/** What stands between the braces of a script block or function, or is a whole script. */
export interface Body {
  /** `param( … )`, or `function f( … )`; `undefined` when there is none: then what is given is $args. */
  readonly parameters?: readonly ParameterDeclaration[];
  /** Those above `param`: `[CmdletBinding( … )]`, `[OutputType( … )]`. */
  readonly attributes: readonly Attribute[];
  readonly begin?: readonly Statement[];
  readonly process?: readonly Statement[];
  /** `end { … }`, or all statements when no block has a name. */
  readonly end: readonly Statement[];
  readonly text: string;
}
/** `[Parameter(Mandatory, Position = 0)]` */
export interface Attribute extends Node {
  /** In lower case, without `Attribute` and name spaces. */
  readonly name: string;
  readonly positional: readonly Expression[];
  /** By name in lower case; a name alone is $true. */
  readonly named: ReadonlyMap<string, Expression | undefined>;
}
export interface ParameterDeclaration extends Node {
  readonly variable: Variable;
  readonly type?: string;
  readonly attributes: readonly Attribute[];
  readonly otherwise?: Expression;
}
interface Block extends Node {
  readonly kind: 'block';
  readonly body: Body;
  readonly text: string;
}
interface Member extends Node {
  readonly kind: 'member';
  readonly target: Expression;
  readonly name: Expression;
  /** `?.`: nothing of nothing. */
  readonly conditional?: boolean;
}
export interface MethodCall extends Node {
  readonly kind: 'call';
  readonly target: Expression;
  readonly name: Expression;
  readonly arguments: readonly Expression[];
  readonly conditional?: boolean;
}
interface Index extends Node {
  readonly kind: 'index';
  readonly target: Expression;
  readonly index: Expression;
  readonly conditional?: boolean;
}
/** `[math]::PI`, `[math]::Round(1.5)`, `[guid]::new()` */
export interface StaticMember extends Node {
  readonly kind: 'static';
  readonly type: string;
  readonly name: Expression;
  /** `undefined` for a property. */
  readonly arguments?: readonly Expression[];
}
/** `condition ? then : otherwise` */
interface Ternary extends Node {
  readonly kind: 'ternary';
  readonly condition: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
}
export interface Unary extends Node {
  readonly kind: 'unary';
  readonly operator: '-not' | '+' | '-' | ',' | '-join' | '-split' | '-csplit' | '-bnot';
  readonly operand: Expression;
}
interface Binary extends Node {
  readonly kind: 'binary';
  /** Without case prefix: `-eq`, `+`, `..`. */
  readonly operator: string;
  readonly caseSensitive: boolean;
  readonly left: Expression;
  readonly right: Expression;
}
interface Cast extends Node {
  readonly kind: 'cast';
  readonly type: string;
  readonly operand: Expression;
}
/** `[int]` to the right of -is and -as. */
interface TypeName extends Node {
  readonly kind: 'type';
  readonly type: string;
}
/** `$i++` */
interface Step extends Node {
  readonly kind: 'step';
  readonly target: Assignable;
  readonly by: 1 | -1;
  readonly prefix: boolean;
}
export type Expression =
  | Literal
  | Expandable
  | Variable
  | List
  | Parenthesis
  | SubExpression
  | ArrayExpression
  | HashLiteral
  | Block
  | Member
  | MethodCall
  | Index
  | StaticMember
  | Ternary
  | Unary
  | Binary
  | Cast
  | TypeName
  | Step;

export type Assignable = Variable | Member | Index | StaticMember | Cast | List;

/** `-Name`, `-Name:value`, a value, or `@parameters`. */
export type Element =
  | (Node & { readonly kind: 'parameter'; readonly name: string; readonly value?: Expression })
  | (Node & { readonly kind: 'argument'; readonly value: Expression })
  | (Node & { readonly kind: 'splat'; readonly of: Expression });

export interface Command extends Node {
  readonly kind: 'command';
  readonly name: string;
  readonly nameAt: Span;
  /** `& $block …`, `. .\file.ps1`: what is called, when its name is not written as a word, and whether it runs in this scope. */
  readonly called?: {
    readonly what: Expression;
    readonly inThisScope: boolean;
    /** The variables of common parameters, which a block takes of Invoke-Command alone. */
    readonly common?: ReadonlyMap<string, Expression>;
  };
  readonly elements: readonly Element[];
  /** Streams beside the output that go elsewhere, in the order they are written. */
  readonly redirects?: readonly Redirect[];
}
/** `2>$null`, `2> file`, `2>&1`; all streams, the output too, with `*`. */
export interface Redirect {
  readonly stream: 2 | 3 | 4 | 5 | 6 | '*';
  /** `undefined`: into the output. */
  readonly file: Expression | undefined;
  readonly append: boolean;
  readonly at: Span;
}
export interface Pipeline extends Node {
  readonly kind: 'pipeline';
  /** Before the first command, when it does not begin with one. */
  readonly source?: Expression;
  /** Streams of the commands within the source. */
  readonly redirects?: readonly Redirect[];
  readonly commands: readonly Command[];
  /** `> file`, `>> file`, `> $null`: the output of the last command. */
  readonly into?: { readonly file: Expression; readonly append: boolean; readonly at: Span };
}
/** `a && b`: b only when a went well; `a || b`: only when it did not. */
interface Chain extends Node {
  readonly kind: 'chain';
  readonly first: Statement;
  readonly operator: '&&' | '||';
  readonly then: Statement;
}
export interface Assignment extends Node {
  readonly kind: 'assignment';
  readonly target: Assignable;
  readonly operator: '=' | '+=' | '-=' | '*=' | '/=' | '%=' | '??=';
  readonly value: Statement;
}
interface If extends Node {
  readonly kind: 'if';
  readonly clauses: readonly (readonly [condition: Statement, body: readonly Statement[]])[];
  readonly otherwise?: readonly Statement[];
}
interface Loop extends Node {
  /** `:name` before it, in lower case. */
  readonly label?: string;
}
interface Foreach extends Loop {
  readonly kind: 'foreach';
  readonly variable: Variable;
  readonly over: Statement;
  readonly body: readonly Statement[];
}
/** `while`, `do … while` and `do … until`. */
interface While extends Loop {
  readonly kind: 'while';
  readonly condition: Statement;
  readonly body: readonly Statement[];
  /** The body runs before the condition is asked for the first time. */
  readonly bodyFirst: boolean;
  readonly until: boolean;
}
interface For extends Loop {
  readonly kind: 'for';
  readonly first?: Statement;
  readonly condition?: Statement;
  readonly next?: Statement;
  readonly body: readonly Statement[];
}
export interface Switch extends Loop {
  readonly kind: 'switch';
  readonly how: 'exact' | 'wildcard' | 'regex';
  readonly caseSensitive: boolean;
  readonly over: Statement;
  readonly clauses: readonly (readonly [condition: Expression, body: readonly Statement[]])[];
  readonly otherwise?: readonly Statement[];
}
/** `break`, `continue`, with the name of a loop. */
export interface LeaveLoop extends Node {
  readonly kind: 'break' | 'continue';
  readonly label?: Expression;
}
export interface Exit extends Node {
  readonly kind: 'exit' | 'return' | 'throw';
  readonly value?: Statement;
}
export interface Try extends Node {
  readonly kind: 'try';
  readonly body: readonly Statement[];
  /** With the types they are for; none: all errors. */
  readonly catches: readonly (readonly [types: readonly string[], body: readonly Statement[]])[];
  readonly lastly?: readonly Statement[];
}
interface Trap extends Node {
  readonly kind: 'trap';
  readonly type?: string;
  readonly body: readonly Statement[];
}
export interface FunctionDefinition extends Node {
  readonly kind: 'function';
  readonly name: string;
  readonly scope?: VariableScope;
  readonly isFilter: boolean;
  readonly body: Body;
}
export type Statement =
  | Pipeline
  | Chain
  | Assignment
  | If
  | Foreach
  | While
  | For
  | Switch
  | LeaveLoop
  | Exit
  | Try
  | Trap
  | FunctionDefinition;

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
export interface Expandable extends Node {
  readonly kind: 'expandable';
  readonly parts: readonly (string | Expression)[];
}
export interface Variable extends Node {
  readonly kind: 'variable';
  /** Lower case, without `global:` and the like; `env:NAME` keeps its drive. */
  readonly name: string;
  readonly written: string;
}
export interface List extends Node {
  readonly kind: 'list';
  readonly items: readonly Expression[];
}
/** `( pipeline )` */
export interface Parenthesis extends Node {
  readonly kind: 'parenthesis';
  readonly body: Statement;
}
/** `$( … )` */
export interface SubExpression extends Node {
  readonly kind: 'subexpression';
  readonly body: readonly Statement[];
}
/** `@( … )` */
export interface ArrayExpression extends Node {
  readonly kind: 'array';
  readonly body: readonly Statement[];
}
export interface HashLiteral extends Node {
  readonly kind: 'hash';
  readonly pairs: readonly (readonly [key: Expression, value: Statement])[];
}
export interface Block extends Node {
  readonly kind: 'block';
  readonly body: readonly Statement[];
  readonly text: string;
}
export interface Member extends Node {
  readonly kind: 'member';
  readonly target: Expression;
  readonly name: Expression;
}
export interface MethodCall extends Node {
  readonly kind: 'call';
  readonly target: Expression;
  readonly name: Expression;
  readonly arguments: readonly Expression[];
}
export interface Index extends Node {
  readonly kind: 'index';
  readonly target: Expression;
  readonly index: Expression;
}
export interface Unary extends Node {
  readonly kind: 'unary';
  readonly operator: '-not' | '+' | '-' | ',' | '-join' | '-split' | '-csplit';
  readonly operand: Expression;
}
export interface Binary extends Node {
  readonly kind: 'binary';
  /** Without case prefix: `-eq`, `+`, `..`. */
  readonly operator: string;
  readonly caseSensitive: boolean;
  readonly left: Expression;
  readonly right: Expression;
}
export interface Cast extends Node {
  readonly kind: 'cast';
  readonly type: string;
  readonly operand: Expression;
}
/** `[int]` to the right of -is and -as. */
export interface TypeName extends Node {
  readonly kind: 'type';
  readonly type: string;
}
/** `$i++` */
export interface Step extends Node {
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
  | Unary
  | Binary
  | Cast
  | TypeName
  | Step;

export type Assignable = Variable | Member | Index | Cast | List;

/** `-Name`, `-Name:value`, a value, or `@parameters`. */
export type Element =
  | (Node & { readonly kind: 'parameter'; readonly name: string; readonly value?: Expression })
  | (Node & { readonly kind: 'argument'; readonly value: Expression })
  | (Node & { readonly kind: 'splat'; readonly variable: Variable });

export interface Command extends Node {
  readonly kind: 'command';
  readonly name: string;
  readonly nameAt: Span;
  readonly elements: readonly Element[];
}
export interface Pipeline extends Node {
  readonly kind: 'pipeline';
  /** Before the first command, when it does not begin with one. */
  readonly source?: Expression;
  readonly commands: readonly Command[];
  /** `> file`, `>> file`, `> $null` */
  readonly into?: { readonly file: Expression; readonly append: boolean; readonly at: Span };
}
export interface Assignment extends Node {
  readonly kind: 'assignment';
  readonly target: Assignable;
  readonly operator: '=' | '+=' | '-=' | '*=' | '/=' | '%=';
  readonly value: Statement;
}
export interface If extends Node {
  readonly kind: 'if';
  readonly clauses: readonly (readonly [condition: Statement, body: readonly Statement[]])[];
  readonly otherwise?: readonly Statement[];
}
export interface Foreach extends Node {
  readonly kind: 'foreach';
  readonly variable: Variable;
  readonly over: Statement;
  readonly body: readonly Statement[];
}
export interface Leave extends Node {
  readonly kind: 'break' | 'continue';
}
export interface Exit extends Node {
  readonly kind: 'exit';
  readonly code?: Statement;
}
export type Statement = Pipeline | Assignment | If | Foreach | Leave | Exit;

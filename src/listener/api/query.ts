/** Parameters of a request, in its path and its query: declared once, read and told of by the declaration. */
import { secondsOf } from '../../domain/span.ts';
import { show } from '../../text/printable.ts';
import { nearest } from '../../text/suggest.ts';
import { hasWildcard, Wildcard, WildcardError } from '../../text/wildcard.ts';
import { Problem } from './problem.ts';
import type { Schema } from './schemas.ts';

interface Kind<T> {
  readonly schema: Schema;
  /** As the end of a sentence. */
  readonly allowed: string;
  /** `undefined`: it cannot be. */
  read(text: string): T | undefined;
}

export interface QueryParameter<T = unknown> {
  readonly kind: Kind<T>;
  readonly help: string;
  /** When it is left out. */
  readonly usual?: T;
}

const LONGEST_TEXT = 1000;

export const aText: Kind<string> = {
  schema: { type: 'string', minLength: 1, maxLength: LONGEST_TEXT },
  allowed: `a text of 1 to ${LONGEST_TEXT} characters; a wildcard has * ? [ ] that match`,
  read(text) {
    if (text === '' || text.length > LONGEST_TEXT) return undefined;
    try {
      if (hasWildcard(text)) new Wildcard(text);
    } catch (error) {
      if (error instanceof WildcardError) return undefined;
      throw error;
    }
    return text;
  },
};

export const aNumber = (least: number, most: number): Kind<number> => ({
  schema: { type: 'integer', minimum: least, maximum: most },
  allowed: `a whole number from ${least} to ${most}`,
  read: (text) => (/^\d{1,9}$/.test(text) && +text >= least && +text <= most ? +text : undefined),
});

export const oneOf = <T extends string>(...names: readonly T[]): Kind<T> => ({
  schema: { type: 'string', enum: names },
  allowed: names.join(', '),
  read: (text) => names.find((name) => name.toLowerCase() === text.toLowerCase()),
});

/** Milliseconds. */
export const aSpan = (mostSeconds: number): Kind<number> => ({
  schema: { type: 'string', pattern: '^[0-9][0-9a-z. ]*$', examples: ['10s', '500ms'] },
  allowed: `a time such as 500ms, 10s or 2m, up to ${mostSeconds}s`,
  read(text) {
    const seconds = secondsOf(text);
    return seconds === undefined || seconds > mostSeconds ? undefined : seconds * 1000;
  },
});

type Declared = Readonly<Record<string, QueryParameter>>;

export type Query<D extends Declared> = {
  readonly [K in keyof D]: D[K] extends QueryParameter<infer T>
    ? D[K] extends { readonly usual: unknown }
      ? T
      : T | undefined
    : never;
};

/** @throws Problem for one that is not declared, that cannot be, or that is there twice: a filter that is misspelt must not mean all */
export function readQuery<D extends Declared>(declared: D, given: URLSearchParams): Query<D> {
  const values: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(declared)) {
    const texts = given.getAll(name);
    if (texts.length > 1) throw invalid(name, texts.join(', '), 'given once');
    const [text] = texts;
    if (text === undefined) {
      values[name] = parameter.usual;
      continue;
    }
    const value = parameter.kind.read(text);
    if (value === undefined) throw invalid(name, text, parameter.kind.allowed);
    values[name] = value;
  }
  const odd = [...given.keys()].find((name) => !Object.hasOwn(declared, name));
  if (odd === undefined) return values as Query<D>;
  const names = Object.keys(declared);
  const close = nearest(odd, names);
  const hint = close ? ` Did you mean ${show(close)}?` : '';
  const allowed = names.length ? names.join(', ') : 'none';
  throw new Problem(400, `The query has no parameter ${show(odd)}.${hint} Allowed: ${allowed}.`, {
    code: 'UnknownParameter',
    parameter: odd.slice(0, 200),
    allowed,
  });
}

function invalid(name: string, value: string, allowed: string): Problem {
  return new Problem(400, `${name}: ${show(value)} is not possible; allowed: ${allowed}.`, {
    code: 'InvalidParameter',
    parameter: name,
    value: value.slice(0, 200),
    allowed,
  });
}

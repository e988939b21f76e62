/**
 * What a function is given, bound to its parameters as PowerShell binds it (about_Functions_Advanced_Parameters): by name or
 * the beginning of one, by position, from the pipeline; converted, checked, and completed with defaults.
 */
import { CmdletError } from '../../pipeline/error.ts';
import { double } from '../../pipeline/number.ts';
import { CHANGE_PARAMETERS, COMMON_PARAMETERS, type Parameter } from '../../pipeline/parameter.ts';
import { Hashtable, PsObject, printed, type Value } from '../../pipeline/value.ts';
import { bindingError } from './binding-error.ts';
import type { Callee, CompiledBody, FunctionParameter, SetMembership } from './callee.ts';
import { cast } from './cast.ts';
import { elements, toBool } from './convert.ts';
import { fromCommand } from './failure.ts';
import type { Frame } from './frame.ts';
import { memberOf } from './members.ts';
import { checkValue } from './parameter-checks.ts';
import type { Session } from './session.ts';

/** One thing that stands behind a command's name. `text`: a number as it was written. */
export type Given =
  | { readonly kind: 'named'; readonly name: string; readonly value?: Value; readonly text?: string }
  | { readonly kind: 'positional'; readonly value: Value; readonly text?: string };

const ALL = '*';

/** The binding of one call. */
export class Binding {
  readonly bound = new Map<FunctionParameter, Value>();
  readonly common = new Map<string, Value>();
  /** What no parameter takes: $args. */
  readonly rest: Value[] = [];
  readonly #body: CompiledBody;
  readonly #parameters: readonly FunctionParameter[];
  /** $PSBoundParameters */
  readonly table = new Hashtable();

  constructor(
    readonly callee: Callee,
    readonly session: Session,
  ) {
    this.#body = callee.body;
    this.#parameters = callee.body.parameters ?? [];
  }

  /** Binds names and positions. @throws CmdletError */
  async give(given: readonly Given[]): Promise<void> {
    const positional: { value: Value; text?: string }[] = [];
    for (let i = 0; i < given.length; i++) {
      const one = given[i]!;
      if (one.kind === 'positional') {
        positional.push(one);
        continue;
      }
      const found = this.#named(one.name);
      if (!found) {
        if (this.#body.advanced)
          throw bindingError(
            'NamedParameterNotFound',
            `A parameter cannot be found that matches parameter name '${one.name}'.`,
          );
        // a simple function takes what it does not know as $args, and the value behind it
        const target = this.#parameters.length ? this.rest : undefined;
        const put = (value: Value) => (target ? target.push(value) : positional.push({ value }));
        put(`-${one.name}${one.value === undefined ? '' : ':'}`);
        const next = given[i + 1];
        if (one.value !== undefined) put(one.value);
        else if (next?.kind === 'positional') {
          put(next.value);
          i++;
        }
        continue;
      }
      const isSwitch = typeof found === 'string' ? isCommonSwitch(found) : found.isSwitch;
      let value = one.value;
      let { text } = one;
      if (value === undefined && isSwitch) value = true;
      if (value === undefined) {
        const next = given[i + 1];
        if (next?.kind !== 'positional')
          throw bindingError(
            'MissingArgument',
            `Missing an argument for parameter '${typeof found === 'string' ? found : found.name}'. Specify a parameter of type '${fullType(typeof found === 'string' ? 'string' : found.type)}' and try again.`,
          );
        ({ value, text } = next);
        i++;
      }
      if (typeof found === 'string') {
        this.common.set(found, value);
        this.table.set(found, value);
      } else if (this.bound.has(found))
        throw bindingError(
          'ParameterAlreadyBound',
          `Cannot bind parameter because parameter '${found.name}' is specified more than once. To provide multiple values to parameters that can accept multiple values, use the array syntax. For example, "-parameter value1,value2,value3".`,
        );
      else await this.#set(found, value, text);
    }
    await this.#positions(positional);
  }

  /** The parameter, or the name of a common one. */
  #named(typed: string): FunctionParameter | string | undefined {
    const wanted = typed.toLowerCase();
    const exact = this.#parameters.find(
      (one) => one.lower === wanted || one.aliases.some((alias) => alias.toLowerCase() === wanted),
    );
    if (exact) return exact;
    const common: readonly Parameter[] = this.#body.advanced
      ? [...COMMON_PARAMETERS, ...(this.#body.supportsShouldProcess ? CHANGE_PARAMETERS : [])]
      : [];
    const exactCommon = common.find(
      (one) => one.name.toLowerCase() === wanted || one.aliases?.some((alias) => alias === wanted),
    );
    if (exactCommon) return exactCommon.name;
    const beginning: (FunctionParameter | string)[] = this.#parameters.filter((one) =>
      [one.lower, ...one.aliases].some((name) => name.toLowerCase().startsWith(wanted)),
    );
    // own parameters win over the common ones, as they do in PowerShell
    if (!beginning.length)
      beginning.push(...common.filter((one) => one.name.toLowerCase().startsWith(wanted)).map((one) => one.name));
    if (beginning.length > 1)
      throw bindingError(
        'AmbiguousParameter',
        `Parameter cannot be processed because the parameter name '${typed}' is ambiguous. Possible matches include: ${beginning.map((one) => `-${typeof one === 'string' ? one : one.name}`).join(' ')}.`,
      );
    return beginning[0];
  }

  async #positions(positional: readonly { value: Value; text?: string }[]): Promise<void> {
    let next = 0;
    for (const slot of this.#slots()) {
      if (next >= positional.length) break;
      if (memberships(slot).some((one) => one.rest)) {
        await this.#set(
          slot,
          positional.slice(next).flatMap((one) => elements(one.value)),
        );
        return;
      }
      const { value, text } = positional[next++]!;
      await this.#set(slot, value, text);
    }
    const left = positional.slice(next);
    if (!left.length) return;
    const rest = this.#parameters.find((one) => !this.bound.has(one) && memberships(one).some((m) => m.rest));
    if (rest)
      await this.#set(
        rest,
        left.flatMap((one) => elements(one.value)),
      );
    else if (this.#body.advanced)
      throw bindingError(
        'PositionalParameterNotFound',
        `A positional parameter cannot be found that accepts argument '${printed(left[0]!.value)}'.`,
      );
    else this.rest.push(...left.map((one) => one.value));
  }

  /** The parameters that take what has no name, in their order. */
  #slots(): FunctionParameter[] {
    const free = this.#parameters.filter((one) => !this.bound.has(one) && !one.isSwitch);
    const position = (one: FunctionParameter) => memberships(one).find((m) => m.position !== undefined)?.position;
    const isSaid = this.#parameters.some((one) => position(one) !== undefined);
    if (isSaid) {
      return free
        .filter((one) => position(one) !== undefined && this.#mayBeIn(one))
        .sort((a, b) => position(a)! - position(b)!);
    }
    if (!this.#body.positionalBinding) return [];
    return free.filter((one) => !memberships(one).some((m) => m.rest));
  }

  #mayBeIn(one: FunctionParameter): boolean {
    const sets = this.#possibleSets();
    return sets === undefined || one.sets.has(ALL) || [...one.sets.keys()].some((name) => sets.has(name));
  }

  /** Parameter sets that what is bound leaves open; `undefined`: there are no sets. */
  #possibleSets(): Set<string> | undefined {
    const named = new Set(this.#parameters.flatMap((one) => [...one.sets.keys()].filter((name) => name !== ALL)));
    if (!named.size) return undefined;
    for (const one of this.bound.keys()) {
      if (one.sets.has(ALL)) continue;
      for (const name of named) if (!one.sets.has(name)) named.delete(name);
    }
    return named;
  }

  /** The parameter set that is meant, as it was written. @throws CmdletError when what is given fits none */
  parameterSet(): string {
    const lower = this.#parameterSet();
    for (const one of this.#parameters) {
      const written = one.sets.get(lower.toLowerCase())?.name;
      if (written !== undefined) return written;
    }
    return lower;
  }

  #parameterSet(): string {
    const possible = this.#possibleSets();
    const { defaultSet } = this.#body;
    if (!possible) return defaultSet ?? '__AllParameterSets';
    if (!possible.size)
      throw bindingError(
        'AmbiguousParameterSet',
        'Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be used together or an insufficient number of parameters were provided.',
      );
    if (defaultSet && possible.has(defaultSet.toLowerCase())) return defaultSet;
    if (possible.size > 1) {
      // the one whose mandatory parameters are all there
      const whole = [...possible].filter((name) => !this.#missing(name).length);
      if (whole.length === 1) return whole[0]!;
    }
    return [...possible][0]!;
  }

  /** Mandatory parameters that are not bound yet. */
  missing(): FunctionParameter[] {
    return this.#missing(this.parameterSet().toLowerCase());
  }

  #missing(set: string): FunctionParameter[] {
    return this.#parameters.filter(
      (one) => (one.sets.get(set) ?? one.sets.get(ALL))?.mandatory && !this.bound.has(one),
    );
  }

  /** Does it take piped objects at all? */
  get takesPipeline(): boolean {
    return this.#parameters.some((one) => memberships(one).some((m) => m.pipeline || m.byName));
  }

  /** Could this missing parameter still come from the pipeline? */
  mayBePiped(one: FunctionParameter): boolean {
    return memberships(one).some((m) => m.pipeline || m.byName);
  }

  /** Parameters that were bound from the pipeline, by the object before. */
  readonly #piped = new Set<FunctionParameter>();

  /** Binds a piped object, by value and by property names. @returns whether any parameter took it. @throws CmdletError */
  async pipe(object: Value): Promise<boolean> {
    for (const one of this.#piped) {
      this.bound.delete(one);
      this.#forget(one);
    }
    this.#piped.clear();
    let taken = false;
    for (const one of this.#parameters) {
      if (this.bound.has(one) || !memberships(one).some((m) => m.pipeline)) continue;
      await this.#tried(one, object);
      taken = true;
      break;
    }
    for (const one of this.#parameters) {
      if (this.bound.has(one) || !memberships(one).some((m) => m.byName)) continue;
      const value = propertyFor(one, object);
      if (value === undefined) continue;
      await this.#tried(one, value);
      taken = true;
    }
    return taken;
  }

  async #tried(one: FunctionParameter, value: Value): Promise<void> {
    await this.#set(one, value);
    this.#piped.add(one);
  }

  #forget(one: FunctionParameter): void {
    for (const key of this.table.entries.keys()) if (key.toLowerCase() === one.lower) this.table.entries.delete(key);
  }

  async #set(one: FunctionParameter, value: Value, text?: string): Promise<void> {
    const given = text !== undefined && /^string(\[\])?$/.test(one.type ?? '') ? text : value;
    const converted = this.#converted(one, given);
    this.#refuseEmpty(one, converted);
    for (const check of one.checks) await checkValue(one.name, check, converted, this.session);
    this.bound.set(one, converted);
    this.table.set(one.name, converted);
  }

  #converted(one: FunctionParameter, value: Value): Value {
    if (one.isSwitch) return toBool(value);
    if (one.type === undefined) return value;
    if (one.type === 'string' && Array.isArray(value)) {
      throw bindingError(
        'ParameterArgumentTransformationError',
        `Cannot process argument transformation on parameter '${one.name}'. Cannot convert value to type System.String.`,
        'InvalidData',
      );
    }
    try {
      return cast(one.type, value);
    } catch (error) {
      if (!(error instanceof CmdletError)) throw error;
      throw bindingError(
        'ParameterArgumentTransformationError',
        `Cannot process argument transformation on parameter '${one.name}'. ${error.message}`,
        'InvalidData',
      );
    }
  }

  /** A mandatory parameter wants something, unless it says that it does not. */
  #refuseEmpty(one: FunctionParameter, value: Value): void {
    if (!memberships(one).some((m) => m.mandatory)) return;
    const refuse = (id: string, what: string) => {
      throw bindingError(
        `ParameterArgumentValidationError${id}NotAllowed`,
        `Cannot bind argument to parameter '${one.name}' because it is ${what}.`,
        'InvalidData',
      );
    };
    if (value === null && !one.allows.null) refuse('Null', 'null');
    if (value === '' && !one.allows.emptyString) refuse('EmptyString', 'an empty string');
    if (Array.isArray(value) && !value.length && !one.allows.emptyCollection) refuse('EmptyArray', 'an empty array');
  }

  /** Asks for what is mandatory and missing; without a terminal it is an error. */
  async ask(): Promise<void> {
    const missing = this.missing();
    for (const one of missing) {
      const heading = `cmdlet ${this.callee.name} at command pipeline position 1\nSupply values for the following parameters:\n`;
      const answer = await this.session.host.ask(`${one === missing[0] ? heading : ''}${one.name}: `);
      if (answer === undefined)
        throw bindingError(
          'MissingMandatoryParameter',
          `Cannot process command because of one or more missing mandatory parameters: ${missing.map((each) => each.name).join(' ')}.`,
        );
      await this.#set(one, answer);
    }
  }

  /** Puts the parameters into the function's own variables, those that were not given with their defaults. */
  async settle(frame: Frame<Session>): Promise<void> {
    for (const one of this.#parameters) {
      const value = this.bound.get(one);
      if (value !== undefined || this.bound.has(one)) this.place(frame, one, value ?? null);
    }
    for (const one of this.#parameters) {
      if (this.bound.has(one)) continue;
      const given = one.otherwise ? ((await one.otherwise.run(this.session)) ?? null) : unset(one);
      this.place(
        frame,
        one,
        one.otherwise && one.type && !one.isSwitch && given !== null ? this.#converted(one, given) : given,
      );
    }
  }

  /** The piped parameters anew, for the next object. */
  replace(frame: Frame<Session>): void {
    for (const one of this.#parameters) {
      if (!this.mayBePiped(one)) continue;
      this.place(frame, one, this.bound.get(one) ?? frame.variables.get(one.lower)?.value ?? null);
    }
  }

  place(frame: Frame<Session>, one: FunctionParameter, value: Value): void {
    const type = one.isSwitch || one.type === 'object' ? undefined : one.type;
    frame.variables.set(one.lower, { name: one.name, value, type });
  }
}

function memberships(one: FunctionParameter): SetMembership[] {
  return [...one.sets.values()];
}

/** What a typed parameter is when nobody gave it. */
function unset(one: FunctionParameter): Value {
  if (one.isSwitch || one.type === 'bool') return false;
  if (one.type === 'string') return '';
  if (one.type === 'double') return double(0);
  return one.type === 'int' || one.type === 'long' ? 0 : null;
}

function propertyFor(one: FunctionParameter, object: Value): Value | undefined {
  for (const name of [one.name, ...one.aliases]) {
    if (object instanceof PsObject) {
      const own = object.nameOf(name);
      if (own !== undefined) return object.properties[own];
    } else if (!(object instanceof Hashtable) && object !== null && !Array.isArray(object)) {
      const value = memberOf(object, name);
      if (value !== undefined && value !== null && !/^(count|length)$/i.test(name)) return value as Value;
    }
  }
  return undefined;
}

function isCommonSwitch(name: string): boolean {
  return [...COMMON_PARAMETERS, ...CHANGE_PARAMETERS].find((one) => one.name === name)?.type === 'switch';
}

function fullType(type: string | undefined): string {
  const names: Readonly<Record<string, string>> = {
    int: 'System.Int32',
    long: 'System.Int64',
    double: 'System.Double',
    string: 'System.String',
    bool: 'System.Boolean',
    datetime: 'System.DateTime',
    timespan: 'System.TimeSpan',
    hashtable: 'System.Collections.Hashtable',
  };
  return (type && names[type]) ?? 'System.Object';
}

/** Says which function an error of binding belongs to. */
export function ofFunction<E>(error: E, callee: Callee): E {
  return fromCommand(error, callee.name);
}

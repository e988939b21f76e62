import { CHANGE_PARAMETERS, COMMON_PARAMETERS, type Parameter } from '../../pipeline/parameter.ts';
import { Hashtable, PsObject, printed, type Value } from '../../pipeline/value.ts';
import { isReadOnly, readOnly } from './automatic-variables.ts';
import { bindingError } from './binding-error.ts';
import type { Callee, CompiledBody, FunctionParameter } from './callee.ts';
import { typeTest } from './cast.ts';
import { elements } from './convert.ts';
import { fromCommand } from './failure.ts';
import type { Frame } from './frame.ts';
import { memberOf } from './members.ts';
import { checkValue } from './parameter-checks.ts';
import { memberships, missingOf, parameterSetOf, slotsOf } from './parameter-sets.ts';
import { converted, fullType, refuseEmpty, unset } from './parameter-values.ts';
import type { Session } from './session.ts';

/** One thing that stands behind a command's name. `text`: a number as it was written. */
export type Given =
  | { readonly kind: 'named'; readonly name: string; readonly value?: Value; readonly text?: string }
  | { readonly kind: 'positional'; readonly value: Value; readonly text?: string };

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
    for (const slot of slotsOf(this.#body, this.bound)) {
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

  /** The parameter set that is meant. @throws CmdletError when what is given fits none */
  parameterSet(): string {
    return parameterSetOf(this.#body, this.bound);
  }

  /** Mandatory parameters that are not bound yet. */
  missing(): FunctionParameter[] {
    return missingOf(this.#body, this.bound);
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
      if (this.bound.has(one) || !memberships(one).some((m) => m.pipeline) || isRatherNamed(one, object)) continue;
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
    this.table.delete(one.lower);
  }

  async #set(one: FunctionParameter, value: Value, text?: string): Promise<void> {
    const given = text !== undefined && /^string(\[\])?$/.test(one.type ?? '') ? text : value;
    const kept = converted(one, given, this.#body.advanced);
    refuseEmpty(one, kept);
    for (const check of one.checks) await checkValue(one.name, check, kept, this.session);
    this.bound.set(one, kept);
    this.table.set(one.name, kept);
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
        one.otherwise && one.type && !one.isSwitch && given !== null
          ? converted(one, given, this.#body.advanced)
          : given,
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
    if (isReadOnly(one.lower)) throw readOnly(one.name);
    const type = one.isSwitch || one.type === 'object' ? undefined : one.type;
    frame.variables.set(one.lower, { name: one.name, value, type });
  }
}

/** Of an object that would have to be converted the property of the parameter's name is taken, when it may be. */
function isRatherNamed(one: FunctionParameter, object: Value): boolean {
  if (one.type === undefined || !memberships(one).some((m) => m.byName)) return false;
  const isFitting = typeTest('-is', one.type.replace(/\[\]$/, ''))(object);
  return !isFitting && propertyFor(one, object) !== undefined;
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

/** Says which function an error of binding belongs to. */
export function ofFunction<E>(error: E, callee: Callee): E {
  return fromCommand(error, callee.name);
}

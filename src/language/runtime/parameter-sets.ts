/** Which of a function's parameter sets is meant, and which of its parameters take what has no name (about_Parameter_Sets). */
import { bindingError } from './binding-error.ts';
import type { CompiledBody, FunctionParameter, SetMembership } from './callee.ts';

const ALL = '*';

/** What has a value already. */
type Bound = ReadonlyMap<FunctionParameter, unknown>;

/** The parameters that take what has no name, in their order. */
export function slotsOf({ parameters = [], positionalBinding }: CompiledBody, bound: Bound): FunctionParameter[] {
  const free = parameters.filter((one) => !bound.has(one) && !one.isSwitch);
  const position = (one: FunctionParameter) => memberships(one).find((m) => m.position !== undefined)?.position;
  const isSaid = parameters.some((one) => position(one) !== undefined);
  if (isSaid) {
    return free
      .filter((one) => position(one) !== undefined && mayBeIn(one, parameters, bound))
      .sort((a, b) => position(a)! - position(b)!);
  }
  if (!positionalBinding) return [];
  return free.filter((one) => !memberships(one).some((m) => m.rest));
}

function mayBeIn(one: FunctionParameter, parameters: readonly FunctionParameter[], bound: Bound): boolean {
  const sets = possibleSets(parameters, bound);
  return sets === undefined || one.sets.has(ALL) || [...one.sets.keys()].some((name) => sets.has(name));
}

/** Parameter sets that what is bound leaves open; `undefined`: there are no sets. */
function possibleSets(parameters: readonly FunctionParameter[], bound: Bound): Set<string> | undefined {
  const named = new Set(parameters.flatMap((one) => [...one.sets.keys()].filter((name) => name !== ALL)));
  if (!named.size) return undefined;
  for (const one of bound.keys()) {
    if (one.sets.has(ALL)) continue;
    for (const name of named) if (!one.sets.has(name)) named.delete(name);
  }
  return named;
}

/** The parameter set that is meant, as it was written. @throws CmdletError when what is given fits none */
export function parameterSetOf(body: CompiledBody, bound: Bound): string {
  const { parameters = [] } = body;
  const lower = setOf(body, bound);
  for (const one of parameters) {
    const written = one.sets.get(lower.toLowerCase())?.name;
    if (written !== undefined) return written;
  }
  return lower;
}

function setOf({ parameters = [], defaultSet }: CompiledBody, bound: Bound): string {
  const possible = possibleSets(parameters, bound);
  if (!possible) return defaultSet ?? '__AllParameterSets';
  if (!possible.size)
    throw bindingError(
      'AmbiguousParameterSet',
      'Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be used together or an insufficient number of parameters were provided.',
    );
  if (defaultSet && possible.has(defaultSet.toLowerCase())) return defaultSet;
  if (possible.size > 1) {
    // the one whose mandatory parameters are all there
    const whole = [...possible].filter((name) => !missingIn(name, parameters, bound).length);
    if (whole.length === 1) return whole[0]!;
  }
  return [...possible][0]!;
}

/** Mandatory parameters of the set that is meant which are not bound yet. @throws CmdletError */
export function missingOf(body: CompiledBody, bound: Bound): FunctionParameter[] {
  return missingIn(parameterSetOf(body, bound).toLowerCase(), body.parameters ?? [], bound);
}

function missingIn(set: string, parameters: readonly FunctionParameter[], bound: Bound): FunctionParameter[] {
  return parameters.filter((one) => (one.sets.get(set) ?? one.sets.get(ALL))?.mandatory && !bound.has(one));
}

/** Its place in each of its sets. */
export function memberships(one: FunctionParameter): SetMembership[] {
  return [...one.sets.values()];
}

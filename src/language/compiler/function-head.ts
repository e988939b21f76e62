/** `param( … )` and its attributes, compiled to what the binder asks. */
import type { Attribute, Body, Expression, ParameterDeclaration } from '../parser/ast.ts';
import type { CompiledBody, FunctionParameter, SetMembership, ValueCheck } from '../runtime/callee.ts';
import { typeNamed } from '../runtime/types.ts';
import type { Plan } from './evaluation.ts';

type Head = Omit<CompiledBody, 'begin' | 'process' | 'end' | 'text' | 'changes' | 'calls'>;

/** Everything that a parameter set may be named, for parameters that say none. */
const ALL_SETS = '*';

export function compileHead(body: Body, compile: (e: Expression) => Plan): Head {
  const binding = body.attributes.find((one) => one.name === 'cmdletbinding');
  const parameters = body.parameters?.map((one) => parameterOf(one, compile));
  return {
    parameters,
    advanced:
      binding !== undefined ||
      (body.parameters ?? []).some((one) => one.attributes.some((attribute) => attribute.name === 'parameter')),
    supportsShouldProcess: isSaid(binding, 'supportsshouldprocess'),
    confirmImpact: impactOf(binding),
    positionalBinding: !binding?.named.has('positionalbinding') || isSaid(binding, 'positionalbinding'),
    defaultSet: textOf(binding?.named.get('defaultparametersetname')),
  };
}

function impactOf(binding: Attribute | undefined): CompiledBody['confirmImpact'] {
  const said = textOf(binding?.named.get('confirmimpact'))?.toLowerCase();
  return said === 'none' || said === 'low' || said === 'high' ? said : 'medium';
}

/** `Mandatory`, `Mandatory = $true` */
function isSaid(attribute: Attribute | undefined, name: string): boolean {
  if (!attribute?.named.has(name)) return false;
  const value = attribute.named.get(name);
  if (!value) return true;
  if (value.kind === 'variable') return value.name === 'true';
  return value.kind === 'literal' && value.value !== 0 && value.value !== '';
}

function textOf(value: Expression | undefined): string | undefined {
  if (value?.kind === 'literal') return String(value.value);
  // [System.Management.Automation.ConfirmImpact]::High
  return value?.kind === 'static' && value.name.kind === 'literal' ? String(value.name.value) : undefined;
}

function parameterOf(one: ParameterDeclaration, compile: (e: Expression) => Plan): FunctionParameter {
  const written = one.variable.written.slice(one.variable.written.indexOf(':') + 1);
  const named = (name: string) => one.attributes.filter((attribute) => attribute.name === name);
  const isSwitch = /^(?:switch|switchparameter|system\.management\.automation\.switchparameter)$/i.test(one.type ?? '');
  const aliases = named('alias').flatMap((attribute) => attribute.positional.map((e) => textOf(e) ?? ''));
  const sets = new Map<string, SetMembership>();
  for (const attribute of named('parameter'))
    sets.set(textOf(attribute.named.get('parametersetname'))?.toLowerCase() ?? ALL_SETS, membership(attribute));
  if (!sets.size) sets.set(ALL_SETS, membership(undefined));
  return {
    name: written,
    lower: written.toLowerCase(),
    type: one.type === undefined ? undefined : (typeNamed(one.type) ?? 'object'),
    aliases,
    isSwitch,
    sets,
    otherwise: one.otherwise && compile(one.otherwise),
    checks: one.attributes.filter(({ name }) => name.startsWith('validate')).map((e) => checkOf(e, compile)),
    allows: {
      null: named('allownull').length > 0,
      emptyString: named('allowemptystring').length > 0,
      emptyCollection: named('allowemptycollection').length > 0,
    },
  };
}

function membership(attribute: Attribute | undefined): SetMembership {
  const position = attribute?.named.get('position');
  return {
    name: textOf(attribute?.named.get('parametersetname')),
    mandatory: isSaid(attribute, 'mandatory'),
    position: position?.kind === 'literal' ? Number(position.value) : undefined,
    pipeline: isSaid(attribute, 'valuefrompipeline'),
    byName: isSaid(attribute, 'valuefrompipelinebypropertyname'),
    rest: isSaid(attribute, 'valuefromremainingarguments'),
  };
}

function checkOf({ name, positional, named }: Attribute, compile: (e: Expression) => Plan): ValueCheck {
  return {
    name,
    positional: positional.map(compile),
    named: new Map([...named].map(([key, value]) => [key, value && compile(value)])),
  };
}

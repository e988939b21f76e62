/**
 * What can stand at a place among a cmdlet's arguments: the names of its parameters, and the values of one of them. The one
 * engine behind Tab in bash, zsh, fish and the prompt; each of them reads its line into words, asks the binder which
 * parameter is next (`spotBehind`), asks here, and writes what is offered in its own quoting (docs/decisions/0135).
 */
import { READ_ONLY } from '../domain/connector.ts';
import { SETTING_NAMES, type SettingName, settingNamed } from '../domain/settings.ts';
import { namable, type Spot, takesList } from '../pipeline/binder.ts';
import type { Cmdlet, Spelling } from '../pipeline/cmdlet.ts';
import type { Parameter } from '../pipeline/parameter.ts';
import { defaultView } from '../print/default-views.ts';

/** Names that are known besides the declarations. Each is asked only when it is needed, and gives none when it cannot know. */
export interface Known {
  connectors(): readonly string[];
  servers(): readonly string[];
  users(): readonly string[];
  domains(): readonly string[];
  cmdlets(): readonly string[];
  /** Properties of the objects that the cmdlet looks at. */
  properties(cmdlet: Cmdlet): readonly string[];
  /** The elements that a list setting has on the connectors of these identities. */
  elements(identities: readonly string[], setting: SettingName): readonly string[];
}

type Offer =
  /** One of them; with `list`, several with commas between. */
  { readonly values: readonly string[]; readonly list: boolean } | { readonly files: true };

const TRUTHS: Readonly<Record<Spelling, readonly string[]>> = {
  flags: ['true', 'false'],
  parameters: ['$true', '$false'],
};

/** What a parameter's value can be. */
export function valuesFor(parameter: Parameter, cmdlet: Cmdlet, spot: Spot, known: Known, spelling: Spelling): Offer {
  const list = takesList(parameter) && parameter.type !== 'value';
  if (parameter.type === 'switch' || parameter.type === 'bool' || parameter.kind === 'bool')
    return { values: TRUTHS[spelling], list: false };
  if (parameter.type === 'path' || parameter.completes === 'file') return { files: true };
  if (parameter.type === 'setting' && parameter.name === `Remove${parameter.setting}`) {
    const setting = settingNamed(parameter.setting!);
    return { values: setting ? known.elements(spot.identities, setting) : [], list };
  }
  if (parameter.values?.length) return { values: parameter.values, list };
  const names = namesFor(parameter, cmdlet, known);
  return { values: names, list: parameter.completes === 'property' };
}

function namesFor(parameter: Parameter, cmdlet: Cmdlet, known: Known): readonly string[] {
  switch (parameter.completes) {
    case 'connector':
      return known.connectors();
    case 'server':
      return known.servers();
    case 'user':
      return known.users();
    case 'domain':
      return known.domains();
    case 'cmdlet':
      return known.cmdlets();
    case 'property':
      return known.properties(cmdlet);
    default:
      return parameter.type === 'properties' ? known.properties(cmdlet) : [];
  }
}

/** Parameters that can still be named: those not given yet, and lists. */
export function namesLeft(cmdlet: Cmdlet, spot: Spot, spelling: Spelling): readonly Parameter[] {
  return namable(cmdlet, spelling).filter((p) => !spot.given.has(p) || (spelling === 'flags' && takesList(p)));
}

const CONNECTOR: readonly string[] = [...READ_ONLY.slice(0, 3), ...SETTING_NAMES, ...READ_ONLY.slice(3)];

/** Property names of a type of objects, in the order in which they show: of a connector all, of others those of the default view. */
export function propertiesOf(type: string | undefined): readonly string[] {
  if (type === undefined) return [];
  return type === 'ReceiveConnector' ? CONNECTOR : (defaultView(type)?.columns.map((column) => column.property) ?? []);
}

/** Those that begin with what is typed, whatever the case, each once. */
export function beginning<T>(offers: Iterable<T>, typed: string, textOf: (offer: T) => string): T[] {
  const wanted = typed.toLowerCase();
  const found = new Map<string, T>();
  for (const offer of offers) {
    const key = textOf(offer).toLowerCase();
    if (key.startsWith(wanted) && !found.has(key)) found.set(key, offer);
  }
  return [...found.values()];
}

/** [System.Collections.ArrayList] and [System.Collections.Generic.List[T]]: lists that are changed in place. */
import type { Value } from '../../pipeline/value.ts';
import { checkList } from './limits.ts';

/** What a list's elements are made of values by; `undefined`: they stay what they are. */
type ElementCast = ((value: Value) => Value) | undefined;

interface Growing {
  readonly type: string;
  readonly element: ElementCast;
  /** Places that there are, as .NET makes them. */
  capacity: number;
}
const GROWING = new WeakMap<readonly Value[], Growing>();

/** .Capacity; `undefined` of a list that does not grow. Twice as many places whenever there are too few, four at first. */
export function capacityOf(list: readonly Value[]): number | undefined {
  const growing = GROWING.get(list);
  if (!growing) return undefined;
  while (growing.capacity < list.length) growing.capacity = growing.capacity * 2 || 4;
  return growing.capacity;
}

/** Generic types whose values are such lists, with .NET's names. */
const GENERIC: Readonly<Record<string, string>> = { list: 'List', queue: 'Queue', hashset: 'HashSet' };

/** `list[string]`: of which of them, and of what. */
export function genericList(type: string): { readonly name: string; readonly element: string } | undefined {
  const [, name, element] = /^(list|queue|hashset)\[(.*)\]$/.exec(type) ?? [];
  return name === undefined ? undefined : { name: `System.Collections.Generic.${GENERIC[name]}\`1`, element: element! };
}

/** @param type `arraylist`, or `list[string]` */
export function growingList(type: string, items: readonly Value[], element: ElementCast): Value[] {
  checkList(items.length);
  const list = element ? items.map(element) : [...items];
  GROWING.set(list, { type, element, capacity: list.length });
  return list;
}

/** What kind of growing list it is; `undefined` when it is none. */
export function growingKind(list: readonly Value[]): Growing | undefined {
  return GROWING.get(list);
}

/** Its .NET type. */
export function growingType(value: Value): string | undefined {
  const type = Array.isArray(value) ? GROWING.get(value as Value[])?.type : undefined;
  return type && (genericList(type)?.name ?? 'System.Collections.ArrayList');
}

export function isGrowing(value: Value, type: string): boolean {
  return Array.isArray(value) && GROWING.get(value as Value[])?.type === type;
}

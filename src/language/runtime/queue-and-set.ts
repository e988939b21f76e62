/** Methods of [System.Collections.Generic.Queue[T]] and HashSet[T]: lists that grow, of which a set holds nothing twice. */
import { printed, type Value } from '../../pipeline/value.ts';
import { elements, typeName } from './convert.ts';
import { checkList } from './limits.ts';
import { NetException } from './net-exception.ts';
import type { Result } from './runnable.ts';

type Methods = Readonly<Record<string, (args: readonly Value[]) => Result>>;
/** A value as an element. */
type Made = (value: Value | undefined) => Value;

export function queueMethods(list: Value[], made: Made): Methods {
  const first = (take: boolean): Value => {
    if (!list.length) throw new NetException('InvalidOperationException', 'Queue empty.');
    return take ? list.shift()! : list[0]!;
  };
  return {
    Enqueue: ([value]) => {
      list.push(made(value));
      checkList(list.length);
      return undefined;
    },
    Dequeue: () => first(true),
    Peek: () => first(false),
    Clear: () => void list.splice(0),
    Contains: ([value]) => {
      const key = keyOf(made(value));
      return list.some((one) => keyOf(one) === key);
    },
    ToArray: () => [...list],
  };
}

/** The keys of what is in a set, and how a key is made. */
const SETS = new WeakMap<readonly Value[], { readonly keys: Set<string>; key(value: Value): string }>();

function keyOf(value: Value): string {
  return `${typeName(value)} ${printed(value)}`;
}

/** Makes a list a set. @param given what `::new()` was given: elements, a StringComparer */
export function becomeSet(list: Value[], made: Made, given: readonly Value[]): Value[] {
  const ignoresCase = given.some((one) => typeof one === 'string' && /ignorecase$/i.test(one));
  SETS.set(list, { keys: new Set(), key: ignoresCase ? (value) => keyOf(value).toLowerCase() : keyOf });
  setMethods(list, made).UnionWith!([given.find((one) => Array.isArray(one)) ?? []]);
  return list;
}

export function setMethods(list: Value[], made: Made): Methods {
  const { keys, key } = SETS.get(list)!;
  const add = (value: Value): boolean => {
    if (keys.has(key(value))) return false;
    keys.add(key(value));
    list.push(value);
    checkList(list.length);
    return true;
  };
  return {
    Add: ([value]) => add(made(value)),
    Remove: ([value]) => {
      const gone = key(made(value));
      if (!keys.delete(gone)) return false;
      const at = list.findIndex((one) => key(one) === gone);
      list.splice(at, 1);
      return true;
    },
    Contains: ([value]) => keys.has(key(made(value))),
    Clear: () => {
      keys.clear();
      list.splice(0);
      return undefined;
    },
    UnionWith: ([values]) => {
      for (const value of elements(values)) add(made(value));
      return undefined;
    },
  };
}

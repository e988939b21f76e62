/** `.PSObject` of a value: its properties, which can be set and taken away there, its type names, a copy of it. */
import { Hashtable, PsObject, printed, type Value } from '../../pipeline/value.ts';
import { nameTest, sameText } from '../../text/wildcard.ts';
import { fullNameOfType, typeName } from './convert.ts';
import { NetException } from './net-exception.ts';

/** A property as an object of its own. What is set as its Value, its owner has. */
export class PropertyOf extends PsObject {
  constructor(
    readonly owner: PsObject | undefined,
    Name: string,
    value: Value,
  ) {
    super('PSNoteProperty', {
      Name,
      Value: value,
      MemberType: 'NoteProperty',
      TypeNameOfValue: value === null ? 'System.Object' : typeName(value),
    });
  }

  get name(): string {
    return printed(this.properties.Name);
  }
}

/** What `.PSObject` gives. */
export class MembersOf extends PsObject {
  constructor(
    readonly value: Value,
    properties: readonly PropertyOf[],
  ) {
    super('PSObject', {
      Properties: properties,
      Members: properties,
      TypeNames: [fullNameOfType(value)],
      BaseObject: value,
    });
  }

  copy(): Value {
    const { value } = this;
    return value instanceof PsObject ? new PsObject(value.type, { ...value.properties }) : value;
  }
}

/** Whose properties a list holds: `.PSObject.Properties` is an array with methods of its own. */
const OWNERS = new WeakMap<object, PsObject>();

export function psObjectOf(value: Value): PsObject {
  const owner = value instanceof PsObject ? value : undefined;
  const pairs = owner ? Object.entries(owner.properties) : value instanceof Hashtable ? [...value.entries] : [];
  const properties = pairs.map(([name, one]) => new PropertyOf(owner, name, one));
  if (owner) OWNERS.set(properties, owner);
  return new MembersOf(value, properties);
}

export function isPropertyList(list: readonly Value[]): boolean {
  return OWNERS.has(list);
}

/** Takes a property away; without one of that name nothing. @throws NetException of what is not put together in a script */
export function removeProperty(list: Value[], name: string): undefined {
  const owner = OWNERS.get(list)!;
  const own = owner.nameOf(name);
  if (own === undefined) return undefined;
  if (!owner.isCustom()) throw new NetException('ExtendedTypeSystemException', `Cannot remove property "${own}".`);
  Reflect.deleteProperty(owner.properties, own);
  list.splice(
    list.findIndex((one) => sameText((one as PropertyOf).name, own)),
    1,
  );
}

/** Gives the object a property that another object has, in the place of its own of that name. @throws NetException of what is no property */
export function addProperty(list: Value[], property: Value): undefined {
  if (!(property instanceof PropertyOf))
    throw new NetException('ExtendedTypeSystemException', 'Only a property of another object can be added.');
  const owner = OWNERS.get(list)!;
  const name = owner.nameOf(property.name);
  const value = property.properties.Value ?? null;
  Object.assign(owner.properties, { [name ?? property.name]: value });
  if (name === undefined) list.push(new PropertyOf(owner, property.name, value));
}

export function matchingProperties(list: readonly Value[], pattern: string): Value[] {
  const matches = nameTest(pattern);
  return list.filter((one) => matches((one as PropertyOf).name));
}

/**
 * CLIXML, the format of Export-Clixml: the schema of [MS-PSRP] section 2.2.5 (types) as PowerShell's serializer writes it.
 * Our value types are written as the Exchange types they stand for, with their printed form as ToString; so a file from
 * a real server reads as well, property by property. Text that XML cannot hold stands as `_xHHHH_` ([MS-PSRP] 2.2.5.3.2).
 */

import { settingNamed } from '../domain/settings.ts';
import { Binding, ByteSize, Flags, IpRange, TimeSpan, Unlimited } from '../domain/value.ts';
import { CmdletError } from '../pipeline/error.ts';
import { double, INTEGER_TYPES, INTEGERS, integer, integerTypeOf, isFigure } from '../pipeline/number.ts';
import { CONNECTOR_TYPE, Hashtable, isScriptBlock, PsObject, printed, type Value } from '../pipeline/value.ts';
import { readDate } from '../text/read-date.ts';
import { typedObject, typedProperty } from './from-json.ts';
import { escapeXml, readXml, type XmlElement, XmlError } from './xml.ts';

const NAMESPACE = 'http://schemas.microsoft.com/powershell/2004/04';

/** Lines of a CLIXML document. `depth`: levels of objects within objects; deeper ones are written as text. */
export async function* clixmlLines(objects: AsyncIterable<Value> | Iterable<Value>, depth = 2): AsyncGenerator<string> {
  yield `<Objs Version="1.1.0.1" xmlns="${NAMESPACE}">\n`;
  const writer = new Writer();
  for await (const object of objects) yield `${writer.element(object, undefined, depth, '  ')}\n`;
  yield '</Objs>';
}

/** Writes values; numbers the objects and the type names of one document. */
class Writer {
  #objects = 0;
  readonly #types = new Map<string, number>();

  element(value: Value, name: string | undefined, depth: number, indent: string): string {
    const n = name === undefined ? '' : ` N="${escapeXml(encodeText(name))}"`;
    const simple = simpleElement(value);
    if (simple) {
      const [tag, text] = simple;
      return text === '' && tag !== 'S' ? `${indent}<${tag}${n} />` : `${indent}<${tag}${n}>${text}</${tag}>`;
    }
    const inner = `${indent}  `;
    const id = this.#objects++;
    const lines = [`${indent}<Obj${n} RefId="${id}">`];
    if (Array.isArray(value)) {
      lines.push(this.#type(['System.Object[]', 'System.Array', 'System.Object'], inner), `${inner}<LST>`);
      for (const item of value as readonly Value[]) lines.push(this.element(item, undefined, depth - 1, `${inner}  `));
      lines.push(`${inner}</LST>`);
    } else if (value instanceof Hashtable) {
      lines.push(this.#type(['System.Collections.Hashtable', 'System.Object'], inner), `${inner}<DCT>`);
      for (const [key, item] of value.entries) {
        lines.push(`${inner}  <En>`, this.element(key, 'Key', depth, `${inner}    `));
        lines.push(this.element(item, 'Value', depth - 1, `${inner}    `), `${inner}  </En>`);
      }
      lines.push(`${inner}</DCT>`);
    } else if (value instanceof PsObject) {
      if (depth < 0) return `${indent}<S${n}>${escapeXml(encodeText(printed(value)))}</S>`;
      lines.push(this.#type(typeNames(value), inner));
      if (value.type === 'ReceiveConnector')
        lines.push(`${inner}<ToString>${escapeXml(encodeText(printed(value.get('Identity'))))}</ToString>`);
      const bag = value.type === 'ReceiveConnector' ? 'Props' : 'MS';
      lines.push(`${inner}<${bag}>`);
      for (const key of Object.keys(value.properties))
        lines.push(this.element(value.properties[key] ?? null, key, depth - 1, `${inner}  `));
      lines.push(`${inner}</${bag}>`);
    } else {
      lines.push(this.#type([exchangeType(value), 'System.ValueType', 'System.Object'], inner));
      lines.push(`${inner}<ToString>${escapeXml(encodeText(printed(value)))}</ToString>`);
    }
    lines.push(`${indent}</Obj>`);
    return lines.join('\n');
  }

  #type(names: readonly string[], indent: string): string {
    const key = names.join('\n');
    const known = this.#types.get(key);
    if (known !== undefined) return `${indent}<TNRef RefId="${known}" />`;
    const id = this.#types.size;
    this.#types.set(key, id);
    const list = names.map((name) => `${indent}  <T>${escapeXml(name)}</T>`);
    return [`${indent}<TN RefId="${id}">`, ...list, `${indent}</TN>`].join('\n');
  }
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The primitive types of the schema. */
function simpleElement(value: Value): readonly [tag: string, text: string] | undefined {
  if (value === null) return ['Nil', ''];
  switch (typeof value) {
    case 'string':
      return GUID.test(value) ? ['G', value] : ['S', escapeXml(encodeText(value))];
    case 'boolean':
      return ['B', String(value)];
  }
  if (isFigure(value)) {
    const whole = integerTypeOf(value);
    return whole ? [INTEGERS[whole].xml, String(value)] : ['Db', String(Number(value)).replace('Infinity', 'INF')];
  }
  if (value instanceof Date) return ['DT', Number.isNaN(value.getTime()) ? '' : value.toISOString()];
  if (isScriptBlock(value)) return ['SBK', escapeXml(encodeText(value.text))];
  return undefined;
}

function typeNames(object: PsObject): string[] {
  if (object.type === 'ReceiveConnector') return [CONNECTOR_TYPE, 'System.Object'];
  const names = ['System.Management.Automation.PSCustomObject', 'System.Object'];
  if (object.type === 'PSCustomObject') return names;
  return [object.type.replace(/^Selected\.ReceiveConnector$/, `Selected.${CONNECTOR_TYPE}`), ...names];
}

function exchangeType(value: Value): string {
  if (value instanceof ByteSize) return 'Microsoft.Exchange.Data.ByteQuantifiedSize';
  if (value instanceof TimeSpan) return 'Microsoft.Exchange.Data.EnhancedTimeSpan';
  if (value instanceof Unlimited) return 'Microsoft.Exchange.Data.Unlimited`1[[System.Int32]]';
  if (value instanceof Binding) return 'Microsoft.Exchange.Data.IPBinding';
  if (value instanceof IpRange) return 'Microsoft.Exchange.Data.IPRange';
  if (value instanceof Flags) return 'Microsoft.Exchange.Data.Directory.SystemConfiguration.AuthMechanisms';
  return 'System.Object';
}

/** Characters that XML cannot hold, lone surrogates, and a `_x` that would be read as one of these. */
function encodeText(text: string): string {
  return text
    .replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
    .replace(
      /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      (char) => `_x${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    );
}

function decodeText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9a-f]{4})_/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The objects of a CLIXML text, typed, one by one. @throws CmdletError when it is none */
export function* readClixml(text: string): Generator<Value> {
  const reader = new Reader();
  const elements = readXml(text);
  try {
    let next = elements.next();
    for (; !next.done; next = elements.next()) yield reader.value(next.value, '');
    if (next.value.name !== 'Objs') throw new XmlError(`its root is <${next.value.name}>, not <Objs>`);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw new CmdletError(`The text is not CLIXML: ${error.message}.`, { id: 'InvalidInput' });
  }
}

/** Values that references may stand for, beside those that are written: printing so many takes some seconds. */
const MOST_REFERRED = 500_000;

class Reader {
  readonly #types = new Map<string, readonly string[]>();
  readonly #objects = new Map<string, { value: Value; weight: number }>();
  /** Values made so far, those that references stand for each time: what printing them would cost. */
  #weight = 0;
  /** Those of them that references stand for. */
  #referredTo = 0;

  /** `name`: of the property it stands for; it says what type a text is. */
  value(element: XmlElement, name: string): Value {
    this.#weight += 1;
    const text = decodeText(element.text);
    switch (element.name) {
      case 'Nil':
        return null;
      case 'S':
      case 'G':
      case 'C':
      case 'URI':
      case 'Version':
      case 'XD':
      case 'SBK':
        return settingNamed(name) ? typedProperty(name, text) : text; // the file says the type of everything else
      case 'B':
        return element.text.trim().toLowerCase() === 'true';
      case 'DT':
        return readDate(element.text.trim()) ?? text;
      case 'TS':
        return isoDuration(element.text.trim()) ?? text;
      case 'Ref':
        return this.#referred(element.attributes.RefId);
      case 'Obj':
        return this.#object(element, name);
      default: {
        // Numbers: By, SB, U16, I16, U32, I32, U64, I64, Sg, Db, D.
        const n = Number(element.text.trim().replace('INF', 'Infinity'));
        if (settingNamed(name) || Number.isNaN(n)) return typedProperty(name, Number.isNaN(n) ? text : n);
        const whole = INTEGER_TYPES.find((type) => INTEGERS[type].xml === element.name);
        return whole ? integer(n, whole) : double(n);
      }
    }
  }

  #object(element: XmlElement, name: string): Value {
    const types = this.#typesOf(element);
    const before = this.#weight;
    const value = this.#built(element, types, name);
    const weight = this.#weight - before;
    if (element.attributes.RefId !== undefined) this.#objects.set(element.attributes.RefId, { value, weight });
    return value;
  }

  #referred(id = ''): Value {
    const found = this.#objects.get(id);
    if (!found) return null;
    this.#weight += found.weight;
    // References to references multiply: 30 lines can stand for a thousand million values.
    this.#referredTo += found.weight;
    if (this.#referredTo > MOST_REFERRED)
      throw new XmlError(`its references stand for more than ${MOST_REFERRED.toLocaleString('en-US')} values`);
    return found.value;
  }

  #built(element: XmlElement, types: readonly string[], name: string): Value {
    const child = (tag: string) => element.children.find((c) => c.name === tag);
    const list = child('LST') ?? child('IE') ?? child('STK') ?? child('QUE');
    if (list)
      return typedProperty(
        name,
        list.children.map((item) => this.value(item, '')),
      );
    const table = child('DCT');
    if (table) {
      const read = new Hashtable();
      for (const entry of table.children) {
        const part = (tag: string) => entry.children.find((c) => c.attributes.N === tag);
        const [key, value] = [part('Key'), part('Value')];
        if (key) read.set(printed(this.value(key, '')), value ? this.value(value, '') : null);
      }
      return read;
    }
    const bags = element.children.filter((c) => c.name === 'Props' || c.name === 'MS');
    const shown = child('ToString');
    const isValue = /ByteQuantifiedSize|EnhancedTimeSpan|Unlimited|IPBinding|IPRange|AuthMechanisms|^System\.Enum$/;
    if (shown && (name !== '' || types.some((type) => isValue.test(type)))) {
      const text = decodeText(shown.text);
      return name === '' ? typedByType(types, text) : typedByType(types, typedProperty(name, text));
    }
    const properties: Record<string, Value> = {};
    for (const bag of bags)
      for (const item of bag.children) {
        const key = decodeText(item.attributes.N ?? '');
        Object.defineProperty(properties, key, {
          value: this.value(item, key),
          enumerable: true,
          configurable: true,
          writable: true,
        });
      }
    return typedObject(properties, typeOf(types));
  }

  #typesOf(element: XmlElement): readonly string[] {
    const reference = element.children.find((c) => c.name === 'TNRef');
    if (reference) return this.#types.get(reference.attributes.RefId ?? '') ?? [];
    const names = element.children.find((c) => c.name === 'TN');
    if (!names) return [];
    const types = names.children.map((c) => c.text.replace(/^Deserialized\./, ''));
    this.#types.set(names.attributes.RefId ?? '', types);
    return types;
  }
}

function typeOf(types: readonly string[]): string | undefined {
  const [first] = types;
  if (first === undefined) return undefined;
  if (first === CONNECTOR_TYPE || first.endsWith('.ReceiveConnector')) {
    return first.startsWith('Selected.') ? 'Selected.ReceiveConnector' : 'ReceiveConnector';
  }
  return first === 'System.Management.Automation.PSCustomObject' ? 'PSCustomObject' : first;
}

/** A value by its .NET type, for elements of lists and properties that the catalogue does not know. */
function typedByType(types: readonly string[], value: Value): Value {
  if (typeof value !== 'string') return value;
  const [type = ''] = types;
  if (type.includes('IPBinding')) return firstOf(typedProperty('Bindings', [value]), value);
  if (type.includes('IPRange')) return firstOf(typedProperty('RemoteIPRanges', [value]), value);
  if (type.includes('AuthMechanisms')) return typedProperty('AuthMechanism', value);
  return typedProperty('', value);
}

function firstOf(list: Value, otherwise: Value): Value {
  return Array.isArray(list) && list.length === 1 ? (list[0] as Value) : otherwise;
}

/** `PT10M`, `P1DT2H` (xs:duration, without months and years). */
function isoDuration(text: string): TimeSpan | undefined {
  const m = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/.exec(text);
  if (!m) return undefined;
  const [days, hours, minutes, seconds] = m.slice(2).map((part) => Number(part ?? 0));
  const total = days! * 86400 + hours! * 3600 + minutes! * 60 + seconds!;
  return new TimeSpan(m[1] ? -total : total);
}

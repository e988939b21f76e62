/** The published schema is the catalogue's, and says of stores what rc says of them. */
import { describe, expect, it } from 'vitest';
import { SETTING_NAMES } from '../../src/domain/settings.ts';
import { Draft } from '../../src/store/draft.ts';
import { exported } from '../../src/transfer/export.ts';
import { storeSchema } from '../../src/transfer/schema.ts';
import { openStore, setting } from '../store/temp-home.ts';

type Schema = Record<string, unknown>;

/** As much of JSON Schema as ours uses. */
function problems(schema: Schema, value: unknown, at = ''): string[] {
  const found: string[] = [];
  const typeOf = (v: unknown) =>
    v === null ? 'null' : Array.isArray(v) ? 'array' : Number.isInteger(v) ? 'integer' : typeof v;
  if (schema.anyOf && !(schema.anyOf as Schema[]).some((s) => !problems(s, value).length))
    found.push(`${at}: fits none`);
  if (schema.const !== undefined && value !== schema.const) found.push(`${at}: is not ${schema.const}`);
  if (schema.enum && !(schema.enum as unknown[]).includes(value)) found.push(`${at}: is not in the list`);
  if (schema.type && ![schema.type].flat().includes(typeOf(value))) return [...found, `${at}: is ${typeOf(value)}`];
  if (typeof value === 'number') {
    if (value < ((schema.minimum as number) ?? -Infinity)) found.push(`${at}: too small`);
    if (value > ((schema.maximum as number) ?? Infinity)) found.push(`${at}: too large`);
  }
  if (typeof value === 'string') {
    if (schema.pattern && !new RegExp(schema.pattern as string, 'u').test(value)) found.push(`${at}: pattern`);
    if (value.length > ((schema.maxLength as number) ?? Infinity)) found.push(`${at}: too long`);
    if (value.length < ((schema.minLength as number) ?? 0)) found.push(`${at}: too short`);
  }
  if (Array.isArray(value)) {
    if (value.length < ((schema.minItems as number) ?? 0)) found.push(`${at}: too few`);
    for (const [i, item] of value.entries())
      found.push(...problems((schema.items as Schema) ?? {}, item, `${at}[${i}]`));
  } else if (typeOf(value) === 'object') {
    const properties = (schema.properties ?? {}) as Record<string, Schema>;
    for (const key of (schema.required as string[]) ?? [])
      if (!(key in (value as object))) found.push(`${at}: ${key} is missing`);
    for (const [key, item] of Object.entries(value as object)) {
      if (properties[key]) found.push(...problems(properties[key], item, `${at}.${key}`));
      else if (schema.additionalProperties === false) found.push(`${at}: ${key} is not known`);
    }
  }
  return found;
}

describe('the schema', () => {
  it('takes the store, and an export with every setting', () => {
    const store = openStore();
    setting(store, { Grants: [{ User: 'x', ExtendedRights: ['y'], Deny: false }], MaxInboundConnection: 'Unlimited' });
    expect(problems(storeSchema(), store.read())).toEqual([]);
    const everything = exported(new Draft(store.read()), { allSettings: true });
    expect(Object.keys((everything.connectors as object[])[0]!)).toEqual(expect.arrayContaining([...SETTING_NAMES]));
    expect(problems(storeSchema(), everything)).toEqual([]);
  });

  it('refuses what the catalogue refuses', () => {
    const store = openStore();
    const bad: Record<string, unknown>[] = [
      { MaxHopCount: 0 },
      { MaxHopCount: '5' },
      { MaxInboundConnectionPerSource: 'unlimitd' },
      { MaxMessageSize: true },
      { ConnectionTimeout: 'ten minutes' },
      { SizeEnabled: 'Maybe' },
      { Bindings: [] },
      { Enabled: 'perhaps' },
      { MaxHopCont: 5 },
    ];
    for (const settings of bad) {
      const document = store.read();
      const connectors = [{ ...document.connectors[0]!, ...settings }];
      expect(problems(storeSchema(), { ...document, connectors }), JSON.stringify(settings)).not.toEqual([]);
    }
  });

  it('describes every setting and gives its default', () => {
    const connector = (storeSchema().properties as Record<string, Schema>).connectors!.items as Schema;
    const properties = connector.properties as Record<string, Schema>;
    for (const name of SETTING_NAMES) {
      expect(properties[name]!.description, name).toMatch(/Allowed: /);
      if (properties[name]!.default === undefined) expect(['Fqdn'], name).toContain(name);
      else if (name !== 'Bindings') expect(problems(properties[name]!, properties[name]!.default), name).toEqual([]);
    }
  });
});

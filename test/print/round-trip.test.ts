/** What is written reads back: arbitrary connectors through NDJSON, JSON, CSV, CLIXML and YAML are the same, typed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Kind } from '../../src/domain/kind.ts';
import { SETTING_NAMES, SETTINGS, type SettingName } from '../../src/domain/settings.ts';
import { comparisonKey } from '../../src/pipeline/sort-order.ts';
import { PsObject, printed as printedText, type Value } from '../../src/pipeline/value.ts';
import { clixmlLines, readClixml } from '../../src/print/clixml.ts';
import { csvObjects, parseCsv } from '../../src/print/csv.ts';
import { fromJson } from '../../src/print/from-json.ts';
import { jsonText } from '../../src/print/json.ts';
import { parseYaml, yamlText } from '../../src/print/yaml.ts';
import { run } from '../cmdlets/objects-scene.ts';
import { tempFolder } from '../support/temp-home.ts';
import { connector, printed } from './scene.ts';

const MANY = { numRuns: 60 };

const ipv4 = fc.tuple(fc.nat(223), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.'));
const ipv6 = fc
  .array(fc.nat(0xffff), { minLength: 8, maxLength: 8 })
  .map((parts) => parts.map((p) => p.toString(16)).join(':'));
const line = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .filter((text) => !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text));

/** Something a setting of this kind takes; `undefined` leaves its default. */
function settingOf(kind: Kind, name: SettingName): fc.Arbitrary<unknown> {
  const bounds = (kind.schema.anyOf as { minimum?: number; maximum?: number }[] | undefined)?.[0] ?? kind.schema;
  const numbers = fc.integer({ min: Number(bounds.minimum ?? 1), max: Number(bounds.maximum ?? 100) });
  switch (kind.name) {
    case 'bool':
      return fc.boolean();
    case 'int':
      return numbers;
    case 'count':
      return fc.oneof(numbers, fc.constant('Unlimited'));
    case 'size':
      return fc.integer({ min: 65536, max: 2147483647 });
    case 'span':
      return fc
        .integer({ min: 1, max: 600 })
        .map((s) => `00:${String(Math.floor(s / 60)).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`);
    case 'enum':
      return fc.constantFrom(...kind.members!);
    case 'flags':
      return fc.subarray(kind.members!.filter((member) => member !== 'None')).map((names) => names.join(',') || 'None');
    case 'fqdn':
      return fc.constantFrom('mail.contoso.com', 'ex01.fabrikam.com');
    case 'string':
      return name === 'Comment' ? line : fc.constant(undefined);
    case 'list':
      if (name === 'Bindings')
        return fc.array(
          fc
            .tuple(
              fc.oneof(
                ipv4,
                ipv6.map((a) => `[${a}]`),
              ),
              fc.integer({ min: 1, max: 65535 }),
            )
            .map((p) => p.join(':')),
          {
            minLength: 1,
            maxLength: 6,
          },
        );
      if (name === 'RemoteIPRanges')
        return fc.array(
          fc.oneof(
            ipv4,
            ipv6,
            ipv4.map((a) => `${a}/24`),
            ipv4.map((a) => `0.0.0.0-${a}`),
          ),
          { minLength: 1, maxLength: 8 },
        );
      if (name === 'FaultRules') return fc.constantFrom(undefined, ['rcpt 451 4.3.0 first 3', 'mail delay 2s']);
      return fc.constantFrom(undefined, ['contoso.com:AcceptOorgProtocol', 'fabrikam.com:AcceptCloudServicesMail']);
    default:
      return fc.constant(undefined);
  }
}

const connectors: fc.Arbitrary<PsObject> = fc
  .record(Object.fromEntries(SETTING_NAMES.map((name) => [name, settingOf(SETTINGS[name].kind, name)])))
  .map((settings) =>
    connector({
      Name: 'Relay',
      ...Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
    }),
  );

/** Same properties, same types, same values. */
function same(back: Value | undefined, original: PsObject, except: readonly string[] = []): void {
  expect(back).toBeInstanceOf(PsObject);
  const object = back as PsObject;
  expect(object.type).toBe(original.type);
  expect(Object.keys(object.properties)).toEqual(Object.keys(original.properties));
  for (const [name, value] of Object.entries(original.properties)) {
    if (except.includes(name)) continue;
    const found = object.properties[name]!;
    expect([name, kindOf(found), comparisonKey(found, true), text(found)]).toEqual([
      name,
      kindOf(value),
      comparisonKey(value, true),
      text(value),
    ]);
  }
}

const kindOf = (value: Value) =>
  Array.isArray(value) ? value.map((item) => item?.constructor.name) : value?.constructor.name;
const text = (value: Value) => (value instanceof Date ? value.toISOString() : printedText(value));

describe('connectors come back as they were', () => {
  test('NDJSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(connectors, { minLength: 1, maxLength: 3 }), async (objects) => {
        const lines = (await printed(objects, { format: 'ndjson' })).trimEnd().split('\n');
        expect(lines).toHaveLength(objects.length);
        lines.forEach((one, k) => {
          same(fromJson(JSON.parse(one)), objects[k]!);
        });
      }),
      MANY,
    );
  });

  test('JSON', async () => {
    await fc.assert(
      fc.asyncProperty(connectors, async (object) => {
        same(fromJson(JSON.parse(jsonText(object, { indent: 2 }))), object);
        const [back] = fromJson(JSON.parse(await printed([object], { format: 'json' }))) as Value[];
        same(back, object);
      }),
      MANY,
    );
  });

  test('CSV (lists of what is no setting stay text)', async () => {
    await fc.assert(
      fc.asyncProperty(connectors, async (object) => {
        const [back] = csvObjects(await printed([object], { format: 'csv' }));
        same(back, object, ['ObjectClass', 'IsValid']);
      }),
      MANY,
    );
  });

  test('CLIXML', async () => {
    await fc.assert(
      fc.asyncProperty(connectors, async (object) => {
        let xml = '';
        for await (const part of clixmlLines([object])) xml += part;
        same([...readClixml(xml)][0], object);
      }),
      MANY,
    );
  });

  test('YAML', async () => {
    await fc.assert(
      fc.asyncProperty(connectors, async (object) => {
        same(fromJson(await parseYaml(await yamlText(object))), object);
      }),
      MANY,
    );
  });
});

describe('texts come back as they were, whatever is in them', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 40 });
  const plainObject = fc
    .array(anything, { minLength: 1, maxLength: 4 })
    .map((values) => new PsObject('PSCustomObject', Object.fromEntries(values.map((value, k) => [`P${k}`, value]))));

  test('CLIXML', async () => {
    await fc.assert(
      fc.asyncProperty(plainObject, async (object) => {
        let xml = '';
        for await (const part of clixmlLines([object])) xml += part;
        expect(([...readClixml(xml)][0] as PsObject).properties).toEqual(object.properties);
      }),
    );
  });

  test('JSON', async () => {
    await fc.assert(
      fc.asyncProperty(plainObject, async (object) => {
        expect(JSON.parse(jsonText(object))).toEqual(object.properties);
        expect(jsonText(object)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      }),
    );
  });

  test('CSV, except blanks around what is not quoted', async () => {
    await fc.assert(
      fc.asyncProperty(plainObject, async (object) => {
        const [, record] = [...parseCsv(await printed([object], { format: 'csv' }))];
        expect(record).toEqual(Object.values(object.properties));
      }),
    );
  });

  test('YAML', async () => {
    const noNul = plainObject.filter(
      (object) => !/[\u0000\ud800-\udfff]/.test(Object.values(object.properties).join('')),
    );
    await fc.assert(
      fc.asyncProperty(noNul, async (object) => {
        expect(await parseYaml(await yamlText(object))).toEqual(object.properties);
      }),
    );
  });

  test('a terminal gets no character that acts on it, in any view', async () => {
    await fc.assert(
      fc.asyncProperty(
        plainObject,
        fc.constantFrom('table' as const, 'list' as const, 'grid' as const),
        async (object, format) => {
          const shown = await printed([object], { format, width: 60 });
          expect(shown.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        },
      ),
    );
  });
});

describe('exports restore connectors', () => {
  const RESTORE = `| % { New-ReceiveConnector -Name $_.Name -Bindings $_.Bindings -RemoteIPRanges $_.RemoteIPRanges -MaxMessageSize $_.MaxMessageSize -ConnectionTimeout $_.ConnectionTimeout -PermissionGroups $_.PermissionGroups -AuthMechanism $_.AuthMechanism -Enabled $_.Enabled -MaxInboundConnectionPerSource $_.MaxInboundConnectionPerSource -Comment $_.Comment } | Out-Null`;
  const MAKE = `New-ReceiveConnector Relay -Bindings 127.0.0.1:2600,[::1]:2600 -RemoteIPRanges 10.0.0.1,10.1.0.0/16 -MaxMessageSize 100MB -PermissionGroups AnonymousUsers,ExchangeServers -AuthMechanism Tls -MaxInboundConnectionPerSource Unlimited -Comment 'a "b", c' | Out-Null`;
  test.each([
    ['Export-Csv x', 'Import-Csv x'],
    ['Export-Clixml x', 'Import-Clixml x'],
    ['ConvertTo-Json | Out-File x', '$json | ConvertFrom-Json'],
  ])('%s', async (write, read) => {
    const folder = tempFolder('restore');
    const names =
      'Name,Bindings,RemoteIPRanges,MaxMessageSize,ConnectionTimeout,PermissionGroups,AuthMechanism,Enabled,MaxInboundConnectionPerSource,Comment';
    const show = `Get-ReceiveConnector Relay | select ${names}`;
    const keep = read.startsWith('$json') ? '$json = Get-ReceiveConnector Relay | ConvertTo-Json; ' : '';
    const { values, said } = await run(
      `${MAKE}; ${show}; ${keep}Get-ReceiveConnector Relay | ${write}; Remove-ReceiveConnector Relay -Confirm:$false; ${read} ${RESTORE}; ${show}`,
      [],
      folder,
    );
    expect(said.filter((one) => !one.startsWith('WARNING'))).toEqual([]);
    expect(values).toHaveLength(2);
    expect(comparisonKey(values[1]!, true)).toBe(comparisonKey(values[0]!, true));
  });
});

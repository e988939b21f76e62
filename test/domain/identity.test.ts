/** What -Identity finds. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connectorName } from '../../src/domain/connector.ts';
import { distinguishedName, identityMatcher } from '../../src/domain/identity.ts';
import { connector } from './connectors.ts';

const NAMES = [
  'Default EX',
  'Client EX',
  "Anna's relay",
  'Relay (lab), "old"',
  'Straße',
  'back`tick',
  'A+B;C<D>=E',
  '#1',
  'Größe 10',
  '中文连接器',
  'a.b-c_d',
  'naïve 😀',
  'Default EX 2',
];
const ALL = NAMES.map((Name) => connector({ Name }));
const find = (identity: string, server = 'EX') => {
  const matcher = identityMatcher(identity);
  return ALL.filter((c) => matcher.matches(c, server)).map((c) => c.Name);
};

describe('a plain identity', () => {
  test.each<[identity: string, found: string[]]>([
    ['Default EX', ['Default EX']],
    ['default ex', ['Default EX']],
    ['DEFAULT', []],
    ['EX\\Default EX', ['Default EX']],
    ['ex\\client ex', ['Client EX']],
    ['OTHER\\Default EX', []],
    ['\\Default EX', []],
    ['EX\\', []],
    ['EX', []],
    ["anna's RELAY", ["Anna's relay"]],
    ['Relay (lab), "old"', ['Relay (lab), "old"']],
    ['STRAẞE', ['Straße']],
    ['Strasse', []],
    ['back`tick', ['back`tick']],
    ['back``tick', ['back`tick']],
    ['中文连接器', ['中文连接器']],
    ['NAÏVE 😀', ['naïve 😀']],
    ['nai\u0308ve 😀', []],
    ['', []],
    [ALL[1]!.Guid, ['Client EX']],
    [ALL[1]!.Guid.toUpperCase(), ['Client EX']],
    [`{${ALL[1]!.Guid}}`, ['Client EX']],
    [`(${ALL[1]!.Guid.toUpperCase()})`, ['Client EX']],
    [ALL[1]!.Guid.replaceAll('-', ''), ['Client EX']],
    ['00000000-0000-4000-8000-999999999999', []],
    ['CN=Default EX,CN=SMTP Receive Connectors,CN=Protocols,CN=EX,CN=Servers', ['Default EX']],
    ['cn=default ex,cn=smtp receive connectors,cn=protocols,cn=ex,cn=servers', ['Default EX']],
    [
      'CN=Default EX,CN=SMTP Receive Connectors,CN=Protocols,CN=EX,CN=Servers,CN=Exchange Administrative Group (FYDIBOHF23SPDLT),CN=Administrative Groups,DC=contoso,DC=com',
      ['Default EX'],
    ],
    ['CN=Default EX,CN=SMTP Receive Connectors,CN=Protocols,CN=OTHER,CN=Servers', []],
    ['CN=Default EX,CN=SMTP Receive Connectors,CN=Protocols,CN=EX,CN=ServersX', []],
    ['CN=Default EX', []],
  ])('%s', (identity, found) => {
    expect(find(identity)).toEqual(found);
    expect(identityMatcher(identity).isPattern).toBe(false);
  });

  test('every connector is found by its Name, Identity, Guid and DistinguishedName, and alone', () => {
    for (const c of ALL)
      for (const identity of [c.Name, c.Identity, c.Guid, c.DistinguishedName])
        expect(find(identity), identity).toEqual([c.Name]);
  });
});

describe('a wildcard', () => {
  test.each<[identity: string, found: string[]]>([
    ['*', NAMES],
    ['default*', ['Default EX', 'Default EX 2']],
    ['* EX', ['Default EX', 'Client EX']],
    ['EX\\*t EX', ['Default EX', 'Client EX']],
    ['EX\\default*', ['Default EX', 'Default EX 2']],
    ['OTHER\\*', []],
    ['*\\client*', ['Client EX']],
    ['[CD]* EX', ['Default EX', 'Client EX']],
    ["*'s*", ["Anna's relay"]],
    ['*(lab)*', ['Relay (lab), "old"']],
    ['*`**', []],
    ['naïve ?', ['naïve 😀']],
    ['STRA?E', ['Straße']],
    ['?1', ['#1']],
    ['nothing*', []],
  ])('%s', (identity, found) => {
    expect(find(identity)).toEqual(found);
    expect(identityMatcher(identity).isPattern).toBe(true);
  });

  test('that is not valid is refused with its text', () => {
    expect(() => identityMatcher('Default[')).toThrow(/not valid: Default\[ \(a "\[" has no "\]"/);
  });
});

describe('distinguished names', () => {
  test.each([
    ['Default EX', 'CN=Default EX,CN=SMTP Receive Connectors,CN=Protocols,CN=EX,CN=Servers'],
    ['A, B+C', 'CN=A\\, B\\+C,CN=SMTP Receive Connectors,CN=Protocols,CN=EX,CN=Servers'],
    ['#1', 'CN=\\#1,CN=SMTP Receive Connectors,CN=Protocols,CN=EX,CN=Servers'],
  ])('%s', (name, dn) => {
    expect(distinguishedName(name, 'EX')).toBe(dn);
  });
});

describe('a name', () => {
  test.each(['R', 'x'.repeat(64), '😀'.repeat(64), "Anna's relay", 'A, B', '中文', '-x', 'a/b', '100%'])(
    'may be %j',
    (name) => {
      expect(connectorName.parse(name)).toBe(name);
    },
  );
  const allowed = 'allowed: 1 to 64 characters on one line, none of them * ? [ ] or \\.';
  test.each([
    ['', `"" is empty; ${allowed}`],
    ['   ', `"   " is empty; ${allowed}`],
    [' a', `" a" begins or ends with a space; ${allowed}`],
    ['a ', `"a " begins or ends with a space; ${allowed}`],
    ['x'.repeat(65), `"${'x'.repeat(65)}" is longer than 64 characters; ${allowed}`],
    ['a\tb', `"a\\u{9}b" has a control character; ${allowed}`],
    ['a\x1b[31m', `"a\\u{1b}[31m" has a control character; ${allowed}`],
    ['a\u202eb', `"a\\u{202e}b" has a character that reorders or hides text; ${allowed}`],
    ['Relay*', `"Relay*" has a wildcard or backslash, which a name cannot have; ${allowed}`],
    ['Relay?', `"Relay?" has a wildcard or backslash, which a name cannot have; ${allowed}`],
    ['Relay [lab]', `"Relay [lab]" has a wildcard or backslash, which a name cannot have; ${allowed}`],
    ['EX\\Relay', `"EX\\Relay" has a wildcard or backslash, which a name cannot have; ${allowed}`],
  ])('cannot be %j', (name, message) => {
    expect(() => connectorName.parse(name)).toThrow(message);
  });

  test('whatever it is, finds its connector as Name and as Identity, in lower and upper case', () => {
    const anyName = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((name) => {
      try {
        connectorName.parse(name);
        return !name.includes('`');
      } catch {
        return false;
      }
    });
    fc.assert(
      fc.property(anyName, (Name) => {
        const c = { Name, Guid: 'x' };
        for (const text of [Name, `EX\\${Name}`, Name.toLowerCase()]) {
          if (text === Name.toLowerCase() && text.length !== Name.length) continue; // İ has no lower case of one character
          if (Name.includes('İ')) continue;
          expect(identityMatcher(text).matches(c, 'EX'), text).toBe(true);
        }
      }),
    );
  });
});

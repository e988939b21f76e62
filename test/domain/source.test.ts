/** What one source is to the limits of a connector. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAddress } from '../../src/domain/address.ts';
import { parseRange } from '../../src/domain/range.ts';
import { SETTINGS } from '../../src/domain/settings.ts';
import { isExemptSource, sourceOf } from '../../src/domain/source.ts';

test.each([
  ['10.1.2.3', '32,64', '10.1.2.3'],
  ['10.1.2.3', '24,64', '10.1.2.0/24'],
  ['10.1.2.3', '8,64', '10.0.0.0/8'],
  ['2001:db8:1:2:3:4:5:6', '32,64', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:3:4:5:6', '32,48', '2001:db8:1::/48'],
  ['2001:db8:1:2:3:4:5:6', '32,128', '2001:db8:1:2:3:4:5:6'],
  ['::1', '32,64', '::/64'],
  ['fe80::1', '32,64', 'fe80::1'],
  ['fec0::1', '32,64', 'fec0::1'],
  ['fd00::1', '32,64', 'fd00::/64'],
])('%s with %s: %s', (address, prefix, source) => {
  expect(sourceOf(address, prefix)).toBe(source);
});

test('an address is in its source, and all of that are the same source', () => {
  fc.assert(
    fc.property(fc.ipV6(), fc.integer({ min: 16, max: 128 }), (text, bits) => {
      const parsed = parseAddress(text);
      if (!parsed || parsed.family === 4 || isExemptSource(parsed.text)) return;
      const source = sourceOf(parsed.text, `32,${bits}`);
      const range = parseRange(source);
      expect(range.contains(6, parsed.value)).toBe(true);
      if (bits < 128) expect(source.endsWith(`/${bits}`)).toBe(true);
    }),
  );
});

const { kind } = SETTINGS.MaxInboundConnectionSourcePrefix;
test.each(['32,64', '24,48', '8,16', '32,128', ' 32, 64 '])('%j can be set', (text) => {
  expect(kind.parse(text)).toBe(text.replaceAll(' ', ''));
});
test('so can two numbers of the language', () => expect(kind.parse([32, 56])).toBe('32,56'));
test.each(['', '32', '33,64', '7,64', '32,15', '32,129', '32/64', '32,64,1', 'a,b', '-1,64', '1e1,64'])(
  '%j cannot',
  (text) => {
    expect(() => kind.parse(text)).toThrow(/32,64/);
  },
);

test.each([
  ['fe80::1%11', 'fe80::1'],
  ['fe80::1%eth0-fe80::9%eth0', 'fe80::1-fe80::9'],
  ['fe80::%11/10', 'fe80::/10'],
  ['::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['0:0::0 - ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
])('RemoteIPRanges take %s', (text, range) => {
  expect(parseRange(text).toString()).toBe(range);
});

/** Every value kind: what it takes and how it prints, what it refuses and in which words. */
import { describe, expect, test } from 'vitest';
import { binding, range } from '../../src/domain/address-kind.ts';
import { bool, count, flags, fqdn, int, type Kind, listOf, oneOf, size, span, text } from '../../src/domain/kind.ts';
import { ByteSize, Flags, type SettingValue, TimeSpan, UNLIMITED } from '../../src/domain/value.ts';
import { ValueError } from '../../src/domain/value-error.ts';

/** Input, and how the value prints. */
type Taken = [input: unknown, printed: string];
/** Input, and what the error says before `; allowed: …`. */
type Refused = [input: unknown, message: string];

function holds<T extends SettingValue>(
  name: string,
  kind: Kind<T>,
  allowed: string,
  taken: Taken[],
  refused: Refused[],
): void {
  describe(name, () => {
    test.each(taken)('takes %j as %s', (input, printed) => {
      const value = kind.parse(input);
      expect(String(value)).toBe(printed);
      expect(String(kind.parse(value)), 'a parsed value is taken as it is').toBe(printed);
      expect(String(kind.parse(printed)), 'what get prints, set takes').toBe(printed);
      expect(String(kind.parse(JSON.parse(JSON.stringify(kind.store(value))))), 'what is stored reads back').toBe(
        printed,
      );
    });
    test.each(refused)('refuses %j: %s', (input, message) => {
      let said: unknown;
      try {
        kind.parse(input);
      } catch (error) {
        said = error;
      }
      expect(said).toBeInstanceOf(ValueError);
      expect((said as Error).message).toBe(
        message.includes('; allowed: ') ? message : `${message}; allowed: ${allowed}.`,
      );
    });
    test('takes its own example', () => {
      expect(() => kind.parse(kind.example)).not.toThrow();
    });
  });
}

holds(
  'bool',
  bool,
  'true or false (also $true, $false, yes, no, 1, 0)',
  [
    [true, 'true'],
    [false, 'false'],
    ['true', 'true'],
    ['TRUE', 'true'],
    ['$true', 'true'],
    ['$True', 'true'],
    ['yes', 'true'],
    ['on', 'true'],
    ['1', 'true'],
    [1, 'true'],
    [' true ', 'true'],
    ['false', 'false'],
    ['$false', 'false'],
    ['No', 'false'],
    ['off', 'false'],
    ['0', 'false'],
    [0, 'false'],
    [-0, 'false'],
  ],
  [
    ['', '"" is not a yes or no'],
    [null, '"" is not a yes or no'],
    ['maybe', '"maybe" is not a yes or no'],
    [2, '"2" is not a yes or no'],
    ['1.0', '"1.0" is not a yes or no'],
    ['constructor', '"constructor" is not a yes or no'],
    ['__proto__', '"__proto__" is not a yes or no'],
    ['t', '"t" is not a yes or no'],
    [[true, false], '"[true,false]" is not a yes or no'],
    [{}, '"{}" is not a yes or no'],
  ],
);

const NUMBERS: Refused[] = [
  ['', '"" is not a number'],
  [null, '"" is not a number'],
  ['abc', '"abc" is not a number'],
  ['1.5', '"1.5" is not a whole number'],
  ['.5', '".5" is not a whole number'],
  [1.5, '"1.5" is not a whole number'],
  ['1.0', '"1.0" is not a whole number'],
  ['1e3', '"1e3" is not a number'],
  ['0x10', '"0x10" is not a number'],
  ['1,000', '"1,000" is not a number'],
  ['1 000', '"1 000" is not a number'],
  ['٣', '"٣" is not a number'],
  ['１', '"１" is not a number'],
  [Number.NaN, '"NaN" is not a number'],
  ['NaN', '"NaN" is not a number'],
  ['Infinity', '"Infinity" is not a number'],
  [Number.POSITIVE_INFINITY, '"Infinity" is out of range'],
  ['0', '"0" is out of range'],
  [-0, '"0" is out of range'],
  ['-1', '"-1" is out of range'],
  ['10001', '"10001" is out of range'],
  ['99999999999999999999999', '"99999999999999999999999" is out of range'],
  [1e21, '"1e+21" is out of range'],
  [true, '"true" is not a number'],
  [['5', '6'], '"["5","6"]" is not a number'],
  [{ n: 5 }, '"{"n":5}" is not a number'],
  ['--5', '"--5" is not a number'],
  ['5\nx', '"5\\u{a}x" is not a number'],
];

const WHOLE: Taken[] = [
  ['1', '1'],
  [1, '1'],
  [1.0, '1'],
  ['007', '7'],
  ['+5', '5'],
  [' 12\n', '12'], // white space around a number is nothing
  ['10000', '10000'],
  [1e3, '1000'],
];

holds('int 1 to 10000', int(1, 10000), 'a whole number from 1 to 10000', WHOLE, [
  ...NUMBERS,
  ['Unlimited', '"Unlimited" is not possible here, this setting always has a limit'],
  ['unlimited', '"unlimited" is not possible here, this setting always has a limit'],
  [UNLIMITED, '"Unlimited" is not possible here, this setting always has a limit'],
]);

holds(
  'count 1 to 10000',
  count(1, 10000),
  'a whole number from 1 to 10000, or Unlimited',
  [
    ...WHOLE,
    ['Unlimited', 'Unlimited'],
    ['unlimited', 'Unlimited'],
    [' UNLIMITED ', 'Unlimited'],
    [UNLIMITED, 'Unlimited'],
  ],
  [...NUMBERS, ['unlimit', '"unlimit" is not a number'], ['∞', '"∞" is not a number']],
);

test('zero is zero, not -0', () => {
  expect(Object.is(int(0, 5).parse('-0'), 0)).toBe(true);
  expect(Object.is(int(0, 5).parse(-0), 0)).toBe(true);
});

holds(
  'size 64 KB to 2147483647 bytes',
  size(65536, 2147483647),
  'a size from 64KB to 2147483647 bytes, such as 36MB, 36M, 512KiB or a number of bytes',
  [
    ['36MB', '36 MB (37,748,736 bytes)'],
    ['36 MB', '36 MB (37,748,736 bytes)'],
    ['36mb', '36 MB (37,748,736 bytes)'],
    ['36864KB', '36 MB (37,748,736 bytes)'],
    ['37748736', '36 MB (37,748,736 bytes)'],
    [37748736, '36 MB (37,748,736 bytes)'],
    ['37748736B', '36 MB (37,748,736 bytes)'],
    ['36 MB (37,748,736 bytes)', '36 MB (37,748,736 bytes)'],
    ['36 MB (37748736 bytes)', '36 MB (37,748,736 bytes)'],
    ['1.5GB', '1.5 GB (1,610,612,736 bytes)'],
    ['1.465 GB (1,572,864,000 bytes)', '1.465 GB (1,572,864,000 bytes)'],
    ['64KB', '64 KB (65,536 bytes)'],
    ['0.001953125 GB', '2 MB (2,097,152 bytes)'],
    ['2147483647', '2 GB (2,147,483,647 bytes)'],
    ['0064KB', '64 KB (65,536 bytes)'],
    [new ByteSize(100000), '97.66 KB (100,000 bytes)'],
  ],
  [
    ['', '"" is not a size'],
    ['big', '"big" is not a size'],
    ['36MM', '"36MM" is not a size'],
    ['36iB', '"36iB" is not a size'],
    ['M', '"M" is not a size'],
    ['36 XB', '"36 XB" is not a size'],
    ['-36MB', '"-36MB" is not a size'],
    ['1e6', '"1e6" is not a size'],
    ['0x100000', '"0x100000" is not a size'],
    ['36,000,000', '"36,000,000" is not a size'],
    ['1.5.5MB', '"1.5.5MB" is not a size'],
    ['٣MB', '"٣MB" is not a size'],
    ['36MB (5 bytes)', '"36MB (5 bytes)" says two different sizes'],
    ['36 MB (47,748,736 bytes)', '"36 MB (47,748,736 bytes)" says two different sizes'],
    ['1..5 MB (1,572,864 bytes)', '"1..5 MB (1,572,864 bytes)" is not a size'],
    ['36 MB (37,,748,736 bytes)', '"36 MB (37,,748,736 bytes)" is not a size'],
    ['100000.5', '"100000.5" is not a whole number of bytes but 100000.5'],
    ['65.0001KB', '"65.0001KB" is not a whole number of bytes but 66560.1024'],
    ['1KB', '"1KB" is out of range'],
    ['2GB', '"2GB" is out of range'],
    ['99999999TB', '"99999999TB" is out of range'],
    [0, '"0" is out of range'],
    [true, '"true" is not a size'],
    ['Unlimited', '"Unlimited" is not possible here, this setting always has a limit'],
  ],
);

holds(
  'span 1 second to a day',
  span(1, 86400),
  'a time span from 00:00:01 to 1.00:00:00, as hh:mm:ss, d.hh:mm:ss or with units: 90s, 10m, 1h30m, 2d',
  [
    ['00:10:00', '00:10:00'],
    ['0:10:0', '00:10:00'],
    ['00:10', '00:10:00'],
    ['23:59:59', '23:59:59'],
    ['1.00:00:00', '1.00:00:00'],
    ['0.00:00:01', '00:00:01'],
    ['00:00:05.0000000', '00:00:05'],
    [new TimeSpan(90), '00:01:30'],
  ],
  [
    ['', '"" is not a time span'],
    ['soon', '"soon" is not a time span'],
    ['10', '"10" has no unit (a plain number would mean days to some and seconds to others)'],
    [10, '"10" has no unit (a plain number would mean days to some and seconds to others)'],
    ['10x', '"10x" is not a time span'],
    ['m', '"m" is not a time span'],
    ['10m!', '"10m!" is not a time span'],
    ['1.5s', '"1.5s" has parts of a second'],
    ['500ms', '"500ms" has parts of a second'],
    ['-00:00:05', '"-00:00:05" is not a time span'],
    ['00:00:00.5', '"00:00:00.5" has parts of a second'],
    [
      '24:00:00',
      '"24:00:00" has a part out of its range (hours to 23, then days: 1.00:00:00; minutes and seconds to 59)',
    ],
    [
      '00:60:00',
      '"00:60:00" has a part out of its range (hours to 23, then days: 1.00:00:00; minutes and seconds to 59)',
    ],
    [
      '00:00:60',
      '"00:00:60" has a part out of its range (hours to 23, then days: 1.00:00:00; minutes and seconds to 59)',
    ],
    ['00:00:00', '"00:00:00" is out of range'],
    ['1.00:00:01', '"1.00:00:01" is out of range'],
    ['99999999999.00:00:00', '"99999999999.00:00:00" is out of range'],
    ['1:2:3:4', '"1:2:3:4" is not a time span'],
    ['٠٠:١٠:٠٠', '"٠٠:١٠:٠٠" is not a time span'],
    ['Unlimited', '"Unlimited" is not possible here, this setting always has a limit'],
  ],
);

holds(
  'enum',
  oneOf('None', 'Verbose'),
  'None, Verbose',
  [
    ['None', 'None'],
    ['verbose', 'Verbose'],
    [' VERBOSE ', 'Verbose'],
    ['verb', 'Verbose'], // a beginning that only one name has, as PowerShell takes it
  ],
  [
    ['', '"" is not one of the names'],
    ['Verbosely', '"Verbosely" is not one of the names'],
    [1, '"1" is not one of the names'],
    ['None,Verbose', '"None,Verbose" is not one of the names'],
    ['toString', '"toString" is not one of the names'],
  ],
);

holds(
  'flags',
  flags('Tls', 'BasicAuth', 'Integrated'),
  'None, or one or more of Tls, BasicAuth, Integrated, separated by commas',
  [
    ['Tls', 'Tls'],
    ['basicauth,TLS', 'Tls, BasicAuth'],
    ['Tls, BasicAuth', 'Tls, BasicAuth'],
    ['Tls,Tls', 'Tls'],
    [['Integrated', 'Tls'], 'Tls, Integrated'],
    [['Integrated,Tls'], 'Tls, Integrated'],
    ['{Tls, Integrated}', 'Tls, Integrated'],
    ['None', 'None'],
    ['none', 'None'],
    [[], 'None'],
    [new Flags(['Tls']), 'Tls'],
  ],
  [
    ['', '"" names nothing'],
    [null, '"" names nothing'],
    ['Tsl', '"Tsl" is not one of the names'],
    ['Tls,Foo', '"Foo" is not one of the names'],
    ['None,Tls', '"None,Tls" mixes None with other names; allowed: None alone, or the names without None.'],
    ['Tls BasicAuth', '"Tls BasicAuth" is not one of the names'],
    [3, '"3" is not one of the names'],
  ],
);

holds(
  'binding',
  binding,
  'IPv4:port or [IPv6]:port with a port from 1 to 65535, such as 0.0.0.0:25 or [::]:25',
  [
    ['0.0.0.0:25', '0.0.0.0:25'],
    ['127.0.0.1:65535', '127.0.0.1:65535'],
    [' 127.0.0.1:1 ', '127.0.0.1:1'],
    ['127.0.0.1:0025', '127.0.0.1:25'],
    ['[::]:25', '[::]:25'],
    ['[0:0:0:0:0:0:0:1]:25', '[::1]:25'],
    ['[2001:DB8::0001]:25', '[2001:db8::1]:25'],
    ['[::ffff:10.1.2.3]:25', '10.1.2.3:25'],
  ],
  [
    ['', '"" is not an address and port'],
    ['25', '"25" is not an address and port'],
    ['127.0.0.1', '"127.0.0.1" has no port'],
    ['::1', '"::1" has no port, or its IPv6 address no brackets'],
    ['::1:25', '"::1:25" has no port, or its IPv6 address no brackets'],
    [':25', '":25" has no valid IP address'],
    ['*:25', '"*:25" has no valid IP address'],
    ['localhost:25', '"localhost:25" has no valid IP address'],
    ['256.0.0.1:25', '"256.0.0.1:25" has no valid IP address'],
    ['010.0.0.1:25', '"010.0.0.1:25" has no valid IP address'],
    ['1.2.3:25', '"1.2.3:25" has no valid IP address'],
    ['[127.0.0.1]:25', '"[127.0.0.1]:25" has no valid IP address'],
    ['[::g]:25', '"[::g]:25" has no valid IP address'],
    ['2001:db8:0:0:0:0:0:1:25', '"2001:db8:0:0:0:0:0:1:25" has an IPv6 address without brackets'],
    ['[fe80::1%eth0]:25', '"[fe80::1%eth0]:25" has a zone, which is not possible here'],
    ['fe80::1%2:25', '"fe80::1%2:25" has a zone, which is not possible here'],
    ['127.0.0.1:0', '"127.0.0.1:0" has a port out of range'],
    ['127.0.0.1:65536', '"127.0.0.1:65536" has a port out of range'],
    ['127.0.0.1:-1', '"127.0.0.1:-1" is not an address and port'],
    ['127.0.0.1:25x', '"127.0.0.1:25x" is not an address and port'],
    ['127.0.0.1:٢٥', '"127.0.0.1:٢٥" is not an address and port'],
  ],
);

holds(
  'range',
  range,
  'an address (10.1.2.3), a range (10.1.2.1-10.1.2.9) or CIDR (10.1.2.0/24), IPv4 or IPv6',
  [
    ['10.1.2.3', '10.1.2.3'],
    ['10.1.2.1-10.1.2.9', '10.1.2.1-10.1.2.9'],
    ['10.1.2.1 - 10.1.2.9', '10.1.2.1-10.1.2.9'],
    ['10.1.2.3-10.1.2.3', '10.1.2.3-10.1.2.3'],
    ['10.1.2.0/24', '10.1.2.0/24'],
    ['10.1.2.3/24', '10.1.2.3/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['10.1.2.3/32', '10.1.2.3/32'],
    ['0.0.0.0-255.255.255.255', '0.0.0.0-255.255.255.255'],
    ['::1', '::1'],
    ['2001:DB8:0::/48', '2001:db8::/48'],
    ['2001:db8::1-2001:db8::ff', '2001:db8::1-2001:db8::ff'],
    ['::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['::/0', '::/0'],
  ],
  [
    ['', '"" is not an IP range'],
    [
      'host.contoso.com',
      '"host.contoso.com" is not an IP range but a name, which is not looked up: getent hosts host.contoso.com shows its addresses',
    ],
    ['10.1.2', '"10.1.2" is not an IP range'],
    ['10.1.2.256', '"10.1.2.256" is not an IP range'],
    ['10.1.2.03', '"10.1.2.03" is not an IP range'],
    ['10.1.2.*', '"10.1.2.*" is not an IP range'],
    ['10.1.2.0/', '"10.1.2.0/" is not an IP range'],
    ['10.1.2.0/-1', '"10.1.2.0/-1" is not an IP range'],
    ['10.1.2.0/255.255.255.0', '"10.1.2.0/255.255.255.0" is not an IP range'],
    ['10.1.2.0/33', '"10.1.2.0/33" has a prefix length over 32; allowed: 0 to 32 after the slash.'],
    ['2001:db8::/129', '"2001:db8::/129" has a prefix length over 128; allowed: 0 to 128 after the slash.'],
    ['10.1.2.9-10.1.2.1', '"10.1.2.9-10.1.2.1" runs backwards; allowed: the lower address first.'],
    ['10.1.2.9-', '"10.1.2.9-" is not an IP range'],
    ['-10.1.2.9', '"-10.1.2.9" is not an IP range'],
    ['10.1.2.1-10.1.2.5-10.1.2.9', '"10.1.2.1-10.1.2.5-10.1.2.9" is not an IP range'],
    ['10.0.0.1-::1', '"10.0.0.1-::1" mixes IPv4 and IPv6; allowed: two addresses of one family.'],
    [
      '2001:db8::1%eth0',
      '"2001:db8::1%eth0" has a zone (%), which only a link-local address (fe80::) has; allowed: the same address without the zone.',
    ],
    ['::ffff:10.1.2.03', '"::ffff:10.1.2.03" is not an IP range'],
    [':::', '":::" is not an IP range'],
    ['1:2:3:4:5:6:7:8:9', '"1:2:3:4:5:6:7:8:9" is not an IP range'],
    [10, '"10" is not an IP range'],
  ],
);

holds(
  'fqdn',
  fqdn(),
  'a domain name such as mail.contoso.com (letters, digits, - and dots, at most 255 characters), or empty',
  [
    ['mail.contoso.com', 'mail.contoso.com'],
    ['MAIL', 'MAIL'],
    ['_x.contoso.com', '_x.contoso.com'],
    ['', ''],
    [null, ''],
    [`${'a'.repeat(63)}.com`, `${'a'.repeat(63)}.com`],
  ],
  [
    ['mail contoso', '"mail contoso" is not a domain name'],
    ['mail..com', '"mail..com" is not a domain name'],
    ['.com', '".com" is not a domain name'],
    ['mail.', '"mail." is not a domain name'],
    ['-mail.com', '"-mail.com" is not a domain name'],
    ['mail-.com', '"mail-.com" is not a domain name'],
    ['münchen.example', '"münchen.example" is not a domain name'],
    [`${'a'.repeat(64)}.com`, `"${'a'.repeat(64)}.com" is not a domain name`],
    ['a\r\nb', '"a\\u{d}\\u{a}b" is not a domain name'],
  ],
);

holds(
  'text',
  text({ max: 5 }),
  'text of at most 5 characters on one line',
  [
    ['abc', 'abc'],
    ['', ''],
    [null, ''],
    [' a ', ' a '],
    ['😀😀😀😀😀', '😀😀😀😀😀'],
    [12, '12'],
    ['👩‍🚀', '👩‍🚀'],
  ],
  [
    ['abcdef', '"abcdef" is longer than 5 characters'],
    ['a\nb', '"a\\u{a}b" has a control character'],
    ['a\x1b[31m', '"a\\u{1b}[31m" has a control character'],
    ['a\x7f', '"a\\u{7f}" has a control character'],
    ['a\u2028b', '"a\\u{2028}b" has a control character'],
    ['a\u202eb', '"a\\u{202e}b" has a character that reorders or hides text'],
    ['\ufeffa', '"\\u{feff}a" has a character that reorders or hides text'],
    ['a\ud800', '"a\\u{d800}" is not valid Unicode'],
    [['a'], '"["a"]" is not a text'],
    [{ a: 1 }, '"{"a":1}" is not a text'],
  ],
);

describe('lists', () => {
  const ranges = listOf(range, { needed: true });
  const printed = (input: unknown) => ranges.parse(input).map(String);

  test.each([
    ['10.0.0.1,10.0.0.2', ['10.0.0.1', '10.0.0.2']],
    ['10.0.0.1 , 10.0.0.2', ['10.0.0.1', '10.0.0.2']],
    [
      ['10.0.0.1', '10.0.0.2'],
      ['10.0.0.1', '10.0.0.2'],
    ],
    [
      ['10.0.0.1,10.0.0.2', '10.0.0.3'],
      ['10.0.0.1', '10.0.0.2', '10.0.0.3'],
    ],
    ['{10.0.0.1, 10.0.0.2}', ['10.0.0.1', '10.0.0.2']],
    ['10.0.0.1,,10.0.0.2,', ['10.0.0.1', '10.0.0.2']],
    ['10.0.0.1,10.0.0.1', ['10.0.0.1']],
    ['10.1.2.0/24,10.1.2.0-10.1.2.255,10.1.2.9/24', ['10.1.2.0/24']],
    ['::ffff:10.0.0.1,10.0.0.1', ['10.0.0.1']],
  ])('%j is %j', (input, values) => {
    expect(printed(input)).toEqual(values);
  });

  test('a list that needs an element is not empty', () => {
    for (const empty of ['', '{}', ' , ', [], null])
      expect(() => ranges.parse(empty)).toThrow(/is an empty list; allowed: at least one: an address/);
    expect(listOf(range).parse('')).toEqual([]);
  });

  test('one bad element is named alone', () => {
    expect(() => ranges.parse('10.0.0.1,nonsense,10.0.0.2')).toThrow(
      /^"nonsense" is not an IP range; allowed: an address/,
    );
  });
});

test('a long value is cut, and nothing in it reaches the terminal unescaped', () => {
  expect(() => bool.parse('x'.repeat(500))).toThrow(/^"x{79}…" is not a yes or no/);
  expect(() => bool.parse('\x1b]0;title\x07')).toThrow('"\\u{1b}]0;title\\u{7}" is not a yes or no');
});

test.each([
  [1, '1 B (1 bytes)'],
  [1000, '1000 B (1,000 bytes)'],
  [1010 * 1024 ** 2, '1010 MB (1,059,061,760 bytes)'],
  [1009.5 * 1024 ** 2, '1010 MB (1,058,537,472 bytes)'],
  [1500 * 1024, '1.465 MB (1,536,000 bytes)'],
  [10 * 1024 * 1000, '9.766 MB (10,240,000 bytes)'],
  [2147483647, '2 GB (2,147,483,647 bytes)'],
  [1024 ** 4, '1 TB (1,099,511,627,776 bytes)'],
])('%i bytes print as %s', (bytes, printed) => {
  expect(String(new ByteSize(bytes))).toBe(printed);
});

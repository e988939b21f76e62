/** Static members of types that scripts for Exchange use beside PowerShell's own: versions, ranges, sizes, accounts, bytes of numbers. */
import { parseRange } from '../../domain/range.ts';
import { parseSize } from '../../domain/size.ts';
import { asRange } from '../../pipeline/comparands.ts';
import { type Figure, INTEGERS, integer, integerTypeOf, isFigure } from '../../pipeline/number.ts';
import { PsObject, type Value } from '../../pipeline/value.ts';
import { accountOf } from './accounts.ts';
import { elements } from './convert.ts';
import { newCredential } from './credential.ts';
import { argumentOutOfRange, NetException } from './net-exception.ts';
import { type Methods, n, type Properties, t, tried } from './static-method.ts';
import { Stopwatch } from './stopwatch.ts';
import { madeVersion, versionOf } from './version.ts';

/** As .NET reads them on every machine that there is: the lowest byte first. */
function bytes(list: Value | undefined, at: Value | undefined, count: number): Buffer {
  const all = elements(list).map((one) => n(one));
  const start = n(at);
  if (start < 0 || start + count > all.length)
    throw start < 0 || start >= all.length
      ? argumentOutOfRange(
          "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter 'startIndex')",
        )
      : new NetException(
          'ArgumentException',
          "The array starting from the specified index is not long enough to read a value of the specified type. (Parameter 'value')",
        );
  return Buffer.from(all.slice(start, start + count));
}

/** As many as its type has. */
function bytesOf(figure: Figure): Value {
  const type = integerTypeOf(figure);
  const bits = type ? INTEGERS[type].bits : 64;
  const buffer = Buffer.alloc(8);
  if (type) buffer.writeBigInt64LE(BigInt.asIntN(64, BigInt(Number(figure))));
  else buffer.writeDoubleLE(Number(figure));
  return Array.from(buffer.subarray(0, Math.max(bits / 8, 2)), (byte) => integer(byte, 'byte'));
}

function sizeIn(text: string): Value {
  const size = parseSize(text);
  if (size) return size;
  throw new NetException('FormatException', `'${text}' is not a size; write 36MB.`);
}

function rangeIn(text: string): Value {
  try {
    return parseRange(text);
  } catch (error) {
    throw new NetException('FormatException', (error as Error).message);
  }
}

/** Both separators are taken, and `/` is written, as by Join-Path. */
const tidy = (path: Value | undefined) => t(path).replaceAll('\\', '/');
const isRooted = (path: string) => /^(?:\/|[a-z]:)/i.test(path);
const nameIn = (path: Value | undefined) => tidy(path).replace(/^.*[/:]/s, '');
const extensionOf = (path: Value | undefined) => /\.[^.]+$/.exec(nameIn(path))?.[0] ?? '';

/** Of System.IO.Path what works on the text alone. */
const PATH: Methods = {
  Combine: (parts) =>
    parts
      .map(tidy)
      .reduce(
        (before, part) => (isRooted(part) || !before ? part : !part ? before : `${before.replace(/\/$/, '')}/${part}`),
        '',
      ),
  GetFileName: ([path]) => (path === null ? null : nameIn(path)),
  GetFileNameWithoutExtension: ([path]) => (path === null ? null : nameIn(path).replace(/\.[^.]*$/, '')),
  GetExtension: ([path]) => (path === null ? null : extensionOf(path)),
  GetDirectoryName: ([path]) => folderOf(tidy(path)),
  ChangeExtension: ([path, to]) => {
    const bare = tidy(path).replace(/\.[^./]*$/, '');
    return `${bare}${t(to).startsWith('.') ? '' : '.'}${t(to)}`;
  },
  HasExtension: ([path]) => extensionOf(path) !== '',
  IsPathRooted: ([path]) => isRooted(tidy(path)),
  GetTempPath: (_, session) => `${(session.host.env.TMPDIR ?? '/tmp').replace(/\/+$/, '')}/`,
};

function folderOf(path: string): Value {
  if (path === '' || path === '/') return null;
  const at = path.lastIndexOf('/');
  return at < 0 ? '' : at === 0 ? '/' : path.slice(0, at).replace(/\/+$/, '');
}

export const MORE_METHODS: Readonly<Record<string, Methods>> = {
  version: {
    Parse: ([text]) => madeVersion([text ?? null]),
    TryParse: ([text, ref]) =>
      tried([ref ?? null], () => {
        const version = versionOf(text ?? null);
        return typeof version === 'string' ? undefined : version;
      }),
    new: (args) => madeVersion(args.length ? args : ['0.0']),
  },
  iprange: {
    Parse: ([text]) => rangeIn(t(text)),
    TryParse: ([text, ref]) => tried([ref ?? null], () => asRange(t(text))),
  },
  bytequantifiedsize: {
    Parse: ([text]) => sizeIn(t(text)),
    TryParse: ([text, ref]) => tried([ref ?? null], () => parseSize(t(text))),
  },
  securityidentifier: { new: ([text]) => accountOf('securityidentifier', text ?? null) },
  ntaccount: {
    new: ([domain, name]) => accountOf('ntaccount', name === undefined ? (domain ?? null) : `${t(domain)}\\${t(name)}`),
  },
  bitconverter: {
    ToInt16: ([list, at]) => bytes(list, at, 2).readInt16LE(),
    ToInt32: ([list, at]) => bytes(list, at, 4).readInt32LE(),
    ToUInt16: ([list, at]) => bytes(list, at, 2).readUInt16LE(),
    ToUInt32: ([list, at]) => bytes(list, at, 4).readUInt32LE(),
    GetBytes: ([value]) => bytesOf(isFigure(value) ? value : n(value)),
    ToString: ([list]) =>
      elements(list)
        .map((one) => n(one).toString(16).toUpperCase().padStart(2, '0'))
        .join('-'),
  },
  pscredential: { new: newCredential },
  stopwatch: { StartNew: () => new Stopwatch(true), new: () => new Stopwatch() },
  path: PATH,
  choicedescription: {
    new: ([label, help]) => new PsObject('ChoiceDescription', { Label: t(label), HelpMessage: t(help) }),
  },
  environment: {
    GetFolderPath: ([which], session) => {
      const home = session.host.env.HOME ?? session.host.env.USERPROFILE ?? session.host.cwd;
      const folder = t(which).toLowerCase();
      if (folder === 'applicationdata') return session.host.env.XDG_CONFIG_HOME || `${home}/.config`;
      if (folder === 'localapplicationdata') return session.host.env.XDG_DATA_HOME || `${home}/.local/share`;
      return /^(?:desktop|desktopdirectory|mydocuments|personal|userprofile)$/.test(folder) ? home : '';
    },
    GetEnvironmentVariable: ([name], session) => session.get(`env:${t(name)}`) ?? null,
  },
};

export const MORE_PROPERTIES: Readonly<Record<string, Properties>> = {
  bitconverter: { IsLittleEndian: () => true },
  pscredential: { Empty: () => null },
};

/** Ways to compare texts. */
const COMPARISONS = ['CurrentCulture', 'InvariantCulture', 'Ordinal'].flatMap((how) => [how, `${how}IgnoreCase`]);

/** Enumerations, whose members are their names. */
export const ENUMS: Readonly<Record<string, readonly string[]>> = {
  stringcomparison: COMPARISONS,
  stringcomparer: COMPARISONS,
  stringsplitoptions: ['None', 'RemoveEmptyEntries', 'TrimEntries'],
  midpointrounding: ['ToEven', 'AwayFromZero'],
  cultureinfo: ['InvariantCulture', 'CurrentCulture', 'CurrentUICulture'],
};

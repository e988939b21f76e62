/** Static members of types that scripts for Exchange use beside PowerShell's own: versions, ranges, sizes, accounts, bytes of numbers. */
import { parseRange } from '../../domain/range.ts';
import { parseSize } from '../../domain/size.ts';
import { asRange } from '../../pipeline/comparands.ts';
import { type Figure, INTEGERS, integer, integerTypeOf, isFigure } from '../../pipeline/number.ts';
import { PsObject, type Value } from '../../pipeline/value.ts';
import { accountOf } from './accounts.ts';
import { elements } from './convert.ts';
import { argumentOutOfRange, NetException } from './net-exception.ts';
import { type Methods, n, type Properties, t, tried } from './static-method.ts';
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

export const MORE_PROPERTIES: Readonly<Record<string, Properties>> = { bitconverter: { IsLittleEndian: () => true } };

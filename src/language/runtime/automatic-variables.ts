/** Variables that tell a script where it runs: $host, $PSVersionTable, $PSEdition, $IsWindows, $PID. */

import type { CmdletError } from '../../pipeline/error.ts';
import { Hashtable, PsObject, type Value, WithMembers } from '../../pipeline/value.ts';
import { failure } from './failure.ts';
import { HostUi } from './host-ui.ts';
import { Version } from './version.ts';

/** The PowerShell whose language this is; scripts ask for the major number to see what they may use. */
const POWERSHELL = [7, 6, 9];

/** A folder as $PWD and Get-Location have it: a text with its Path. */
export function locationOf(folder: string): Value {
  return new WithMembers(folder, { Path: folder, ProviderPath: folder });
}

/** Made when they are asked for; `undefined`: there is no such variable. @param name in lower case */
export function automaticVariable(name: string, made: Map<string, Value>): Value | undefined {
  const make = MAKERS[name];
  if (!make) return undefined;
  let value = made.get(name);
  if (value === undefined) {
    value = make();
    made.set(name, value);
  }
  return value;
}

/** Constants, and what PowerShell lets nobody set. */
const READ_ONLY = new Set(
  'true false ? pid home host shellid pshome psedition psversiontable executioncontext psculture psuiculture iswindows islinux ismacos iscoreclr enabledexperimentalfeatures'.split(
    ' ',
  ),
);

/** @param name in lower case */
export function isReadOnly(name: string): boolean {
  return READ_ONLY.has(name);
}

export function readOnly(written: string): CmdletError {
  return failure(
    'VariableNotWritable',
    `Cannot overwrite variable ${written} because it is read-only or constant.`,
    'WriteError',
    { target: written, targetType: 'String' },
  );
}

const MAKERS: Readonly<Record<string, () => Value>> = Object.assign(Object.create(null), {
  host: () =>
    new PsObject('InternalHost', {
      Name: 'ConsoleHost',
      Version: new Version(POWERSHELL),
      CurrentCulture: 'en-US',
      CurrentUICulture: 'en-US',
      // a title or colours that are set stay without effect
      UI: new HostUi('InternalHostUserInterface', {
        RawUI: new HostUi('InternalHostRawUserInterface', {
          ForegroundColor: 'Gray',
          BackgroundColor: 'Black',
          WindowTitle: 'rc',
          WindowSize: new PsObject('Size', { Width: 120, Height: 50 }),
          BufferSize: new PsObject('Size', { Width: 120, Height: 3000 }),
        }),
      }),
    }),
  psversiontable: () => {
    const table = new Hashtable();
    table.set('PSVersion', new Version(POWERSHELL));
    table.set('PSEdition', 'Core');
    table.set('Platform', process.platform === 'win32' ? 'Win32NT' : 'Unix');
    return table;
  },
  psedition: () => 'Core',
  pid: () => process.pid,
  iswindows: () => process.platform === 'win32',
  islinux: () => process.platform === 'linux',
  ismacos: () => process.platform === 'darwin',
  iscoreclr: () => true,
} satisfies Record<string, () => Value>);

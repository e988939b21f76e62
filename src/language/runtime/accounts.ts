/** Well-known accounts of Windows by their identifiers: scripts translate S-1-5-7, because its name differs by language there. */
import { type PsObject, printed, type Value } from '../../pipeline/value.ts';
import { NetException } from './net-exception.ts';
import { NetObject } from './net-objects.ts';
import { typeOfObject } from './type-objects.ts';

/** https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers */
const NAMES: Readonly<Record<string, string>> = {
  'S-1-1-0': 'Everyone',
  'S-1-5-7': 'NT AUTHORITY\\ANONYMOUS LOGON',
  'S-1-5-11': 'NT AUTHORITY\\Authenticated Users',
  'S-1-5-18': 'NT AUTHORITY\\SYSTEM',
  'S-1-5-32-544': 'BUILTIN\\Administrators',
};

type Kind = 'securityidentifier' | 'ntaccount';

class Account extends NetObject {
  constructor(
    readonly kind: Kind,
    readonly text: string,
  ) {
    super(`System.Security.Principal.${kind === 'ntaccount' ? 'NTAccount' : 'SecurityIdentifier'}`, { Value: text });
  }
  methods() {
    return { Translate: ([type]: readonly Value[]) => this.#translated(typeOfObject(type ?? null)) };
  }
  #translated(to: string | undefined): PsObject {
    if (to === this.kind) return this;
    const same = (text: string) => text.toLowerCase() === this.text.toLowerCase();
    const found =
      this.kind === 'securityidentifier'
        ? Object.hasOwn(NAMES, this.text.toUpperCase()) && NAMES[this.text.toUpperCase()]
        : Object.keys(NAMES).find((sid) => same(NAMES[sid]!) || same(NAMES[sid]!.replace(/^.*\\/, '')));
    if (found && (to === 'ntaccount' || to === 'securityidentifier')) return new Account(to, found);
    throw new NetException('IdentityNotMappedException', 'Some or all identity references could not be translated.');
  }
  override toString(): string {
    return this.text;
  }
}

/** @throws NetException when it is no identifier */
export function accountOf(kind: Kind, value: Value): Account {
  if (value instanceof Account) return value;
  const text = printed(value);
  if (kind === 'securityidentifier' && !/^S-1-\d+(?:-\d+)+$/i.test(text))
    throw new NetException('ArgumentException', "Value was invalid. (Parameter 'sddlForm')");
  return new Account(kind, text);
}

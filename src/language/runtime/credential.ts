/** System.Management.Automation.PSCredential: a user and a password, which no output shows. */
import { SecureString } from '../../pipeline/secure-string.ts';
import { printed, type Value } from '../../pipeline/value.ts';
import { typeName } from './convert.ts';
import { failure } from './failure.ts';
import { NetException } from './net-exception.ts';
import { NetObject } from './net-objects.ts';

export class Credential extends NetObject {
  constructor(
    readonly user: string,
    readonly password: SecureString,
  ) {
    super('System.Management.Automation.PSCredential', { UserName: user, Password: password });
  }
  methods() {
    return { GetNetworkCredential: () => new NetworkCredential(this.user, this.password) };
  }
  override toString(): string {
    return 'System.Management.Automation.PSCredential';
  }
}

/** `CONTOSO\sue` or `sue@contoso.com` in its two parts; the password is told only to who asks for it by name. */
class NetworkCredential extends NetObject {
  constructor(written: string, password: SecureString) {
    const [, before, after] = /^([^\\]+)\\(.+)$/.exec(written) ?? [];
    const [, name, at] = /^(.+)@([^@]+)$/.exec(written) ?? [];
    const [user, domain] = after !== undefined ? [after, before!] : [name ?? written, at ?? ''];
    super('System.Net.NetworkCredential', { UserName: user, Domain: domain });
    for (const one of ['Password', 'password'])
      Object.defineProperty(this.properties, one, { enumerable: false, value: password.reveal() });
  }
  methods() {
    return {};
  }
  override toString(): string {
    return 'System.Net.NetworkCredential';
  }
}

/** `[pscredential]::new('sue', $password)`. @throws CmdletError */
export function newCredential([user, password]: readonly Value[]): Credential {
  if (!(password instanceof SecureString))
    throw failure(
      'MethodCountCouldNotFindBest',
      'Cannot find an overload for "PSCredential" and the argument count: "2".',
    );
  if (printed(user) === '')
    throw new NetException(
      'Management.Automation.PSArgumentException',
      'Cannot process argument because the value of argument "userName" is not valid. Change the value of the "userName" argument and run the operation again.',
    );
  return new Credential(printed(user), password);
}

/** `[pscredential]`: a credential as it is; a name alone is none. @throws CmdletError */
export function credentialFrom(value: Value): Value {
  if (value === null || value instanceof Credential) return value;
  throw failure(
    'ConvertToFinalInvalidCastException',
    `Cannot convert the value of type "${typeName(value)}" to type "System.Management.Automation.PSCredential".`,
    'InvalidArgument',
  );
}

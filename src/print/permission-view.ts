/** Rights on a connector, on a terminal: a line each, with the whole of the right. */
import { property } from '../pipeline/property-expression.ts';
import { type PsObject, printed } from '../pipeline/value.ts';
import type { Teller } from './record.ts';
import { line, textOf } from './styled-lines.ts';

export class PermissionTeller implements Teller {
  #identity: string | undefined;

  tell(object: PsObject) {
    const text = (name: string) => textOf(object, name);
    const identity = text('Identity');
    const begins = identity !== this.#identity;
    this.#identity = identity;
    const rights = property(object, 'ExtendedRights');
    const right = Array.isArray(rights) ? rights.map((one) => printed(one)).join(', ') : text('ExtendedRights');
    const denies = property(object, 'Deny') === true;
    return [
      ...(begins ? [line(0, identity, 'heading')] : []),
      line(2, `${denies ? 'deny ' : 'allow'}  ${text('User')}: ${right}`, denies ? 'bad' : undefined),
    ];
  }
}

/** Which connector takes a client, on a terminal: a sentence a binding, with its whole reason. */
import { property } from '../pipeline/property-expression.ts';
import { type PsObject, printed } from '../pipeline/value.ts';
import type { Teller } from './record.ts';
import { line } from './styled-lines.ts';

export class ChoiceTeller implements Teller {
  tell(object: PsObject) {
    const text = (name: string) => printed(property(object, name) ?? '');
    const taken = text('Connector');
    return [line(0, `${text('Local')}  ${taken || '(none)'}`, taken ? 'heading' : 'bad'), line(4, text('Reason'))];
  }
}

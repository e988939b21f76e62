/** Which connector takes a client, on a terminal: a sentence a binding, with its whole reason. */
import type { PsObject } from '../pipeline/value.ts';
import type { Teller } from './record.ts';
import { line, textOf } from './styled-lines.ts';

export class ChoiceTeller implements Teller {
  tell(object: PsObject) {
    const text = (name: string) => textOf(object, name);
    const taken = text('Connector');
    return [line(0, `${text('Local')}  ${taken || '(none)'}`, taken ? 'heading' : 'bad'), line(4, text('Reason'))];
  }
}

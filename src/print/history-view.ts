/** Changes on a terminal: when, who, with which command, and under it all that it changed. */
import { property } from '../pipeline/property-expression.ts';
import { type PsObject, printed } from '../pipeline/value.ts';
import { dateText } from '../text/date.ts';
import type { Teller } from './record.ts';
import { line, textOf, whole } from './styled-lines.ts';

export class HistoryTeller implements Teller {
  tell(object: PsObject) {
    const text = (name: string) => textOf(object, name);
    const when = property(object, 'When');
    const changes = property(object, 'Changes');
    return [
      line(
        0,
        `${text('Generation').padStart(5)}  ${when instanceof Date ? dateText(when) : text('When')}  ${text('Who')}`,
        'heading',
      ),
      whole(7, text('Command')),
      ...(Array.isArray(changes) ? changes : []).map((change) => line(9, printed(change))),
    ];
  }
}

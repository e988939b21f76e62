/** Events on a terminal: when, which, how bad, and the whole of what it says. */
import { property } from '../pipeline/property-expression.ts';
import type { PsObject } from '../pipeline/value.ts';
import { dateText } from '../text/date.ts';
import type { Teller } from './record.ts';
import { line, textOf } from './styled-lines.ts';

export class EventTeller implements Teller {
  tell(object: PsObject) {
    const text = (name: string) => textOf(object, name);
    const level = text('Level');
    const tone = level === 'Error' ? 'bad' : level === 'Warning' ? 'heading' : undefined;
    const time = property(object, 'Time');
    const when = time instanceof Date ? dateText(time) : text('Time');
    const server = text('Server'); // in a fleet
    return `${server && `${server}: `}${text('Message')}`
      .split('\n')
      .map((part, i) =>
        line(
          i ? 4 : 0,
          i ? part : `${when} ${text('Id').padStart(5)} ${level.padEnd(11)} ${part}`,
          i ? undefined : tone,
        ),
      );
  }
}

/** Findings as they are told on a terminal: how bad and about what, the problem, and whole lines to type. Nothing is cut off. */
import { property } from '../pipeline/property-expression.ts';
import type { PsObject } from '../pipeline/value.ts';
import type { Teller } from './record.ts';
import { line, mendLines, textOf } from './styled-lines.ts';

export class FindingTeller implements Teller {
  tell(object: PsObject) {
    const text = (name: string) => textOf(object, name);
    const severity = text('Severity');
    const tone = severity === 'Error' ? 'bad' : severity === 'Warning' ? 'heading' : undefined;
    return [
      line(0, `${severity}  ${text('Check')}: ${text('Subject')}`, tone),
      ...text('Problem')
        .split('\n')
        .map((part) => line(4, part)),
      ...mendLines(4, property(object, 'Mend')),
      line(0, ''),
    ];
  }
}

/** What ends by itself, and what single addresses have of their own, on a terminal: in lines that wrap, where a table would cut the limits. */
import { endText } from '../domain/temporary.ts';
import { property } from '../pipeline/property-expression.ts';
import { type PsObject, printed, type Value } from '../pipeline/value.ts';
import type { StyledLine, Teller } from './record.ts';
import { line, textOf } from './styled-lines.ts';

/** `VM\Default VM  MaxHopCount  30` and below it until when, and what it is then. */
export class TemporaryTeller implements Teller {
  tell(object: PsObject): StyledLine[] {
    const text = (name: string) => textOf(object, name);
    const range = text('RemoteIPRange');
    const what = range ? `override of ${range}:` : text('Setting');
    const before = listed(property(object, 'Before'));
    return [
      line(0, `${text('Identity')}  ${what} ${listed(property(object, 'Value')) || 'nothing'}`),
      line(4, `${ending(object)}, then ${before || (range ? 'the connector’s' : 'nothing')}`),
    ];
  }
}

export class OverrideTeller implements Teller {
  tell(object: PsObject): StyledLine[] {
    const text = (name: string) => textOf(object, name);
    const head = line(0, `${text('Connector')}  ${text('RemoteIPRange')}: ${listed(property(object, 'Limits'))}`);
    const end = ending(object);
    const then = end && `${end}, then ${listed(property(object, 'Before')) || 'the connector’s'}`;
    return [head, ...[then, text('Comment')].filter(Boolean).map((one) => line(4, one))];
  }
}

function ending(object: PsObject): string {
  const until = property(object, 'Until');
  return until instanceof Date ? `until ${endText(until.toISOString(), new Date())}` : '';
}

function listed(value: Value | undefined): string {
  return Array.isArray(value) ? value.map((one) => printed(one)).join(', ') : printed(value ?? '');
}

/** Objects that are told on a terminal in sentences, where a table would cut what matters. Nothing is cut off. */
import { endText } from '../domain/temporary.ts';
import { property } from '../pipeline/property-expression.ts';
import { type PsObject, printed } from '../pipeline/value.ts';
import { dateText } from '../text/date.ts';
import type { Teller, Tone } from './record.ts';
import { line, listed, mendLines, textOf as text, whole } from './styled-lines.ts';

/** Which connector takes a client: a sentence a binding, with its whole reason. */
export const choiceTeller: Teller = {
  tell(object) {
    const taken = text(object, 'Connector');
    return [
      line(0, `${text(object, 'Local')}  ${taken || '(none)'}`, taken ? 'heading' : 'bad'),
      line(4, text(object, 'Reason')),
    ];
  },
};

/** How bad and about what, the problem, and whole lines to type. */
export const findingTeller: Teller = {
  tell(object) {
    const severity = text(object, 'Severity');
    const problem = text(object, 'Problem').split('\n');
    return [
      line(0, `${severity}  ${text(object, 'Check')}: ${text(object, 'Subject')}`, toneOf(severity)),
      ...problem.map((part) => line(4, part)),
      ...mendLines(4, property(object, 'Mend')),
      line(0, ''),
    ];
  },
};

/** When, who, with which command, and under it all that it changed. */
export const historyTeller: Teller = {
  tell(object) {
    const changes = property(object, 'Changes');
    const head = `${text(object, 'Generation').padStart(5)}  ${timeIn(object, 'When')}  ${text(object, 'Who')}`;
    return [
      line(0, head, 'heading'),
      whole(7, text(object, 'Command')),
      ...(Array.isArray(changes) ? changes : []).map((change) => line(9, printed(change))),
    ];
  },
};

/** When, which, how bad, and the whole of what it says. */
export const eventTeller: Teller = {
  tell(object) {
    const level = text(object, 'Level');
    const server = text(object, 'Server'); // in a fleet
    const [first, ...more] = `${server && `${server}: `}${text(object, 'Message')}`.split('\n');
    const head = `${timeIn(object, 'Time')} ${text(object, 'Id').padStart(5)} ${level.padEnd(11)} ${first}`;
    return [line(0, head, toneOf(level)), ...more.map((part) => line(4, part))];
  },
};

/** `VM\Default VM  MaxHopCount  30` and below it until when, and what it is then. */
export const temporaryTeller: Teller = {
  tell(object) {
    const range = text(object, 'RemoteIPRange');
    const what = range ? `override of ${range}:` : text(object, 'Setting');
    const before = listed(object, 'Before');
    return [
      line(0, `${text(object, 'Identity')}  ${what} ${listed(object, 'Value') || 'nothing'}`),
      line(4, `${ending(object)}, then ${before || (range ? 'the connector’s' : 'nothing')}`),
    ];
  },
};

/** The limits of an address, and until when. */
export const overrideTeller: Teller = {
  tell(object) {
    const head = line(0, `${text(object, 'Connector')}  ${text(object, 'RemoteIPRange')}: ${listed(object, 'Limits')}`);
    const end = ending(object);
    const then = end && `${end}, then ${listed(object, 'Before') || 'the connector’s'}`;
    return [head, ...[then, text(object, 'Comment')].filter(Boolean).map((one) => line(4, one))];
  },
};

/** Rights on connectors, a line each, with the whole of the right, under the connector's name. */
export class PermissionTeller implements Teller {
  #identity: string | undefined;

  tell(object: PsObject) {
    const identity = text(object, 'Identity');
    const begins = identity !== this.#identity;
    this.#identity = identity;
    const denies = property(object, 'Deny') === true;
    const right = `${denies ? 'deny ' : 'allow'}  ${text(object, 'User')}: ${listed(object, 'ExtendedRights')}`;
    return [...(begins ? [line(0, identity, 'heading')] : []), line(2, right, denies ? 'bad' : undefined)];
  }
}

/** Of what has a level. */
function toneOf(level: string): Tone | undefined {
  return level === 'Error' ? 'bad' : level === 'Warning' ? 'heading' : undefined;
}

function timeIn(object: PsObject, name: string): string {
  const time = property(object, name);
  return time instanceof Date ? dateText(time) : text(object, name);
}

function ending(object: PsObject): string {
  const until = property(object, 'Until');
  return until instanceof Date ? `until ${endText(until.toISOString(), new Date())}` : '';
}

/** What Test-ReceiveConnector finds, as it is told on a terminal: who takes the client, limits, rights, the dialogue, the end. */
import { property } from '../pipeline/property-expression.ts';
import type { PsObject } from '../pipeline/value.ts';
import type { StyledLine, Teller } from './record.ts';
import { line, mendLines, textOf, whole } from './styled-lines.ts';

const HEADINGS: Readonly<Record<string, string>> = {
  Select: 'Connector',
  Limit: 'Limits in force',
  Right: 'Rights',
  Live: 'Over the wire',
  Result: 'Result',
};
const DIALOGUE = 'Dialogue';
/** Cells of a setting's or right's name. */
const NAME = 40;

export class ConnectorTestTeller implements Teller {
  #where = '';
  #heading = '';
  /** Rights that are not there, until all have been seen. */
  #without: string[] = [];

  tell(object: PsObject): readonly StyledLine[] {
    const text = (name: string) => textOf(object, name);
    const lines: StyledLine[] = [];
    const step = text('Step');
    const where = `${text('From')} to ${text('Local')}`;
    if (where !== this.#where) {
      lines.push(line(0, ''), line(0, where, 'heading'));
      this.#where = where;
      this.#heading = '';
    }
    const heading = HEADINGS[step] ?? DIALOGUE;
    if (heading !== this.#heading) {
      if (this.#without.length) lines.push(line(4, `without ${this.#without.join(', ')}`));
      this.#without = [];
      this.#heading = heading;
      lines.push(line(0, ''));
      if (step !== 'Result') lines.push(line(2, heading, 'heading'));
    }
    lines.push(...this.#body(object, step, text));
    return lines;
  }

  #body(object: PsObject, step: string, text: (name: string) => string): StyledLine[] {
    const [subject, result, why] = [text('Subject'), text('Result'), text('Why')];
    const accepted = property(object, 'Accepted');
    switch (step) {
      case 'Select':
        return [
          result === 'takes the client'
            ? line(4, `${subject} takes the client: ${why}`, 'good')
            : line(4, `not ${subject}: ${why}`),
        ];
      case 'Limit':
        return [line(4, `${subject.padEnd(NAME)}${result}   ${why}`, accepted === false ? 'bad' : undefined)];
      case 'Right': {
        const name = subject.replace(/^ms-Exch-/, '');
        if (result === 'granted') return [line(4, `${name.padEnd(NAME)}${why}`)];
        if (result === 'denied') return [line(4, `${name.padEnd(NAME)}${why}`, 'bad')];
        this.#without.push(name);
        return [];
      }
      case 'Result': {
        const word = accepted === true ? 'Accepted' : 'Refused';
        return [line(2, `${word}: ${why}.`, accepted === true ? 'good' : 'bad'), line(0, '')];
      }
      default:
        return exchange(object, subject, result, why);
    }
  }
}

/** The verdict of each binding in a line, and under it only what was refused, and why; the rest is there for --full. */
export class ConnectorVerdictTeller implements Teller {
  #taker = '';
  #refused: StyledLine[] = [];

  tell(object: PsObject): readonly StyledLine[] {
    const text = (name: string) => textOf(object, name);
    const step = text('Step');
    const isBad = property(object, 'Accepted') === false || property(object, 'Same') === false;
    if (step === 'Select') this.#taker ||= property(object, 'Accepted') === true ? text('Subject') : '';
    else if (step === 'Result') return this.#verdict(text, property(object, 'Accepted') === true);
    // What the wire said comes after the verdict, and is laid beside it.
    else if (step === 'Live') return isBad ? exchange(object, text('Subject'), text('Result'), text('Why')) : [];
    // A limit that is reached is what the refusal behind it says.
    else if (isBad && step !== 'Limit')
      this.#refused.push(...exchange(object, text('Subject'), text('Result'), text('Why')));
    return [];
  }

  #verdict(text: (name: string) => string, accepted: boolean): StyledLine[] {
    const by = this.#taker && ` by ${this.#taker}`;
    const where = `${text('From')} to ${text('Local')}`;
    const verdict = line(
      0,
      `${where}: ${accepted ? 'accepted' : 'refused'}${by}: ${text('Why')}.`,
      accepted ? 'good' : 'bad',
    );
    const lines = [verdict, ...(accepted ? [] : this.#refused)];
    this.#taker = '';
    this.#refused = [];
    return lines;
  }
}

/** A command and its reply; under a refusal what stands behind it, and what to type. */
function exchange(object: PsObject, command: string, reply: string, why: string): StyledLine[] {
  const same = property(object, 'Same');
  const bad = property(object, 'Accepted') === false || same === false;
  const delay = Number(property(object, 'Delay') ?? 0);
  const lines = command === '' ? [] : [whole(4, `C: ${command}`)];
  const replies = reply.split('\n');
  replies.forEach((text, i) => {
    const last = i === replies.length - 1;
    const wait = last && delay > 0 ? `   (after ${delay} s)` : '';
    const mark = !last || same === null ? '' : same === true ? '   (as rehearsed)' : '   (NOT as rehearsed)';
    lines.push(whole(4, `S: ${text}${wait}${mark}`, bad ? 'bad' : undefined));
  });
  for (const text of why === '' ? [] : why.split('\n')) lines.push(line(7, text));
  return [...lines, ...mendLines(7, property(object, 'Mend'))];
}

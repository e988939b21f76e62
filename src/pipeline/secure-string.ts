/** A text that no output shows (System.Security.SecureString). */
import { PsObject } from './value.ts';

export class SecureString extends PsObject {
  readonly #text: string;

  constructor(text: string) {
    super('SecureString', { Length: text.length });
    this.#text = text;
  }

  /** The text itself, for whoever needs it. */
  reveal(): string {
    return this.#text;
  }

  override toString(): string {
    return 'System.Security.SecureString';
  }
}

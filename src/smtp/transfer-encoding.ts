/** Bodies in forms that go anywhere (RFC 2045 section 6): lines of at most 76 characters of ASCII. Pure. */

export interface Encoder {
  bytes(bytes: Buffer): string;
  /** A line end of the body. */
  lineEnd(end: string): string;
  finish(): string;
}

const LINE = 76;

export class QuotedPrintable implements Encoder {
  #column = 0;
  /** A blank: literal, unless the line ends behind it. */
  #blank = '';

  bytes(bytes: Buffer): string {
    let out = '';
    for (const byte of bytes) {
      out += this.#put(this.#blank);
      this.#blank = '';
      if (byte === 32 || byte === 9) this.#blank = String.fromCharCode(byte);
      else out += this.#put(byte > 32 && byte < 127 && byte !== 61 ? String.fromCharCode(byte) : escaped(byte));
    }
    return out;
  }

  #put(text: string): string {
    if (text === '') return '';
    const soft = this.#column + text.length > LINE - 1;
    this.#column = (soft ? 0 : this.#column) + text.length;
    return soft ? `=\r\n${text}` : text;
  }

  lineEnd(): string {
    const out = `${this.finish()}\r\n`;
    this.#column = 0;
    return out;
  }

  finish(): string {
    const out = this.#blank === '' ? '' : this.#put(escaped(this.#blank.charCodeAt(0)));
    this.#blank = '';
    return out;
  }
}

function escaped(byte: number): string {
  return `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Quoted-printable text whose lines are too long, or that has bytes it should have encoded. */
export class QuotedPrintableAgain implements Encoder {
  #column = 0;
  /** Characters of an `=XX` still to come: it is not cut. */
  #inside = 0;

  bytes(bytes: Buffer): string {
    let out = '';
    for (const byte of bytes) {
      const plain = byte > 0 && byte < 127;
      const text = plain ? String.fromCharCode(byte) : escaped(byte);
      if (this.#inside === 0 && this.#column + text.length > LINE * 8) {
        out += '=\r\n';
        this.#column = 0;
      }
      this.#inside = byte === 61 ? 2 : Math.max(this.#inside - 1, 0);
      this.#column += text.length;
      out += text;
    }
    return out;
  }

  lineEnd(): string {
    this.#column = 0;
    this.#inside = 0;
    return '\r\n';
  }

  finish(): string {
    return '';
  }
}

/** Base64, of bytes; or of base64 again, in lines that are short enough. */
export class Base64 implements Encoder {
  #rest: Buffer = Buffer.alloc(0);

  bytes(bytes: Buffer): string {
    const all = Buffer.concat([this.#rest, bytes]);
    const whole = all.length - (all.length % 57); // 57 bytes are a line of 76
    this.#rest = Buffer.from(all.subarray(whole));
    let out = '';
    for (let at = 0; at < whole; at += 57) out += `${all.toString('base64', at, at + 57)}\r\n`;
    return out;
  }

  lineEnd(end: string): string {
    return this.bytes(Buffer.from(end));
  }

  finish(): string {
    const out = this.#rest.toString('base64');
    this.#rest = Buffer.alloc(0);
    return out;
  }
}

export class Base64Again implements Encoder {
  #rest = '';

  bytes(bytes: Buffer): string {
    const all = this.#rest + bytes.toString('latin1').replace(/[^A-Za-z0-9+/=]/g, '');
    const whole = all.length - (all.length % LINE);
    this.#rest = all.slice(whole);
    return all.slice(0, whole).replace(/.{76}/g, '$&\r\n');
  }

  lineEnd(): string {
    return '';
  }

  finish(): string {
    const out = this.#rest;
    this.#rest = '';
    return out;
  }
}

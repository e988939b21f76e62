/** Manual pages in roff's man macros (groff_man(7)): text escaped so that every renderer shows the very characters. */

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '"': '\\(dq',
};

/** Text of a line; a leading `.` or `'` is no request. */
export function escaped(text: string): string {
  const plain = text.replace(/[\\\-'`^~"]/g, (c) => ESCAPES[c]!);
  const ascii = plain.replace(
    /[^\x00-\x7f]/gu,
    (c) => `\\[u${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
  );
  return ascii.startsWith('.') ? `\\&${ascii}` : ascii;
}

export class ManPage {
  readonly #lines: string[] = [];

  /** @param name as in `man name`: lower case here, upper case in the title */
  constructor(name: string, summary: string, version: string) {
    this.#lines.push(
      `.\\" Made from the cmdlet table by "npm run docs"; changes here are lost.`,
      `.TH ${escaped(name.toUpperCase())} 1 "" "rc ${escaped(version)}" "Receive connectors"`,
    );
    this.section('NAME').text(`${name} - ${summary[0]!.toLowerCase()}${summary.slice(1)}`);
  }

  section(heading: string): this {
    this.#lines.push(`.SH ${escaped(heading)}`);
    return this;
  }

  subsection(heading: string): this {
    this.#lines.push(`.SS ${escaped(heading)}`);
    return this;
  }

  text(text: string): this {
    this.#lines.push(escaped(text));
    return this;
  }

  /** A command line in a synopsis: words in capitals stay upright, the rest is bold. */
  synopsis(command: string, rest: string): this {
    this.#lines.push(rest ? `\\fB${escaped(command)}\\fR ${escaped(rest)}` : `\\fB${escaped(command)}\\fR`);
    return this;
  }

  paragraphBreak(): this {
    this.#lines.push('.PP');
    return this;
  }

  paragraph(text: string): this {
    this.#lines.push('.PP', escaped(text));
    return this;
  }

  /** A term and what it means. */
  item(term: string, value: string, text: string): this {
    this.#lines.push('.TP', `\\fB${escaped(term)}\\fR${value ? escaped(value) : ''}`, escaped(text));
    return this;
  }

  /** Lines as they are, without filling. */
  literal(lines: readonly string[]): this {
    this.#lines.push(
      '.PP',
      '.RS 4',
      '.nf',
      ...lines.map((line) => (line === '' ? '.sp' : escaped(line))),
      '.fi',
      '.RE',
    );
    return this;
  }

  /** Help text: paragraphs, and lines that begin with a blank as they are. */
  prose(lines: readonly string[]): this {
    let literal: string[] = [];
    const flush = () => {
      while (literal.at(-1) === '') literal.pop();
      if (literal.length) this.literal(literal);
      literal = [];
    };
    for (const line of lines) {
      if (line.startsWith(' ')) literal.push(line.slice(2));
      else if (line === '') {
        if (literal.length) literal.push('');
      } else {
        flush();
        this.paragraph(line);
      }
    }
    flush();
    return this;
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

/**
 * The terminal's screen: taken over, drawn line by line, given back. Only lines that changed are written, in one piece,
 * between the marks of a synchronized update (DEC private mode 2026), which terminals that do not know it ignore.
 */
import { type Line, type Painting, paint } from './line.ts';

const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J'; // alternate screen, no cursor, no wrapping at the edge, clear
const LEAVE = '\x1b[0m\x1b[2J\x1b[?7h\x1b[?25h\x1b[?1049l';

export class Screen {
  readonly #write: (text: string) => void;
  readonly #painting: Painting;
  #drawn: string[] = [];
  #entered = false;

  /** @param write writes all of a text, or throws */
  constructor(write: (text: string) => void, painting: Painting) {
    this.#write = write;
    this.#painting = painting;
  }

  enter(): void {
    if (this.#entered) return;
    this.#entered = true;
    this.#drawn = [];
    this.#write(ENTER);
  }

  /** Gives the terminal back as it was. A second time does nothing; a terminal that is gone is no matter. */
  leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    try {
      this.#write(LEAVE);
    } catch {}
  }

  /** The next frame is written whole, on a cleared screen: another size, or something else wrote on it. */
  forget(): void {
    this.#drawn = [];
    if (this.#entered) this.#write('\x1b[2J');
  }

  draw(lines: readonly Line[]): void {
    if (!this.#entered) return;
    const painted = lines.map((line) => paint(line, this.#painting));
    let text = '';
    for (const [i, line] of painted.entries()) if (line !== this.#drawn[i]) text += `\x1b[${i + 1};1H${line}`;
    this.#drawn = painted;
    if (text) this.#write(`\x1b[?2026h${text}\x1b[?2026l`);
  }
}

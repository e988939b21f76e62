/** Measures text beyond plain letters: CJK, emoji, combining marks. Loaded only when such text is printed. */
import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter();

export function width(text: string): number {
  return stringWidth(text);
}

export function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

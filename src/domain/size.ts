/** Sizes as people and Exchange write them: one reader for settings, stores, parameters and comparisons. */
import { ByteSize } from './value.ts';

/** Units are powers of 1024, whatever they are called: Exchange documentation, Set-ReceiveConnector, -MaxMessageSize. */
const POWERS = ['', 'K', 'M', 'G', 'T'];
const PRINTED = /^(\d+(?:\.\d+)?)\s*([KMGT]?)B\s*\((\d{1,3}(?:,\d{3})*|\d+) bytes\)$/i;
/** The printed form shows four digits of its first half. */
const ROUNDING = 0.0006;
const PLAIN = /^(\d+(?:\.\d+)?)\s*(?:([KMGT])(?:i?B?)|B|bytes?)?$/i;

const factor = (unit: string | undefined) => 1024 ** POWERS.indexOf((unit ?? '').toUpperCase());

/**
 * Reads `36MB`, `36 MB`, `36M`, `36MiB`, `1.5GB`, `37748736`, `0`, or the printed form `36 MB (37,748,736 bytes)`; `undefined` when it is none
 * of them, or its two halves disagree.
 */
export function parseSize(text: string): ByteSize | undefined {
  const printed = PRINTED.exec(text);
  if (printed) {
    const bytes = Number(printed[3]!.replaceAll(',', ''));
    const about = Number(printed[1]) * factor(printed[2]);
    return Math.abs(about - bytes) <= bytes * ROUNDING ? new ByteSize(bytes) : undefined;
  }
  const plain = PLAIN.exec(text);
  return plain ? new ByteSize(Number(plain[1]) * factor(plain[2])) : undefined;
}

/** Why a text is no size, as it follows the text in an error. */
export function sizeProblem(text: string): string {
  return PRINTED.test(text) ? 'says two different sizes' : 'is not a size';
}

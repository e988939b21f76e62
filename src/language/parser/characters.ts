/**
 * Which characters mean what (PowerShell's character table). Quotes and dashes that word processors and web pages put in
 * place of ' " - mean the same, so that a copied line runs.
 */

export function isNewline(c: string): boolean {
  return c === '\n' || c === '\r';
}
export function isSpace(c: string): boolean {
  return c === ' ' || c === '\t' || c === '\v' || c === '\f' || c === '\u0085' || (c > '\x7f' && /\p{Zs}/u.test(c));
}
export function isDash(c: string): boolean {
  return c === '-' || c === '–' || c === '—' || c === '―';
}
export function isSingleQuote(c: string): boolean {
  return c === "'" || c === '‘' || c === '’' || c === '‚' || c === '‛';
}
export function isDoubleQuote(c: string): boolean {
  return c === '"' || c === '“' || c === '”' || c === '„';
}
export function isDigit(c: string): boolean {
  return c >= '0' && c <= '9' && c.length === 1;
}
export function isNameStart(c: string): boolean {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c === '_' || (c > '\x7f' && /\p{L}/u.test(c));
}
export function isNamePart(c: string): boolean {
  return isNameStart(c) || isDigit(c) || (c > '\x7f' && /\p{N}/u.test(c));
}
/** Ends a bare word whatever comes before it. */
export function endsWord(c: string): boolean {
  return c === '' || isNewline(c) || isSpace(c) || '&(),;{|}'.includes(c);
}
/** Ends a number in an expression: `7+1` are three tokens, `7z` is one. */
export function endsNumber(c: string): boolean {
  return endsWord(c) || '!#%*+-./<=>]'.includes(c) || isDash(c);
}

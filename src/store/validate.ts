/** Checks a whole document against the catalogue and the rules, and says where in the file each violation stands. */
import type { Violation } from '../domain/connector.ts';
import type { StoreDocument } from './document.ts';
import { Draft } from './draft.ts';
import { keysTwice, nodeAt, outline, placeAt } from './json-text.ts';
import { StoreError } from './store-error.ts';

/** One thing wrong, with line and column (from 1) when it stands in a text. */
export interface PlacedViolation extends Violation {
  readonly line?: number;
  readonly column?: number;
}

/** @throws StoreError 'invalid', one line a violation */
export function validate(document: StoreDocument, text: string, path: string): void {
  const violations = [...placed(new Draft(document).violations(), text), ...twice(text)];
  if (!violations.length) return;
  const lines = violations
    .slice(0, 50)
    .map((v) => `  ${v.line ? `line ${v.line}, column ${v.column}: ` : ''}${v.path}: ${v.message}`);
  if (violations.length > lines.length) lines.push(`  … and ${violations.length - lines.length} more`);
  throw new StoreError(
    'invalid',
    `The store ${path} has settings that cannot be:\n${lines.join('\n')}\nIt was left untouched; mend the file, or go back to what rc wrote last with: rc restore`,
  );
}

/** Keys that stand twice in one object: which of them is meant nobody can tell. */
export function twice(text: string): PlacedViolation[] {
  return keysTwice(text, JSON.parse(text.replace(/^\ufeff/, ''))).map(({ key, offset }) => ({
    path: key,
    message: 'stands twice in the same object; only one can be meant',
    ...placeAt(text, offset),
  }));
}

/** Finds the violations' places in the JSON text they are about. */
export function placed(violations: readonly Violation[], text: string): PlacedViolation[] {
  if (!violations.length) return [];
  const root = outline(text);
  return violations.map((v) => (v.at ? { ...v, ...placeAt(text, nodeAt(root, v.at).start) } : v));
}

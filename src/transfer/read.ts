/** From a file to a document: read, checked whole against the store it would go into, every problem with its place. */

import { readFileSync } from 'node:fs';
import type { Violation } from '../domain/connector.ts';
import { filePath, type Place } from '../pipeline/file-path.ts';
import type { StoreDocument } from '../store/document.ts';
import { Draft } from '../store/draft.ts';
import type { PlacedViolation } from '../store/validate.ts';
import { decodeText } from '../text/decode-text.ts';
import { type Configuration, readConfiguration } from './configuration.ts';
import { type Merged, merged } from './merge.ts';
import { type Source, SourceError, sourceOf } from './source.ts';

/** A file as sentences name it. */
export function fileTold(name: string): string {
  return name === '-' ? 'standard input' : name;
}

/** A configuration that cannot be; `problems` in the order of the file. */
export class ConfigurationError extends Error {
  constructor(
    readonly file: string,
    readonly problems: readonly PlacedViolation[],
  ) {
    const lines = problems.slice(0, 50).map((p) => `  ${placeText(p)}${p.path}: ${p.message}`);
    if (problems.length > lines.length) lines.push(`  … and ${problems.length - lines.length} more`);
    super(`${file === '-' ? 'Standard input' : file} cannot be used:\n${lines.join('\n')}`);
  }
}

function placeText({ line, column }: PlacedViolation): string {
  return line === undefined ? '' : `line ${line}, column ${column}: `;
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is none of that name',
  EISDIR: 'is a folder; give one file',
  EACCES: 'may not be read by this user',
};

/** The text of a file; `-` is standard input. @throws ConfigurationError */
export function textOf(name: string, place: Place): string {
  try {
    return decodeText(readFileSync(name === '-' ? 0 : filePath(place, name)));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = Object.hasOwn(UNREADABLE, code ?? '') ? UNREADABLE[code!]! : `cannot be read (${message})`;
    throw new ConfigurationError(name, [{ path: 'the file', message: why }]);
  }
}

export interface Read {
  readonly source: Source;
  readonly configuration: Configuration;
}

/** Reads a file. @throws ConfigurationError naming everything wrong in it */
export async function configurationFrom(name: string, text: string): Promise<Read> {
  let source: Source;
  try {
    source = await sourceOf(name, text);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new ConfigurationError(name, [{ path: 'the file', message: error.message, ...error.place }]);
  }
  const { configuration, violations } = readConfiguration(source.value);
  if (violations.length) throw new ConfigurationError(name, placedIn(source, violations));
  return { source, configuration };
}

function placedIn(source: Source, violations: readonly Violation[]): PlacedViolation[] {
  return violations
    .map((v): PlacedViolation => ({ ...v, ...(v.at ? source.place(v.at) : {}) }))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

/** @throws ConfigurationError when the document is not valid with the file's content in it */
export function refuseInvalid(read: Read, { document, origins }: Merged): void {
  const violations = new Draft(document).violations().map((v): Violation => {
    const [section, index, ...rest] = v.at ?? [];
    if (section !== 'connectors' || typeof index !== 'number') return v;
    const origin = origins.get(document.connectors[index]!.Guid);
    if (!origin) return { path: v.path, message: v.message };
    // As the file counts, not the document that it was brought into; objects that stand in no list have no number.
    const at = origin.findLast((part) => typeof part === 'number');
    const path = v.path.replace(/^connectors\[\d+\] /, at === undefined ? '' : `connectors[${at}] `);
    return { ...v, path, at: [...origin, ...rest] };
  });
  if (violations.length) throw new ConfigurationError(read.source.name, placedIn(read.source, violations));
}

/** An exported file as the document it came from, to compare: what it does not hold is taken from `base`. */
export async function documentFromFile(
  name: string,
  host: Place & { clock(): Date },
  base: StoreDocument,
): Promise<{ document: StoreDocument }> {
  const read = await configurationFrom(name, textOf(name, host));
  const result = merged(base, read.configuration, 'replace', host.clock().toISOString(), new Map(), true);
  return { document: result.document };
}

/** From the text of store.json to a document: JSON, version, shape. What is wrong is said with file, line and column. */
import { isRecord } from '../text/is-record.ts';
import { show } from '../text/printable.ts';
import { SCHEMA_VERSION, type StoreDocument } from './document.ts';
import { JsonSyntaxError, nodeAt, numberTooLarge, outline, placeAt } from './json-text.ts';
import { StoreError } from './store-error.ts';

/** @throws StoreError 'corrupt' (not JSON or not our shape) or 'newer' */
export function parseDocument(text: string, path: string): StoreDocument {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (error) {
    const [where, why] = syntaxProblem(text, error as Error);
    throw new StoreError(
      'corrupt',
      `The store is not valid JSON: ${path}${where}: ${why}. It was left untouched; mend the file, or go back to the content last written with: rc restore`,
    );
  }
  const large = numberTooLarge(text);
  const problem = large
    ? { why: `the number ${show(large.number)} is too large`, at: undefined }
    : shapeProblem(parsed);
  if (problem) {
    const where = problem.at ? placeOf(text, problem.at) : placeText(text, large!.offset);
    throw new StoreError(
      'corrupt',
      `The store ${path}${where} is not what rc wrote: ${problem.why}. It was left untouched; mend the file, or go back to the content last written with: rc restore`,
    );
  }
  const document = parsed as StoreDocument;
  if (document.schemaVersion > SCHEMA_VERSION) {
    throw new StoreError(
      'newer',
      `The store ${path} has version ${document.schemaVersion}; this rc knows up to ${SCHEMA_VERSION}. Use the newer rc that wrote it. It was left untouched.`,
    );
  }
  return document;
}

function syntaxProblem(text: string, error: Error): [where: string, why: string] {
  if (text.trim() === '') return ['', 'the file is empty'];
  try {
    outline(text);
  } catch (found) {
    if (found instanceof JsonSyntaxError) {
      const { line, column } = placeAt(text, found.offset);
      return [`, line ${line}, column ${column}`, found.message];
    }
  }
  return ['', error.message];
}

/** `, line 3, column 5` of the value that a path leads to. */
function placeOf(text: string, path: readonly (string | number)[]): string {
  try {
    return placeText(text, nodeAt(outline(text), path).start);
  } catch {
    return '';
  }
}

function placeText(text: string, offset: number): string {
  const { line, column } = placeAt(text, offset);
  return `, line ${line}, column ${column}`;
}

interface Problem {
  readonly why: string;
  readonly at: readonly (string | number)[];
}

function shapeProblem(parsed: unknown): Problem | undefined {
  const problem = (why: string, ...at: (string | number)[]): Problem => ({ why, at });
  if (!isRecord(parsed)) return problem('it is not an object');
  const d = parsed as Partial<Record<keyof StoreDocument, unknown>>;
  if (!Number.isInteger(d.schemaVersion)) return problem('"schemaVersion" is not a whole number', 'schemaVersion');
  if ((d.schemaVersion as number) > SCHEMA_VERSION) return undefined;
  if (!Number.isSafeInteger(d.generation) || (d.generation as number) < 0)
    return problem('"generation" is not a whole number', 'generation');
  const server = d.server as { name?: unknown; fqdn?: unknown } | undefined;
  if (typeof server?.name !== 'string' || typeof server.fqdn !== 'string')
    return problem('"server" has no name and fqdn', 'server');
  // Both go into replies and logs, where a line end would begin a line of its own.
  if (/[\x00-\x1f\x7f]/.test(server.name + server.fqdn))
    return problem('"server" has a control character in its name or fqdn', 'server');
  if (d.servers !== undefined) {
    if (!Array.isArray(d.servers)) return problem('"servers" is not a list', 'servers');
    const odd = d.servers.findIndex((one: { name?: unknown; fqdn?: unknown; transport?: unknown } | null) => {
      if (typeof one?.name !== 'string' || typeof one.fqdn !== 'string') return true;
      return one.transport !== undefined && !isRecord(one.transport);
    });
    if (odd >= 0) return problem(`"servers" has an entry without a name and fqdn (number ${odd + 1})`, 'servers', odd);
  }
  for (const key of ['connectors', 'acceptedDomains', 'users'] as const) {
    if (!Array.isArray(d[key])) return problem(`"${key}" is not a list`, key);
    const odd = (d[key] as unknown[]).findIndex(
      (item) =>
        typeof item !== 'object' ||
        item === null ||
        typeof (item as { Name?: unknown }).Name !== 'string' ||
        // Connectors' GUIDs are checked with their settings (connector.ts).
        (key !== 'connectors' && typeof (item as { Guid?: unknown }).Guid !== 'string'),
    );
    if (odd >= 0) return problem(`"${key}" has an entry without a Name and Guid (number ${odd + 1})`, key, odd);
  }
  if (!isRecord(d.transport)) return problem('"transport" is not an object', 'transport');
  return undefined;
}

/** From the text of store.json to a document: JSON, version, shape. What is wrong is said with file, line and column. */
import { SCHEMA_VERSION, type StoreDocument } from './document.ts';
import { StoreError } from './store-error.ts';

/** @throws StoreError 'corrupt' (not JSON or not our shape) or 'newer' */
export function parseDocument(text: string, path: string): StoreDocument {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    const where = placeOf((error as Error).message, text);
    throw new StoreError(
      'corrupt',
      `The store is not valid JSON: ${path}${where}: ${(error as Error).message}. It was left untouched; mend the file, or restore it from a backup.`,
    );
  }
  const problem = shapeProblem(parsed);
  if (problem)
    throw new StoreError('corrupt', `The store ${path} is not what rc wrote: ${problem}. It was left untouched.`);
  const document = parsed as StoreDocument;
  if (document.schemaVersion > SCHEMA_VERSION) {
    throw new StoreError(
      'newer',
      `The store ${path} has version ${document.schemaVersion}; this rc knows up to ${SCHEMA_VERSION}. Use the newer rc that wrote it. It was left untouched.`,
    );
  }
  return document;
}

function placeOf(message: string, text: string): string {
  const at = /position (\d+)/.exec(message)?.[1];
  const offset = at ? Number(at) : /end of JSON/.test(message) ? text.length : undefined;
  if (offset === undefined) return '';
  const before = text.slice(0, offset).split('\n');
  return `, line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

function shapeProblem(parsed: unknown): string | undefined {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'it is not an object';
  const d = parsed as Partial<Record<keyof StoreDocument, unknown>>;
  if (!Number.isInteger(d.schemaVersion)) return '"schemaVersion" is not a whole number';
  if ((d.schemaVersion as number) > SCHEMA_VERSION) return undefined;
  if (!Number.isInteger(d.generation) || (d.generation as number) < 0) return '"generation" is not a whole number';
  const server = d.server as { name?: unknown; fqdn?: unknown } | undefined;
  if (typeof server?.name !== 'string' || typeof server.fqdn !== 'string') return '"server" has no name and fqdn';
  for (const key of ['connectors', 'acceptedDomains', 'users'] as const) {
    if (!Array.isArray(d[key])) return `"${key}" is not a list`;
    const odd = (d[key] as unknown[]).findIndex(
      (item) => typeof item !== 'object' || item === null || typeof (item as { Name?: unknown }).Name !== 'string',
    );
    if (odd >= 0) return `"${key}" has an entry without a Name (number ${odd + 1})`;
  }
  if (typeof d.transport !== 'object' || d.transport === null) return '"transport" is not an object';
  return undefined;
}

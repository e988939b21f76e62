/** Temporary folders, removed when the test file that made them has ended. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';
import type { StoreDocument } from '../../src/store/document.ts';

const made: string[] = [];
// Beside the next file: all at once at the end kept the run for more than ten seconds, in which vitest could not hear its workers end.
afterAll(() => {
  if (made.length) spawn('rm', ['-rf', ...made], { stdio: 'ignore', detached: true }).unref();
});

/** A new empty folder, to be a home (`RC_HOME`) or anything else. */
export function tempFolder(name = 'home'): string {
  const folder = mkdtempSync(join(inject('temporary'), `${name}-`));
  made.push(folder);
  return folder;
}

/** The server's name that first use gives a store on this machine: the SERVER of `SERVER\Name`. */
export const SERVER = hostname().split('.')[0]!.toUpperCase().slice(0, 40) || 'SERVER';

/** The home's store.json as it stands on the disk. */
export function storeIn(home: string): StoreDocument {
  return JSON.parse(readFileSync(join(home, 'store.json'), 'utf8')) as StoreDocument;
}

/** A small store with the server `EX` and these connectors, each given a Guid and dates when it has none; generation 1. */
export function writeStore(home: string, connectors: readonly Record<string, unknown>[], more: object = {}): void {
  const at = '2024-01-02T03:04:05.000Z';
  const document = {
    schemaVersion: 1,
    generation: 1,
    server: { name: 'EX', fqdn: 'ex.contoso.com' },
    connectors: connectors.map((c, i) => ({
      Guid: `00000000-0000-4000-8000-${String(i + 1).padStart(12, '0')}`,
      WhenCreated: at,
      WhenChanged: at,
      ...c,
    })),
    acceptedDomains: [],
    users: [],
    transport: {},
    ...more,
  };
  writeFileSync(join(home, 'store.json'), `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 });
}

/**
 * Programs that tests use and that a machine need not have: other shells, real mail clients, groff. CI installs them all
 * (.ci/run), so there a missing one is a failure; elsewhere its tests are skipped, and `npm test` on a bare machine passes.
 */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Are all these programs there, or must they be? */
export function has(...programs: readonly string[]): boolean {
  return Boolean(process.env.CI) || programs.every((program) => onPath(program) !== undefined);
}

/** Where a program is. */
export function onPath(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':').filter(Boolean), '/usr/sbin'];
  return folders
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

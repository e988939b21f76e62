/**
 * Programs that tests use and that a machine need not have: other shells, real mail clients, groff. CI installs them all
 * (.ci/run), so there a missing one is a failure; elsewhere its tests are skipped, and `npm test` on a bare machine passes.
 */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Are all these programs there, or must they be? */
export function has(...programs: readonly string[]): boolean {
  return Boolean(process.env.CI) || programs.every(onPath);
}

function onPath(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(':').filter(Boolean), '/usr/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

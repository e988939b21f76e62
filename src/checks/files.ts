/** Files of the home: modes and owners, a history that says the same as the store. */

import { lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readCertificates } from '../certificates/certificate-folder.ts';
import type { Generations } from '../store/generations.ts';
import type { Home } from '../store/home.ts';
import { setMode } from '../store/home-files.ts';
import { shellWord } from '../text/shell-word.ts';
import type { CheckFinding } from './finding.ts';

/** Everything in the home is for its owner alone: folders 0700, files 0600. What is looked at one level down: folders of ours. */
export function modeFindings(home: Home, fix: boolean): CheckFinding[] {
  const findings: CheckFinding[] = [];
  for (const { path, secret } of pathsIn(home)) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (!stat?.isFile() && !stat?.isDirectory()) continue;
    const wanted = stat.isDirectory() ? 0o700 : 0o600;
    const mode = stat.mode & 0o777;
    if ((mode & 0o077) === 0) continue;
    const mended = fix && mend(path, wanted);
    findings.push({
      severity: mended ? 'Information' : secret ? 'Error' : 'Warning',
      check: 'FileModes',
      about: path,
      problem: `others may ${verbs(mode)} it (mode ${octal(mode)})${mended ? `; now ${octal(wanted)}` : ''}`,
      mend: mended ? [] : [`chmod ${octal(wanted)} ${shellWord(path)}`, 'all of them at once: rc doctor --fix'],
    });
  }
  return findings;
}

function mend(path: string, mode: number): boolean {
  try {
    setMode(path, mode);
    return true;
  } catch {
    return false;
  }
}

function* pathsIn(home: Home): Generator<{ path: string; secret: boolean }> {
  yield { path: home.folder, secret: true };
  const secrets = [home.store, home.base, home.history, home.webToken, home.webSessions, home.apiToken];
  for (const path of [...secrets, home.stamp, home.events]) yield { path, secret: secrets.includes(path) };
  for (const path of [home.mail, home.protocol, home.tracking]) yield { path, secret: false };
  yield { path: home.certificates, secret: true };
  // a certificate is for everybody to read, its key is not
  for (const name of readCertificates(home.certificates).keyFiles)
    yield { path: join(home.certificates, name), secret: true };
}

function verbs(mode: number): string {
  return mode & 0o022 ? 'read and write' : mode & 0o044 ? 'read' : 'enter';
}

const octal = (mode: number) => mode.toString(8).padStart(4, '0');

/** Files that belong to another user than the folder: after `sudo`, the listener’s own user may be locked out. */
export function ownerFindings(home: Home): CheckFinding[] {
  const folder = statSync(home.folder);
  const foreign = [...pathsIn(home)].filter(({ path }) => {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat !== undefined && stat.uid !== folder.uid;
  });
  return foreign.map(({ path }) => ({
    severity: 'Warning',
    check: 'FileOwner',
    about: path,
    problem: 'belongs to another user than its folder',
    mend: [`sudo chown --reference=${shellWord(home.folder)} ${shellWord(path)}`],
  }));
}

export function historyFindings(generations: Generations): CheckFinding[] {
  const [pending] = generations.pending;
  if (pending?.origin === 'edit')
    return [
      {
        severity: 'Information',
        check: 'History',
        about: 'store.json',
        problem: 'was edited by hand since the last command; the next change records it',
        mend: ['look at it: rc history --last 1', 'take it back: rc undo'],
      },
    ];
  if (generations.agrees()) return [];
  return [
    {
      severity: 'Warning',
      check: 'History',
      about: 'history.ndjson',
      problem: 'does not lead to what the store holds: it was removed or damaged',
      mend: ['nothing to type: the next change begins it anew; what was before cannot be undone'],
    },
  ];
}

/** Which fleet a home is in: fleet.json, and the engine's password beside it (mode 0600). Both belong to the home, not to its document. */
import { statSync } from 'node:fs';
import type { Home } from '../store/home.ts';
import { readOwn, readSecret, removeOwn } from '../store/home-files.ts';
import { OWN_FILE } from '../store/ours.ts';
import { replaceOwn } from '../store/replace-file.ts';
import { type EngineAddress, engineUrl, parseEngineAddress } from './engine-address.ts';
import { FleetError } from './fleet-error.ts';

export interface Membership {
  /** Name of the fleet: several can use one engine. */
  readonly fleet: string;
  /** Made with the fleet: tells it from another of the same name. */
  readonly id: string;
  /** This home's server. */
  readonly server: string;
  /** Of this home: tells a machine that was started again from another with the same server's name. */
  readonly home: string;
  readonly address: EngineAddress;
  /** Password hashes of users may travel without TLS. */
  readonly allowPlaintext: boolean;
  readonly password?: string;
  /** Certificates (PEM) that sign the engine's; those that Node knows when left out. */
  readonly ca?: string;
}

/** `undefined` when the home is in no fleet. @throws FleetError when the files cannot be read */
export function readMembership(home: Home): Membership | undefined {
  try {
    const { fleet, id, server, engine, allowPlaintext, ca } = JSON.parse(readOwn(home.fleet));
    if (![fleet, id, server, engine].every((value) => typeof value === 'string' && value !== ''))
      throw new Error('something is missing in it');
    const password = readPassword(home);
    return {
      fleet,
      id,
      server,
      home: homeId(home),
      address: parseEngineAddress(engine),
      allowPlaintext: allowPlaintext === true,
      ...(password === undefined ? {} : { password }),
      ...(typeof ca === 'string' ? { ca } : {}),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new FleetError(
      'refused',
      `What fleet this home is in cannot be read: ${home.fleet} (${(error as Error).message}). Join it again: rc join-fleet URL; or leave it: rc leave-fleet --keep`,
    );
  }
}

/** Which home it is, in the words of the engine: the same after a restart or a new start in the fleet, another for a copy. */
export function homeId(home: Home): string {
  return `${process.getBuiltinModule('node:os').hostname()}:${statSync(home.folder).ino}`;
}

function readPassword(home: Home): string | undefined {
  try {
    return readSecret(home.fleetPassword).replace(/\r?\n[\s\S]*$/, '') || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function writeMembership(home: Home, member: Membership): void {
  const { fleet, id, server, address, allowPlaintext, password, ca } = member;
  if (password === undefined) removeOwn(home.fleetPassword);
  else replaceOwn(home.fleetPassword, `${password}\n`, { durable: true, mode: OWN_FILE });
  const said = { fleet, id, server, engine: engineUrl(address), allowPlaintext, ...(ca === undefined ? {} : { ca }) };
  replaceOwn(home.fleet, `${JSON.stringify(said, null, 2)}\n`, { durable: true, mode: OWN_FILE });
}

export function removeMembership(home: Home): void {
  removeOwn(home.fleet);
  removeOwn(home.fleetPassword);
}

/** `env:NAME` as a path: Get-Content, Get-Item, Get-ChildItem and Test-Path see the environment as a drive (about_Environment_Provider). */
import type { Context } from '../../pipeline/context.ts';
import { PsObject, type Value } from '../../pipeline/value.ts';
import { Wildcard } from '../../text/wildcard.ts';
import { sessionOf } from '../runtime/session.ts';
import { WINDOWS_VARIABLES } from '../runtime/windows-variables.ts';

/** The variables that a path of the drive means, a wildcard among them or all of `env:`; `undefined`: it is no path of the drive. */
export function environmentAt({ host, statement }: Context, path: string): readonly PsObject[] | undefined {
  const m = /^env:[\\/]*(.*)$/is.exec(path);
  if (!m) return undefined;
  const names = Object.keys(host.env).filter((name) => host.env[name] !== undefined);
  for (const name of Object.keys(WINDOWS_VARIABLES))
    if (!names.some((one) => one.toUpperCase() === name)) names.push(name);
  const pattern = new Wildcard(m[1] || '*');
  const session = sessionOf(statement);
  const read = (name: string): Value => host.env[name] ?? session?.get(`env:${name}`) ?? null;
  return names
    .filter((name) => pattern.matches(name))
    .sort()
    .map((name) => new PsObject('DictionaryEntry', { Name: name, Value: read(name), Key: name }));
}

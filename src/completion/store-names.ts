/** Names in the store, read for completion: never creates, changes or complains. */

import type { SettingName } from '../domain/settings.ts';
import { StoreFile } from '../store/adapter.ts';
import { type StoreDocument, serversOf } from '../store/document.ts';
import { Draft } from '../store/draft.ts';
import type { Home } from '../store/home.ts';
import { printable } from '../text/printable.ts';
import { tried } from '../text/tried.ts';
import type { Known } from './offers.ts';

/** Those of `Known` that a store has. */
export type StoreNames = Pick<Known, 'connectors' | 'servers' | 'users' | 'domains' | 'elements'>;

export function namesIn(home: Home): StoreNames {
  let read: StoreDocument | null | undefined;
  const document = () => {
    if (read === undefined) read = tried(() => new StoreFile(home.store).read()) ?? null;
    return read;
  };
  return {
    connectors: () => {
      const stored = document();
      const draft = stored && new Draft(stored);
      return shown(stored?.connectors.map((c) => draft!.label(c))).map(literal);
    },
    servers: () => {
      const stored = document();
      return shown(stored ? serversOf(stored).all.map(({ server }) => server) : []);
    },
    users: () => shown(document()?.users.map((user) => user.Name)),
    domains: () => shown(document()?.acceptedDomains.map((domain) => domain.DomainName)),
    elements: (identities, setting) => {
      const stored = document();
      return stored ? (tried(() => elementsOf(stored, identities, setting)) ?? []) : [];
    },
  };
}

function elementsOf(document: StoreDocument, identities: readonly string[], setting: SettingName): string[] {
  const draft = new Draft(document);
  const found = new Set<string>();
  for (const identity of identities) {
    for (const connector of draft.find(identity).found) {
      const value = draft.connector(connector)[setting];
      for (const element of Array.isArray(value) ? value : String(value).split(', ')) found.add(String(element));
    }
  }
  return shown([...found]);
}

/** A hand-edited name with control characters would break the lines we answer with: it is passed over. */
function shown(names: readonly string[] | undefined): string[] {
  return (names ?? []).filter((name) => typeof name === 'string' && name !== '' && printable(name) === name);
}

/** A backtick in a name escapes what follows where identities are read. */
function literal(name: string): string {
  return name.replaceAll('`', '``');
}

/**
 * The servers whose connectors a store holds: this home's own and, in a fleet, the others. A connector belongs to exactly
 * one of them, as in Exchange: `EX02\Relay`.
 */
import { foldText, hasWildcard, sameText, Wildcard } from '../text/wildcard.ts';
import type { Site } from './setting.ts';

/** Says which server it belongs to; one that does not say is this home's own. */
export interface Owned {
  readonly Server?: unknown;
}

export class Servers {
  readonly #byName = new Map<string, Site>();

  constructor(
    /** This home's. */
    readonly own: Site,
    readonly others: readonly Site[] = [],
  ) {
    for (const site of [own, ...others])
      if (!this.#byName.has(foldText(site.server))) this.#byName.set(foldText(site.server), site);
  }

  /** This home's first. */
  get all(): readonly Site[] {
    return [this.own, ...this.others];
  }

  /** Whose it is; for a server that is not among them, one of that name without an FQDN. */
  of({ Server }: Owned): Site {
    if (Server === undefined) return this.own;
    return this.#byName.get(foldText(String(Server))) ?? { server: String(Server), fqdn: '' };
  }

  isOwn({ Server }: Owned): boolean {
    return Server === undefined || sameText(String(Server), this.own.server);
  }

  has(name: string): boolean {
    return this.#byName.has(foldText(name));
  }

  /**
   * Those that a name, an FQDN or a wildcard means; none when there is no such server.
   * @throws WildcardError for a pattern that is not valid
   */
  meant(text: string): readonly Site[] {
    if (hasWildcard(text)) {
      const pattern = new Wildcard(text);
      return this.all.filter(({ server, fqdn }) => pattern.matches(server) || pattern.matches(fqdn));
    }
    const named = this.#byName.get(foldText(text));
    return named ? [named] : this.all.filter(({ fqdn }) => fqdn !== '' && sameText(fqdn, text));
  }
}

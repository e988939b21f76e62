/** The keys of a fleet in its engine. All begin alike, so that an ACL can name them; the braces keep them together in a cluster. */

export interface FleetKeys {
  /** Hash: the document with its generation. */
  readonly document: string;
  /** List: the last changes, the newest last. */
  readonly log: string;
  /** Hash: what each node says of itself, by incarnation. */
  readonly nodes: string;
  /** Sorted set: until when each incarnation counts as alive, by the fleet's clock. */
  readonly alive: string;
  /** Hash: the incarnation of each server. */
  readonly servers: string;
  /** Hash: the fleet's clock. */
  readonly clock: string;
  /** Channel on which generations are told. */
  readonly changed: string;
  /** Channel on which servers are asked what they see. */
  readonly asked: string;
  /** Channel of the answers to one who asks. */
  answers(asker: string): string;
  /** Hash: connections of the connectors of one name, by incarnation. */
  connector(name: string): string;
  /** The same of one source. */
  source(name: string, source: string): string;
  /** Hash: messages of one source in the last minutes. */
  rate(name: string, source: string): string;
}

export function keysOf(fleet: string): FleetKeys {
  const at = (rest: string) => `rc:{${fleet}}:${rest}`;
  const folded = (name: string) => name.toLowerCase();
  return {
    document: at('document'),
    log: at('log'),
    nodes: at('nodes'),
    alive: at('alive'),
    servers: at('servers'),
    clock: at('clock'),
    changed: at('changed'),
    asked: at('asked'),
    answers: (asker) => at(`answers:${asker}`),
    connector: (name) => at(`connector:${folded(name)}`),
    source: (name, source) => at(`source:${source} ${folded(name)}`),
    rate: (name, source) => at(`rate:${source} ${folded(name)}`),
  };
}

/** Why a name cannot be a fleet's; `undefined` when it can. */
export function fleetNameProblem(name: string): string | undefined {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)
    ? undefined
    : 'is no name of a fleet; allowed: letters, digits, point, dash and underscore, up to 64';
}

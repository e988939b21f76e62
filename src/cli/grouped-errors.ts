/** Errors that differ only in what they are about are told once: the first whole, then for whom else the same holds. */
import type { Host } from '../pipeline/context.ts';
import type { CmdletError } from '../pipeline/error.ts';

interface GroupedErrors {
  readonly host: Host;
  /** Tells for whom else the last error holds. What writes something else, or asks, does it before. */
  tell(): void;
}

/** Names that are told; of more, how many. */
const MOST_NAMES = 5;

export function groupedErrors(host: Host): GroupedErrors {
  let key: string | undefined;
  const others: string[] = [];
  const tell = (): void => {
    if (others.length) host.writeHost(`  ${sameFor(others)}`);
    others.length = 0;
    key = undefined;
  };
  const before =
    <A extends readonly unknown[], R>(write: (...args: A) => R) =>
    (...args: A): R => {
      tell();
      return write(...args);
    };
  const grouping: Partial<Host> = {
    writeError(error, cmdlet) {
      const its = keyOf(error, cmdlet);
      if (its !== undefined && its === key) {
        others.push(error.target);
        return;
      }
      tell();
      key = its;
      host.writeError(error, cmdlet);
    },
    writeWarning: before(host.writeWarning),
    writeVerbose: before(host.writeVerbose),
    writeHost: before(host.writeHost),
    ask: before(host.ask),
  };
  // the host's own getters stay what they are
  const properties = Object.fromEntries(Object.entries(grouping).map(([name, value]) => [name, { value }]));
  return { host: Object.create(host, properties) as Host, tell };
}

/** What two errors have in common that are the same but for their target. */
function keyOf({ message, target, id, place }: CmdletError, cmdlet: string): string | undefined {
  const [single, double] = [`'${target}'`, `"${target}"`];
  if (!message.includes(single) && !message.includes(double)) return undefined;
  return [cmdlet, id, place?.file, place?.line, message.replaceAll(single, '\0').replaceAll(double, '\0')].join('\n');
}

function sameFor(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return `The same for ${names.length === 1 ? '1 other' : `${names.length} others`}: ${shown.join(', ')}${more ? ` and ${more} more` : ''}.`;
}

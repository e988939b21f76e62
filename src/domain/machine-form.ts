/**
 * What programs compare: beside a printed size, span or set of flags its figure or list, under a name of its own. MaxMessageSize has
 * MaxMessageSizeBytes, ConnectionTimeout has ConnectionTimeoutSeconds, PermissionGroups has PermissionGroupList (docs/printing.md).
 */
import { ByteSize, Flags, TimeSpan, Unlimited } from './value.ts';

const SUFFIXES = ['Bytes', 'Seconds', 'List'] as const;

/** The name and value that stand beside a property; `undefined` where its JSON is comparable as it is. */
export function machineForm(name: string, value: unknown): [name: string, value: number | null | string[]] | undefined {
  if (value instanceof ByteSize) return [`${name}Bytes`, value.bytes];
  if (value instanceof TimeSpan) return [`${name}Seconds`, value.seconds];
  if (value instanceof Flags) return [`${name.replace(/s$/, '')}List`, [...value.names]];
  // a size without limit keeps its place, so that a program finds the name in every object
  return value instanceof Unlimited && name.endsWith('Size') ? [`${name}Bytes`, null] : undefined;
}

/** The property that a name stands beside, when the object has it: what comes back in this form is dropped, the printed one counts. */
export function besideWhich(name: string, has: (name: string) => boolean): string | undefined {
  for (const suffix of SUFFIXES) {
    const beside = name.endsWith(suffix) ? name.slice(0, -suffix.length) : '';
    if (beside === '') continue;
    if (has(beside)) return beside;
    if (suffix === 'List' && has(`${beside}s`)) return `${beside}s`; // a list of groups
  }
  return undefined;
}

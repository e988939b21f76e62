/** What a listener that serves says of itself to a program: one line of JSON (`rc serve --json`). */
import type { Home } from '../store/home.ts';

interface Serving {
  readonly pid: number;
  readonly home: Home;
  /** Bindings that are open, with the names of their connectors. */
  readonly bound: readonly { readonly binding: string; readonly connectors: readonly string[] }[];
  /** Address of the page; none without a page. */
  readonly page?: string | undefined;
  readonly api?: { readonly url: string; readonly tokenFile: string } | undefined;
}

/** Where each connector is reached: all its bindings that are open, and the port of the first. */
export function placesOf(bound: Serving['bound']): {
  readonly ports: Readonly<Record<string, number>>;
  readonly bindings: Readonly<Record<string, readonly string[]>>;
} {
  const bindings = new Map<string, string[]>();
  for (const { binding, connectors } of bound)
    for (const name of connectors) bindings.set(name, [...(bindings.get(name) ?? []), binding]);
  const ports = [...bindings].map(([name, [first]]) => [name, Number(/\d+$/.exec(first!)![0])]);
  return { ports: Object.fromEntries(ports), bindings: Object.fromEntries(bindings) };
}

/** `{"pid":…,"ports":{"Default":2525},"bindings":{"Default":["127.0.0.1:2525"]},"home":…,"page":null,"api":"http://127.0.0.1:8026","apiTokenFile":…}`; null for what there is not. */
export function readyLine({ pid, home, bound, page, api }: Serving): string {
  const beside = { page: page ?? null, api: api?.url ?? null, apiTokenFile: api?.tokenFile ?? null };
  return `${JSON.stringify({ pid, ...placesOf(bound), home: home.folder, ...beside })}\n`;
}

/** What a listener that serves says of itself to a program: one line of JSON (`rc serve --json`). */
import type { Home } from '../store/home.ts';

interface Serving {
  readonly pid: number;
  readonly home: Home;
  /** Bindings that are open, with the names of their connectors. */
  readonly bound: readonly { readonly binding: string; readonly connectors: readonly string[] }[];
  /** Address of the page with its token; none without a page. */
  readonly page?: string | undefined;
}

/** `{"pid":…,"ports":{"Default":2525},"bindings":{"Default":["127.0.0.1:2525"]},"home":…,"page":null}`; a connector's port is that of its first binding. */
export function readyLine({ pid, home, bound, page }: Serving): string {
  const bindings = new Map<string, string[]>();
  for (const { binding, connectors } of bound)
    for (const name of connectors) bindings.set(name, [...(bindings.get(name) ?? []), binding]);
  const ports = [...bindings].map(([name, [first]]) => [name, Number(/\d+$/.exec(first!)![0])]);
  const line = { pid, ports: Object.fromEntries(ports), bindings: Object.fromEntries(bindings), home: home.folder };
  return `${JSON.stringify({ ...line, page: page ?? null })}\n`;
}

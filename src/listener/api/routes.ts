/** Every route of the API. */
import { ACTIVITY_ROUTES } from './activity-routes.ts';
import { CONNECTOR_ROUTES, FAULT_ROUTES } from './connector-routes.ts';
import { MESSAGE_ROUTES } from './message-routes.ts';
import type { Route } from './route.ts';

export const ROUTES: readonly Route[] = [...MESSAGE_ROUTES, ...CONNECTOR_ROUTES, ...FAULT_ROUTES, ...ACTIVITY_ROUTES];

interface Found {
  readonly route: Route;
  readonly parts: Readonly<Record<string, string>>;
}

/**
 * The route of a request; a list: the methods that its path has. `undefined`: the path is none. A path in words wins over one
 * with parts. HEAD is GET without its body (RFC 9110 section 9.3.2), but where an answer goes on and on.
 */
export function routeOf(method: string, path: string): Found | readonly string[] | undefined {
  const there = ROUTES.flatMap((route) => {
    const parts = partsOf(route.path, path);
    return parts ? [{ route, parts }] : [];
  }).sort((a, b) => Object.keys(a.parts).length - Object.keys(b.parts).length);
  if (!there.length) return undefined;
  const fewest = Object.keys(there[0]!.parts).length;
  const same = there.filter(({ parts }) => Object.keys(parts).length === fewest);
  const wanted = (route: Route) =>
    route.method === method || (method === 'HEAD' && route.method === 'GET' && !route.lasts);
  return (
    same.find(({ route }) => wanted(route)) ??
    same.flatMap(({ route }) => (route.method === 'GET' && !route.lasts ? ['GET', 'HEAD'] : [route.method]))
  );
}

function partsOf(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const parts: Record<string, string> = {};
  for (const [at, word] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(word)?.[1];
    if (name === undefined) {
      if (word !== given[at]) return undefined;
      continue;
    }
    try {
      parts[name] = decodeURIComponent(given[at]!);
    } catch {
      return undefined;
    }
    if (parts[name] === '') return undefined;
  }
  return parts;
}

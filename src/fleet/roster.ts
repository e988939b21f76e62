/** Who is in a fleet: what each running listener last said of itself. */
import { setTimeout as delay } from 'node:timers/promises';
import { printable } from '../text/printable.ts';
import { sameText } from '../text/wildcard.ts';
import type { Engine, Reply } from './engine.ts';
import type { FleetKeys } from './keys.ts';
import { ROSTER } from './scripts.ts';

/** What a node says of itself. */
export interface NodeReport {
  readonly server: string;
  /** Which home it is. */
  readonly home: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  /** When its process began, in milliseconds since 1970. */
  readonly started: number;
  /** Generation that its listener acts by. */
  readonly generation: number;
  /** Why it does not act by a newer one; empty when all is well. */
  readonly problem: string;
}

export interface Node extends NodeReport {
  /** It has said so within ten seconds. */
  readonly isAlive: boolean;
}

/** By server. @throws FleetError */
export async function roster(engine: Engine, keys: FleetKeys): Promise<Node[]> {
  const said = (await engine.runScript(ROSTER, [keys.alive, keys.nodes, keys.clock], [])) as Reply[];
  const nodes: Node[] = [];
  for (let i = 0; i < said.length; i += 2) {
    const report = reportOf(String(said[i]));
    if (report) nodes.push({ ...report, isAlive: said[i + 1] === '1' });
  }
  return nodes.sort((a, b) => (a.server < b.server ? -1 : 1));
}

/** Another machine that is this server, and runs. @throws FleetError */
export async function twinOf(
  { engine, keys }: { readonly engine: Engine; readonly keys: FleetKeys },
  { server, home }: Pick<NodeReport, 'server' | 'home'>,
): Promise<Node | undefined> {
  const nodes = await roster(engine, keys);
  return nodes.find((node) => node.isAlive && node.home !== home && sameText(node.server, server));
}

/** `undefined` for a text that no node of ours says. */
export function reportOf(text: string): NodeReport | undefined {
  try {
    const report = JSON.parse(text) as Partial<Record<keyof NodeReport, unknown>>;
    const line = (value: unknown) => printable(String(value ?? '').replaceAll(/\s*\n\s*/g, ' ')).slice(0, 300);
    if (typeof report?.server !== 'string' || typeof report.home !== 'string') return undefined;
    return {
      server: line(report.server),
      home: report.home,
      host: line(report.host),
      pid: Number(report.pid) || 0,
      version: line(report.version),
      started: Number(report.started) || 0,
      generation: Number(report.generation) || 0,
      problem: line(report.problem),
    };
  } catch {
    return undefined;
  }
}

const LOOK_MS = 20;
/** What a node says for so long is what keeps it: one that comes back still says what was wrong before. */
const STUCK_MS = 500;

/**
 * Waits until all live nodes act by a generation. @returns those that do not within `timeoutMs`, or cannot; and how many do
 * @throws FleetError
 */
export async function waitForNodes(
  engine: Engine,
  keys: FleetKeys,
  generation: number,
  timeoutMs: number,
  lookMs = LOOK_MS,
): Promise<{ readonly behind: readonly Node[]; readonly acting: number }> {
  const end = performance.now() + timeoutMs;
  let stuckAt = Number.POSITIVE_INFINITY;
  for (;;) {
    const alive = (await roster(engine, keys)).filter(({ isAlive }) => isAlive);
    const behind = alive.filter((node) => node.generation < generation);
    const cannot = behind.length > 0 && behind.every(({ problem }) => problem !== '');
    stuckAt = cannot ? Math.min(stuckAt, performance.now() + STUCK_MS) : Number.POSITIVE_INFINITY;
    if (!behind.length || performance.now() >= Math.min(end, stuckAt))
      return { behind, acting: alive.length - behind.length };
    await delay(lookMs);
  }
}

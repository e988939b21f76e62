/** Looks at the machine: the mail's volume, memory of this process and its workers, the event loop. */
import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { ResourceUse } from '../../domain/pressure.ts';
import { volumeOf } from '../../store/volume.ts';

export interface Probe {
  look(): Promise<ResourceUse>;
  close(): void;
}

const RESOLUTION_MS = 20;
const PAGE = 4096;

/** @param mail folder of the mail, and one that is there before it is @param workers their process ids */
export function systemProbe(mail: readonly string[], workers: () => readonly number[]): Probe {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const limit = memoryLimit();
  return {
    async look() {
      const delay = Math.max(0, delays.percentile(50) / 1e6 - RESOLUTION_MS);
      delays.reset();
      const rss = process.memoryUsage.rss() + workers().reduce((sum, pid) => sum + residentOf(pid), 0);
      const { used_heap_size: heap, heap_size_limit: heapLimit } = getHeapStatistics();
      return { disk: await volumeOf(mail), memory: 100 * Math.max(rss / limit, heap / heapLimit), delay };
    },
    close: () => delays.disable(),
  };
}

/** Bytes that this process and its children may have: the machine's, or less by its control group (version 2, or 1). */
function memoryLimit(): number {
  let limit = totalmem();
  for (const file of cgroupFiles()) {
    try {
      const text = readFileSync(file, 'utf8').trim();
      if (/^\d+$/.test(text)) limit = Math.min(limit, Number(text));
    } catch {
      // no such group here
    }
  }
  return limit;
}

/** The limits of our own group and of all above it. */
function cgroupFiles(): string[] {
  const files = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes'];
  try {
    const own = /^0::(\/.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/';
    for (let path = own; path !== '/' && path !== ''; path = path.slice(0, path.lastIndexOf('/')))
      files.push(`/sys/fs/cgroup${path}/memory.max`);
  } catch {
    // not Linux
  }
  return files;
}

function residentOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE;
  } catch {
    return 0; // gone, or not Linux
  }
}

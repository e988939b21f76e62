/**
 * Names of messages in the Maildir: time, process, counter and host, so that no two are ever the same
 * (the Maildir description at cr.yp.to/proto/maildir.html), with a mark of this process by which leftovers are told apart.
 */
import { randomBytes } from 'node:crypto';

export interface NameMaker {
  next(): string;
  /** What a name in tmp is: ours and alive, left behind by an earlier process of ours, or somebody else's. */
  judge(name: string, isAlive: (pid: number) => boolean): 'ours' | 'leftover' | 'alive' | 'foreign';
}

const NAME = /^\d+\.M\d+P(\d+)Q\d+R([0-9a-f]{8})\.(.+)$/;

export function nameMaker(
  host: string,
  pid: number,
  clock: () => number = Date.now,
  mark = randomBytes(4).toString('hex'),
): NameMaker {
  // "/" and ":" cannot stand in a name; the Maildir description writes them in octal.
  const safeHost = host.replace(/[^\w.-]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`) || 'localhost';
  let counter = 0;
  return {
    next() {
      const now = clock();
      const micros = Math.floor((now % 1000) * 1000);
      return `${Math.floor(now / 1000)}.M${micros}P${pid}Q${counter++}R${mark}.${safeHost}`;
    },
    judge(name, isAlive) {
      const m = NAME.exec(name);
      if (!m || m[3] !== safeHost) return 'foreign';
      if (m[2] === mark) return 'ours';
      const owner = Number(m[1]);
      // In a container every process has the same number: a name with ours and another mark is of a process before us.
      return owner === pid || !isAlive(owner) ? 'leftover' : 'alive';
    },
  };
}

/** Log files in memory, with a disk that can fail or stall, and a clock that the test moves. */
import type { LogFiles } from '../../src/listener/records/hourly-log.ts';

export class MemoryDisk implements LogFiles {
  readonly files = new Map<string, string>();
  failing: string | undefined;
  #stall: Promise<void> | undefined;
  #go = () => {};

  stall(): void {
    this.#stall = new Promise((resolve) => {
      this.#go = resolve;
    });
  }
  resume(): void {
    this.#stall = undefined;
    this.#go();
  }
  async append(path: string, text: string): Promise<void> {
    await this.#stall;
    if (this.failing) throw Object.assign(new Error(`${this.failing}: no`), { code: this.failing });
    this.files.set(path, (this.files.get(path) ?? '') + text);
  }
  async list(folder: string): Promise<ReadonlyMap<string, number>> {
    const inside = [...this.files].filter(([path]) => path.startsWith(`${folder}/`));
    return new Map(inside.map(([path, text]) => [path.slice(folder.length + 1), Buffer.byteLength(text)]));
  }
  async remove(path: string): Promise<void> {
    this.files.delete(path);
  }
  names(): string[] {
    return [...this.files.keys()].map((path) => path.slice(path.lastIndexOf('/') + 1)).sort();
  }
  /** Lines of all files that are no headers. */
  lines(): string[] {
    return [...this.files.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, text]) => text.split('\r\n'))
      .filter((line) => line && !line.startsWith('#'));
  }
}

export class Clock {
  constructor(public now: Date) {}
  readonly read = () => this.now;
  pass(ms: number): void {
    this.now = new Date(this.now.getTime() + ms);
  }
}

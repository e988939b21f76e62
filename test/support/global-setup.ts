/** Before all tests: builds bin/rc when it is older than its source, and makes the folder that holds all temporary homes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    temporary: string;
  }
}

export default function setup(project: TestProject): () => Promise<void> {
  const built = spawnSync(process.execPath, [resolve(import.meta.dirname, '../../bin/setup.mjs')], {
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`bin/rc could not be built:\n${built.stdout}${built.stderr}`);
  const folder = mkdtempSync(join(tmpdir(), 'rc-test-'));
  project.provide('temporary', folder);
  return () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

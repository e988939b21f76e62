/** kill -9 in the middle of deliveries: what was acknowledged is there, whole and once; what was not is there whole or not at all. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDelivery } from '../../src/listener/delivery/delivery.ts';
import { Events, freshHome, messagesIn, namesIn, serverWith, until } from './scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'rc-kill-'));
const program = join(folder, 'deliver.cjs');

beforeAll(async () => {
  const entryPoints = [join(import.meta.dirname, 'deliver-entry.ts')];
  await build({ entryPoints, bundle: true, platform: 'node', format: 'cjs', outfile: program, logLevel: 'error' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Delivers until `acks` messages are acknowledged, then kills. The ids acknowledged. */
async function deliverAndKill(home: string, run: number, acks: number): Promise<string[]> {
  const child = spawn(process.execPath, [program, home, String(run)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (out.split('\n').length > acks) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.on('close', resolve));
  return out
    .split('\n')
    .slice(0, -1) // the last line may be cut off
    .map((line) => line.slice('ack '.length));
}

test('messages acknowledged before a kill -9 are all there, none twice, and leftovers go', {
  timeout: 60_000,
}, async () => {
  const home = freshHome();
  const acknowledged: string[] = [];
  for (let run = 0; run < 6; run++) acknowledged.push(...(await deliverAndKill(home.folder, run, 10 + run * 37)));
  expect(acknowledged.length).toBeGreaterThan(200);

  const stored = await messagesIn(home);
  const ids = stored.map((text) => /^X-Id: (\S+)/m.exec(text)![1]!);
  expect(new Set(ids).size).toBe(ids.length);
  const there = new Set(ids);
  expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
  for (const text of stored) {
    expect(text.startsWith('Return-Path: <a@fabrikam.com>\n')).toBe(true);
    expect(text.endsWith('end\n')).toBe(true);
  }

  const events = new Events();
  const delivery = openDelivery(home, events, () => serverWith());
  await until(async () => (await namesIn(home, 'tmp')).length === 0);
  expect(await messagesIn(home)).toHaveLength(stored.length);
  await delivery.close();
});

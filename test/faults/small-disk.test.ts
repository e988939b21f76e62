/** A disk that is full, and one that is read-only: real ones, where this machine lets us mount them. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { rc } from '../support/rc.ts';
import { SmallDisk } from './small-disk.ts';

const probe = SmallDisk.mount(100);
probe?.unmount();

function disk(kilobytes: number): { home: string; disk: SmallDisk } {
  const mounted = SmallDisk.mount(kilobytes)!;
  onTestFinished(() => mounted.unmount());
  return { home: join(mounted.folder, 'home'), disk: mounted };
}

it.skipIf(!probe && !process.env.CI)(
  'a full disk: a change fails and says so, the store stays and reads; with room again it goes on',
  async () => {
    const {
      home,
      disk: { folder },
    } = disk(200);
    expect(await rc(['set', '*', '--comment', 'before'], { home })).toMatchObject({ code: 0 });
    const store = readFileSync(join(home, 'store.json'), 'utf8');
    const history = readFileSync(join(home, 'history.ndjson'), 'utf8');
    const filler = join(folder, 'filler');
    try {
      writeFileSync(filler, Buffer.alloc(1024 * 1024));
    } catch {} // as far as it goes
    const failed = await rc(['set', '*', '--comment', 'after'], { home });
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/ENOSPC.*Nothing was changed\. The disk is full: free some space and try again\./);
    expect(readFileSync(join(home, 'store.json'), 'utf8')).toBe(store);
    expect(readFileSync(join(home, 'history.ndjson'), 'utf8')).toBe(history);
    expect(await rc(['get'], { home })).toMatchObject({ code: 0 });
    rmSync(filler);
    expect(await rc(['set', '*', '--comment', 'after'], { home })).toMatchObject({ code: 0 });
    const entries = (await rc(['history'], { home })).stdout.trim().split('\n');
    expect(entries.map((line) => (JSON.parse(line) as { Generation: number }).Generation)).toEqual([3, 2, 1]);
  },
);

it.skipIf(!probe && !process.env.CI)('a read-only disk: everything reads, a change fails and says why', async () => {
  const { home, disk: mounted } = disk(1000);
  await rc(['set', '*', '--comment', 'before'], { home });
  mounted.remount('ro');
  for (const command of [['get'], ['history'], ['export'], ['validate'], ['diff', '1', '1']])
    expect(await rc(command, { home }), command[0]).toMatchObject({ code: 0, stderr: '' });
  const failed = await rc(['set', '*', '--comment', 'after'], { home });
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(/EROFS.*Nothing was changed/) });
  mounted.remount('rw');
  expect(await rc(['set', '*', '--comment', 'after'], { home })).toMatchObject({ code: 0 });
});

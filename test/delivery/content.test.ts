/** The file of a message that must not be left behind: its name is taken away at once, by whoever is quicker. */
import { mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Content } from '../../src/listener/delivery/content.ts';
import { disk, type MailFiles } from '../../src/listener/delivery/files.ts';
import { MemoryBudget } from '../../src/listener/memory-budget.ts';
import { tempFolder } from '../support/temp-home.ts';

function contentWith(unlink: MailFiles['unlink']) {
  const folder = join(tempFolder(), 'spool');
  mkdirSync(folder);
  const content = new Content({ ...disk, unlink }, new MemoryBudget(0), () => join(folder, 'x.eml'), true);
  return { folder, content };
}

test('when another process swept it meanwhile, the message is as good', async () => {
  const { folder, content } = contentWith(async (path) => {
    unlinkSync(path); // the other one
    return disk.unlink(path);
  });
  await content.write(Buffer.from('body'));
  await content.settle();
  const bytes: Buffer[] = [];
  for await (const chunk of content.read()) bytes.push(chunk);
  expect(Buffer.concat(bytes).toString()).toBe('body');
  expect(readdirSync(folder)).toEqual([]);
  await content.release(true);
});

test('when it cannot be taken away, the message is refused', async () => {
  const { content } = contentWith(async () => {
    throw Object.assign(new Error('no permission'), { code: 'EACCES' });
  });
  await content.write(Buffer.from('body'));
  await expect(content.settle()).rejects.toThrow('no permission');
  await content.release(true);
});

/** Commands that errors and mends tell to type are one command for a shell, whatever the names in them. */
import { expect, test } from 'vitest';
import { bindFailure } from '../../src/domain/wanted-bindings.ts';
import { realFiles } from '../../src/store/files.ts';
import { sharedHomeWarning } from '../../src/store/home-folders.ts';
import { bash, rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';

const NAME = `A "B" $(date) 'C' \`d\``;

/** The words that a shell makes of it. */
async function words(command: string): Promise<string[]> {
  const { stdout, stderr } = await bash(`printf '%s\\0' ${command}`);
  expect(stderr).toBe('');
  return stdout.split('\0').slice(0, -1);
}

test('a binding that cannot be opened', async () => {
  const wanted = {
    binding: { address: '127.0.0.1', family: 4 as const, port: 25, key: '127.0.0.1:25' },
    connectors: [NAME],
  };
  for (const code of ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL']) {
    const command = bindFailure(code, wanted as never, () => ['127.0.0.1']).mend.find((m) => m.includes('rc set'))!;
    expect((await words(command.replace(/^.*?: /, ''))).slice(0, 4)).toEqual(['rc', 'set', NAME, '--bindings']);
  }
});

test('names that are taken', async () => {
  const home = tempFolder();
  writeStore(home, [{ Name: NAME, Bindings: ['127.0.0.1:2525'] }]);
  const taken = await rc(['new', NAME, '--bindings', '127.0.0.1:2526'], { home });
  expect(await words(/rc set .*(?= …)/.exec(taken.stderr)![0])).toEqual(['rc', 'set', NAME]);
});

test('a home in a folder with a space', async () => {
  const folder = `${tempFolder()}/a b`;
  const files = { ...realFiles, statSync: () => ({ mode: 0o40777 }) } as never;
  const told = sharedHomeWarning(folder, files)!;
  expect(await words(/chmod [^,]*/.exec(told)![0])).toEqual(['chmod', '0700', folder]);
  expect(await words(/--home .*$/.exec(told)![0])).toEqual(['--home', `${folder}/rc`]);
});

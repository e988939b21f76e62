/** Lines for journald: the priority in front, nothing that it knows itself. */
import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { environment, RC } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { until } from '../support/until.ts';

/** Runs it with stderr to a file, which it is told is the journal or not; gives what it wrote there and on stdout. */
async function serve(home: string, args: string[], isJournal: boolean, good: boolean) {
  const path = join(tempFolder('journal'), 'stream');
  const fd = openSync(path, 'w');
  const { dev, ino } = fstatSync(fd, { bigint: true });
  const env = environment({ home, env: { FORCE_COLOR: '1', JOURNAL_STREAM: `${dev}:${isJournal ? ino : ino + 1n}` } });
  const child = spawn(process.execPath, [RC, 'serve', ...args], { env, stdio: ['ignore', 'pipe', fd] });
  closeSync(fd);
  let out = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const over = new Promise<number | null>((done) => child.once('close', done));
  if (good) {
    await until('it runs', () => readFileSync(path, 'utf8').includes('17000'));
    child.kill('SIGTERM');
  }
  const code = await over;
  return { code, out, lines: readFileSync(path, 'utf8').trimEnd().split('\n') };
}

test('priorities when stderr is the journal, or when told; text when told, or when it is not', async () => {
  const home = tempFolder();
  const port = await freePort();
  writeStore(home, [{ Name: 'A', Bindings: [`127.0.0.1:${port}`] }]);
  for (const [args, isJournal, expected] of [
    [[], true, true],
    [['--log-format', 'journal'], false, true],
    [['--log-format', 'text'], true, false],
    [['--log-format=auto'], false, false],
  ] as const) {
    const { code, out, lines } = await serve(home, [...args], isJournal, true);
    expect(code).toBe(0);
    expect(out === '').toBe(expected); // in the journal the greeting would be a line without a level among the events
    if (expected) {
      expect(lines[0]).toBe(`<6>17010 Listening on 127.0.0.1:${port} for 'A'.`);
      for (const line of lines) expect(line).toMatch(/^<[346]>\d{4,5} [A-Z]/);
    } else expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\d .*17010/);
  }
});

test('errors and warnings have their own', async () => {
  const home = tempFolder();
  const port = await freePort();
  const other = createServer().listen(port, '127.0.0.1');
  await until('the other program', () => other.listening);
  writeStore(home, [{ Name: 'A', Bindings: [`127.0.0.1:${port}`] }]);
  const { code, lines } = await serve(home, [], true, false);
  other.close();
  expect(code).toBe(1);
  expect(lines[0]).toMatch(/^<3>17012 Cannot listen on/);
  expect(lines.some((line) => line.startsWith('<3>rc serve: Nothing could be listened on.'))).toBe(true);
});

/** man/*.1, docs/commands.md and docs/settings.md: current, complete, and clean roff. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generatedPages } from '../../src/cli/docs.ts';
import { escaped } from '../../src/cli/manual/roff.ts';
import { CMDLETS } from '../../src/cmdlets/table.ts';
import { SETTING_NAMES } from '../../src/domain/settings.ts';
import { TRANSPORT_SETTING_NAMES } from '../../src/domain/transport-settings.ts';
import { commandWord } from '../../src/pipeline/cmdlet.ts';
import { ROOT, rc, run } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const pages = generatedPages(version);
const man = [...pages.keys()].filter((path) => path.startsWith('man/'));

describe('what is committed', () => {
  test.each([...pages])('%s is current (else: npm run docs)', (path, text) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text);
  });

  test('there is no page of a command that is gone', () => {
    const files = readdirSync(join(ROOT, 'man')).map((name) => `man/${name}`);
    expect(files.toSorted()).toEqual(man.toSorted());
  });

  test('npm run docs writes just these pages', async () => {
    const folder = tempFolder('docs');
    const ran = await rc(['__docs', folder]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout.trim().split('\n').toSorted()).toEqual([...pages.keys()].toSorted());
    for (const [path, text] of pages) expect(readFileSync(join(folder, path), 'utf8')).toBe(text);
    expect((await rc(['__docs', folder])).stdout).toBe('');
  });
});

describe('the manual', () => {
  test.skipIf(!has('groff')).each(man)('%s has no roff that groff warns of', async (path) => {
    const ran = await run('groff', ['-ww', '-b', '-z', '-man', '-K', 'utf8', '-Tutf8', join(ROOT, path)]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
  });

  test.skipIf(!has('man', 'groff'))('man shows rc-set(1) as it is meant', async () => {
    const env = { MANWIDTH: '80', MANPAGER: 'cat', LC_ALL: 'C.UTF-8' };
    const { code, stdout, stderr } = await run(
      'man',
      ['--warnings', '--nh', '--nj', '-l', join(ROOT, 'man/rc-set.1')],
      {
        env,
      },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const text = stdout.replaceAll(/.\u0008/g, '');
    expect(text).toContain('rc-set - change settings of receive connectors');
    expect(text).toContain('rc set [NAME…] [flags]');
    expect(text).toMatch(
      /--max-inbound-connection-per-source, --max-inbound-per-source COUNT\n +Connections of one IP/,
    );
    expect(text).toContain('rc -c "Set-ReceiveConnector Relay -RemoteIPRanges @{Add=\'10.1.2.3\'}"');
  });

  test('rc(1) names every page', () => {
    const text = pages.get('man/rc.1')!;
    for (const cmdlet of CMDLETS) expect(text).toContain(`rc\\-${commandWord(cmdlet).replaceAll('-', '\\-')}(1)`);
  });

  test.each([
    ['.TH is no request', '\\&.TH is no request'],
    ["'quoted'", '\\(aqquoted\\(aq'],
    ['a\\b-c', 'a\\eb\\-c'],
    ['don’t…', 'don\\[u2019]t\\[u2026]'],
    ['`x` ^ ~ "', '\\(gax\\(ga \\(ha \\(ti \\(dq'],
  ])('escapes %s', (text, roff) => {
    expect(escaped(text)).toBe(roff);
  });
});

describe('docs/settings.md', () => {
  const text = pages.get('docs/settings.md')!;
  test('has a row of every setting in both tables', () => {
    const [connector, transport] = text.split('# Settings of the transport service') as [string, string];
    for (const name of TRANSPORT_SETTING_NAMES) expect(transport.split(`| **${name}**`), name).toHaveLength(2);
    for (const name of SETTING_NAMES) {
      expect(connector.split('\n').filter((line) => line.startsWith(`| **${name}**`))).toHaveLength(1);
      expect(text.split('## When a change takes hold')[1]).toMatch(new RegExp(`[ ,]${name}[, ]`));
    }
  });

  test('every table has as many cells in each row as in its head', () => {
    for (const page of ['docs/settings.md', 'docs/commands.md']) {
      for (const block of pages.get(page)!.split('\n\n')) {
        const rows = block.split('\n').filter((line) => line.startsWith('|'));
        const cells = rows.map((row) => row.replaceAll('\\|', '').split('|').length);
        expect(new Set(cells).size).toBeLessThanOrEqual(1);
      }
    }
  });
});

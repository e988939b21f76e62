/** One text in every form that programs write it: read the same wherever rc reads text. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { rc } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';

const be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const FORMS: Record<string, (text: string) => Buffer> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with a mark': (text) => Buffer.from(`\ufeff${text}`),
  'UTF-8 with CRLF': (text) => Buffer.from(text.replaceAll('\n', '\r\n')),
  'UTF-16 LE with a mark and CRLF': (text) => Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`, 'utf16le'),
  'UTF-16 LE without a mark': (text) => Buffer.from(text, 'utf16le'),
  'UTF-16 BE with a mark': (text) => be(`\ufeff${text}`),
  'UTF-16 BE without a mark': (text) => be(text),
};

describe.each(Object.entries(FORMS))('%s', (_, form) => {
  const connector = '[\n  {"Name": "Köln", "Bindings": ["127.0.0.1:2526"], "Comment": "für 東京"}\n]\n';

  it('is imported, validated, piped, run and listed', async () => {
    const home = tempFolder();
    const file = (name: string, text: string) => {
      const path = join(tempFolder(), name);
      writeFileSync(path, form(text));
      return path;
    };
    const json = file('c.json', connector);
    expect(await rc(['validate', json], { home })).toMatchObject({ code: 0, stderr: '' });
    expect(await rc(['import', json], { home })).toMatchObject({ code: 0, stderr: '' });
    const stored = await rc(['get', 'Köln', '--select', 'Comment'], { home });
    expect(JSON.parse(stored.stdout)).toEqual({ Comment: 'für 東京' });
    const yaml = file('c.yaml', '- Name: Köln\n  Comment: süd\n');
    expect(await rc(['import', yaml], { home })).toMatchObject({ code: 0, stderr: '' });
    const script = file('s.ps1', 'Get-ReceiveConnector Köln |\n  Select Name\n');
    expect((await rc(['-f', script], { home })).stdout).toContain('Köln');
    const csv = file('c.csv', 'Name,Comment\nKöln,ü\n');
    expect((await rc(['import-csv', csv], { home })).stdout).toContain('"Comment":"ü"');
    const content = await rc(['-c', `(Get-Content '${csv}').Count`], { home });
    expect(content.stdout.trim()).toBe('2');
    const piped = await rc(['select', 'Name'], { home, input: form('{"Name": "Köln"}\n') });
    expect(piped).toMatchObject({ code: 0, stdout: '{"Name":"Köln"}\n' });
  });
});

it('YAML is written so that readers of YAML 1.1 read texts', async () => {
  const home = tempFolder();
  for (const text of ['12:00:00', 'no', '2026-11-28', 'yes', '1_000', '0x1F', '~', '=']) {
    await rc(['set', 'Default*', '--comment', text], { home });
    for (const args of [
      ['get', 'Default*', '--select', 'Comment', '--output', 'yaml'],
      ['export', 'Default*', '--output', 'yaml'],
    ]) {
      const { stdout } = await rc(args, { home });
      const read = parse(stdout, { version: '1.1' });
      expect((Array.isArray(read) ? read[0] : read.connectors[0]).Comment, stdout).toBe(text);
    }
  }
});

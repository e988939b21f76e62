/** Get-Help and Get-Command: what they print, and that every example in the language is of the language. */
import { describe, expect, test } from 'vitest';
import { allCommands } from '../../src/language/commands.ts';
import { compileScript } from '../../src/language/compiler/compile.ts';
import { cmdletHelp } from '../../src/language/help-text.ts';
import { printed } from '../../src/pipeline/value.ts';
import { scene } from './scene.ts';

const EXAMPLES = allCommands().flatMap((cmdlet) =>
  cmdlet.examples.flatMap((example) =>
    example.language === undefined ? [] : [[cmdlet.name, example.language] as const],
  ),
);

describe('examples', () => {
  test('there are some for nearly every cmdlet', () => {
    expect(new Set(EXAMPLES.map(([name]) => name)).size).toBeGreaterThan(allCommands().length * 0.7);
  });

  test.each(EXAMPLES)('%s: %s', (_, text) => {
    expect(() => compileScript(text, { functions: new Map(), aliases: new Map() })).not.toThrow();
  });
});

describe('Get-Help', () => {
  test('the brief help of a cmdlet', async () => {
    const told = await scene().run('Get-Help Write-Warning');
    expect(told.out.join('')).toBe(`
NAME
    Write-Warning


SYNOPSIS
    Write a warning.


SYNTAX
    Write-Warning [[-Message] <String>] [<CommonParameters>]


DESCRIPTION
    Write a warning.


REMARKS
    To see the examples, type: Get-Help Write-Warning -Examples
    For more information, type: Get-Help Write-Warning -Detailed
    For all there is to know, type: Get-Help Write-Warning -Full

`);
  });

  test('one parameter, with its default from the catalogue', async () => {
    const told = await scene().run('Get-Help Set-ReceiveConnector -Parameter MaxHopCount');
    expect(told.out.join('')).toMatch(/-MaxHopCount <Int32>\n[\s\S]*Default value {16}60\n/);
    expect((await scene().run('Get-Help Set-ReceiveConnector -Parameter Foo')).code).toBe(2);
  });

  test('values of enumerations stand in the syntax', async () => {
    const told = await scene().run('Get-Help Set-ReceiveConnector');
    expect(told.out.join('')).toMatch(/\[-ProtocolLoggingLevel\s+<None\s+\|\s+Verbose>\]/);
  });

  test('without a name, or with a wildcard, a list', async () => {
    const one = scene();
    expect((await one.run('Get-Help | % Name')).out).toEqual(allCommands().map((c) => c.name));
    expect((await one.run('Get-Help *AcceptedDomain | % Name')).out).toHaveLength(4);
    expect((await one.run('help ft')).out.join('')).toContain('Format-Table');
    expect((await one.run('Get-Help set')).out.join('')).toContain('Set-ReceiveConnector');
  });

  test.each(allCommands().map((c) => [c.name, c] as const))(
    '%s fits the screen and shows nothing unprintable',
    (_, cmdlet) => {
      for (const detail of ['brief', 'examples', 'detailed', 'full'] as const) {
        const text = cmdletHelp(cmdlet, detail, 80);
        expect(text).not.toMatch(/undefined|\[object/);
        const long = text
          .split('\n')
          .filter(
            (line) =>
              line.length > 80 &&
              /\s\S+\s/.test(line.trim()) &&
              !line.includes('PS>') &&
              !line.includes('Default value'),
          );
        expect(long.filter((line) => line.trimStart().startsWith('-') === false)).toEqual([]);
      }
    },
  );
});

test('Get-Command shows cmdlets with their aliases', async () => {
  const told = await scene().run('Get-Command where');
  expect(told.values.map(printed)).toEqual([expect.stringContaining('Name=Where-Object')]);
});

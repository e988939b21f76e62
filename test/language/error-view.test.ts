/** Where an error arose, as PowerShell 7.6.9 shows it (ConciseView): the expected texts are its own, recorded without colours. */
import { expect, test } from 'vitest';
import { conciseView } from '../../src/pipeline/concise-view.ts';
import { CmdletError } from '../../src/pipeline/error.ts';
import { scene } from './scene.ts';

const FILE = '/srv/limits.ps1';

const IN_A_FILE: readonly (readonly [string, string])[] = [
  [
    '\n  Get-Item /nope |\n   Sort-Object',
    `Get-Item: ${FILE}:2
Line |
   2 |    Get-Item /nope |
     |    ~~~~~~~~~~~~~~
     | Cannot find path '/nope' because it does not exist.
`,
  ],
  [
    'function Set-It($n) {\n  1/0\n}\nSet-It 3',
    `RuntimeException: ${FILE}:2
Line |
   2 |    1/0
     |    ~~~
     | Attempted to divide by zero.
`,
  ],
  ["throw 'over'", `Exception: ${FILE}:1\nLine |\n   1 |  throw 'over'\n     |  ~~~~~~~~~~~~\n     | over\n`],
  [
    'if ($true) { foreach ($x in 1..1) { [int]"q$x" } }',
    `InvalidArgument: ${FILE}:1
Line |
   1 |  if ($true) { foreach ($x in 1..1) { [int]"q$x" } }
     |                                      ~~~~~~~~~~
     | Cannot convert value "q1" to type "System.Int32". Error: "The input string 'q1' was not in a correct format."
`,
  ],
  [
    '1..1 | % {\r\n  $_.Foo()\r\n}',
    `InvalidOperation: ${FILE}:2\nLine |\n   2 |    $_.Foo()\n     |    ~~~~~~~~\n     | Method invocation failed because [System.Int32] does not contain a method named 'Foo'.\n`,
  ],
  // Write-Error speaks for the function that it stands in; outside of one it has no place
  ["function g($n) {\n  Write-Error 'in g'\n}\ng 1", `g: ${FILE}:4\nLine |\n   4 |  g 1\n     |  ~~~\n     | in g\n`],
  ["1\nWrite-Error 'mine'", 'Write-Error: mine\n'],
];

test.each(IN_A_FILE)('in a file: %j', async (text, shown) => {
  expect((await scene().run(text, { file: FILE })).shown).toBe(shown);
});

test('a text that is no file: a place from its second line on, none on its first', async () => {
  expect((await scene().run('1/0')).shown).toBe('RuntimeException: Attempted to divide by zero.\n');
  expect((await scene().run("1\nthrow 'x'")).shown).toBe(
    "Exception:\nLine |\n   2 |  throw 'x'\n     |  ~~~~~~~~~\n     | x\n",
  );
});

test('a line number of five digits moves the bar', async () => {
  const told = await scene().run(`${'\n'.repeat(10_000)}1/0`, { file: FILE });
  expect(told.shown).toBe(
    `RuntimeException: ${FILE}:10001\n Line |\n10001 |  1/0\n      |  ~~~\n      | Attempted to divide by zero.\n`,
  );
});

test('a text that is refused has the same shape', async () => {
  const told = await scene().run('1\nif (1 {\n', { file: FILE });
  expect(told.complaint).toMatch(
    /^ParserError: \/srv\/limits\.ps1:2\nLine \|\n {3}2 \| {2}if \(1 \{\n {5}\| {7,8}~\n {5}\| /,
  );
});

test('at a terminal the message is broken at spaces, and coloured', () => {
  const error = new CmdletError('Cannot find what is named here\nat all.');
  error.place = { file: FILE, line: 3, excerpt: ['Get-Item x', '~~~~~~~~~~'], command: undefined };
  const colour = (text: string, part: string) => (part === 'plain' ? text : `<${part[0]}:${text}>`);
  expect(conciseView(error, 'Get-Item', { width: 24, colour })).toBe(
    [
      `<e:Get-Item:> ${FILE}:3`,
      '<a:Line |>',
      '<a:   3 | > <a:Get-Item x>',
      '<a:     | ><e: ~~~~~~~~~~>',
      '<a:     | ><e:Cannot find what>',
      '<a:     | ><e:is named here at>',
      '<a:     | ><e:all.>',
    ].join('\n'),
  );
});

test('a script asks where it was: callers, the line, the function', async () => {
  const text = [
    'function f($n) { g $n }',
    'function g($n) {',
    '  if ($n) {',
    '    throw "bad $n"',
    '  }',
    '}',
    'try {',
    '  f 2',
    '} catch {',
    '  $_.ScriptStackTrace',
    '  $_.InvocationInfo.PositionMessage',
    '}',
    'function h { $MyInvocation.ScriptLineNumber; $MyInvocation.Line }',
    'h',
    'function w { Write-Error x -ErrorAction SilentlyContinue }',
    'w; $Error[0].InvocationInfo.MyCommand.Name; $Error[0].ScriptStackTrace',
  ].join('\n');
  expect((await scene().run(text, { file: FILE })).out).toEqual([
    `at g, ${FILE}: line 4\nat f, ${FILE}: line 1\nat <ScriptBlock>, ${FILE}: line 8`,
    `At ${FILE}:4 char:5\n+     throw "bad $n"\n+     ~~~~~~~~~~~~~~`,
    '14',
    'h\n',
    'w',
    `at w, ${FILE}: line 15\nat <ScriptBlock>, ${FILE}: line 16`,
  ]);
});

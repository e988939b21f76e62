/** What does not parse, and what is not part of the language: refused before anything runs, with the place and in PowerShell's words. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../src/language/parser/parser.ts';
import { SyntaxProblem } from '../../src/language/parser/syntax-error.ts';
import { scene } from './scene.ts';

function problem(text: string): SyntaxProblem {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof SyntaxProblem) return error;
    throw error;
  }
  throw new Error(`parsed: ${text}`);
}

/** text, column, message */
const WRONG: readonly (readonly [string, number, string])[] = [
  ['"abc', 1, 'The string is missing the terminator: ".'],
  ["'abc", 1, "The string is missing the terminator: '."],
  ['@"\nabc', 1, 'The string is missing the terminator: "@.'],
  ['@"abc"@', 3, 'No characters are allowed after a here-string header but before the end of the line.'],
  ['Get-X | Where {$_.Name -like "*"', 15, "Missing closing '}' in statement block or type definition."],
  ['if ($true) { 1', 12, "Missing closing '}' in statement block or type definition."],
  ['if $true { 1 }', 1, "Missing '(' after 'if' in if statement."],
  ['if () { 1 }', 1, "Missing condition in if statement after 'if ('."],
  ['if ($x { 1 }', 8, "Missing closing ')' after expression in 'if' statement."],
  ['if ($x) 1', 8, 'Missing statement block after if ( condition ).'],
  ['if ($x) { 1 } else 2', 19, "Missing statement block after 'else' keyword."],
  ['foreach ($x) { }', 12, "Missing 'in' after variable in foreach loop."],
  ['foreach (x in 1) { }', 10, 'Missing variable name after foreach.'],
  ['foreach ($x in ) { }', 16, 'Missing expression in foreach loop.'],
  ['foreach ($x in 1..2 { }', 21, "Missing closing ')' after expression part of foreach loop."],
  ['foreach $x in 1 { }', 1, "Missing opening '(' after keyword 'foreach'."],
  ['(1 + 2', 1, "Missing closing ')' in expression."],
  ['()', 1, "An expression was expected after '('."],
  ['$(1', 1, "Missing closing ')' in subexpression."],
  ['$x[0', 3, "Missing ']' after array index expression."],
  ['$x[]', 4, 'Array index expression is missing or not valid.'],
  ['$x.', 3, 'Missing property name after reference operator.'],
  ['$x.Split(","', 9, "Missing ')' in method call."],
  ['1 +', 3, "You must provide a value expression following the '+' operator."],
  ['$x -eq', 4, "You must provide a value expression following the '-eq' operator."],
  ['$x -eq abc', 4, "You must provide a value expression following the '-eq' operator."],
  ['$x =', 4, "You must provide a value expression following the '=' operator."],
  ['5 = $x', 1, 'The assignment expression is not valid.'],
  ['$true = 1', 1, 'Cannot overwrite variable true because it is read-only or constant.'],
  ['Get-X |', 7, 'An empty pipe element is not allowed.'],
  ['| Get-X', 1, 'An empty pipe element is not allowed.'],
  ['Get-X | | Get-Y', 7, 'An empty pipe element is not allowed.'],
  ['Get-X | "text"', 9, 'Expressions are only allowed as the first element of a pipeline.'],
  ['Get-X | $x', 9, 'Expressions are only allowed as the first element of a pipeline.'],
  ['Get-X -Name:', 7, 'Parameter -Name requires an argument.'],
  ['Get-X a,', 8, "Missing expression after ',' in pipeline element."],
  ['Get-X , a', 7, 'Missing argument in parameter list.'],
  ['1,', 2, "Missing expression after ','."],
  ['@{a}', 4, "Missing '=' operator after key in hash literal."],
  ['@{a=}', 4, "Missing statement after '=' in hash literal."],
  ['@{a=1', 1, "Missing closing '}' in statement block or type definition."],
  ['@{a=1;A=2}', 7, "Duplicate keys 'A' are not allowed in hash literals."],
  ['$x = @y', 6, "The splatting operator '@' cannot be used to reference variables in an expression."],
  ['"$x: y"', 2, "Variable reference is not valid. ':' was not followed by a valid variable name character."],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a variable of the language
  ['${}', 1, 'variable reference was found. A name is required inside the braces.'],
  ['"`u{110000}"', 2, 'The Unicode escape sequence is not valid.'],
  ['1 2', 3, "Unexpected token '2' in expression or statement."],
  ['$x $y', 4, "Unexpected token '$y' in expression or statement."],
  ['1..3)', 5, "Unexpected token ')' in expression or statement."],
  ['}', 1, "Unexpected token '}' in expression or statement."],
  ['else { }', 1, "Unexpected token 'else' in expression or statement."],
  ['$x -foo 1', 4, "Unexpected token '-foo' in expression or statement."],
  ['<# never ends', 1, "The terminator '#>' is missing from the multiline comment."],
  ['Get-X >', 7, 'Missing file specification after redirection operator.'],
  ['Get-X < file', 7, "The '<' operator is reserved for future use."],
  ['99999999999999999999', 1, 'The numeric constant 99999999999999999999 is not valid.'],
];

describe('what does not parse is said in PowerShell’s words, with its place', () => {
  test.each(WRONG)('%s', (text, column, message) => {
    const found = problem(text);
    expect(found.problem).toContain(message);
    expect(found.line === 1 ? found.column : -1).toBe(column);
  });

  test('line, column and a caret', () => {
    expect(problem('Get-X\n  $x = (1 +\n  2\n$y').render('limits.ps1')).toBe(
      "At limits.ps1:4 char:1\n+ $y\n+ ^\nMissing closing ')' in expression.",
    );
    expect(problem('Get-ReceiveConnector; enum X { a }').render()).toBe(
      "At line:1 char:23\n+ Get-ReceiveConnector; enum X { a }\n+                       ^~~~\n'enum' is not part of this language. Write [ValidateSet('a', 'b')] for a parameter, or a table @{ a = 1 }.",
    );
  });

  test('a long line is cut around the place, and control characters cannot reach the terminal', () => {
    const text = `$a = "${'x'.repeat(500)}\u001b[31m" while`;
    const shown = problem(text).render();
    expect(shown).toContain('\\u{1b}');
    expect(shown).not.toContain('\u001b');
    expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThan(130);
  });
});

const REFUSED: readonly (readonly [string, string, number])[] = [
  ['class C { [string]$Name }', "'class'", 1],
  ['enum E { a }', "'enum'", 1],
  ['using module ./x.psm1', "'using module'", 1],
  ['workflow w { }', "'workflow'", 1],
  ['data { }', "'data'", 1],
  ['Get-X &', "'&' (run in the background)", 7],
  ['[math]::Rund(1.5)', '[math]::Rund', 1],
  ['[System.IO.File]::Delete("x")', 'The type [System.IO.File]', 1],
  ['$x::y', "'::'", 3],
  ['[xml]"a"', 'The type [xml]', 1],
  ['[System.Collections.Generic.Stack[string]]::new()', 'The type [System.Collections.Generic.Stack[string]]', 1],
  ['$env:PATH = "x"', 'Setting an environment variable', 1],
  ['$function:prompt', "The drive 'function:'", 1],
  ['"$alias:x"', "The drive 'alias:'", 2],
];

describe('everything else of PowerShell is refused by name and place', () => {
  test.each(REFUSED)('%s', (text, construct, column) => {
    const found = problem(text);
    expect(found.id).toBe('NotPartOfThisLanguage');
    expect(found.problem).toContain(`${construct}`);
    expect(found.problem).toContain('is not part of this language');
    expect(found.column).toBe(column);
  });

  test('nothing runs before the refusal', async () => {
    const one = scene();
    const told = await one.run('Set-ReceiveConnector Relay -MaxHopCount 5; Write-Host "ran"; class C { }');
    expect(told.code).toBe(2);
    expect(told.said).toEqual([]);
    expect(told.complaint).toContain("'class' is not part of this language.");
    expect(one.generation()).toBe(1);
  });

  test.each([
    [
      'Get-RecieveConnector',
      "The term 'Get-RecieveConnector' is not recognized as a name of a cmdlet. Did you mean Get-ReceiveConnector?",
    ],
    ['Test-Connection EX01', 'Nothing reaches the network from a script'],
    ['$x = [System.Math]::Rund(1.5)', 'It has: PI, E, Abs'],
    ['New-SendConnector x', 'Mail is handed on by Set-TransportService -DeliveryMethod Relay'],
    [
      'Set-ReceiveConnector Relay -MaxHopCont 5',
      "A parameter cannot be found that matches parameter name 'MaxHopCont'. Did you mean -MaxHopCount?",
    ],
    ['Set-ReceiveConnector Relay -MaxInbound 5', 'ambiguous'],
    [
      'Set-ReceiveConnector Relay -MaxHopCount',
      "Missing an argument for parameter 'MaxHopCount' of Set-ReceiveConnector.",
    ],
    ['Set-ReceiveConnector Relay -AddRemoteIPRanges 10.0.0.1', "parameter name 'AddRemoteIPRanges'"],
  ])('cmdlets and parameters are looked up before anything runs: %s', async (text, message) => {
    const one = scene();
    const told = await one.run(`Write-Host "ran"; if ($false) { ${text} }`);
    expect(told.complaint).toContain(message);
    expect(told.said).toEqual([]);
    expect(told.code).toBe(2);
  });
});

test('one message names everything that stands in the way, each with its line', async () => {
  const told = await scene().run(
    [
      'Write-Host "ran"',
      'class C { $x }',
      'Get-Nothing1 | Get-Nothing2',
      '[xml]$x = 1; Set-ReceiveConnector Relay -MaxHopCont 5',
    ].join('\n'),
  );
  expect(told.code).toBe(2);
  expect(told.said).toEqual([]);
  expect([...told.complaint.matchAll(/^ +(\d+) \| {2}.*\n +\| ( *)~/gm)].map((m) => `${m[1]}:${m[2]!.length}`)).toEqual(
    ['2:1', '3:1', '3:16', '4:1', '4:41'],
  );
});

describe('hostile texts end quickly in an error', () => {
  const MEGA = 1_000_000;
  test.each([
    ['1 MB of (', '('.repeat(MEGA)],
    ['1 MB of $(', '$('.repeat(MEGA / 2)],
    ['1 MB of @(', '@('.repeat(MEGA / 2)],
    ['1 MB of {', '{'.repeat(MEGA)],
    ['1 MB of @{a=', '@{a='.repeat(MEGA / 4)],
    ['1 MB of "$(', '"$('.repeat(MEGA / 3)],
    ['1 MB of [', '['.repeat(MEGA)],
    ['1 MB of !', '!'.repeat(MEGA)],
    ['1 MB of ,', ','.repeat(MEGA)],
    ['1 MB of -', '-'.repeat(MEGA)],
    ['1 MB of 1+', `${'1+'.repeat(MEGA / 2)}1`],
    ['1 MB of .a', `$x${'.a'.repeat(MEGA / 2)}`],
    ['1 MB of [0]', `$x${'[0]'.repeat(MEGA / 3)}`],
    ['1 MB of |a', `a${'|a'.repeat(MEGA / 2)}`],
    ['1 MB of if', 'if(1){'.repeat(MEGA / 6)],
    ['1 MB of elseif', `if(1){}${'elseif(1){}'.repeat(MEGA / 11)}`],
    ['1 MB of [int]', '[int]'.repeat(MEGA / 5)],
    ['1 MB of $x=', '$x='.repeat(MEGA / 3)],
    ['1 MB of -not', '-not '.repeat(MEGA / 5)],
    ['1 MB of quotes', '"'.repeat(MEGA + 1)],
    ['5 MB', ' '.repeat(5 * MEGA)],
  ])('%s', (_, text) => {
    expect(() => parse(text)).toThrow(SyntaxProblem);
  });

  test('long but flat is fine', () => {
    expect(parse('1;'.repeat(100_000)).end).toHaveLength(100_000);
    expect(parse(`"${'x'.repeat(1_000_000)}"`).end).toHaveLength(1);
    expect(parse(`@(${Array.from({ length: 50_000 }, (_, i) => i).join(',')})`).end).toHaveLength(1);
  });
});

describe('properties', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...[
        '$x',
        '$_',
        '"a$x"',
        "'q'",
        '@{',
        '@(',
        '$(',
        '{',
        '}',
        '(',
        ')',
        '[',
        ']',
        '[int]',
        '::',
        '.',
        '..',
        ',',
        ';',
      ],
      ...[
        '|',
        '||',
        '&',
        '-eq',
        '-not',
        '-',
        '+',
        '=',
        '+=',
        '==',
        '#',
        '<#',
        '#>',
        '`',
        '\n',
        ' ',
        '"',
        "'",
        '@"',
        '"@',
      ],
      ...[
        'if',
        'else',
        'foreach',
        'in',
        'while',
        'Get-ReceiveConnector',
        '-Name',
        '-Name:',
        '1',
        '1MB',
        '0x',
        '10.0.0.1',
        '%',
        '?',
        '>',
        '2>&1',
        '@x',
      ],
    ),
    fc.string({ maxLength: 6, unit: 'binary' }),
  );

  test('any text either parses or is refused with a place in it', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxProblem);
          const { line, column } = error as SyntaxProblem;
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(text.split('\n').length);
          expect(column).toBeGreaterThan(0);
          expect((error as SyntaxProblem).render()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('a text in single quotes is the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const quotes = /['‘’‚‛]/g;
        const [statement] = parse(`'${value.replace(quotes, '$&$&')}'`).end;
        expect(statement).toMatchObject({ kind: 'pipeline', source: { kind: 'literal', value } });
      }),
    );
  });

  test('running any text of such pieces never throws, and never reaches outside of the language', async () => {
    const one = scene();
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const { code } = await one.run(pieces.join(' '));
        expect([0, 1, 2]).toContain(code);
      }),
      { numRuns: 500 },
    );
  });
});

/** Random expressions and pipelines, thrown at PowerShell and at us. What differs by a rule of docs/language.md is not made, or passed over by name. */
import fc from 'fast-check';
import { type Answer, differences } from './answer.ts';
import type { Ours } from './ours.ts';
import type { Theirs } from './theirs.ts';

const pick = <T extends string>(...options: readonly T[]): fc.Arbitrary<string> => fc.constantFrom(...options);
const join = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((all) => all.join(''));

const int = fc.integer({ min: -1000, max: 1000 }).map((n) => (n < 0 ? `(${n})` : String(n)));
const real = fc.tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 999 })).map(([a, b]) => `${a}.${b}`);
const word = pick(
  "'abc'",
  "'Relay'",
  "'10'",
  "'2.5'",
  "''",
  "'a,b;c'",
  "'Default EX'",
  "'  x '",
  "'A1b2'",
  "'zeta'",
  "'éa'",
  '"a-b"',
);
const truth = pick('$true', '$false');
const list = fc.array(fc.oneof(int, word), { minLength: 0, maxLength: 4 }).map((items) => `@(${items.join(', ')})`);
const number = fc.oneof(int, real, pick('1KB', '0x1F', '1e3', '2MB'));
const scalar = fc.oneof({ weight: 4, arbitrary: number }, { weight: 4, arbitrary: word }, truth, pick('$null'));

const OPERATORS = ['+', '-', '*', '/', '%'];
const COMPARISONS = ['-eq', '-ne', '-gt', '-ge', '-lt', '-le', '-ceq', '-like', '-notlike', '-contains', '-in'];

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 5, arbitrary: scalar },
    { weight: 2, arbitrary: list },
    {
      weight: 3,
      arbitrary: fc.tuple(tie('value'), fc.constantFrom(...OPERATORS), number).map(([a, o, b]) => `(${a} ${o} ${b})`),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(number, fc.constantFrom(...OPERATORS), tie('value')).map(([a, o, b]) => `(${a} ${o} ${b})`),
    },
    {
      weight: 3,
      arbitrary: fc.tuple(tie('value'), fc.constantFrom(...COMPARISONS), scalar).map(([a, o, b]) => `(${a} ${o} ${b})`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie('value'), fc.constantFrom('-and', '-or', '-xor'), tie('value'))
        .map(([a, o, b]) => `(${a} ${o} ${b})`),
    },
    { weight: 1, arbitrary: tie('value').map((v) => `(-not ${v})`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(pick('[int]', '[double]', '[string]', '[bool]', '[array]'), tie('value'))
        .map(([t, v]) => `(${t}${v})`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          word,
          pick(
            '.ToUpper()',
            '.Length',
            '.Trim()',
            ".Replace('a','o')",
            ".Split(',')",
            '.Substring(1)',
            ".IndexOf('b')",
            '.PadLeft(8)',
            ".Contains('a')",
          ),
        )
        .map(([w, m]) => `(${w}${m})`),
    },
    { weight: 1, arbitrary: fc.tuple(tie('value'), pick("','", "''", "' - '")).map(([v, s]) => `(${v} -join ${s})`) },
    {
      weight: 1,
      arbitrary: fc.tuple(word, pick("','", "'b'", "'\\d'", "'[ab]'")).map(([w, p]) => `(${w} -split ${p})`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(word, pick("'a'", "'\\d'", "'(.)b'"), pick("'X'", "'[$1]'", "''"))
        .map(([w, p, r]) => `(${w} -replace ${p}, ${r})`),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(pick("'{0}'", "'{0:N1}'", "'{0,6}|'", "'{0:F2}'"), number).map(([f, v]) => `(${f} -f ${v})`),
    },
    { weight: 1, arbitrary: tie('value').map((v) => `"<$(${v})>"`) },
  ),
}));

const object = fc
  .tuple(pick("'b'", "'a'", "'C'", "'relay'", '$null'), int, fc.oneof(truth, real))
  .map(([n, v, w]) => `[pscustomobject]@{N=${n}; V=${v}; W=${w}}`);
const objects = fc.array(object, { minLength: 1, maxLength: 5 }).map((all) => all.join(', '));
const plainList = fc
  .array(fc.oneof(int, pick("'x'", "'B'", "'a10'", "'a9'")), { minLength: 1, maxLength: 6 })
  .map((all) => all.join(', '));
const stepOfObjects = pick(
  'sort N',
  'sort V -Descending',
  'sort N,V',
  'select N',
  'select N,V',
  'select -First 2',
  'select -Last 1',
  'select -Skip 1',
  'where V -gt 0',
  'where { $_.N -like "*a*" }',
  'where W',
  '% { $_ }',
  'select N,@{n="X";e={$_.V*2}}',
  'ft',
  'fl',
  'ft N,V',
  'ft -AutoSize',
  'ft V,N -Wrap',
  '% N',
  '% V',
  'measure V -Sum | % Sum',
  'measure | % Count',
  'group N | % Count',
  'ConvertTo-Csv',
  'ConvertTo-Json -Compress',
  'select -ExpandProperty V',
  'select * -ExcludeProperty W',
  'Out-String',
  'fw N',
  'ft -HideTableHeaders',
);
const stepOfValues = pick(
  'sort',
  'sort -Unique',
  'select -First 2',
  'select -Last 2',
  'select -Unique',
  'where { $_ -gt 1 }',
  'where { $_ -is [int] }',
  '% { "<$_>" }',
  '% { $_ * 2 }',
  'measure | % Count',
  'group | % Name',
  'select -Skip 1',
  '% ToString',
  'ConvertTo-Json -Compress',
);
/** What ends in text or in values of its own stands last. */
const ENDS = /^(?:ft|fl|fw|Out-|Convert|% [NV]$|measure|group|select -Expand)/;

function chain(start: fc.Arbitrary<string>, step: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(start, fc.array(step, { minLength: 1, maxLength: 3 })).map(([first, steps]) => {
    const end = steps.findIndex((one) => ENDS.test(one));
    const kept = end < 0 ? steps : steps.slice(0, end + 1);
    return [first, ...kept].join(' | ');
  });
}

export const texts: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: value },
  { weight: 2, arbitrary: chain(objects, stepOfObjects) },
  { weight: 2, arbitrary: chain(plainList, stepOfValues) },
  { weight: 1, arbitrary: join(fc.constant('$x = '), value, fc.constant('; $x; "$x"; $x.Count')) },
  { weight: 1, arbitrary: join(fc.constant('if ('), value, fc.constant(") { 'yes' } else { 'no' }")) },
  { weight: 1, arbitrary: join(fc.constant('foreach ($i in '), value, fc.constant(') { "[$i]" }')) },
);

/** Differences that docs/language.md lists, by what they look like. */
function byRule(theirs: Answer): boolean {
  const said = JSON.stringify(theirs);
  return (
    // a wrong pattern is told with what is wrong with it
    /pattern .* is not valid|Invalid pattern/.test(said) ||
    // an integer beyond 9,007,199,254,740,991 is a Double here
    /\b\d{17,}\b/.test(said) ||
    // every list is an Object[]
    said.includes('System.String[]') ||
    // control characters
    /\\u00[01]/.test(said)
  );
}

/** @returns how many differed */
export async function throwRandom(count: number, seed: number, we: Ours, they: Theirs, shown: number): Promise<number> {
  let differ = 0;
  let passed = 0;
  for (const text of fc.sample(texts, { numRuns: count, seed })) {
    const their = await they.run({ text });
    const our = await we.run({ text });
    const found = differences(their, our);
    if (!found.length) continue;
    if (byRule(their)) passed++;
    else if (++differ <= shown) console.log([text, ...found].join('\n    '));
  }
  console.log(`${count} random texts, seed ${seed}: ${differ} differ, ${passed} by a rule`);
  return differ;
}

/** Random texts with the width of their terminal. What differs by a rule of docs/language.md is not made, or passed over by name. */
import fc from 'fast-check';
import type { Answer, Case } from '../answer.ts';
import { value } from './expressions.ts';
import { pipeline } from './pipelines.ts';
import { script } from './scripts.ts';
import { statement } from './statements.ts';
import { scoped } from './variables-and-scopes.ts';

export const cases: fc.Arbitrary<Case> = fc.oneof(
  { weight: 4, arbitrary: value.map((text) => ({ text })) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(pipeline, fc.constantFrom(undefined, undefined, 40, 60, 80, 200))
      .map(([text, width]) => ({ text, width })),
  },
  { weight: 4, arbitrary: statement.map((text) => ({ text })) },
  { weight: 6, arbitrary: script.map((text) => ({ text })) },
  { weight: 6, arbitrary: scoped.map((text) => ({ text })) },
);

/** A rule of docs/language.md by which we may differ, by what PowerShell made of the text, or by the text. */
interface Rule {
  /** Words that stand in docs/language.md. */
  readonly rule: string;
  readonly holds: (said: string, text: string, ours: Answer) => boolean;
}

function isBlank({ out = '', errors = [] }: Answer): boolean {
  return out.trim() === '' && errors.length === 0;
}

export const RULES: readonly Rule[] = [
  {
    rule: 'A wrong wildcard pattern is told with what is wrong with it',
    holds: (said) => /wildcard character pattern is not valid/.test(said),
  },
  {
    rule: 'Whole numbers are exact up to 9,007,199,254,740,991',
    holds: (said) => /(?<![.\d])\d{17,}\b/.test(said),
  },
  {
    rule: 'Every list is an `Object[]`',
    holds: (said, text) =>
      /(?:String|Int32|Double|Char)\[\]|Collection`1/.test(said) ||
      /-is(?:not)? \[\w+\[\]\]/.test(text) ||
      /\.(?:ForEach|Where)\(.*-is(?:not)? \[array\]/.test(text),
  },
  { rule: 'An option of `.Split` may be written as a text', holds: (_, text) => /RemoveEmptyEntries/.test(text) },
  { rule: 'Control characters are shown as', holds: (said, text) => /`t/.test(text) || /\\u00[01]/.test(said) },
  {
    rule: 'A list in CSV or HTML is written out',
    holds: (said, text) =>
      (/Csv|Html/.test(text) && /System\.Object\[\]/.test(said)) || /Get-ReceiveConnector.*Csv/.test(text),
  },
  {
    rule: 'An empty field of CSV is an empty text',
    holds: (said, text) => /ConvertFrom-Csv/.test(text) && /,null\]|\[null\]/.test(said),
  },
  {
    rule: 'A time span alone on a line is its text',
    holds: (said) => /Days +: -?\d+\\nHours +: /.test(said),
  },
  {
    rule: 'A time span in JSON is its text',
    holds: (said, text) =>
      /TotalNanoseconds/.test(said) || (/timespan.*ConvertTo-Json/i.test(text) && /JSON is truncated/.test(said)),
  },
  { rule: 'A switch is a truth value', holds: (said) => /IsPresent|SwitchParameter/.test(said) },
  {
    rule: 'A text is at most 16 million characters long',
    holds: (_, __, ours) => /would be longer than 16777216 characters/.test(JSON.stringify(ours)),
  },
  {
    rule: 'A list that an operator makes has at most 1 million elements',
    holds: (_, __, ours) => /would have more than 1000000 elements/.test(JSON.stringify(ours)),
  },
  {
    rule: 'A property that no object has is told by `Measure-Object`',
    holds: (_, __, ours) => /cannot be found in the input for any objects/.test(JSON.stringify(ours)),
  },
  {
    rule: 'Dates are exact to the millisecond',
    holds: (said) => /T\d\d:\d\d:\d\d\.\d{4,}/.test(said),
  },
  {
    rule: 'is read back as what it was',
    holds: (_, text, ours) => /ConvertFrom-(?:Json|Csv)/.test(text) && /"span"/.test(JSON.stringify(ours)),
  },
  {
    rule: 'Properties that are named by whole numbers come first',
    holds: (_, text) => /-NoHeader \| ConvertFrom-Csv/.test(text),
  },
  {
    rule: 'The last digit of `[math]::Pow`',
    holds: (_, text) => /\[math\]::Pow/.test(text),
  },
  {
    rule: 'Objects without properties are so many empty lines',
    holds: (said, text, ours) =>
      /Out-String|\bfw\b|Format-Wide/.test(text) && isBlank(JSON.parse(said)) && isBlank(ours),
  },
  {
    rule: 'What a pipeline gave that gave nothing is `$null` in a list, a table or an object',
    holds: (said, text, ours) =>
      /[,=]\s*\(& \{/.test(text) && /"values":\[\]/.test(said) && /^(?:null,?)+$/.test(ours.values?.join() || 'null'),
  },
  {
    rule: "`-eq 'false'` is about false",
    holds: (_, text) =>
      /\$false/.test(text) &&
      /-[ci]?(?:eq|ne|in|notin|contains|notcontains) /.test(text) &&
      /-join|"|\[string/.test(text),
  },
  { rule: 'A list within a list is shown by its elements', holds: (said) => /LongLength/.test(said) },
  {
    rule: 'A whole number in JSON is an integer',
    holds: (said, text) => /ConvertFrom-Json/.test(text) && /"double"/.test(said),
  },
  {
    rule: 'A whole number that a cmdlet or a property gives is an Int32 where it fits one',
    holds: (said, text) => /System\.Int64|"Int64"/.test(said) && /Json|Ticks/.test(text),
  },
  {
    rule: '`-Unique` takes what is of different types for different',
    holds: (_, text) => /\bW .*-Unique|-Unique.*\bW\b/.test(text),
  },
  { rule: '`[decimal]` and `[single]` are Double', holds: (said) => /System\.Decimal/.test(said) },
  { rule: 'A member of an enumeration is its name, a text', holds: (_, text) => /\.Kind|DayOfWeek/.test(text) },
  { rule: "A column's `width` holds", holds: (_, text) => /;w=8/.test(text) },
  {
    rule: 'A wrong key of a calculated property is told with the keys that are possible',
    holds: (said) => /key is not valid/.test(said),
  },
  {
    rule: 'An error of `++` on a list is an error like any other',
    holds: (said) => /An error occurred while creating the pipeline/.test(said),
  },
  {
    rule: 'Keys of tables are texts',
    holds: (said, text) => /Keys must be strings/.test(said) || /@\{(?:.*; )?5 = /.test(text),
  },
  {
    rule: 'A number given to a parameter shows as the number that it is',
    holds: (_, text) => /(?:& \$b|; f|; f -\w|Write-\w+) .*(?:0x|e3|KB|MB|\d\.\d*0\b|(?<!\d)\.5|1e-5)/.test(text),
  },
];

/** Column widths and rows: the same cases as PowerShell's own tests (Format-Table.Tests.ps1), with our texts. */
import { describe, expect, test } from 'vitest';
import { fitColumns } from '../../src/print/columns.ts';
import type { Column } from '../../src/print/record.ts';
import { plain } from '../../src/print/style.ts';
import { Table } from '../../src/print/table.ts';
import { wrap } from '../../src/print/wrap.ts';
import { displayWidth, head, loadWidths, tail } from '../../src/text/display-width.ts';

describe('columns fit the width', () => {
  test.each([
    { wanted: [5, 5, 5], total: 20, widths: [5, 5, 5] },
    { wanted: [5, 5, 5], total: 17, widths: [5, 5, 5] },
    { wanted: [5, 5, 5], total: 16, widths: [5, 5, 4] },
    { wanted: [5, 5, 5], total: 13, widths: [5, 5, 1] },
    { wanted: [5, 5, 5], total: 12, widths: [5, 5, -1] },
    { wanted: [5, 5, 5], total: 7, widths: [5, 1, -1] },
    { wanted: [5, 5, 5], total: 3, widths: [3, -1, -1] },
    { wanted: [0, 0], total: 21, widths: [10, 10] },
    { wanted: [0, 0], total: 22, widths: [11, 10] },
    { wanted: [4, 0], total: 21, widths: [4, 16] },
  ])('$wanted in $total', ({ wanted, total, widths }) => {
    expect(fitColumns(wanted, total)).toEqual(widths);
  });
});

describe('titles over several lines', () => {
  const columns = (...specs: [label: string, width: number, align?: Column['align']][]): Column[] =>
    specs.map(([label, width, align]) => ({ label, width, align: align ?? 'left' }));
  test.each([
    {
      of: columns(['LargeLargeTitle', 5], ['Second', 6], ['Third1', 5, 'right']),
      header: ['Large Second Third', 'Large            1', 'Title', '----- ------ -----'],
    },
    {
      of: columns(['Connector', 9], ['Numbers', 3, 'right']),
      header: ['Connector Num', '          ber', '            s', '--------- ---'],
    },
    { of: columns(['Only', 2]), header: ['On', 'ly', '--'] },
  ])('$header.0', ({ of, header }) => {
    expect(new Table(of, [], 80).header(plain)).toEqual(header);
  });

  test('a cell is cut at its end, a right-hand one at its beginning', () => {
    const table = new Table(columns(['a', 4], ['b', 4, 'right'], ['c', 4]), [], 80);
    expect(table.row(['12345', '12345', '12345'])).toEqual(['123… …345 123…']);
    expect(table.row(['1', '2', '3'])).toEqual(['1       2 3']);
  });

  test('a column of one cell has no room for the mark', () => {
    expect(new Table(columns(['a', 1], ['b', 1, 'right']), [], 80).row(['xyz', 'xyz'])).toEqual(['x z']);
  });

  test('wrapped cells keep their columns, and the last one leaves no blanks', () => {
    const table = new Table(columns(['a', 5], ['b', 6]), [], 80, true);
    expect(table.row(['12345', '1234567'])).toEqual(['12345 123456', '      7']);
    expect(table.row(['123456', 'x'])).toEqual(['12345 x', '6']);
  });

  test('a value of several lines shows its first', () => {
    expect(new Table(columns(['a', 9]), [], 80).row(['one\ntwo'])).toEqual(['one…']);
  });

  test('a screen of less than five columns shows nothing', () => {
    const table = new Table([{ label: 'a', align: 'left' }], [['x']], 4);
    expect([table.header(plain), table.row(['x'])]).toEqual([[], []]);
  });
});

describe('text in cells', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['äöü', 3],
    ['Ελλάδα', 6],
    ['日本語', 6],
    ['e\u0301', 1],
    ['👩‍👩‍👧', 2],
    ['\u001b[32;1mgreen\u001b[0m', 5],
    ['…', 1],
  ])('%j takes %i', async (text, cells) => {
    await loadWidths([text]);
    expect(displayWidth(text)).toBe(cells);
  });

  test('the head and tail that fit', async () => {
    await loadWidths(['日']);
    expect(head('日本語', 3)).toBe('日');
    expect(tail('日本語', 5)).toBe('本語');
    expect(head('abc', 2)).toBe('ab');
    expect(tail('abc', 2)).toBe('bc');
    expect(tail('abc', 0)).toBe('');
    expect(head('e\u0301x', 1)).toBe('e\u0301');
  });

  test.each([
    ['', 10, ['']],
    ['one two three', 8, ['one two ', 'three']],
    ['one two three', 7, ['one ', 'two ', 'three']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['x abcdefghij', 4, ['x ab', 'cdef', 'ghij']],
    ['one\ntwo', 10, ['one', 'two']],
    ['soft\u00adhyphen', 5, ['soft-', 'hyphe', 'n']],
    ['日本', 1, ['?', '?']],
  ])('%j in %i', async (text, width, lines) => {
    await loadWidths([text]);
    expect(wrap(text, width)).toEqual(lines);
  });
});

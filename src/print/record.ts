/**
 * Formatted output on its way to where it is printed. Format-Table, -List and -Wide give records, not text: only the
 * place that prints them knows its width and whether it takes colour (a terminal, Out-String -Width, a file). A `text`
 * record is text to write as it is. Every printer, whatever its output format, writes records by way of `layout`.
 */
import { PsObject } from '../pipeline/value.ts';

export type Align = 'left' | 'right' | 'center';

export interface Column {
  readonly label: string;
  readonly align: Align;
  /** Cells, when the person said so; else as wide as its content. */
  readonly width?: number;
  /** Where the table is too wide, columns that share are cut to the same width, before the last ones are. */
  readonly shares?: boolean;
}

export type Shape =
  | {
      readonly kind: 'table';
      readonly columns: readonly Column[];
      readonly wrap?: boolean;
      readonly hideHeaders?: boolean;
      readonly repeatHeader?: boolean;
      /** Waits for all rows before it sizes the columns (-AutoSize). */
      readonly autoSize?: boolean;
      /** Lines around the cells. */
      readonly border?: boolean;
    }
  | { readonly kind: 'list' }
  /** Lines of text that stand together. */
  | { readonly kind: 'dates' }
  | { readonly kind: 'wide'; readonly columns?: number; readonly autoSize?: boolean };

/** A line of a told view: wrapped to the screen, further lines a step further in. */
export interface StyledLine {
  /** Blanks in front. */
  readonly indent: number;
  readonly text: string;
  readonly tone?: Tone;
  /** To be copied as it is: never wrapped. */
  readonly whole?: boolean;
}

/** How a told line is meant; a colour where there is colour. */
export type Tone = 'heading' | 'good' | 'bad';

export type FormatRecord =
  | { readonly kind: 'start'; readonly shape: Shape }
  | { readonly kind: 'group'; readonly label: string; readonly value: string }
  /** A table's cells, or the one cell of a wide view. */
  | { readonly kind: 'row'; readonly cells: readonly string[] }
  /** One object of a list view. */
  | { readonly kind: 'entry'; readonly labels: readonly string[]; readonly values: readonly string[] }
  /** An object told in sentences. */
  | { readonly kind: 'lines'; readonly lines: readonly StyledLine[] }
  | { readonly kind: 'end' }
  /** Written as it is; ends with a line break. */
  | { readonly kind: 'text'; readonly text: string };

/** A record as it flows through a pipeline. */
export class Formatted extends PsObject {
  constructor(readonly record: FormatRecord) {
    super('Format.Record', {});
  }
  override toString(): string {
    return this.record.kind === 'text' ? this.record.text : '';
  }
}

/** Tells objects of one type, one after the other, in sentences. */
export interface Teller {
  tell(object: PsObject): readonly StyledLine[];
}

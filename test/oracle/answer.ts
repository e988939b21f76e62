/**
 * What a text made: the same shape for PowerShell and for us, so that the two can be laid side by side.
 * A value of its own kind is an object with one key: `{"double":"2"}` a double that looks whole, `{"span":"00:05:00"}`,
 * `{"date":"2026-01-02T00:00:00"}` (local), `{"char":"a"}`, `{"table":[[key,value]…]}` by their keys, `{"object":[[name,value]…]}`,
 * `{"connector":"EX\\Relay"}`. Numbers, texts, truth values and lists are JSON's own, anything else is its text; what a
 * Format- cmdlet gave is left out, as `out` shows it.
 */
export interface Answer {
  /** As on a terminal of the case's width. */
  readonly out?: string;
  readonly values?: readonly unknown[];
  readonly errors?: readonly Told[];
  /** The last error ended the whole text. */
  readonly stopped?: boolean;
  readonly warnings?: readonly string[];
  readonly verbose?: readonly string[];
  readonly debug?: readonly string[];
  /** Write-Host and its like, each with the line break it ends with. */
  readonly said?: readonly string[];
  /** The text was not run at all: the parser's word. */
  readonly refused?: string;
}

/** An error as its record has it. */
export interface Told {
  readonly message: string;
  /** FullyQualifiedErrorId */
  readonly id: string;
  /** CategoryInfo as a text: `InvalidArgument: (:) [], RuntimeException` */
  readonly category: string;
  /** The full name of the exception's type. */
  readonly type: string;
}

/** A case as it stands in cases/*.ndjson. */
export interface Case {
  readonly text: string;
  /** By which docs/language.md names the case that shows a rule: `objects/twice`. */
  readonly id?: string;
  /** Lines piped into the text: $input. */
  readonly input?: readonly string[];
  /** Columns of the terminal; 120 when it is not said. */
  readonly width?: number;
  /** What PowerShell 7.6.9 made of it. */
  readonly pwsh?: Answer;
  /** The rule of docs/language.md by which we differ; then `ours` is what we make of it. */
  readonly rule?: string;
  /** PowerShell says something else each time (the order of a table's keys). */
  readonly unsteady?: true;
  /** We differ, and are to be mended. */
  readonly open?: true;
  readonly ours?: Answer;
}

/** Where two answers differ; nothing when they are the same. */
export function differences(theirs: Answer, ours: Answer): string[] {
  const found: string[] = [];
  if ((theirs.refused !== undefined) !== (ours.refused !== undefined))
    return [`refused: ${theirs.refused ?? '(runs)'} ≠ ${ours.refused ?? '(runs)'}`];
  if (theirs.refused !== undefined) return [];
  const compare = (name: string, a: unknown, b: unknown) => {
    const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
    if (left !== right) found.push(`${name}: ${shortened(left)} ≠ ${shortened(right)}`);
  };
  compare('out', theirs.out ?? '', ours.out ?? '');
  compare('values', theirs.values ?? [], ours.values ?? []);
  compare('errors', theirs.errors ?? [], ours.errors ?? []);
  for (const name of ['warnings', 'verbose', 'debug', 'said'] as const)
    compare(name, theirs[name] ?? [], ours[name] ?? []);
  return found;
}

function shortened(json: string): string {
  return json.length > 600 ? `${json.slice(0, 600)}…` : json;
}

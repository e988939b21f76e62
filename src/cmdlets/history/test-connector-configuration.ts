/** Test-ConnectorConfiguration: checks a file, or the store, and says every mistake with its place; for CI and before an import. */
import type { Finding } from '../../domain/finding.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { PsObject } from '../../pipeline/value.ts';
import { StoreFile } from '../../store/adapter.ts';
import { Draft } from '../../store/draft.ts';
import { parseDocument } from '../../store/parse.ts';
import { isRestorable, StoreError } from '../../store/store-error.ts';
import { type PlacedViolation, placed, twice } from '../../store/validate.ts';
import { merged } from '../../transfer/merge.ts';
import { ConfigurationError, configurationFrom, refuseInvalid, textOf } from '../../transfer/read.ts';

export const testConnectorConfiguration = defineCmdlet({
  name: 'Test-ConnectorConfiguration',
  short: 'validate',
  group: 'history',
  summary: 'Check a configuration file, or the store, and say every mistake with its line',
  description:
    'Gives one object a mistake and exit code 1, or nothing and 0. A file is checked by itself, as rc import --replace would take it on an empty server. Without a file, store.json is checked as it stands.',
  gives: 'ConfigurationProblem',
  parameters: [
    {
      name: 'Path',
      type: 'strings',
      position: 0,
      rest: true,
      completes: 'file',
      placeholder: 'FILE',
      help: 'Files to check; "-" is standard input. Default: the store.',
    },
  ],
  examples: [
    { command: 'rc validate connectors.yaml', does: 'Checks a file, for a CI job.' },
    {
      command: 'rc validate',
      language: 'Test-ConnectorConfiguration',
      does: 'Checks the store after an edit by hand.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const files = args.Path ?? [];
    for (const file of files.length ? files : [undefined]) {
      const name = file ?? context.store.home.store;
      const problems = file === undefined ? ofStore(call) : await ofFile(call, file);
      if (problems.some((p) => p.severity === 'Error')) context.statement.exitCode = 1;
      else if (!problems.length && context.host.columns !== undefined) context.host.writeHost(`${name} is valid.`);
      else if (!problems.length) context.verbose(`${name} is valid.`);
      for (const { severity, line, column, about, problem, mend } of problems) {
        yield new PsObject('ConfigurationProblem', {
          File: name,
          Line: line ?? null,
          Column: column ?? null,
          Where: about,
          Problem: problem,
          Severity: severity,
          Mend: [...mend],
        });
      }
    }
  },
});

interface PlacedFinding extends Finding {
  readonly line: number | undefined;
  readonly column: number | undefined;
}

function finding({ path, message, line, column }: PlacedViolation, mend: readonly string[] = []): PlacedFinding {
  return { severity: 'Error', about: path, problem: message, mend, line, column };
}

async function ofFile({ context }: Call, file: string): Promise<PlacedFinding[]> {
  try {
    const read = await configurationFrom(file, textOf(file, context.host));
    const server = read.configuration.server ?? { name: 'SERVER', fqdn: 'localhost' };
    const empty = parseDocument(JSON.stringify({ ...EMPTY, server }), file);
    refuseInvalid(read, merged(empty, read.configuration, 'replace', new Date(0).toISOString(), new Map()));
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems.map((p) => finding(p));
  }
}

/** The store is not only to be mended by hand. */
const RESTORE = ['go back to what was written last: rc restore'];

const EMPTY = {
  $schema: '',
  schemaVersion: 1,
  generation: 0,
  connectors: [],
  acceptedDomains: [],
  users: [],
  transport: {},
};

function ofStore({ context }: Call): PlacedFinding[] {
  const { store } = context;
  const file = new StoreFile(store.home.store, store.files);
  if (!file.readText()) {
    store.read(); // says that it is gone, or makes it
    return [];
  }
  try {
    const document = parseDocument(file.text, file.path);
    const problems = [...placed(new Draft(document).violations(), file.text), ...twice(file.text)];
    return problems.map((p) => finding(p, RESTORE));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const place = / line (\d+), column (\d+)/.exec(error.message);
    const at = place ? { line: Number(place[1]), column: Number(place[2]) } : {};
    return [finding({ path: 'the file', message: error.message, ...at }, isRestorable(error) ? RESTORE : [])];
  }
}

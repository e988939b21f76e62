/** Compare-ConnectorGeneration: what differs between two generations, or between an exported file and the store. */

import { rowsOf } from '../../history/rows.ts';
import { unifiedDiff } from '../../history/unified.ts';
import { type Call, defineCmdlet, SERVER } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { Formatted } from '../../print/record.ts';
import { difference } from '../../store/difference.ts';
import { type StoreDocument, serversOf } from '../../store/document.ts';
import type { Generations } from '../../store/generations.ts';
import { show } from '../../text/printable.ts';
import { changesConcerning } from './change-filter.ts';
import { coloured, rowObject } from './history-row.ts';

export const compareConnectorGeneration = defineCmdlet({
  name: 'Compare-ConnectorGeneration',
  short: 'diff',
  group: 'history',
  summary: 'Show what differs between two generations, or between an exported file and now',
  description:
    'Without arguments: what the last change did. With one: that generation, or exported file, against now. Exit code 1 when something differs, like diff.',
  gives: 'ConnectorDifference',
  parameters: [
    {
      name: 'From',
      type: 'string',
      position: 0,
      completes: 'file',
      placeholder: 'GENERATION|FILE',
      help: 'A generation, as rc history shows it, or a file that rc export wrote. Default: the one before the last.',
    },
    {
      name: 'To',
      type: 'string',
      position: 1,
      completes: 'file',
      placeholder: 'GENERATION|FILE',
      help: 'What it is compared with. Default: the store as it is now.',
    },
    { name: 'File', aliases: ['f'], type: 'path', help: 'What rc apply -f FILE would change.' },
    {
      name: 'Prune',
      type: 'switch',
      help: 'With --file: what is not in the file counts too, as rc apply --prune removes it.',
    },
    {
      name: 'Identity',
      type: 'strings',
      completes: 'connector',
      help: 'Only these connectors; wildcards find several.',
    },
    SERVER,
    {
      name: 'Unified',
      aliases: ['u'],
      type: 'switch',
      help: 'Prints lines with - and + like diff -u, coloured on a terminal.',
    },
  ],
  examples: [
    { command: 'rc diff', language: 'Compare-ConnectorGeneration', does: 'Shows what the last change did.' },
    { command: 'rc diff 5 9', language: 'Compare-ConnectorGeneration 5 9', does: 'Compares two generations.' },
    { command: 'rc diff 1 --unified', does: 'Shows everything that changed since the first generation, as lines.' },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    if (args.File !== undefined) {
      if (args.From !== undefined || args.Unified)
        throw usage('rc diff -f FILE compares the file with the store; leave out generations and --unified.');
      const { takeConfiguration } = await import('./take-configuration.ts');
      const plain = { context, arguments: { ByGuid: false, Server: undefined } };
      yield* takeConfiguration(plain, args.File, args.Prune ? 'replace' : 'merge', { only: true });
      return;
    }
    const generations = context.store.generations();
    const [from, to] = [args.From ?? String(previous(generations)), args.To ?? String(generations.generation)];
    const [before, after] = [await documentOf(call, generations, from), await documentOf(call, generations, to)];
    const servers = serversOf(after);
    const concerns = changesConcerning(after, servers, {
      identities: args.Identity?.length ? args.Identity : undefined,
      onServers: context.onServers,
    });
    const all = difference(before, after);
    const changes = concerns
      ? all.filter((change) => (change.kind === 'ReceiveConnector' || !args.Identity?.length) && concerns(change))
      : all;
    if (changes.length) context.statement.exitCode = 1;
    if (!args.Unified) {
      for (const change of changes) for (const row of rowsOf(change, servers)) yield rowObject(row);
      return;
    }
    const lines = unifiedDiff(
      label(generations, from),
      label(generations, to),
      changes,
      servers,
      coloured(context.host),
    );
    if (lines.length) yield new Formatted({ kind: 'text', text: `${lines.join('\n')}\n` });
  },
});

/** The generation before the last change. @throws CmdletError when there was none */
function previous(generations: Generations): number {
  const [last] = generations.entries();
  if (!last || last.origin === 'first use' || last.origin === 'gap')
    throw new CmdletError(`There is nothing before generation ${generations.generation} to compare with.`, {
      id: 'NoEarlierGeneration',
    });
  return last.after ?? last.generation - 1;
}

async function documentOf(call: Call, generations: Generations, what: string): Promise<StoreDocument> {
  if (/^\d+$/.test(what)) {
    if (Number.isSafeInteger(Number(what))) return generations.documentAt(Number(what));
    throw usage(
      `${show(what)} is out of range for a generation; they go up to ${generations.generation}. See: rc history`,
    );
  }
  const { documentFromFile } = await import('../../transfer/read.ts');
  const { document } = await documentFromFile(what, call.context.host, generations.document);
  return document;
}

function label(generations: Generations, what: string): string {
  if (!/^\d+$/.test(what)) return what;
  if (Number(what) === generations.generation && generations.pending.length)
    return `generation ${what} (now, edited by hand)`;
  for (const entry of generations.entries()) {
    if (entry.generation === Number(what)) return `generation ${what}  ${entry.time}  ${entry.command}`;
    if (entry.generation < Number(what)) break;
  }
  return `generation ${what}`;
}

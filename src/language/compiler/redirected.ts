/** A command whose streams go elsewhere: away, into its output, or into a file. */
import { each } from '../../pipeline/peekable-stream.ts';
import type { Value } from '../../pipeline/value.ts';
import { during, Sink, type Stream, within } from '../runtime/redirect.ts';
import type { Session } from '../runtime/session.ts';
import type { Stage } from './stage.ts';

/** Where a stream goes: nowhere, into the output, or through a command that writes a file. */
export type Target = 'nowhere' | 'output' | Stage;

export function redirectedStage(stage: Stage, targets: ReadonlyMap<Stream, Target>): Stage {
  return {
    changes: stage.changes,
    calls: stage.calls,
    async start(session, input) {
      const outer = session.sink;
      const merged: Value[] = [];
      const files = new Map<Stage, Value[]>();
      const takes = new Map<Stream, (record: Value) => void>();
      for (const [stream, target] of targets) {
        if (target === 'nowhere') takes.set(stream, () => undefined);
        else if (target === 'output') takes.set(stream, (record) => void merged.push(record));
        else {
          const lines = files.get(target) ?? [];
          files.set(target, lines);
          takes.set(stream, (record) => void lines.push(record));
        }
      }
      const sink = new Sink(takes, outer);
      const upstream = input && within(session, outer, input);
      const output = await during(session, sink, () => stage.start(session, upstream));
      return run(session, sink, output, merged, files);
    },
  };
}

async function* run(
  session: Session,
  sink: Sink,
  output: AsyncIterable<Value>,
  merged: Value[],
  files: ReadonlyMap<Stage, Value[]>,
): AsyncGenerator<Value> {
  try {
    for await (const value of within(session, sink, output)) {
      yield* merged.splice(0);
      yield value;
    }
  } finally {
    for (const [file, lines] of files) for await (const _ of await file.start(session, each(lines)));
  }
  yield* merged.splice(0);
}

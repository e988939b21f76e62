/** A cmdlet's arguments are typed by its declaration: what must not compile is marked so, and the type checker holds it. */
import { describe, expect, it } from 'vitest';
import { bindArguments } from '../../src/pipeline/binder.ts';
import { defineCmdlet } from '../../src/pipeline/cmdlet.ts';

const seen: unknown[] = [];

const sample = defineCmdlet({
  name: 'Test-Sample',
  group: 'objects',
  summary: 'Shows its arguments',
  parameters: [
    { name: 'Name', type: 'string', position: 0, help: 'A text.' },
    { name: 'Level', type: 'string', values: ['Low', 'High'], help: 'One of two.' },
    { name: 'Addresses', type: 'strings', help: 'Texts.' },
    { name: 'Depth', type: 'int', help: 'A number.' },
    { name: 'PassThru', type: 'switch', help: 'A switch.' },
    { name: 'Enabled', type: 'bool', help: 'Yes or no.' },
  ],
  examples: [],
  // biome-ignore lint/correctness/useYield: it gives nothing
  async *run(call) {
    const { arguments: args } = call;
    const passThru: boolean = args.PassThru;
    const enabled: boolean | undefined = args.Enabled;
    const level: 'Low' | 'High' | undefined = args.Level;
    const depth: number | undefined = args.Depth;
    const addresses: readonly string[] | undefined = args.Addresses;
    const verbose: boolean = args.Verbose;
    // @ts-expect-error no parameter of this name is declared
    void args.PasThru;
    // @ts-expect-error a number is no text
    const wrong: string | undefined = args.Depth;
    // @ts-expect-error errors name parameters that there are
    void call.spell('Dept');
    seen.push([args.Name, level, addresses, depth, passThru, enabled, verbose, wrong, call.has('PassThru')]);
  },
});

async function argumentsSeen(...raw: Parameters<typeof bindArguments>): Promise<unknown> {
  seen.length = 0;
  const invocation = bindArguments(...raw);
  for await (const _ of sample.run({ ...invocation, input: undefined, context: undefined as never }));
  return seen[0];
}

const named = (name: string) => sample.parameters.find((parameter) => parameter.name === name)!;

describe('the arguments of a call', () => {
  it('are what the declaration says; what was not given is undefined, a switch false', async () => {
    expect(await argumentsSeen(sample, { named: [], positional: [] }, 'flags')).toEqual([
      ...[undefined, undefined, undefined, undefined, false, undefined, false, undefined, false],
    ]);
  });

  it('are converted once, when they are bound', async () => {
    const given = {
      named: [
        [named('Level'), 'high'],
        [named('Addresses'), 'a,b'],
        [named('Depth'), '5'],
        [named('PassThru'), 'false'],
        [named('Enabled'), 'yes'],
      ] as const,
      positional: ['x'],
    };
    expect(await argumentsSeen(sample, given, 'flags')).toEqual([
      ...['x', 'High', ['a', 'b'], 5, false, true, false, 5, true],
    ]);
  });
});

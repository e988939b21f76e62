/** Every example in the help of the object cmdlets works: at a shell prompt and in the language. */
import { beforeAll, describe, expect, test } from 'vitest';
import { OBJECT_CMDLETS } from '../../src/cmdlets/objects/object-cmdlets.ts';
import { bash, type Ran } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { run } from './objects-scene.ts';

const PREPARE = `
rc new Relay --bindings 127.0.0.1:2526 --remote-ip-ranges 127.0.0.1 > relay.ndjson
rc get > before.ndjson
rc get | rc export-clixml before.xml
rc get | rc select Name,MaxMessageSize | rc export-csv connectors.csv
rc get | rc convertto-json > connectors.json
`;
const examples = OBJECT_CMDLETS.flatMap(({ name, examples }) => examples.map((example) => ({ name, ...example })));
let home: string;
let cwd: string;

beforeAll(async () => {
  home = tempFolder('examples');
  cwd = tempFolder('here');
  const { code, stderr } = await bash(PREPARE, { home, cwd });
  expect([code, stderr]).toEqual([0, '']);
});

test('every cmdlet has an example', () => {
  expect(OBJECT_CMDLETS.filter((cmdlet) => !cmdlet.examples.length)).toEqual([]);
});

describe('at a shell prompt', () => {
  test.each(examples)('$command', async ({ command, name }) => {
    const ran: Ran = await bash(`set -o pipefail; ${command}`, { home, cwd });
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    if (!/^(Out-(Null|File)|Export-)/.test(name) && !command.includes('>') && !/compare|set/.test(command))
      expect(ran.stdout).not.toBe('');
  });
});

describe('in the language', () => {
  const START = `$before = Get-ReceiveConnector; $json = $before | ConvertTo-Json; $yaml = $before | ConvertTo-Yaml
$lines = $before | ConvertTo-Csv; $before | Export-Clixml before.xml; $before | Export-Csv connectors.csv
New-ReceiveConnector Relay -Bindings 127.0.0.1:2526 -RemoteIPRanges 127.0.0.1 | Out-Null
`;
  test.each(examples.filter((example) => example.language))('$language', async ({ language }) => {
    const { said, code } = await run(START + language, []);
    expect(said.filter((line) => !line.startsWith('What if: '))).toEqual([]);
    expect(code).toBe(0);
  });
});

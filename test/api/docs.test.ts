/** docs/api.md: its tour runs as it stands, and its table of routes has every row and no other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROUTES } from '../../src/listener/api/routes.ts';
import { freePort } from '../support/free-port.ts';
import { bash, ROOT } from '../support/rc.ts';
import { has } from '../support/tools.ts';

const TEXT = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');

test.runIf(has('jq') && has('curl'))('the tour', { timeout: 120_000 }, async () => {
  const blocks = [...TEXT.matchAll(/```sh\n([\s\S]*?)```/g)].map((m) => m[1]!);
  expect(blocks.length).toBeGreaterThan(6);
  const lines = blocks.join('\n').replace('127.0.0.1:2526', `127.0.0.1:${await freePort()}`);
  const script = `set -euo pipefail\ntrap 'rc stop --now >/dev/null 2>&1 || true' EXIT\n${lines}`;
  const { code, stdout, stderr } = await bash(script, {});
  expect(stderr).not.toMatch(/^(?:rc|jq|bash)\b.*:/m); // curl says that its time is over
  expect(code, stderr).toBe(0);
  for (const said of [
    /^\d+$/m,
    /^Thank you\.$/m,
    /^Invoice 1$/m,
    /^Subject: Invoice 1\r?$/m,
    /^\{"removed":1\}/m,
    /^"64 KB \(65,536 bytes\)"$/m,
    /out of range; allowed: a whole number from 1 to 10000/,
    /\\\\Relay"$/m,
    /^\[\{"connector":"Default","rules":\["rcpt 451 4\.3\.0 first 1"\]\}\]$/m,
    /^data: \{.*"subject":"As it comes"/m,
  ])
    expect(stdout).toMatch(said);
});

test('the table of routes is complete', () => {
  const table = TEXT.slice(TEXT.indexOf('## Routes'), TEXT.indexOf('What goes wrong'));
  const told = new Set<string>();
  for (const [cell] of table.matchAll(/^\| `.*? \|/gm)) {
    let methods: string[] = [];
    let first = '';
    for (const [code] of cell.matchAll(/(?:(?:`[A-Z]+`, )*`[A-Z]+ )?(?:\/|…)[^\s`]+|`[A-Z]+`(?=,)/g)) {
      const named = [...code.matchAll(/\b[A-Z]{3,6}\b/g)].map(([name]) => name);
      const path = /(?:\/|…)[^\s`]+$/.exec(code)?.[0];
      if (named.length) methods = path && first === '' ? [...methods, ...named] : named;
      if (path === undefined) continue;
      const whole = path.startsWith('…') ? first.replace(/\/[^/]+$/, '') + path.slice(1) : path;
      first ||= whole;
      for (const method of methods) told.add(`${method} ${whole}`);
    }
  }
  const rows = ROUTES.map(({ method, path }) => `${method} ${path}`);
  expect([...told].filter((one) => !/healthz|openapi/.test(one)).sort()).toEqual([...rows].sort());
});

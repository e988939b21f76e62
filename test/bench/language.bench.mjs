// The language on a store of 10,000 connectors: pipelines of whole `rc -c` processes against `rc -c 1` on the same store, in turn.
// Then the start: a change of two connectors by `rc -c` against node alone; and a loop of 100,000 rounds beside PowerShell's (RC_PWSH).
import fs from 'node:fs';
import path from 'node:path';
import { inTurn, median, ms, rc, temporaryHome } from './bench.mjs';

const home = temporaryHome();
const when = '2024-01-01T00:00:00.000Z';
const connectors = Array.from({ length: 10_000 }, (_, i) => ({
  Name: `Relay ${i}`,
  Guid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
  WhenCreated: when,
  WhenChanged: when,
  Bindings: [`10.${i >> 8}.${i & 255}.1:25`],
  MaxHopCount: (i % 400) + 1,
}));
const document = {
  schemaVersion: 1,
  generation: 1,
  server: { name: 'EX', fqdn: 'ex.contoso.com' },
  connectors,
  acceptedDomains: [],
  users: [],
  transport: {},
};
fs.writeFileSync(path.join(home, 'store.json'), `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 });

const get = 'Get-ReceiveConnector';
const lines = [
  '1',
  `${get} | Measure-Object | % Count`,
  `${get} | Where-Object { $_.MaxHopCount -gt 390 -and $_.Name -like "Relay*" } | Sort-Object MaxHopCount -Descending | Select-Object -First 20 Name, MaxHopCount`,
  `${get} | ForEach-Object { "$($_.Name): $($_.MaxHopCount * 2)" } | Select-Object -Last 1`,
];
const walls = inTurn(
  lines.map((line) => [rc, '-c', line]),
  7,
  { ...process.env, RC_HOME: home },
);
const base = median(walls[0]);
for (const [index, line] of lines.entries()) {
  const wall = median(walls[index]);
  const target = line.includes('Sort-Object') ? ' (target: under 1000 ms)' : '';
  console.log(`${ms(wall).padStart(10)}  ${(wall / base).toFixed(1)}x  rc -c '${line}'${target}`);
}

const small = temporaryHome();
const change = `${get} default* | Set-ReceiveConnector -MaxInboundConnectionPerSource 100`;
const [bare, changed] = inTurn(
  [
    [process.execPath, '-e', '0'],
    [rc, '-c', change],
  ],
  9,
  { ...process.env, RC_HOME: small },
).map(median);
console.log(
  `${ms(changed).padStart(10)}  ${(changed / bare).toFixed(2)}x of bare node (target: 1.40x)  rc -c '${change}'`,
);

const loop = '$n = 0; foreach ($i in 1..100000) { if ($i % 7 -eq 3) { $n += $i } else { $n -= 1 } }; $n';
const pwsh = process.env.RC_PWSH;
const shells = [[rc, '-c'], ...(pwsh ? [[pwsh, '-NoProfile', '-NonInteractive', '-Command']] : [])];
const times = inTurn(
  shells.flatMap((shell) => [
    [...shell, '1'],
    [...shell, loop],
  ]),
  5,
  { ...process.env, RC_HOME: small },
).map(median);
const [ours, theirs] = shells.map((_, k) => times[2 * k + 1] - times[2 * k]);
console.log(`${ms(ours).padStart(10)}  a loop of 100,000 rounds, without the start of rc`);
if (theirs === undefined) console.log('            PowerShell: not here (RC_PWSH)');
else
  console.log(
    `${ms(theirs).padStart(10)}  the same in PowerShell: ${(theirs / ours).toFixed(1)} times ours (target: at least 1.0)`,
  );

// The language on a store of 10,000 connectors: pipelines of whole `rc -c` processes against `rc -c 1` on the same store, in turn.
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

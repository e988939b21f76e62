'use strict';
/**
 * Lines that are typed, by the bundle that holds what they run and the ones before do not (homes.mjs); the code caches hold the functions
 * that they run, compiled (code-cache.js). What is missing here costs its users a file more to read, never an answer.
 */

const fs = require('node:fs');

/** What scripts have most. */
const SCRIPT = `param([int] $Limit = 30)
function Get-Open([int] $Hops) { Get-ReceiveConnector | Where-Object { $_.Enabled -and $_.MaxHopCount -gt $Hops } }
$found = @()
foreach ($c in Get-Open -Hops $Limit) {
  try { $found += [pscustomobject] @{ Name = $c.Name; Hops = $c.MaxHopCount + 1 } } catch { Write-Warning $_.Exception.Message }
}
if ($found.Count -ne 0) { "{0} of {1}" -f $found.Count, [math]::Max(1, $found.Count) } else { Write-Output "none of $Limit" }
$found | Sort-Object Name | ForEach-Object { $_.Name.ToUpper() } | Select-Object -First 1
$found | Select-Object Name, @{ n = 'Most'; e = { $_.Hops } } | Format-Table -AutoSize`;

/** Each bundle's, in the order in which they are asked who has a module. `piped`: into it comes what `rc get` prints. */
const LINES = {
  rc: [
    { argv: ['set', 'default*', '--max-inbound-per-source', '100'] },
    { argv: ['get'] },
    { argv: ['get', 'default*', '--output', 'json'] },
  ],
  piped: [{ argv: ['set', '--max-inbound-per-source', '99'], piped: true }],
  table: [{ argv: ['get', '--output', 'table'] }], // what a terminal shows
  more: [
    { argv: ['get', 'nosuch'], code: 1 },
    { argv: ['get', 'default*', '--select', 'Name,MaxInbound*'] },
    { argv: ['set', 'default*', '--max-inbound-per-source', '98', '--what-if'] },
    { argv: ['set', 'default*', '--max-inbound-per-source', '97', '--verbose'] },
    { argv: ['new', 'x', '--bindings', '127.0.0.1:1', '--remote-ip-ranges', '10.0.0.0/8'] },
    { argv: ['remove', 'x', '--yes'] },
    { argv: ['get', '--output', 'list'] },
  ],
  language: [
    { argv: ['-c', 'Get-ReceiveConnector default* | Set-ReceiveConnector -MaxInboundConnectionPerSource 100'] },
    {
      argv: [
        '-c',
        'Get-ReceiveConnector | Where-Object Enabled | Where-Object { $_.MaxHopCount -gt 30 } | Set-ReceiveConnector -MaxHopCount 60',
      ],
    },
  ],
  commands: [], // what help shares with all that is below: the table of all cmdlets
  help: [{ argv: ['help', 'set'] }, { argv: ['help', 'MaxMessageSize'] }],
  script: [{ argv: ['-c', SCRIPT] }],
  rest: [{ argv: ['get-accepted-domain'] }, { argv: ['get-connector-history'] }],
};

/**
 * Runs a line. @param run runs rc with words, and files for its streams: its exit code @param file for what `rc get` prints
 * @throws what opening the file throws
 */
async function runLine({ argv, piped }, run, file) {
  if (!piped) return run(argv);
  await withFile(file, 'w', (stdout) => run(['get'], { stdout }));
  return withFile(file, 'r', (stdin) => run(argv, { stdin }));
}

async function withFile(name, flags, work) {
  const fd = fs.openSync(name, flags);
  try {
    return await work(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** The bundles of the command line; what no line runs is in the last. */
const NAMES = Object.keys(LINES);

module.exports = { LINES, NAMES, runLine };

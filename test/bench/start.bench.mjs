// Start-up: rc get, rc set and rc -c against a bare `node -e 0`, in turn, median of 30.
import { inTurn, median, ms, rc, temporaryHome } from './bench.mjs';

const env = { ...process.env, RC_HOME: temporaryHome() };
const line = 'Get-ReceiveConnector default* | Set-ReceiveConnector -MaxInboundConnectionPerSource 100';
const commands = [
  ['node -e 0', process.execPath, '-e', '0'],
  ['rc get', rc, 'get'],
  ['rc set', rc, 'set', 'Default*', '--max-inbound-per-source', '100'],
  [`rc -c '${line}'`, rc, '-c', line],
];
const walls = inTurn(
  commands.map(([, ...command]) => command),
  30,
  env,
);
const base = median(walls[0]);
const targets = { 'rc get': ' (target 1.3x)', [commands[3][0]]: ' (target 1.4x)' };
for (const [index, [name]] of commands.entries()) {
  const wall = median(walls[index]);
  console.log(`${ms(wall).padStart(9)}  ${(wall / base).toFixed(2)}x  ${name}${targets[name] ?? ''}`);
}

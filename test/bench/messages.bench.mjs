// Messages, each safe on disk before its 250: smtp-source with 20 sessions, one message a connection and many a connection.
// Baseline: a plain smtp-server that throws the message away, in the same run.
import { spawnSync } from 'node:child_process';
import { baseline, listener, median } from './bench.mjs';

const MESSAGES = 2000;
const PATH = `${process.env.PATH}:/usr/sbin:/usr/libexec/postfix`;
if (spawnSync('smtp-source', ['-?'], { env: { PATH } }).error) {
  console.log('needs smtp-source (Debian package postfix)');
  process.exit(1);
}

function rate(port, many) {
  const begun = performance.now();
  const args = [
    ...(many ? ['-d'] : []),
    '-s',
    '20',
    '-m',
    String(MESSAGES),
    '-l',
    '1000',
    '-f',
    'a@contoso.com',
    '-t',
    'b@contoso.com',
    `127.0.0.1:${port}`,
  ];
  const { status, stderr } = spawnSync('smtp-source', args, { env: { PATH } });
  if (status !== 0) throw new Error(`smtp-source ended with ${status}: ${stderr}`);
  return MESSAGES / ((performance.now() - begun) / 1000);
}

const bare = await baseline(
  "const { SMTPServer } = require('smtp-server'); new SMTPServer({ disableReverseLookup: true, authOptional: true, hideSTARTTLS: true, onData(s, x, done) { s.resume(); s.on('end', done); } }).listen(Number(process.argv[1]), '127.0.0.1')",
);
const ours = await listener(['--max-inbound-per-source', '100']);
for (const many of [false, true]) {
  const rates = [0, 1, 2].map(() => [rate(bare.port, many), rate(ours.port, many)]);
  const [base, mine] = [median(rates.map(([b]) => b)), median(rates.map(([, m]) => m))];
  const what = many ? 'many a connection' : 'one a connection ';
  console.log(
    `${what}  plain smtp-server (throws away) ${base.toFixed(0)}/s   rc serve (Maildir, fsync) ${mine.toFixed(0)}/s   ${(mine / base).toFixed(2)}x`,
  );
}
ours.child.kill('SIGKILL');
process.exit(0);

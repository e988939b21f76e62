// Stands in for a worker (dist/worker.cjs): tells the first process what one tells that serves so many sessions a second with a
// message each, and nothing else. What the first process spends is then seen by itself, whatever the rest of the machine can do.
// BENCH_TOLD: sessions a second; BENCH_ASKED=1: a place is asked for and given back for each, else it is kept.
const net = require('node:net');

const RATE = Number(process.env.BENCH_TOLD);
const IS_ASKED = process.env.BENCH_ASKED === '1';
const LINE = `2026-01-01T00:00:00.000Z,127.0.0.1,load,127.0.0.1,ex.contoso.com,,EX\\Default EX,SMTP,RECEIVE,1764360000000000,<0123456789abcdef@contoso.com>,b@contoso.com,,1100,1,A subject of some words,a@contoso.com,a@contoso.com\r\n`;
let guid = '';
let question = 0;
const servers = [];

process.on('message', (message, handle) => {
  if (message.kind === 'document') {
    guid = JSON.parse(message.changed)[0]?.Guid ?? guid;
    process.send({ applied: { edition: message.edition, generation: message.server.generation } });
  } else if (message.kind === 'listen') {
    servers.push(net.createServer((socket) => socket.on('error', () => {}).end('220 told\r\n')).listen(handle));
    process.send({ listening: [[message.binding, '']] });
  } else {
    if (message.sync) process.send({ done: message.sync });
    if (message.ping) process.send({ alive: true });
    if (message.end) process.exit();
  }
});
process.on('disconnect', () => process.exit());

/** What has come of sessions that are over, as channel.ts gathers it. */
function tell(sessions, more) {
  const lines = Array.from({ length: 2 * sessions }, () => LINE);
  const each = {
    accepted: 1,
    messages: 1,
    messageBytes: 1000,
    recipients: 1,
    bytes: 1200,
    bytesSent: 400,
    endedByClient: 1,
  };
  const counts = Object.fromEntries(Object.entries(each).map(([name, n]) => [name, n * sessions]));
  process.send({ ...more, counts: { [guid]: counts }, tracking: { lines, dropped: 0 } });
}

let told = 0;
let begun;
/** How many more sessions are due since the last time. */
function due() {
  begun ??= performance.now();
  const sessions = Math.floor(((performance.now() - begun) / 1000) * RATE) - told;
  told += sessions;
  return sessions;
}

/** How often a worker with so many asks for places (BUSY_ASKS_MS, ASKS_MS of channel.ts): all that there is to tell goes along. */
const ASKS_MS = RATE >= 600 ? 20 : 10;
/** Places of the sources that were asked for the time before, whose sessions are over. */
let asked = [];
if (IS_ASKED) {
  setInterval(() => {
    if (guid === '') return;
    const left = asked;
    const asks = [];
    asked = [];
    for (let sessions = due(); sessions > 0; sessions--) {
      const source = `127.16.${(question >> 8) & 255}.${question & 255}`;
      asks.push([++question, guid, source, true]);
      asked.push([guid, source, 1]);
    }
    if (asks.length) tell(left.length, { left, asks });
  }, ASKS_MS);
} else {
  setInterval(() => {
    const sessions = guid === '' ? 0 : due();
    if (sessions > 0) tell(sessions, { reused: [['127.0.0.1', sessions]] });
  }, 20);
}

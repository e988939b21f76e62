// smtp-server as its documentation starts one, without DNS and TLS; messages are read and thrown away. We are built on it.
import { createRequire } from 'node:module';
import { root } from '../bench.mjs';
import { end, start as startProcess } from '../processes.mjs';

const code = `
const { SMTPServer } = require('smtp-server');
new SMTPServer({
  disableReverseLookup: true,
  authOptional: true,
  hideSTARTTLS: true,
  socketTimeout: 600000,
  onData(stream, session, done) {
    stream.resume();
    stream.on('end', done);
  },
}).listen(Number(process.argv[1]), '127.0.0.1');`;

export function find() {
  const { version } = createRequire(`${root}/package.json`)('smtp-server/package.json');
  return { version: `${version}, Node ${process.versions.node}` };
}

export async function start(port) {
  const child = startProcess(process.execPath, ['-e', code, String(port)], { cwd: root });
  return { pid: child.pid, stop: () => end(child.pid) };
}

// Load of sessions, each with one message of 1 KB: `node sessions.mjs PORT COUNT AT_ONCE [tls]`. `tls`: behind STARTTLS. Prints
// nothing; ends with 1 when a session was not served.
import net from 'node:net';
import tls from 'node:tls';

const [port, count, atOnce] = process.argv.slice(2, 5).map(Number);
const isSecure = process.argv.includes('tls');
const MESSAGE = `Subject: load\r\n\r\n${'x'.repeat(70)}\r\n`.padEnd(1000, 'y');
const context = tls.createSecureContext();

let begun = 0;
let ended = 0;
function next() {
  if (begun >= count) return;
  begun++;
  const socket = net.connect({ port, host: '127.0.0.1' });
  const mail = ['MAIL FROM:<a@contoso.com>', 'RCPT TO:<b@contoso.com>', 'DATA', `${MESSAGE}\r\n.`, 'QUIT'];
  const steps = isSecure ? ['EHLO load', 'STARTTLS', 'EHLO load', ...mail] : ['EHLO load', ...mail];
  let step = 0;
  const hear = (stream) => {
    let text = '';
    stream.on('data', (chunk) => {
      text += chunk;
      if (!/^\d{3} .*\r\n$/m.test(text) || !text.endsWith('\n')) return;
      if (!/^[23]/.test(text)) {
        console.error(text);
        process.exit(1);
      }
      text = '';
      if (step < steps.length && steps[step - 1] !== 'STARTTLS') stream.write(`${steps[step++]}\r\n`);
      else if (step < steps.length) {
        stream.removeAllListeners('data');
        const secure = tls.connect({ socket, secureContext: context, rejectUnauthorized: false });
        secure.on('error', () => {});
        hear(secure);
        secure.once('secureConnect', () => secure.write(`${steps[step++]}\r\n`));
      }
    });
  };
  hear(socket);
  socket.on('error', (error) => {
    if (error.code === 'ECONNRESET') return;
    console.error(error.message);
    process.exit(1);
  });
  socket.once('close', () => {
    ended++;
    if (ended < count) next();
  });
}
for (let i = 0; i < atOnce; i++) next();

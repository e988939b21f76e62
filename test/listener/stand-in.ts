/** A session for tests of what is around sessions. */
import type { Session, StartSession } from '../../src/listener/contracts/session-api.ts';

/** Greets with 220, says 221 to QUIT, holds a "message" from DATA to the dot: enough for the gate and the reconciler. */
export const standInSession: StartSession = (socket, connector, peer, _services, onEnd) => {
  let inMessage = false;
  let retiring = false;
  let changes = 0;
  const bye = () => socket.end('421 4.3.2 Service not available\r\n');
  const session: Session = {
    id: `${peer.remoteAddress}:${peer.remotePort}`,
    peer,
    connector,
    startedAt: new Date(),
    info: () => ({
      id: session.id,
      connector: connector.now.Name,
      source: peer.remoteAddress,
      port: peer.remotePort,
      remote: session.id,
      local: `${peer.localAddress}:${peer.localPort}`,
      since: session.startedAt.toISOString(),
      tls: false,
      user: '',
      helo: `changes ${changes}`,
      state: inMessage ? 'message' : 'idle',
      messages: 0,
      bytes: socket.bytesRead,
      bytesSent: socket.bytesWritten,
    }),
    settingsChanged: () => {
      changes++;
    },
    retire() {
      retiring = true;
      if (!inMessage) bye();
    },
    destroy: () => socket.destroy(),
  };
  let text = '';
  socket.setEncoding('latin1');
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    text += chunk;
    for (let at = text.indexOf('\r\n'); at >= 0; at = text.indexOf('\r\n')) {
      const line = text.slice(0, at);
      text = text.slice(at + 2);
      if (inMessage) {
        if (line !== '.') continue;
        inMessage = false;
        socket.write('250 2.6.0 Queued\r\n');
        if (retiring) bye();
      } else if (line === 'DATA') {
        inMessage = true;
        socket.write('354 Go\r\n');
      } else if (line === 'QUIT') socket.end('221 2.0.0 Bye\r\n');
      else if (line === 'LIMITS') socket.write(`250 ${connector.now.MaxInboundConnectionPerSource}\r\n`);
      else socket.write(`250 ${line}\r\n`);
    }
  });
  socket.on('close', onEnd);
  socket.write(`220 ${connector.now.Name} ${peer.remoteAddress}\r\n`);
  return session;
};

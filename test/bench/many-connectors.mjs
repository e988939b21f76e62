// A running listener's store with many connectors: written as rc lays it out, applied, asked for over the control socket.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { freePort } from './bench.mjs';

/** Sends a GET over the control socket of a home; the answer's JSON. */
export function ask(home, query) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path.join(home, 'control.sock'));
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', reject).on('close', () => resolve(JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4))));
    socket.write(`GET ${query} HTTP/1.1\r\nHost: control\r\nConnection: close\r\n\r\n`);
  });
}

/** The document of a listener's store with connectors added until there are `count`, and `put`, which writes it. */
export async function manyConnectors({ home }, count) {
  const store = path.join(home, 'store.json');
  const first = JSON.parse(fs.readFileSync(store, 'utf8'));
  const [base] = first.connectors;
  const port = await freePort();
  const added = Array.from({ length: Math.max(0, count - 1) }, (_, n) => ({
    ...base,
    Name: `Connector ${n}`,
    Guid: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    Bindings: [`127.0.0.1:${port}`],
    RemoteIPRanges: [`10.${n >> 8}.${n & 255}.0/25`, `2001:db8:${n.toString(16)}::/48`],
  }));
  const document = { ...first, connectors: [base, ...added] };
  /** Writes the next generation. @returns when it was there for the listener to see, by performance.now() */
  const put = () => {
    document.generation++;
    fs.writeFileSync(`${store}.new`, `${JSON.stringify(document, null, 2)}\n`);
    fs.renameSync(`${store}.new`, store);
    return performance.now();
  };
  /** Resolves when the generation last written is applied. @throws Error when it is not */
  const applied = async () => {
    for (;;) {
      const { result, generation } = await ask(home, `/wait?generation=${document.generation}&timeout=60000`);
      if (result !== 'applied') throw new Error(`not applied: ${result}`);
      if (generation >= document.generation) return;
    }
  };
  return { document, put, applied };
}

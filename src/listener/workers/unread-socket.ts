/**
 * A socket that is to go to another process with every byte its client sent. One that was accepted in this turn of the event
 * loop has not been read from; behind a PROXY header one has, so what was read goes along. In both cases reading is stopped
 * here, at once. Node has no public way to do that but to wait until the socket's buffer is full: this page takes the handle's
 * own (test/workers/handover.test.ts fails when a new Node has another one).
 */
import type { Socket } from 'node:net';

interface Inside {
  readonly _handle: { reading: boolean; readStop(): void } | null;
  server: unknown;
}

/** Makes a socket ready to be handed over. @returns the bytes that were read and not used */
export function takeUnread(socket: Socket): Buffer | undefined {
  const ahead = socket.readableLength > 0 ? (socket.read() as Buffer | null) : null;
  const inside = socket as Socket & Inside;
  if (inside._handle?.reading) {
    inside._handle.reading = false;
    inside._handle.readStop();
  }
  // With its server, Node would keep a list of the connections that each process has of it, and a message for each time that
  // the list is empty. We count ourselves.
  inside.server = undefined;
  return ahead ?? undefined;
}

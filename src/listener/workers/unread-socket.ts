/**
 * A socket that is to go to another process with every byte its client sent. One that was accepted in this turn of the event
 * loop has not been read from; behind a PROXY header one has, so what was read goes along. In both cases reading is stopped
 * here, at once. Node has no public way to do that but to wait until the socket's buffer is full: this page takes the handle's
 * own (test/workers/handover.test.ts fails when a new Node has another one).
 */
import type { Socket } from 'node:net';

/** Stops reading. @returns the bytes that were read and not used */
export function stopReading(socket: Socket): Buffer | undefined {
  const ahead = socket.readableLength > 0 ? (socket.read() as Buffer | null) : null;
  const handle = (socket as unknown as { _handle: { reading: boolean; readStop(): void } | null })._handle;
  if (handle?.reading) {
    handle.reading = false;
    handle.readStop();
  }
  return ahead ?? undefined;
}

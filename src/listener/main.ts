/** Entry of the bundle dist/listener.cjs, which only `rc serve` and Test-ReceiveConnector load: puts the listener's real parts together. */
import { join } from 'node:path';
import { openApiServer } from './api/open-api.ts';
import { openDelivery } from './delivery/delivery.ts';
import { openProtocolLog } from './records/protocol-log.ts';
import { serve as serveWith } from './serve.ts';
import type { Parts, ServeOptions } from './serve-options.ts';
import { openCertificates } from './session/certificates.ts';
import { SlidingRates } from './session/rates.ts';
import { startSession } from './session/session.ts';
import { openPage } from './web/open-page.ts';

/**
 * Each sync of a file holds a thread until the disk has answered, and Node has four of them: on a disk that takes a while
 * four messages would be made safe at a time, whatever comes in (docs/decisions/0121-threads-for-the-disk.md).
 */
const DISK_THREADS = '32';

/** What a listener is made of, in one process. */
export const parts = {
  startSession,
  openCertificates,
  openDelivery,
  openProtocolLog,
  openRates: () => new SlidingRates(),
} satisfies Parts;

/** Runs the listener until it is told to stop. @returns the exit code: 0 stopped as told, 1 could not start */
export function serve(options: ServeOptions): Promise<number> {
  process.env.UV_THREADPOOL_SIZE ??= DISK_THREADS; // read when the first thread is needed, and by workers
  return serveWith(options, {
    ...parts,
    workerScript: join(__dirname, 'worker.cjs'),
    openPage: pageWithMail,
    openApi: openApiServer,
  });
}

function pageWithMail(wanted: Parameters<typeof openPage>[0]): ReturnType<typeof openPage> {
  return openPage({ ...wanted, readingScript: join(__dirname, 'messages.cjs') });
}

export { tryLive } from './rehearsal/live.ts';
export { rehearse } from './rehearsal/rehearse.ts';

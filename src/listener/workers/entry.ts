/** Entry of the bundle dist/worker.cjs, which `rc serve --workers N` runs N times. */
import { openCertificates } from '../session/certificates.ts';
import { startSession } from '../session/session.ts';
import { runWorker } from './worker.ts';

if (process.send) runWorker({ startSession, openCertificates });
else process.stderr.write('This is a part of rc serve --workers; it cannot run by itself.\n');

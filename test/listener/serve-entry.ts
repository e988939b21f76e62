/** `rc serve` as a process of its own, with the stand-in session: for tests of signals, kills and second listeners. */

import { serve } from '../../src/listener/serve.ts';
import type { Parts } from '../../src/listener/serve-options.ts';
import { homeAt } from '../../src/store/home.ts';
import { standInSession } from './stand-in.ts';

const parts: Parts = {
  startSession: standInSession,
  openCertificates: () => ({
    contextFor: () => {
      throw new Error('no certificates here');
    },
    has: () => false,
    clientCa: undefined,
    close: () => {},
  }),
  openDelivery: () => ({
    begin: () => {
      throw new Error('no delivery here');
    },
    close: async () => {},
  }),
  openProtocolLog: () => ({ session: () => ({ write: () => {} }), close: async () => {} }),
  openRates: () => ({ take: () => true }),
};

const [folder, graceMs] = process.argv.slice(2);
serve(
  { home: homeAt(folder!), stdout: process.stdout, stderr: process.stderr, graceMs: Number(graceMs ?? 10_000) },
  parts,
).then((code) => {
  process.exitCode = code;
});

/**
 * fast-check as CI has it: each property tries the same values in each run, so that a change lands or fails by what it changes and not by
 * luck. Everywhere else they are new each time, which is where new ones are found (docs/decisions/0330-what-tests-wait-for-and-cost.md).
 */
import { createRequire } from 'node:module';

const fc = createRequire(import.meta.url)('fast-check') as typeof import('fast-check');
fc.configureGlobal({ seed: 20261129 });

export default fc;

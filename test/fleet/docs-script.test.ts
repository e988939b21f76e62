/** The script of docs/fleet.md, to the letter: 20 of 60 connections are served by three listeners together, and one command raises it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePorts } from '../support/free-port.ts';
import { bash, ROOT } from '../support/rc.ts';
import { hasEngine } from './scene.ts';

test.skipIf(!hasEngine)(
  'an engine, three listeners, 60 connections: 20 served; raised to 30 by one command: 10 more',
  async () => {
    const script = /```bash\n(#![\s\S]*?)```/.exec(readFileSync(join(ROOT, 'docs/fleet.md'), 'utf8'))![1]!;
    const [engine, smtp] = await freePorts(2);
    const ran = await bash(script, { env: { ENGINE_PORT: String(engine), SMTP_PORT: String(smtp) } });
    expect(ran.stdout, ran.stderr).toBe('20 of 60 served\n10 of 60 more served\n');
  },
  120_000,
);

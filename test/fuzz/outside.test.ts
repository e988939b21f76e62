/** Bounded runs of the fuzzer's other targets: files to import, certificates, and whatever answers on a control socket. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { selfSigned } from '../../src/certificates/self-signed.ts';
import { homeAt } from '../../src/store/home.ts';
import { tempFolder } from '../support/temp-home.ts';
import { HostileListener } from './control.ts';
import { certificateCase, importCase, pemFiles } from './files.ts';
import { tryCases } from './random.ts';

test('files to import are taken or refused in words', async () => {
  expect(await tryCases(importCase, { seed: 1, cases: 400 })).toBe(400);
}, 120_000);

test('certificates are read or their fault is told', async () => {
  const own = selfSigned('mail.contoso.com', new Date(), 7);
  const given = pemFiles(join(import.meta.dirname, '../certificates/fixtures'), ['names.pem', 'leaf-last.pem']);
  const one = certificateCase([own.certificate + own.key, ...given]);
  expect(await tryCases(one, { seed: 1, cases: 300 })).toBe(300);
}, 120_000);

test('a control socket that is somebody else’s ends in an answer or an error in words', async () => {
  const folder = tempFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const hostile = await HostileListener.at(homeAt(folder));
  try {
    expect(await tryCases((random) => hostile.ask(random), { seed: 1, cases: 150 })).toBe(150);
  } finally {
    await hostile.close();
  }
}, 120_000);

/** The engine over TLS, with a certificate that a CA of one's own signed; passwords that come from where they should, and stay there. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { selfSigned } from '../../src/certificates/self-signed.ts';
import { ended, environment, RC, rc } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';
import { until } from '../support/until.ts';
import { hasEngine, Member, TestEngine } from './scene.ts';

const SECRET = 'geheim und lang';

/** Every file of a home, as text. */
function everythingIn(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(files.map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')]));
}

describe.skipIf(!hasEngine)('an engine with TLS and a password', () => {
  let engine: TestEngine;
  const folder = tempFolder('tls');
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    const { certificate, key } = selfSigned('localhost', new Date(), 30);
    const other = selfSigned('localhost', new Date(), 30);
    for (const [name, text] of Object.entries({
      cert: certificate,
      key,
      other: other.certificate,
      password: `${SECRET}\n`,
    }))
      writeFileSync(at(name), text, { mode: 0o600 });
    const tls = ['--tls-cert-file', at('cert'), '--tls-key-file', at('key'), '--tls-ca-cert-file', at('cert')];
    engine = await TestEngine.start(['--save', '', '--requirepass', SECRET, ...tls, '--tls-auth-clients', 'no']);
  });
  afterAll(() => engine?.stop());

  test('a listener follows it with --ca-file; users’ hashes travel; without the CA, or with another, it is refused', async () => {
    const member = await Member.make('TLS1', 50);
    const files = ['--password-file', at('password')];
    for (const ca of [[], ['--ca-file', at('other')]]) {
      const refused = await member.tried('join-fleet', engine.url, ...files, ...ca);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(/certificate of the engine at localhost:\d+ is not trusted .*--ca-file FILE/);
    }
    const none = await member.tried('join-fleet', engine.url, ...files, '--ca-file', at('password'));
    expect(none.stderr).toMatch(/has no certificates .*BEGIN CERTIFICATE/);
    const plain = await member.tried('join-fleet', engine.url.replace('rediss', 'redis'), ...files);
    expect(plain.code).toBe(1);
    await member.rc('join-fleet', engine.url, ...files, '--ca-file', at('cert'));
    await member.serve();
    await until('it is in the fleet', async () => (await member.fleet()).LiveNodes === 1);
    await member.rc('new-smtp-user', 'scanner', '--password-file', at('password'), '--wait=20');
    expect(await member.fleet()).toMatchObject({ State: 'Connected' });
    await member.stop();
    for (const [name, text] of everythingIn(member.home))
      if (name !== 'fleet.password') expect(text, name).not.toContain(SECRET);
    expect(statSync(join(member.home, 'fleet.password')).mode & 0o777).toBe(0o600);
  });

  test('the file that RC_FLEET_PASSWORD_FILE names', async () => {
    const member = await Member.make('TLS2', 51);
    const ran = await rc(['join-fleet', engine.url, '--name', 'second', '--ca-file', at('cert')], {
      home: member.home,
      env: { RC_FLEET_PASSWORD_FILE: at('password') },
    });
    expect(ran.code, ran.stderr).toBe(0);
  });

  test.skipIf(!has('script'))('asked for on a terminal, without echo, when the engine wants one', async () => {
    const member = await Member.make('TLS3', 52);
    const line = `'${process.execPath}' '${RC}' join-fleet ${engine.url} --name third --ca-file '${at('cert')}'`;
    const child = spawn('script', ['-qec', line, '/dev/null'], {
      env: environment({ home: member.home }),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let shown = '';
    child.stdout.on('data', (bytes: Buffer) => {
      shown += String(bytes);
    });
    const over = ended(child);
    await until('it asks', () => /Password for rediss:.*: /.test(shown));
    child.stdin.end(`${SECRET}\r`);
    expect((await over).code, shown).toBe(0);
    expect(shown).not.toContain(SECRET);
    expect(shown).toContain('begins with TLS3');
    expect(everythingIn(member.home).get('fleet.password')).toBe(`${SECRET}\n`);
  });

  test('no terminal and no password: it says how to give one', async () => {
    const member = await Member.make('TLS4', 53);
    const ran = await member.tried('join-fleet', engine.url, '--name', 'fourth', '--ca-file', at('cert'));
    expect(ran.stderr).toMatch(/does not let us in .*--password-file FILE/);
  });
});

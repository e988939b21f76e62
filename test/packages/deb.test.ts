/** The Debian package: what is in it, and its whole life in a Debian of its own: installed, used, upgraded, removed, purged. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { ROOT, run } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const NAME = 'receive-connector';
const HOME = `/var/lib/${NAME}`;
/** Made by test/packages/root.sh, which .ci/run calls. */
const ROOT_TAR = process.env.RC_DEBIAN_ROOT;

async function must(
  command: string,
  args: readonly string[],
  options: Parameters<typeof run>[2] = {},
): Promise<string> {
  const ran = await run(command, args, options);
  expect(ran.code, `${command} ${args.join(' ')}\n${ran.stdout}${ran.stderr}`).toBe(0);
  return ran.stdout;
}

describe.skipIf(!has('dpkg-deb'))('the package', () => {
  let deb: string;
  beforeAll(async () => {
    await must(process.execPath, [join(ROOT, 'bin/deb.mjs')], { cwd: ROOT });
    deb = join(ROOT, 'dist', `${NAME}_${version}_all.deb`);
  }, 120_000);

  test('has the command, the unit, man pages and completions, all root’s and none writable by others', async () => {
    const list = await must('dpkg-deb', ['--contents', deb]);
    for (const file of [
      `./usr/bin/${NAME}`,
      `./usr/lib/${NAME}/bin/rc`,
      `./usr/lib/systemd/system/${NAME}.service`,
      `./usr/share/man/man1/${NAME}.1.gz`,
      './usr/share/man/man1/rc-set.1.gz',
      './usr/share/bash-completion/completions/rc',
      './usr/share/zsh/vendor-completions/_rc',
      './usr/share/fish/vendor_completions.d/rc.fish',
      `./etc/default/${NAME}`,
    ])
      expect(list).toContain(` ${file}\n`);
    for (const line of list.trim().split('\n')) expect(line).toMatch(/^[-dl]rw[-x]r-[-x]r-[-x] root\/root /);
    // Debian's shell of this name has these.
    expect(list).not.toMatch(/ \.\/usr\/bin\/rc\n| \.\/usr\/share\/man\/man1\/rc\.1\.gz\n/);
  });

  test('its unit runs as its own user and takes flags from /etc/default', async () => {
    const folder = tempFolder('deb');
    await must('dpkg-deb', ['--extract', deb, folder]);
    const unit = readFileSync(join(folder, `usr/lib/systemd/system/${NAME}.service`), 'utf8');
    expect(unit).toContain(`User=${NAME}\nGroup=${NAME}\nReadWritePaths=${HOME}\n`);
    expect(unit).toContain(
      `EnvironmentFile=-/etc/default/${NAME}\nExecStart=/usr/bin/node /usr/lib/${NAME}/bin/rc serve $RC_SERVE_FLAGS\n`,
    );
    expect(unit).not.toMatch(/CAREFUL|home\/|root\//);
  });

  describe.skipIf(!ROOT_TAR && !process.env.CI)('in a Debian of its own', () => {
    let folder: string;
    const inside = (script: string) => must('chroot', [folder, 'sh', '-ec', script]);

    beforeAll(async () => {
      expect(ROOT_TAR, 'RC_DEBIAN_ROOT, see .ci/run').toBeTruthy();
      folder = tempFolder('debian');
      await must('tar', ['-C', folder, '-xf', ROOT_TAR!]);
      writeFileSync(join(folder, 'new.deb'), readFileSync(deb));
      await must('mount', ['-t', 'proc', 'proc', join(folder, 'proc')]);
    }, 240_000);

    afterAll(() => must('umount', [join(folder, 'proc')]));

    test('is installed: a user, a home of its own, the command under both names', async () => {
      await inside('dpkg -i /new.deb');
      expect((await inside(`getent passwd ${NAME}`)).split(':').slice(5)).toEqual([
        HOME,
        expect.stringContaining('nologin'),
      ]);
      expect((await inside(`stat -c '%U %a' ${HOME}`)).trim()).toBe(`${NAME} 700`);
      expect(await inside('readlink -f /usr/bin/rc')).toBe(`/usr/bin/${NAME}\n`);
      expect(await inside('rc version')).toContain(version);
      expect(await inside('ls /usr/lib/receive-connector/dist')).toMatch(/rc-v.*\.cache/);
    });

    test('runs without systemd as its user, obeys root’s rc, and keeps its files', { timeout: 120_000 }, async () => {
      const [one, two] = [await freePort(), await freePort()];
      const told = await inside(`
        [ -e /dev/null ] || mknod -m 666 /dev/null c 1 3
        rc set 'default*' --bindings 127.0.0.1:${one}
        rc set 'client*' --bindings 127.0.0.1:${two}
        su -s /bin/sh ${NAME} -c 'echo $$ > /tmp/pid; exec /usr/bin/receive-connector serve' > /tmp/log 2>&1 &
        for try in $(seq 1 300); do rc get-listener > /tmp/listener 2>/dev/null && break; sleep 0.1; done
        [ -s /tmp/listener ] || { cat /tmp/log >&2; exit 1; }
        rc set 'default*' --max-inbound-per-source 77 --wait
        rc get 'default*' --select MaxInboundConnectionPerSource --output csv
        stat -c %U ${HOME}/store.json ${HOME}/events.ndjson
        kill $(cat /tmp/pid)
        wait
      `);
      expect(told).toMatch(/\b77\b/);
      expect(told).toContain(`${NAME}\n${NAME}\n`);
    });

    test('is upgraded: settings and the conffile that was changed stay', async () => {
      writeFileSync(join(folder, `etc/default/${NAME}`), 'RC_SERVE_FLAGS=--metrics 127.0.0.1:9464\n');
      const next = tempFolder('next');
      await must('dpkg-deb', ['--raw-extract', deb, next]);
      const control = join(next, 'DEBIAN/control');
      writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, `Version: ${version}+next`));
      await must('dpkg-deb', ['--root-owner-group', '--build', next, join(folder, 'next.deb')]);
      await inside('dpkg -i --force-confold /next.deb');
      expect(await inside(`dpkg-query -W -f '\${Version}' ${NAME}`)).toBe(`${version}+next`);
      expect(await inside(`cat /etc/default/${NAME}`)).toContain('9464');
      expect(await inside(`rc get 'default*' --select MaxInboundConnectionPerSource --output csv`)).toContain('77');
    });

    test('beside Debian’s own rc the administrator chooses, and removing gives the name back', async () => {
      writeFileSync(join(folder, 'usr/bin/rc.byron'), '#!/bin/sh\necho plan9\n', { mode: 0o755 });
      await inside(
        'update-alternatives --quiet --install /usr/bin/rc rc /usr/bin/rc.byron 50; update-alternatives --quiet --set rc /usr/bin/rc.byron',
      );
      expect(await inside('rc')).toBe('plan9\n');
      expect(await inside('receive-connector version')).toContain(version);
      await inside(`dpkg --remove ${NAME}`);
      expect(await inside('rc')).toBe('plan9\n');
      expect(existsSync(join(folder, `usr/lib/${NAME}`))).toBe(false);
      expect(existsSync(join(folder, HOME, 'store.json'))).toBe(true);
    });

    test('purged, nothing of it is left but the mail that it took', async () => {
      mkdirSync(join(folder, HOME, 'mail/new'), { recursive: true });
      writeFileSync(join(folder, HOME, 'mail/new/1.message'), 'mail');
      await inside(`dpkg --purge ${NAME}`);
      expect(existsSync(join(folder, HOME, 'store.json'))).toBe(false);
      expect(existsSync(join(folder, `etc/default/${NAME}`))).toBe(false);
      expect(statSync(join(folder, HOME, 'mail/new/1.message')).isFile()).toBe(true);
    });
  });
});

/**
 * `npm run deb`: the Debian package receive-connector_VERSION_all.deb in dist/, with dpkg-deb. What it installs stands here;
 * what it does on the machine, in debian/ beside this file (deb-preinst(5) and its sisters). docs/packages.md is for users.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';

const root = path.resolve(import.meta.dirname, '..');
const { name, version, description, license, engines } = JSON.parse(
  fs.readFileSync(path.join(root, 'package.json'), 'utf8'),
);
const HOME = `/var/lib/${name}`;
const LIBRARY = `/usr/lib/${name}`;
const oldestNode = /\d+(?:\.\d+)*/.exec(engines.node)[0];

const stage = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-deb-'));

function put(file, contents, mode = 0o644) {
  const at = path.join(stage, file);
  fs.mkdirSync(path.dirname(at), { recursive: true, mode: 0o755 });
  fs.writeFileSync(at, contents);
  fs.chmodSync(at, mode);
}

const source = (file) => fs.readFileSync(path.join(root, file));
/** As Debian has them: the smallest, without a time in it (Debian Policy 12.1, 12.3). */
const zipped = (contents) => zlib.gzipSync(contents, { level: 9 });

function build() {
  for (const file of ['bin/rc', 'bin/code-cache.js', 'bin/everyday.js', 'bin/package.json', 'package.json'])
    put(`${LIBRARY}/${file}`, source(file), file === 'bin/rc' ? 0o755 : 0o644);
  for (const file of fs.readdirSync(path.join(root, 'dist')))
    if (/\.(?:cjs|mjs|d\.ts)$/.test(file)) put(`${LIBRARY}/dist/${file}`, source(`dist/${file}`));
  put(`/usr/bin/${name}`, fs.readFileSync(path.join(root, 'bin/debian/command')), 0o755);

  for (const page of fs.readdirSync(path.join(root, 'man')))
    put(`/usr/share/man/man1/${page === 'rc.1' ? `${name}.1` : page}.gz`, zipped(source(`man/${page}`)));
  for (const page of fs.readdirSync(path.join(root, 'docs')))
    if (page.endsWith('.md')) put(`/usr/share/doc/${name}/${page}`, source(`docs/${page}`));
  put(`/usr/share/doc/${name}/copyright`, `License: ${license}\n\n${source('LICENSE')}`);
  put(`/usr/share/doc/${name}/changelog.gz`, zipped(source('CHANGELOG.md')));

  const shell = (which) => execFileSync(process.execPath, [path.join(root, 'bin/rc'), 'init', which]);
  put('/usr/share/bash-completion/completions/rc', shell('bash'));
  // compinit runs the file as _rc, which becomes the real one while it runs.
  put('/usr/share/zsh/vendor-completions/_rc', `#compdef rc\n${shell('zsh')}\n_rc "$@"\n`);
  put('/usr/share/fish/vendor_completions.d/rc.fish', shell('fish'));

  put(`/usr/lib/systemd/system/${name}.service`, unit());
  put(`/etc/default/${name}`, source('bin/debian/default'));

  const size = Math.ceil(bytesIn(stage) / 1024);
  put('/DEBIAN/control', control(size));
  put('/DEBIAN/conffiles', `/etc/default/${name}\n`);
  for (const script of ['postinst', 'prerm', 'postrm']) put(`/DEBIAN/${script}`, source(`bin/debian/${script}`), 0o755);
  const packed = path.join(root, 'dist', `${name}_${version}_all.deb`);
  fs.chmodSync(stage, 0o755);
  execFileSync('dpkg-deb', ['--root-owner-group', '--build', stage, packed], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.stdout.write(`${path.relative(process.cwd(), packed)}\n`);
}

/** The unit that `rc init systemd` prints, for the package's paths and user, and with the flags of /etc/default. */
function unit() {
  const { buildSync } = createRequire(path.join(root, 'package.json'))('esbuild');
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: ['src/cli/init/systemd.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0].text)(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  const text = module.exports.serviceUnit({
    command: ['/usr/bin/node', `${LIBRARY}/bin/rc`],
    home: HOME,
    owner: { user: name, group: name },
    user: false,
    runtimeFolder: '/run',
    systemdVersion: 252, // of the oldest Debian that it is for; a newer one understands it
  });
  return text
    .replace(/^#.*\n/, `# ${name}.service. Changes go to a file of your own: systemctl edit ${name}\n`)
    .replace(/^(ExecStart=.*)$/m, `EnvironmentFile=-/etc/default/${name}\n$1 $$RC_SERVE_FLAGS`);
}

function control(installedSize) {
  return [
    `Package: ${name}`,
    `Version: ${version}`,
    'Architecture: all',
    'Section: mail',
    'Priority: optional',
    `Maintainer: The ${name} developers <${name}@localhost>`,
    `Installed-Size: ${installedSize}`,
    `Depends: nodejs (>= ${oldestNode}), adduser`,
    'Suggests: bash-completion',
    `Description: ${description.slice(0, 70).replace(/,? \S*$/, '')}`,
    ` ${description}.`,
    '',
  ].join('\n');
}

function bytesIn(folder) {
  let bytes = 0;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) bytes += fs.statSync(path.join(entry.parentPath ?? entry.path, entry.name)).size;
  return bytes;
}

try {
  build();
} finally {
  fs.rmSync(stage, { recursive: true, force: true });
}

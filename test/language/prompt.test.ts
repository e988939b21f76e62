/** `rc shell`: lines, continuation, history, Ctrl-C and Ctrl-D, completion with Tab, questions, paging. */

import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ended, environment, RC } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';
import { prompt } from './prompt.ts';
import { CONNECTORS, scene } from './scene.ts';

describe('lines', () => {
  test('a line runs and prints as PowerShell prints; variables stay', async () => {
    const p = await prompt();
    expect(await p.line('$x = Get-ReceiveConnector *EX | Select Name, MaxHopCount')).toMatch(/\[PS\] rc> $/);
    expect(await p.line('$x')).toContain('\nName       MaxHopCount\n----       -----------\nDefault EX          60\n');
    expect(await p.line('$x.Count * 2')).toContain('\n4\n');
    expect(await p.leave()).toBe(0);
  });

  test('errors are told, the prompt goes on, the exit code is the last line’s', async () => {
    const p = await prompt();
    expect(await p.line('1/0')).toContain('RuntimeException: Attempted to divide by zero.');
    expect(await p.line('Get-Foo')).toContain("The term 'Get-Foo' is not recognized");
    expect(await p.line('class C {}')).toContain("'class' is not part of this language.");
    expect(await p.line('$Error.Count; $Error[0].Exception.Message')).toContain('\n1\nAttempted to divide by zero.\n');
    expect(await p.line('Get-ReceiveConnector nobody')).toContain("couldn't be found");
    expect(await p.leave()).toBe(1);
  });

  test('exit leaves with its code', async () => {
    const p = await prompt();
    p.type('exit 4\r');
    expect(await p.over).toBe(4);
  });

  test('an unfinished statement goes on behind >>, an empty line ends it', async () => {
    const p = await prompt();
    expect(await p.line('foreach ($i in 1..2) {')).toMatch(/>> $/);
    expect(await p.line('  "n$i"')).toMatch(/>> $/);
    expect(await p.line('}')).toContain('\nn1\nn2\n');
    expect(await p.line('1..3 |')).toMatch(/>> $/);
    expect(await p.line('% { $_ * 10 }')).toContain('\n10\n20\n30\n');
    expect(await p.line('"a" + `')).toMatch(/>> $/);
    expect(await p.line('"b"')).toContain('\nab\n');
    expect(await p.line('"open')).toMatch(/>> $/);
    expect(await p.line('')).toContain('The string is missing the terminator: ".');
    await p.leave();
  });

  test('Ctrl-C gives up a line and a statement begun, Ctrl-D leaves', async () => {
    const p = await prompt();
    await p.line('if ($true) {');
    p.clear();
    p.type('"never"\x03');
    await p.shows('^C');
    await p.shows(/\[PS\] rc> $/);
    expect(await p.line('"next"')).toContain('\nnext\n');
    expect(p.text()).not.toContain('never\n');
    expect(await p.leave()).toBe(0);
  });

  test('Ctrl-C stops a running statement; nothing of it is written', async () => {
    const p = await prompt();
    p.clear();
    p.type(
      'foreach ($i in 1..900000) { if ($i -eq 1) { Set-ReceiveConnector Relay -MaxHopCount 5; Write-Host started } }\r',
    );
    await p.shows('\nstarted\n');
    p.type('\x03');
    await p.shows('Stopped.');
    await p.shows(/\[PS\] rc> $/);
    expect(p.scene.generation()).toBe(1);
    expect(await p.line('"alive"')).toContain('\nalive\n');
    await p.leave();
  });

  test('Ctrl-C ends a wait', async () => {
    const p = await prompt();
    p.type('Write-Host waiting; Start-Sleep 1000; "never"\r');
    await p.shows('\nwaiting\n');
    p.clear();
    p.type('\x03');
    await p.shows('Stopped.');
    await p.shows(/\[PS\] rc> $/);
    expect(p.text()).not.toContain('never');
    await p.leave();
  });

  test('lines typed while one runs wait for their turn', async () => {
    const p = await prompt();
    p.type('Start-Sleep -Milliseconds 50; "first"\r"second"\r');
    await p.shows(/\nfirst\n\[PS\] rc> second\n\[PS\] rc> $/);
    await p.leave();
  });

  test('a change is written at once', async () => {
    const p = await prompt();
    await p.line('Get-ReceiveConnector Relay | Set-ReceiveConnector -MaxHopCount 33');
    expect(p.scene.stored('Relay')?.MaxHopCount).toBe(33);
    await p.leave();
  });

  test('without a terminal lines run one by one, without a prompt', async () => {
    const p = await prompt({ terminal: false });
    p.type(
      'Set-ReceiveConnector Relay -MaxHopCount 12\n1/0\nforeach ($i in 1..2) {\nSet-ReceiveConnector "Client EX" -MaxHopCount (20 + $i)\n}\nexit 3\n',
    );
    expect(await p.over).toBe(3);
    expect(p.scene.stored('Relay')?.MaxHopCount).toBe(12);
    expect(p.scene.stored('Client EX')?.MaxHopCount).toBe(22);
    expect(p.text()).not.toContain('[PS]');
  });
});

describe('questions', () => {
  test('Remove asks on the prompt; the answer is no line of the history', async () => {
    const p = await prompt();
    p.clear();
    p.type('Remove-ReceiveConnector Relay\r');
    await p.shows('[?] Help (default is "Y"): ');
    p.type('n\r');
    await p.shows(/\[PS\] rc> $/);
    expect(p.scene.stored('Relay')).toBeDefined();
    p.clear();
    p.type('Remove-ReceiveConnector Relay\r');
    await p.shows('[?] Help (default is "Y"): ');
    p.type('\r');
    await p.shows(/\[PS\] rc> $/);
    expect(p.scene.stored('Relay')).toBeUndefined();
    await p.leave();
    expect(readFileSync(join(p.scene.home, 'shell-history'), 'utf8')).toBe(
      'Remove-ReceiveConnector Relay\nRemove-ReceiveConnector Relay\n',
    );
  });

  test('a secret that is asked for shows nowhere and is kept nowhere', async () => {
    const p = await prompt();
    p.clear();
    p.type('New-SmtpUser scanner\r');
    await p.shows('Password for scanner: ');
    p.type('hunter2-hunter2\r');
    await p.shows('The same again: ');
    p.type('hunter2-hunter2\r');
    await p.shows(/\[PS\] rc> $/);
    expect(p.text()).not.toContain('hunter2');
    expect(p.scene.world.store.read().users.map((u) => u.Name)).toEqual(['scanner']);
    p.clear();
    p.type('\u001b[A');
    await p.shows('New-SmtpUser scanner');
    p.type('\x15'); // Ctrl-D leaves an empty line only
    await p.leave();
    expect(readFileSync(join(p.scene.home, 'shell-history'), 'utf8')).not.toContain('hunter2');
  });

  test('Ctrl-C at a question ends the statement', async () => {
    const p = await prompt();
    p.type('Get-ReceiveConnector | Remove-ReceiveConnector\r');
    await p.shows('[?] Help (default is "Y"): ');
    p.clear();
    p.type('\x03');
    await p.shows(/\[PS\] rc> $/);
    expect(p.scene.generation()).toBe(1);
    await p.leave();
  });
});

describe('history', () => {
  test('is kept from one time to the next, mode 0600, without lines that hold secrets', async () => {
    const one = await prompt();
    await one.line('"first line"');
    await one.line('$password = "hunter2"');
    await one.line('"last line"');
    await one.leave();
    const file = join(one.scene.home, 'shell-history');
    expect(readFileSync(file, 'utf8')).toBe('"first line"\n"last line"\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const two = await prompt({ on: one.scene });
    two.clear();
    two.type('\u001b[A'); // arrow up
    await two.shows('"last line"');
    two.type('\u001b[A');
    await two.shows('"first line"');
    two.type('\r');
    await two.shows(/\nfirst line\n/);
    await two.leave();
  });

  test('a history that cannot be written is said once', async () => {
    const on = scene();
    writeFileSync(join(on.home, 'in-the-way'), '');
    const p = await prompt({ on: { ...on, home: join(on.home, 'in-the-way') } });
    expect(await p.line('1')).toContain('WARNING: The history cannot be kept in');
    expect(await p.line('2')).not.toContain('WARNING');
    await p.leave();
    expect(existsSync(join(on.home, 'shell-history'))).toBe(false);
  });
});

test('what Write-Host -NoNewline left open stays on the screen when the prompt comes', async () => {
  const p = await prompt();
  p.clear();
  p.type('Write-Host -NoNewline "half"\r');
  await p.shows(/\nhalf\n.*rc> /);
  await p.leave();
});

describe('Tab', () => {
  test('completes cmdlets, parameters, names with blanks, properties and values', async () => {
    const p = await prompt();
    const tab = async (typed: string, shown: string) => {
      p.clear();
      p.type(`${typed}\t`);
      await p.shows(shown);
      p.type('\x15'); // Ctrl-U: forget the line
    };
    await tab('get-rec', 'Get-ReceiveConnector');
    await tab('Set-ReceiveConnector Def', "Set-ReceiveConnector 'Default EX' ");
    await tab('Set-ReceiveConnector Relay -MaxInboundConnectionPerS', '-MaxInboundConnectionPerSource ');
    await tab('Set-ReceiveConnector Relay -ProtocolLoggingLevel v', '-ProtocolLoggingLevel Verbose ');
    await tab('Get-ReceiveConnector | select TlsC', 'select TlsCertificateName ');
    await tab('Get-ReceiveConnector | ? { $_.Proto', '$_.ProtocolLoggingLevel');
    await p.leave();
  });

  test('behind a variable the word goes on: no blank, so that a member can follow', async () => {
    const p = await prompt();
    await p.line('$relay = Get-ReceiveConnector Relay');
    p.clear();
    for (const [typed, shown] of [
      ['$rel\t', '$relay'],
      ['.Nam\t', '.Name'],
    ] as const) {
      p.type(typed);
      await p.shows(shown);
    }
    p.clear();
    p.type('\r');
    await p.shows(/^\s*Relay$/m);
    await p.leave();
  });
});

describe('long output', () => {
  test('stops at each screen: space shows the next, Enter a line, q ends', async () => {
    const p = await prompt({ rows: 11 });
    p.clear();
    p.type('1..50\r');
    await p.shows('-- More --');
    expect(p.text()).toContain('\n10\n');
    expect(p.text()).not.toContain('\n11\n');
    p.clear();
    p.type(' ');
    await p.shows('-- More --');
    expect(p.text()).toContain('\n20\n');
    p.clear();
    p.type('\r');
    await p.shows('-- More --');
    expect(p.text()).toContain('21\n');
    p.type('q');
    await p.shows(/\[PS\] rc> $/);
    expect(p.text()).not.toContain('\n23\n');
    expect(await p.line('"clean"')).toContain('\nclean\n');
    await p.leave();
  });

  test('what fits is not stopped', async () => {
    const p = await prompt({ rows: 11 });
    expect(await p.line('1..9')).not.toContain('More');
    await p.leave();
  });

  test('a $PAGER that is not installed does not swallow it', async () => {
    const p = await prompt({ rows: 11, env: { PAGER: 'no-such-pager -x' } });
    p.type('1..50\r');
    await p.shows('-- More --');
    expect(p.text()).toContain('\n10\n');
    p.type('q');
    await p.shows(/\[PS\] rc> $/);
    await p.leave();
  });

  test('goes through $PAGER when that is set', async () => {
    const on = scene();
    const file = join(on.home, 'paged');
    const p = await prompt({ on, rows: 11, env: { PAGER: `cat > '${file}'` } });
    await p.line('1..50');
    expect(readFileSync(file, 'utf8')).toBe(`${Array.from({ length: 50 }, (_, i) => i + 1).join('\n')}\n`);
    expect(await p.line('1..3')).toContain('\n1\n2\n3\n');
    await p.leave();
  });
});

describe('on a real terminal', () => {
  test.skipIf(!has('python3'))('rc shell: a prompt, a table, Tab, Ctrl-D', async () => {
    const home = tempFolder('terminal');
    writeStore(home, CONNECTORS);
    // a pseudo terminal of python's: the keys are sent when the prompt is there
    const driver = `
import os, pty, sys, select, re
# what the screen must end with, and what is then typed (a Tab within a paste completes nothing)
steps = [(b'rc> ', b'Get-ReceiveConnector Rel'), (b'Rel', b'\\t'), (b'ay ', b'| ft Name,MaxHopCount\\r'), (b'rc> ', b'exit 5\\r')]
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen = b''
sent = 0
mark = 0
while True:
    ready, _, _ = select.select([fd], [], [], 20)
    if not ready:
        os.kill(pid, 9)
        break
    try: data = os.read(fd, 65536)
    except OSError: break
    if not data: break
    seen += data
    plain = re.sub(rb'\\x1b\\[[0-9;?]*[A-Za-z]', b'', seen)
    if sent < len(steps) and plain[mark:].endswith(steps[sent][0]):
        os.write(fd, steps[sent][1]); sent += 1
        mark = len(plain)
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(status))
`;
    const child = spawn('python3', ['-c', driver, process.execPath, RC, 'shell'], {
      env: environment({ home, env: { TERM: 'xterm', COLUMNS: '100' } }),
    });
    const ran = await ended(child);
    const shown = ran.stdout.replace(/\u001b\[[\d;?]*[A-Za-z]/g, '').replaceAll('\r', '');
    expect(shown).toContain('Name  MaxHopCount\n----  -----------\nRelay          60\n');
    expect(ran.code).toBe(5);
  });
});

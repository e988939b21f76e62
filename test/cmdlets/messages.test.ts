/** Sending, reading, waiting for and removing messages, with a running listener; and what strangers put into a Maildir. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { RunningListener } from '../support/listener.ts';
import { bash, rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { until } from '../support/until.ts';

let home: string;
let port: number;
let listener: RunningListener;

beforeAll(async () => {
  home = tempFolder();
  port = await freePort();
  const open = { PermissionGroups: 'AnonymousUsers', TarpitInterval: '00:00:00', AuthMechanism: 'Tls' };
  writeStore(home, [{ ...open, Name: 'Test', Bindings: [`127.0.0.1:${port}`], MaxInboundConnectionPerSource: 5 }]);
  listener = await RunningListener.start(home);
});
afterAll(() => listener.stop());
beforeEach(() => rc(['remove-message', '*', '--confirm=false'], { home }));

const send = (...more: string[]) =>
  rc(['send', '--from', 'sue@contoso.com', '--to', 'bob@contoso.com', ...more], { home });
const objects = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

describe('send and get-message', () => {
  test('what is sent is read again, decoded', async () => {
    const file = join(tempFolder('files'), 'Prüfbericht.txt');
    writeFileSync(file, 'one\n');
    const sent = await rc(
      ['send', '--from', 'Süe <sue@contoso.com>', '--to', 'bob@contoso.com', '--bcc', 'kim@contoso.com'].concat([
        '--subject',
        'Grüße',
        '--body',
        'Hallo\n.\nBob',
        '--attachments',
        file,
      ]),
      { home },
    );
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    expect(objects(sent.stdout)[0]).toMatchObject({ Server: `127.0.0.1:${port}`, Recipients: 2, Refused: [] });
    const [message] = objects((await rc(['get-message', '--subject', 'grüsse*', '--to', 'nobody'], { home })).stdout);
    expect(message).toBeUndefined();
    const [found] = objects((await rc(['get-message', '--subject', 'grü*', '--to', 'KIM'], { home })).stdout);
    expect(found).toMatchObject({
      From: 'sue@contoso.com',
      FromName: 'Süe',
      To: ['bob@contoso.com'],
      Subject: 'Grüße',
      Text: 'Hallo\n.\nBob\n',
      EnvelopeFrom: 'sue@contoso.com',
      Recipients: ['bob@contoso.com', 'kim@contoso.com'],
      Attachments: [{ FileName: 'Prüfbericht.txt', Size: 4 }],
      Problem: '',
    });
    expect(readFileSync(found.Path, 'utf8')).toContain('Subject: =?UTF-8?');
    const raw = await rc(['get-message', found.Identity.slice(-12), '--raw'], { home });
    expect(raw.stdout).toContain('\nTo: bob@contoso.com\n');
    expect(raw.stdout).not.toContain('Bcc');
  });

  test('attachments are saved under safe names, and nothing is written over', async () => {
    const folder = join(tempFolder('saved'), 'new');
    const evil =
      'Content-Type: text/plain; name="../../evil.txt"\r\nContent-Disposition: attachment; filename="../../.evil.txt"';
    const mail = `Subject: x\r\nMIME-Version: 1.0\r\n${evil}\r\n\r\nbad\r\n`;
    const file = join(tempFolder('files'), 'mail.eml');
    writeFileSync(file, mail);
    expect((await send('--message', file)).code).toBe(0);
    expect((await rc(['get-message', '--save-attachments', folder], { home })).code).toBe(0);
    expect(readFileSync(join(folder, 'evil.txt'), 'utf8')).toMatch(/^bad/);
    const again = await rc(['get-message', '--save-attachments', folder], { home });
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('is there already');
  });

  test('a refusal is shown and ends with 1', async () => {
    const refused = await rc(['send', '--from', 'a@b.c', '--to', 'x@y.test', '--user', 'nobody', '--password-stdin'], {
      home,
      input: 'secret\n',
    });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('offers no AUTH');
    const credential = '(New-Object pscredential nobody, (ConvertTo-SecureString secret -AsPlainText -Force))';
    const mail = 'Send-MailMessage -From a@b.c -To x@y.test';
    const logon = await rc(['-c', `${mail} -Credential ${credential}`], { home });
    expect(logon).toMatchObject({ code: 1, stderr: expect.stringContaining('offers no AUTH') });
    const both = await rc(['-c', `${mail} -Credential ${credential} -User nobody`], { home });
    expect(both).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('-User and -Credential cannot go together.'),
    });
    const nobody = await rc(['send', '--server', '127.0.0.1:1', '--from', 'a@b.c', '--to', 'd@e.f'], { home });
    expect(nobody.code).toBe(1);
    expect(nobody.stderr).toContain('ECONNREFUSED');
  });

  test('inside TLS', async () => {
    expect((await send('--tls', '--subject', 'secret')).code).toBe(0);
    const [message] = objects((await rc(['get-message'], { home })).stdout);
    expect(message.Headers.join('\n')).toMatch(/with ESMTPS/);
    const verified = await send('--tls', '--verify-certificate');
    expect(verified.code).toBe(1);
    expect(verified.stderr).toMatch(/certificate/);
  });

  test('many at once meet the limits', async () => {
    const many = await send('--count', '40', '--parallel', '8');
    expect(many.code).toBe(1);
    const [summary] = objects(many.stdout);
    expect(summary.Taken + summary.Failed).toBe(40);
    expect(summary.Failures.join()).toContain('421 4.3.2 The maximum number of concurrent connections');
    const got = objects((await rc(['get-message'], { home })).stdout);
    expect(got.length).toBe(summary.Taken);
  });

  test.each([
    [['--server', 'a:b:c:x'], 'is no server'],
    [['--server', '127.0.0.1:70000'], 'is no server'],
    [['--to', 'no one'], 'is no address'],
    [['--count', '0'], '1 to 1000000'],
    [['--parallel', '5000'], '1 to 1000'],
    [['--port', '1'], 'No enabled connector'],
  ])('%j is refused', async (more, problem) => {
    const ran = await rc(['send', '--from', 'a@b.c', '--to', 'd@e.f', ...more], { home });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(problem);
  });
});

describe('wait-message', () => {
  test('gives the message when it comes', async () => {
    const waiting = rc(['wait-message', '--subject', 'late', '--timeout', '30s'], { home });
    expect((await send('--subject', 'early')).code).toBe(0);
    expect((await send('--subject', 'late')).code).toBe(0);
    const { code, stdout } = await waiting;
    expect(code).toBe(0);
    expect(objects(stdout).map(({ Subject }) => Subject)).toEqual(['late']);
  });

  test('in vain: exit status 1, and what was waited for in words', async () => {
    expect((await send('--subject', 'one')).code).toBe(0);
    const two = await rc(['wait-message', '--count', '2', '--timeout', '200ms'], { home });
    expect(two.code).toBe(1);
    expect(objects(two.stdout).length).toBe(1);
    expect(two.stderr).toContain('Only 1 of 2 messages that fit came within 200ms');
    for (const wrong of ['5', 'ever', '-1s', '25h']) {
      const ran = await rc(['wait-message', '--timeout', wrong], { home });
      expect(ran).toMatchObject({ code: 2, stdout: '' });
    }
  });
});

describe('remove-message', () => {
  test('by filter, by what is piped, all; never without being told which', async () => {
    for (const subject of ['a', 'b', 'c']) expect((await send('--subject', subject)).code).toBe(0);
    const left = async () => objects((await rc(['get-message'], { home })).stdout).map(({ Subject }) => Subject);
    const asked = await rc(['remove-message', '--subject', 'a', '--what-if'], { home });
    expect(asked.stdout + asked.stderr).toContain('What if: Removing message "a" to bob@contoso.com.');
    expect(await left()).toEqual(['a', 'b', 'c']);
    await rc(['remove-message', '--subject', 'a', '--confirm=false'], { home });
    expect(await left()).toEqual(['b', 'c']);
    await bash('rc get-message --newest 1 | rc remove-message --confirm=false', { home });
    expect(await left()).toEqual(['b']);
    expect((await rc(['remove-message', '--confirm=false'], { home })).code).toBe(2);
    expect((await rc(['remove-message', 'nothere', '--confirm=false'], { home })).stderr).toContain('"nothere"');
    await rc(['remove-message', '*', '--confirm=false'], { home });
    expect(await left()).toEqual([]);
  }, 120_000);
});

test('a foreign Maildir: broken MIME and bytes are shown with what could be read, links and folders are left alone', async () => {
  const folder = join(home, 'mail', 'new');
  await until('the Maildir', async () => (await send('--subject', 'first')).code === 0);
  await rc(['remove-message', '*', '--confirm=false'], { home });
  writeFileSync(
    join(folder, '1.foreign'),
    'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: multipart/mixed; boundary=',
  );
  writeFileSync(join(folder, '2.bytes'), Buffer.from([0, 255, 254, 10, 13]));
  mkdirSync(join(folder, '3.folder'));
  symlinkSync('/etc/hostname', join(folder, '4.link'));
  const { code, stdout, stderr } = await rc(['get-message'], { home });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(objects(stdout).map(({ Identity }) => Identity)).toEqual(['1.foreign', '2.bytes']);
});

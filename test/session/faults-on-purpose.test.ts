/** Faults on purpose over a real socket: what a dialogue cannot say; and which occasions a rule takes. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { causeWords } from '../../src/domain/cause-words.ts';
import type { FaultOccasion } from '../../src/domain/fault-rule.ts';
import { faultsAt } from '../../src/listener/session/faults-on-purpose.ts';
import { until } from '../support/until.ts';
import { Host } from './harness/host.ts';

async function client(
  port: number,
): Promise<{ socket: Socket; heard: () => string; ask(line: string): Promise<void> }> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  onTestFinished(() => void socket.destroy());
  let heard = '';
  socket.on('data', (text: string) => {
    heard += text;
  });
  await until('the greeting', () => heard.endsWith('\r\n'));
  return {
    socket,
    heard: () => heard,
    async ask(line) {
      heard = '';
      socket.write(`${line}\r\n`);
      await until(`an answer to ${line}`, () => heard.endsWith('\r\n'));
    },
  };
}

test('reset is a reset, drop an end; garbage is no reply, and the session goes on', async () => {
  const host = await new Host({ FaultRules: ['helo garbage first 1', 'mail reset first 1', 'rcpt drop'] }).start();
  const one = await client(host.port);
  await one.ask('EHLO x');
  expect(one.heard()).toBe('{"status":"not SMTP"}\r\n');
  await one.ask('EHLO x');
  expect(one.heard()).toMatch(/^250-/);
  const failed = once(one.socket, 'error');
  one.socket.write('MAIL FROM:<a@b.c>\r\n');
  const [error] = await failed;
  expect(error.code).toBe('ECONNRESET');
  const two = await client(host.port);
  await two.ask('EHLO x');
  await two.ask('MAIL FROM:<a@b.c>');
  two.socket.write('RCPT TO:<a@b.c>\r\n');
  await once(two.socket, 'end');
  expect(host.refusals.map(({ because }) => because)).toMatchObject(
    ['helo', 'mail', 'rcpt'].map((asked) => ({ kind: 'setting', setting: 'FaultRules', asked })),
  );
  const { problem, mend } = causeWords(host.refusals[2]!.because);
  expect(problem).toContain('On purpose');
  expect(mend[0]).toContain(`--fault-rules 'helo garbage first 1,mail reset first 1'`);
  await host.close();
});

test('never-answer: nothing is said, and who leaves is let go', async () => {
  const host = await new Host({ FaultRules: ['helo never-answer'] }).start();
  const one = await client(host.port);
  one.socket.write('EHLO x\r\nQUIT\r\n');
  await until('the rule to act', () => host.refusals.length === 1);
  expect(one.heard()).toMatch(/^220 [^\n]*\n$/);
  one.socket.end();
  await once(one.socket, 'close');
  await host.close();
});

test('cut-tls: 220, and no handshake', async () => {
  const host = await new Host({ FaultRules: ['starttls cut-tls'] }).start();
  const one = await client(host.port);
  await one.ask('EHLO x');
  await one.ask('STARTTLS');
  expect(one.heard()).toBe('220 2.0.0 SMTP server ready\r\n');
  await until('the end', () => one.socket.destroyed);
  await host.close();
});

const occasion = (more: Partial<FaultOccasion> = {}): FaultOccasion => ({
  stage: 'rcpt',
  address: '10.1.2.3',
  sender: '',
  recipients: ['kim@contoso.com'],
  ...more,
});

/** Which of so many occasions a rule acts on. */
async function acts(rule: string, count: number): Promise<string> {
  const { connector } = new Host({ FaultRules: [rule] });
  return Array.from({ length: count }, () => (faultsAt(connector, occasion()).length ? 'x' : '.')).join('');
}

test.each([
  ['rcpt 451 first 3', 'xxx.....'],
  ['rcpt 451 every 3', '..x..x..'],
  ['rcpt 451', 'xxxxxxxx'],
  ['rcpt 451 recipient *@fabrikam.com', '........'],
  ['rcpt 451 from 10.1.0.0/16 first 1', 'x.......'],
  ['mail 451', '........'],
])('%s: %s', async (rule, pattern) => {
  expect(await acts(rule, 8)).toBe(pattern);
});

test('a percentage is met in the long run, and with a seed the same each time', async () => {
  const first = await acts('rcpt 451 25% seed 4', 2000);
  expect(await acts('rcpt 451 25% seed 4', 2000)).toBe(first);
  expect(await acts('rcpt 451 25% seed 5', 2000)).not.toBe(first);
  const share = first.replaceAll('.', '').length / 2000;
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.3);
});

test('counts stay while the rule stands, whatever else changes, and begin anew after it was taken away', async () => {
  const host = new Host({ FaultRules: ['rcpt 451 first 2'] });
  const acting = () => faultsAt(host.connector, occasion()).length;
  expect([acting(), acting(), acting()]).toEqual([1, 1, 0]);
  host.set('FaultRules', ['mail drop', 'rcpt 451 first 2']);
  expect(acting()).toBe(0);
  host.set('FaultRules', []);
  expect(acting()).toBe(0);
  host.set('FaultRules', ['rcpt 451 first 2']);
  expect(acting()).toBe(1);
});

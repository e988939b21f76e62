/** `rc top` on a real terminal, with a real listener: what a person sees and does during an incident. */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePorts } from '../support/free-port.ts';
import { RunningListener } from '../support/listener.ts';
import { bash, rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';
import { until } from '../support/until.ts';
import { Terminal } from './terminal.ts';

let home: string;
let ports: number[];
let listener: RunningListener | undefined;
let terminal: Terminal | undefined;
const sockets: Socket[] = [];

beforeEach(async () => {
  home = tempFolder();
  ports = await freePorts(2);
  const own = { RemoteIPRanges: ['127.0.0.0/8'], MaxInboundConnectionPercentagePerSource: 100 };
  writeStore(home, [
    { ...own, Name: 'Relay for scanners', Bindings: [`127.0.0.1:${ports[0]}`], MaxInboundConnectionPerSource: 3 },
    { ...own, Name: 'Submission', Bindings: [`127.0.0.1:${ports[1]}`], MaxInboundConnection: 4 },
  ]);
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await terminal?.close();
  await listener?.stop();
  terminal = undefined;
  listener = undefined;
});

/** A client that was greeted or refused: the first line it got. */
async function client(port: number, from = '127.0.0.1'): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  sockets.push(socket);
  let text = '';
  socket.on('error', () => {});
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  await until('a line of the listener', () => text.includes('\r\n'));
  return text.slice(0, 3);
}

const connections = async (port: number, n: number, from?: string) => {
  const replies: string[] = [];
  for (let i = 0; i < n; i++) replies.push(await client(port, from));
  return replies;
};

describe.skipIf(!has('tmux'))('on a terminal', () => {
  test('a source past its limit: the bar is full, refusals are counted, the view follows keys and size', async () => {
    listener = await RunningListener.start(home);
    terminal = await Terminal.open({ home });
    await terminal.line('rc top --interval 0.2');
    await terminal.sees(/CONNECTOR 2 /);
    expect(await connections(ports[0]!, 5, '127.0.0.9')).toEqual(['220', '220', '220', '421', '421']);
    await terminal.sees(/127\.0\.0\.9 .* 3 +3 █+ 100% FULL +2 +2$/m);
    await terminal.sees(/^. Relay for scanners +3 +5,000 ▌░+ +0% /m);
    await terminal.sees(/^ {2}\S+ warning +1021 127\.0\.0\.9 refused: per-source limit 3, Relay/m);
    await terminal.sees(/^Sessions 3 .*, 2 in all/m);

    await terminal.resize(120, 40);
    expect(await terminal.sees(/LAST REF$/m)).toMatch(/127\.0\.0\.9 +Relay for scanners/);
    await terminal.resize(40, 10);
    await terminal.sees('The terminal is too small.');
    await terminal.resize(80, 24);
    await terminal.sees(/^\S.*CONNECTOR 2|CONNECTOR 2/m);

    await terminal.keys('/', 'subm');
    expect(await terminal.sees(/CONNECTOR 1\/2/)).not.toMatch(/^. Relay/m);
    await terminal.keys('Escape');
    await terminal.sees(/CONNECTOR 2 /);
    await terminal.keys('Tab', 'Enter');
    await terminal.sees('127.0.0.9 on Relay for scanners');
    await terminal.sees(/SESSION 3 /);

    await terminal.keys('Escape');
    await terminal.sees(/CONNECTOR 2 /);
    await terminal.keys('d');
    await terminal.sees('Disconnect all 3 sessions of 127.0.0.9 on Relay for scanners? y/N');
    await terminal.keys('y');
    await terminal.sees('3 sessions end');
    await terminal.sees(/^Sessions 0 /m);
  });

  test('the terminal is given back as it was: q, Ctrl-Z, SIGTSTP from elsewhere, SIGTERM', async () => {
    listener = await RunningListener.start(home);
    terminal = await Terminal.open({ home });
    const folder = tempFolder();
    await terminal.line(`cd ${folder}; clear; stty -g > modes; echo before`);
    await terminal.sees(/^before$/m);
    let checks = 0;
    const restored = async () => {
      const word = `same-${++checks}`;
      await terminal!.line(`stty -g | cmp - modes && echo ${word}`);
      await terminal!.sees(new RegExp(`^${word}$`, 'm'));
      expect(await terminal!.modes()).toBe('alternate 0 cursor 1');
      expect(await terminal!.screen()).toMatch(/before$/m); // what is typed ahead of the prompt stands in its line
    };
    const running = async () => {
      await terminal!.sees(/CONNECTOR 2 /);
      expect(await terminal!.modes()).toBe('alternate 1 cursor 0');
    };
    await terminal.line('rc top; echo left with $?');
    await running();
    await terminal.keys('q');
    await terminal.sees(/^left with 0$/m);
    await restored();

    await terminal.line('rc top');
    await running();
    await terminal.keys('C-z');
    await terminal.sees(/Stopped/);
    await terminal.line('jobs -p > pid; clear; echo before');
    await restored();
    const pid = readFileSync(join(folder, 'pid'), 'utf8').trim();
    await terminal.line('fg');
    await running();
    await terminal.keys('Tab');
    await terminal.sees(/Enter Sessions/);
    await bash(`kill -TSTP ${pid}`);
    await terminal.sees(/Stopped/);
    await restored();
    await terminal.line('fg');
    await running();
    await bash(`kill -TERM ${pid}`);
    await terminal.sees(/Terminated/);
    await restored();
  });

  test('with --wait it waits for a listener, and it outlives one', async () => {
    terminal = await Terminal.open({ home });
    await terminal.line('rc top --interval 0.2');
    await terminal.sees('No listener runs on'); // and ends
    await terminal.line('rc top --interval 0.2 --wait');
    await terminal.sees('Waiting for one: rc serve starts it.');
    listener = await RunningListener.start(home);
    await terminal.sees(/CONNECTOR 2 /);
    const { pid } = (await listener.status())!;
    await listener.stop();
    await terminal.sees(/NO LISTENER since [\d:]+; waiting for one/);
    listener = await RunningListener.start(home);
    expect((await listener.status())!.pid).not.toBe(pid);
    expect(await connections(ports[1]!, 5)).toEqual(['220', '220', '220', '220', '421']);
    await terminal.sees(/^. Submission +4 +4 █+ 100% FULL/m);
    // A look may fall between the fourth connection and the fifth.
    expect(await terminal.sees(/, 1 in all/)).not.toContain('NO LISTENER');
    await terminal.keys('C-c');
    await terminal.sees(/\$ rc top --interval 0\.2 --wait\n\$$/m);
  });

  test('a listener that hangs is told of, and is seen again when it goes on', async () => {
    listener = await RunningListener.start(home);
    terminal = await Terminal.open({ home });
    await terminal.line('rc top --interval 0.2');
    await terminal.sees(/CONNECTOR 2 /);
    listener.child.kill('SIGSTOP');
    await terminal.sees(/^ The listener of .* does not answer/m);
    listener.child.kill('SIGCONT');
    await until('the line to go', async () => !(await terminal!.screen()).includes('does not answer'));
    await terminal.keys('q');
  });

  test('a store that is refused shows at once', async () => {
    listener = await RunningListener.start(home);
    terminal = await Terminal.open({ home });
    await terminal.line('rc top --interval 0.2');
    await terminal.sees(/generation 1 /);
    await rc(['set', 'Relay*', '--max-inbound-per-source', '9', '--wait'], { home });
    await terminal.sees(/generation 2 /);
    await bash(`echo '{' > "$RC_HOME/store.json"`, { home });
    await terminal.sees(/STORE REFUSED, the last good one acts: /);
    await terminal.keys('q');
  });

  test.each([
    ['NO_COLOR: attributes only', { NO_COLOR: '1' }, /█/, /\x1b\[[\d;]*3[1-7]m/],
    ['a locale that is not UTF-8: ASCII', { LC_ALL: 'C' }, /#/, /[^\x00-\x7f]/],
  ])('%s', async (_name, env, wanted, unwanted) => {
    listener = await RunningListener.start(home);
    await connections(ports[0]!, 4, '127.0.0.9');
    terminal = await Terminal.open({ home, env });
    await terminal.line('rc top');
    await terminal.sees(/FULL/);
    await terminal.sees(/q Quit/); // the last line: all is drawn
    const screen = await terminal.screen(true);
    expect(screen).toMatch(wanted);
    expect(screen).not.toMatch(unwanted);
    expect(screen).toMatch(/\x1b\[1m/);
    await terminal.keys('q');
  });

  test('a terminal that cannot place a cursor gets lines', async () => {
    listener = await RunningListener.start(home);
    terminal = await Terminal.open({ home, env: { TERM: 'dumb' } });
    await terminal.line('TERM=dumb rc top --interval 0.2');
    await terminal.sees(/^[\d:]+ {2}open +0 {2}accepted +0\/s {2}refused +0\/s {2}busiest -$/m);
    expect(await terminal.modes()).toBe('alternate 0 cursor 1');
    await terminal.keys('C-c');
    await terminal.sees(/^(\^C)?\$$/m);
  });
});

describe('without a terminal', () => {
  test('lines: what is open, accepted and refused a second, the busiest source', async () => {
    listener = await RunningListener.start(home);
    await connections(ports[0]!, 2, '127.0.0.9');
    const { code, stdout, stderr } = await rc(['top', '--count', '2', '--interval', '0.1'], { home });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const line =
      '[\\d:]{8}  open      2  accepted      0/s  refused      0/s  busiest 127.0.0.9 2/3 on Relay for scanners\n';
    expect(stdout).toMatch(new RegExp(`^(${line}){2}$`));
  });

  test('NDJSON, by --output and by RC_OUTPUT; only the connectors that are asked for', async () => {
    listener = await RunningListener.start(home);
    await connections(ports[1]!, 5);
    const flag = await rc(['top', 'subm*', '--output', 'ndjson', '--count', '1', '--interval', '0.1'], { home });
    const { Time, ...rest } = JSON.parse(flag.stdout);
    expect(Number.isNaN(Date.parse(Time))).toBe(false);
    expect(rest).toEqual({
      ...{ Open: 4, AcceptedPerSecond: 0, RefusedPerSecond: 0, Generation: 1, GenerationSeen: 1, Problem: '' },
      NotListening: [],
      BusiestSource: { Address: '127.0.0.1', Connector: 'Submission', Open: 4, Limit: 20 },
      Connectors: [{ Name: 'Submission', Open: 4, Limit: 4, AcceptedPerSecond: 0, RefusedPerSecond: 0, Refused: 1 }],
    });
    const env = { RC_OUTPUT: 'ndjson' };
    const variable = await rc(['top', '--count', '1', '--interval', '0.1'], { home, env });
    expect(JSON.parse(variable.stdout).Connectors).toHaveLength(2);
  });

  test('a closed pipe ends it quietly', async () => {
    listener = await RunningListener.start(home);
    const ran = await bash('set -o pipefail; rc top --interval 0.1 | head -2; echo "exit $?"', { home });
    expect(ran.stderr).toBe('');
    expect(ran.stdout).toMatch(/^([\d:]{8} {2}open.*\n){2}exit 0\n$/);
  });

  test('it waits for a listener, says so once, and prints when one is there', async () => {
    const waiting = bash('rc top --interval 0.1 --count 1', { home });
    listener = await RunningListener.start(home);
    const ran = await waiting;
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^[\d:]{8} {2}open/);
    expect(ran.stderr.match(/waiting for one/g)?.length ?? 0).toBeLessThanOrEqual(1);
  });

  test('--once prints one screen, without cursor and keys', async () => {
    listener = await RunningListener.start(home);
    await connections(ports[0]!, 3, '127.0.0.9');
    const env = { COLUMNS: '80', LC_ALL: 'C.UTF-8' };
    const { code, stdout, stderr } = await rc(['top', '--once', '--interval', '0.1'], { home, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^EX {2}up /);
    expect(stdout).toMatch(/^ {2}127\.0\.0\.9 .* 3 +3 ███████ 100% FULL/m);
    expect(stdout).not.toMatch(/▸|Quit|\x1b|\n\n\n/);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test.each([
    [['--once'], 1, /^rc: No listener runs on .*\. Start one: rc serve$/m],
    [['--interval', '0'], 2, /--interval: "0" is not possible; allowed: 0\.1 to 60 seconds/],
    [['--interval', '61'], 2, /allowed: 0\.1 to 60/],
    [['--interval', 'x'], 2, /--interval: "x" is not possible/],
    [['--sort', 'size'], 2, /--sort: "size" is not possible; allowed: use, open, refused, name/],
    [['--output', 'table'], 2, /lines or ndjson/],
    [['--output', 'nonsense'], 2, /"nonsense" is not a format/],
    [['--once', '--count', '3'], 2, /--once prints one screen/],
    [['--count', '0'], 2, /--count: 0 lines/],
    [['--cuont', '3'], 2, /Did you mean --count\?/],
    [['[x'], 2, /pattern is not valid/],
  ])('%j: exit code %d', async (args, code, message) => {
    const ran = await rc(['top', ...args], { home });
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toMatch(message);
  });
});

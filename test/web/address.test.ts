/** Where the page may be, and what is said about the rest. */
import { expect, test } from 'vitest';
import { isLoopback } from '../../src/domain/address.ts';
import { binding } from '../../src/domain/address-kind.ts';
import { urlOf, webAddress } from '../../src/listener/http/address.ts';
import { freePort } from '../support/free-port.ts';
import { rc } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { PageStage } from './page-stage.ts';

test.each([
  ['127.0.0.1:8025', '127.0.0.1', 8025, true],
  ['127.9.9.9:65535', '127.9.9.9', 65535, true],
  ['[::1]:8025', '::1', 8025, true],
  ['0.0.0.0:8025', '0.0.0.0', 8025, false],
  ['[::]:8025', '::', 8025, false],
  ['192.0.2.1:80', '192.0.2.1', 80, false],
])('%s', (text, host, port, loopback) => {
  expect(webAddress(binding.parse(text))).toEqual({ host, port, loopback });
});

test.each(['127.0.0.1', '', ':', 'mail.contoso.com:8025', '127.0.0.1:65536', '0', '::1:x', 'http://127.0.0.1:80'])(
  'rc serve --web "%s" is wrong usage, and says what would be right',
  async (address) => {
    const { code, stderr } = await rc(['serve', `--web=${address}`], { home: tempFolder('address') });
    expect(stderr).toMatch(/^rc: --web: .* is no address to listen on\. .*such as 127\.0\.0\.1:8025/);
    expect(code).toBe(2);
  },
);

test('what is loopback', () => {
  for (const address of ['127.0.0.1', '127.255.0.1', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'])
    expect([address, isLoopback(address)]).toEqual([address, true]);
  for (const address of ['128.0.0.1', '::2', '10.127.0.1', '::', '1::1'])
    expect([address, isLoopback(address)]).toEqual([address, false]);
});

test('the way there', () => {
  expect(urlOf('127.0.0.1', 8025)).toBe('http://127.0.0.1:8025/');
  expect(urlOf('::1', 8025)).toBe('http://[::1]:8025/');
  expect(urlOf('0.0.0.0', 8025)).toBe('http://127.0.0.1:8025/');
});

test('a port that is taken is told', async () => {
  const stage = await PageStage.open({ port: await freePort() });
  await expect(PageStage.open({ port: stage.port })).rejects.toThrow(
    /^The page cannot be on 127\.0\.0\.1:\d+: something else listens there already\./,
  );
  await stage.close();
});

test('an address that others reach brings a warning; loopback does not', async () => {
  const open = await PageStage.open({ host: '0.0.0.0' });
  expect(open.events.messages(17091)[0]).toMatch(/plain HTTP/);
  await open.close();
  const here = await PageStage.open();
  expect(here.events.of(17090)).toHaveLength(1);
  expect(here.events.of(17091)).toEqual([]);
  await here.close();
});

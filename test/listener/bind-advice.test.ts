/** What is told of a binding that cannot be opened: the reason, and what to type. */
import { expect, test } from 'vitest';
import { Binding } from '../../src/domain/value.ts';
import { bindAdvice } from '../../src/domain/wanted-bindings.ts';

const on = (address: string, port: number) => ({ binding: new Binding(address, port), connectors: ['Default EX'] });

test.each([
  ['EADDRINUSE', on('127.0.0.1', 2525), /^port 2525 is in use.*rc set 'Default EX' --bindings 127\.0\.0\.1:2526$/],
  ['EADDRINUSE', on('::1', 2525), /rc set 'Default EX' --bindings \[::1\]:2526$/],
  [
    'EACCES',
    on('127.0.0.1', 25),
    /^port 25 needs a permission.*--bindings 127\.0\.0\.1:2525; or allow it: sudo setcap/,
  ],
  [
    'EADDRNOTAVAIL',
    on('192.0.2.1', 25),
    /^this host has no address 192\.0\.2\.1; it has 127\.0\.0\.1\. .*--bindings 0\.0\.0\.0:25$/,
  ],
  ['EAFNOSUPPORT', on('::1', 25), /^this host has no IPv6\.$/],
])('%s on %j', (code, wanted, advice) => {
  expect(bindAdvice(code, wanted, () => ['127.0.0.1', 'fe80::1'])).toMatch(advice);
});

/** TlsCertificateName names a certificate of the listener's folder, or is refused with what is there. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { selfSigned } from '../../src/certificates/self-signed.ts';
import { rc } from '../support/rc.ts';
import { storeIn, tempFolder, writeStore } from '../support/temp-home.ts';

let home: string;
beforeEach(() => {
  home = tempFolder();
  writeStore(home, [{ Name: 'Relay', Bindings: ['127.0.0.1:2525'] }]);
});

const put = (host: string) => {
  mkdirSync(join(home, 'certificates'), { recursive: true });
  const { certificate, key } = selfSigned(host, new Date(), 10);
  writeFileSync(join(home, 'certificates', `${host}.pem`), certificate);
  writeFileSync(join(home, 'certificates', `${host}.key`), key);
};
const set = (name: string) => rc(['set', 'Relay', '--tls-certificate-name', name], { home });
const MAIL = '<I>CN=mail.contoso.com<S>CN=mail.contoso.com';

test('one that is there is taken', async () => {
  put('mail.contoso.com');
  expect(await set(MAIL)).toMatchObject({ code: 0, stderr: '' });
  expect(storeIn(home).connectors[0]!.TlsCertificateName).toBe(MAIL);
  expect(await set('')).toMatchObject({ code: 0 });
});

test('one that is not there is refused, naming those that are', async () => {
  expect((await set(MAIL)).stderr).toMatch(
    /is not a certificate in .*certificates; put NAME\.pem and NAME\.key there\. It has none yet\./,
  );
  put('edge.contoso.com');
  const { code, stderr } = await set(MAIL);
  expect(code).toBe(1);
  expect(stderr).toContain('<I>CN=edge.contoso.com<S>CN=edge.contoso.com');
  expect(storeIn(home).generation).toBe(1);
});

test('at New-ReceiveConnector, too', async () => {
  const made = await rc(
    [
      'new',
      'Edge',
      '--custom',
      '--bindings',
      '127.0.0.1:2526',
      '--remote-ip-ranges',
      '127.0.0.1',
      '--tls-certificate-name',
      MAIL,
    ],
    { home },
  );
  expect(made.code).toBe(1);
  expect(made.stderr).toContain('is not a certificate in');
});

test('what is no such name at all is told so', async () => {
  expect((await set('mail.contoso.com')).stderr).toContain('is not <I>issuer<S>subject');
});

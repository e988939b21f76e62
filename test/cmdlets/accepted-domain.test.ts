import { expect, test } from 'vitest';
import { rc } from '../support/rc.ts';
import { storeIn, tempFolder } from '../support/temp-home.ts';

type Domain = { Name: string; DomainName: string; DomainType: string; Default?: boolean };
const domains = (home: string) =>
  (storeIn(home).acceptedDomains as unknown as Domain[]).map(({ Name, DomainName, DomainType, Default = false }) => [
    Name,
    DomainName,
    DomainType,
    Default,
  ]);

test('the life of accepted domains', async () => {
  const home = tempFolder();
  const first = await rc(['new-accepted-domain', 'Contoso.com'], { home });
  expect(JSON.parse(first.stdout)).toMatchObject({
    Name: 'Contoso.com',
    DomainName: 'contoso.com',
    DomainType: 'Authoritative',
    Default: true,
  });
  await rc(['new-accepted-domain', 'Fabrikam', '--domain-name', '*.fabrikam.com', '--domain-type', 'internalrelay'], {
    home,
  });
  expect(domains(home)).toEqual([
    ['Contoso.com', 'contoso.com', 'Authoritative', true],
    ['Fabrikam', '*.fabrikam.com', 'InternalRelay', false],
  ]);
  // Its own name comes before the wildcard it looks like.
  await rc(['set-accepted-domain', '*.fabrikam.com', '--make-default', 'true', '--domain-type', 'ExternalRelay'], {
    home,
  });
  expect(domains(home)).toEqual([
    ['Contoso.com', 'contoso.com', 'Authoritative', false],
    ['Fabrikam', '*.fabrikam.com', 'ExternalRelay', true],
  ]);
  const refused = await rc(['remove-accepted-domain', 'Fabrikam', '--confirm=false'], { home });
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('is the default domain') });
  expect((await rc(['remove-accepted-domain', 'contoso.com', '--confirm=false'], { home })).code).toBe(0);
  const last = await rc(['remove-accepted-domain', 'Fabrikam', '--confirm=false'], { home });
  expect(last).toMatchObject({ code: 0, stderr: expect.stringContaining('No accepted domain is left') });
  expect(domains(home)).toEqual([]);
});

test.each(['', 'a b.com', '-x.com', '10.1.2.3', 'a..b', 'münchen.de', '**', 'x@contoso.com', '*.'])(
  'the domain %j is refused',
  async (name) => {
    const home = tempFolder();
    expect(await rc(['new-accepted-domain', 'Test', name], { home })).toMatchObject({ code: 2, stdout: '' });
  },
);

test('every domain: never Authoritative, and with a warning', async () => {
  const home = tempFolder();
  expect((await rc(['new-accepted-domain', 'All', '*'], { home })).code).toBe(2);
  const open = await rc(['new-accepted-domain', 'All', '*', '--domain-type', 'ExternalRelay'], { home });
  expect(open).toMatchObject({ code: 0, stderr: expect.stringContaining('can send to any recipient anywhere') });
});

test('names and domains are unique; a domain that is a DefaultDomain stays', async () => {
  const home = tempFolder();
  await rc(['new-accepted-domain', 'contoso.com'], { home });
  expect((await rc(['new-accepted-domain', 'CONTOSO.COM', 'other.com'], { home })).stderr).toContain('already taken');
  expect((await rc(['new-accepted-domain', 'Other', 'contoso.com'], { home })).stderr).toContain('already taken');
  await rc(['set', 'Default*', '--default-domain', 'contoso.com'], { home });
  const used = await rc(['remove-accepted-domain', 'contoso.com', '--confirm=false'], { home });
  expect(used).toMatchObject({ code: 1, stderr: expect.stringContaining('is the DefaultDomain of "Default') });
});

test('not found, and removing without a terminal to ask on', async () => {
  const home = tempFolder();
  expect((await rc(['get-accepted-domain', 'no.com'], { home })).stderr).toContain("object 'no.com' couldn't be found");
  expect(await rc(['get-accepted-domain', '*'], { home })).toMatchObject({ code: 0, stdout: '' });
  await rc(['new-accepted-domain', 'contoso.com'], { home });
  const asks = await rc(['remove-accepted-domain', 'contoso.com'], { home });
  expect(asks).toMatchObject({ code: 1, stderr: expect.stringContaining('--yes') });
  expect(domains(home)).toHaveLength(1);
});

/** The page in a real browser before a real listener: the story it exists for, without a mouse, in the dark, to a screen reader. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { maildirWith } from '../messages/stored.ts';
import { freePorts } from '../support/free-port.ts';
import { rc } from '../support/rc.ts';
import { storeIn, tempFolder, writeStore } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';
import { until } from '../support/until.ts';
import {
  closesAndGoesOn,
  descriptionOf,
  faintTexts,
  focused,
  focusedLabel,
  groundColour,
  showsFocus,
  sticksOut,
} from './in-page.js';
import { type Client, connections, openBrowser, ServedPage } from './scene.ts';

const NASTY = '<img src=x onerror=alert(1)>';

describe.runIf(has('chromium'))('the page in Chromium', () => {
  let browser: Browser;
  let served: ServedPage;
  let home: string;
  let smtp: number;
  let webPort: number;
  let clients: Client[] = [];
  /** What must not happen in any scenario: errors on the console, requests to elsewhere. */
  let wrong: string[] = [];
  let page: Page;

  beforeAll(async () => {
    home = tempFolder('browser');
    const ports = await freePorts(4);
    smtp = ports[0]!;
    webPort = ports[3]!;
    writeStore(home, [
      { Name: 'Default Frontend EX', Bindings: [`127.0.0.1:${smtp}`], PermissionGroups: 'AnonymousUsers' },
      { Name: 'Client Frontend EX', Bindings: [`127.0.0.1:${ports[1]}`], PermissionGroups: 'ExchangeUsers' },
      { Name: NASTY, Bindings: [`127.0.0.1:${ports[2]}`], Enabled: false, Comment: NASTY },
    ]);
    expect((await rc(['new-accepted-domain', 'contoso.com'], { home })).stderr).toBe('');
    maildirWith(
      [
        `Return-Path: <${'long'.repeat(30)}@contoso.com>\nDelivered-To: bob@contoso.com\nSubject: ${'word '.repeat(40)}\n\nHello\n`,
      ],
      join(home, 'mail'),
    );
    [served, browser] = await Promise.all([ServedPage.start(home, `127.0.0.1:${webPort}`), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.stop();
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    clients = [];
    await page?.context().close();
    const happened = wrong;
    wrong = []; // one scenario's is not the next one's
    expect(happened).toEqual([]);
  });

  async function open(options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    page = await browser.newPage({ viewport: { width: 1200, height: 860 }, ...options });
    page.setDefaultTimeout(30_000);
    page.on('console', (message) => {
      const text = message.text();
      if (['error', 'warning'].includes(message.type())) wrong.push(text);
    });
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('dialog', (dialog) => wrong.push(`dialog ${dialog.message()}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(served.url)) wrong.push(request.url());
    });
    return page;
  }

  /** Signed in through the link that the terminal shows. */
  async function enter(path = '', options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    await open(options);
    await page.goto(`${served.url}#token=${served.token}`);
    await page.waitForSelector('.state[data-state=live]');
    if (path) await page.goto(`${served.url}${path}`);
    return page;
  }

  const at = () => page.evaluate(focused);
  const limit = () => storeIn(home).connectors[0]!.MaxInboundConnectionPerSource;

  test('the story: the 21st is refused, the limit is raised here, the next is served, and it is taken back', async () => {
    await enter();
    expect(page.url()).toBe(served.url); // the token is out of the address
    const row = page.getByRole('row', { name: /Default Frontend EX/ }).first();
    clients = await connections(20, smtp);
    await row.getByText('20 / 20').waitFor();
    const [refused] = await connections(1, smtp);
    expect(refused!.said).toMatch(/^421 4\.3\.2 The maximum number of concurrent connections has exceeded a limit/);
    await page.getByText("rejected an incoming connection from IP address '127.0.0.1'").first().waitFor();
    await page.locator('.figures .figure[data-level=refused]', { hasText: /^1$/ }).waitFor();

    await page.getByRole('link', { name: 'per source' }).first().click();
    const field = page.getByLabel('MaxInboundConnectionPerSource', { exact: true });
    await field.waitFor();
    await until('the setting has the focus', async () => (await at()) === 'set-MaxInboundConnectionPerSource');
    await field.fill('abc');
    await field.press('Enter');
    await page.getByText('"abc" is not a number; allowed: a whole number from 1 to 10000, or Unlimited').waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await field.fill('100');
    await field.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('What if: Setting Receive connector "EX\\Default Frontend EX".').waitFor();
    expect(await dialog.innerText()).toMatch(/20 → 100/);
    expect(await dialog.innerText()).toContain("rc set 'Default Frontend EX' --max-inbound-connection-per-source 100");
    expect(limit()).toBeUndefined();
    await dialog.getByRole('button', { name: 'Change it' }).click();
    await dialog.getByText(/Done\. The listener goes by generation \d+\./).waitFor();
    expect(limit()).toBe(100);
    clients.push(...(await connections(1, smtp)));
    expect(clients.at(-1)!.said).toMatch(/^220 /);
    await dialog.getByRole('button', { name: 'Close' }).click();

    await page.getByRole('link', { name: 'History' }).click();
    const entry = page.getByRole('row', { name: /# via the page, 127\.0\.0\.1/ });
    expect(await entry.innerText()).toMatch(/Default Frontend EX MaxInboundConnectionPerSource\s+from\s+20 → 100/);
    await entry.getByRole('button', { name: /^Undo/ }).click();
    await dialog.getByText(/^What if: Undoing generation \d+/).waitFor();
    await dialog.getByRole('button', { name: 'Undo it' }).click();
    await dialog.getByText(/Done\./).waitFor();
    expect(limit()).toBeUndefined();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByText('undone', { exact: true }).waitFor();
  });

  test('a day’s work: a connector is copied, given a right and removed; a user and a domain come and go; all of it is in the history', {
    timeout: 120_000,
  }, async () => {
    await enter();
    const dialog = (name: string | RegExp) => page.getByRole('dialog', { name });
    const done = async (name: string | RegExp, confirm: string) => {
      await dialog(name).last().getByRole('button', { name: confirm }).click();
      await dialog(name)
        .last()
        .getByText(/^Done\. The listener goes by generation \d+\.$/)
        .waitFor(); // several processes of rc, one of them hashing a password
      await dialog(name).last().getByRole('button', { name: 'Close' }).click();
      await until('the dialogs are gone', async () => (await page.locator('dialog').count()) === 0);
    };
    const names = () => storeIn(home).connectors.map(({ Name }) => Name);

    await page.getByRole('button', { name: 'New connector …' }).click();
    await dialog('New connector').getByLabel('Name', { exact: true }).fill('No*');
    await page.keyboard.press('Enter');
    await dialog('New connector')
      .getByText(/"No\*" has a wildcard or backslash/)
      .waitFor();
    await until('what is wrong has the focus', async () => (await page.evaluate(focusedLabel)) === 'Name');
    await page.keyboard.press('Escape');
    expect(await at()).toBe('New connector …'); // back where one was

    await page.getByRole('link', { name: 'Client Frontend EX' }).click();
    await page.getByRole('button', { name: 'Copy …' }).click();
    await dialog(/^Copy/).getByLabel('Name of the copy').fill('Scanners');
    await dialog(/^Copy/).getByLabel('RemoteIPRanges').fill('10.1.2.0/24\n10.1.3.0/24');
    await dialog(/^Copy/).getByRole('button', { name: 'What if …' }).click();
    await dialog(/^Copy/)
      .last()
      .getByText(/^What if: Creating Receive connector "EX\\Scanners" as a copy of/)
      .waitFor();
    expect(names()).not.toContain('Scanners');
    await done(/^Copy/, 'Copy it');
    expect(storeIn(home).connectors.at(-1)).toMatchObject({
      Name: 'Scanners',
      RemoteIPRanges: ['10.1.2.0/24', '10.1.3.0/24'],
    });

    await page.getByRole('link', { name: 'Access' }).click();
    await page.getByRole('button', { name: 'New user …' }).click();
    await dialog('New user').getByLabel('Name').fill('scanner');
    await dialog('New user').getByLabel('Password').fill('s3cret-of-mine');
    await page.keyboard.press('Enter');
    await done('New user', 'Add the user');
    await page.getByRole('button', { name: 'Lock scanner' }).click();
    await dialog('Lock scanner?').getByRole('row', { name: 'Enabled true → false' }).waitFor();
    await done('Lock scanner?', 'Lock it');
    expect(storeIn(home).users).toMatchObject([{ Name: 'scanner', Enabled: false }]);
    await page.getByRole('button', { name: 'New domain …' }).click();
    await dialog('New accepted domain').getByLabel('Domain').fill('*.fabrikam.com');
    await dialog('New accepted domain').getByLabel('Type').selectOption('InternalRelay');
    await page.keyboard.press('Enter');
    await done('New accepted domain', 'Accept it');
    await page.getByRole('button', { name: 'Remove *.fabrikam.com' }).click();
    await done('Remove *.fabrikam.com?', 'Remove *.fabrikam.com');

    await page.getByRole('link', { name: 'Connectors' }).click();
    await page.getByRole('link', { name: 'Scanners' }).click();
    await page.getByRole('button', { name: 'Give a right …' }).click();
    await dialog('Give or deny a right').getByLabel('Who').fill('scanner');
    await dialog('Give or deny a right')
      .getByLabel('Right', { exact: true })
      .selectOption('ms-Exch-SMTP-Accept-Any-Recipient');
    await page.keyboard.press('Enter');
    await done('Give or deny a right', 'Do it');
    await page
      .getByRole('row', { name: /scanner ms-Exch-SMTP-Accept-Any-Recipient/ })
      .getByRole('button')
      .click();
    await done(/^Take ms-Exch/, 'Take it away');
    await page.getByText('No right is given or denied by itself.').waitFor();
    await page.getByRole('button', { name: 'Remove …' }).click();
    await dialog('Remove Scanners?').getByText('What if: Removing Receive connector "EX\\Scanners".').waitFor();
    await page.keyboard.press('Escape');
    expect(names()).toContain('Scanners');
    await page.getByRole('button', { name: 'Remove …' }).click();
    await done('Remove Scanners?', 'Remove Scanners');
    expect(names()).not.toContain('Scanners');

    await page.getByRole('link', { name: 'History' }).click();
    await page.getByRole('row', { name: /rc remove Scanners --confirm=false --wait # via the page/ }).waitFor();
    const told = await page.locator('main').innerText();
    expect(told).not.toContain('[object');
    expect(told).not.toContain('s3cret');
    await page
      .getByRole('row', { name: /rc remove Scanners/ })
      .getByRole('button', { name: /^Undo/ })
      .click();
    await done(/^Undo generation/, 'Undo it');
    expect(names()).toContain('Scanners');
    expect((await rc(['remove', 'Scanners', '--yes', '--wait'], { home })).stderr).toBe('');
    expect((await rc(['remove-smtp-user', 'scanner', '--yes', '--wait'], { home })).stderr).toBe('');
  });

  test('why: a verdict for each binding, what is wrong beside its field', async () => {
    await enter('#/why');
    const address = page.getByLabel('Client address');
    await address.fill('10.1.2');
    await address.press('Enter');
    await page.getByText(/"10\.1\.2" is not an IP address/).waitFor();
    expect(await address.getAttribute('aria-invalid')).toBe('true');
    await address.fill('10.1.2.3');
    await page.getByLabel('Sender').fill('a@contoso.com');
    await page.getByLabel('Recipients').fill('bob@contoso.com\nalice@fabrikam.com');
    await page.getByRole('button', { name: 'Ask' }).click();
    const refused = page.getByRole('article').filter({ hasText: 'Client Frontend EX' });
    await refused.getByText('530 5.7.57').first().waitFor();
    expect(await refused.innerText()).toMatch(/^refused\s+127\.0\.0\.1:\d+\s+Client Frontend EX/);
    expect(await refused.getByRole('table').isVisible()).toBe(false);
    await refused.getByText(/^\d+ steps$/).click();
    await refused
      .getByRole('row', { name: /MAIL FROM:<a@contoso\.com>/ })
      .first()
      .waitFor();
    await page.getByText('rc why --from 10.1.2.3 --mail-from a@contoso.com').waitFor();
  });

  test('what ends by itself stands above the history, with its end, and can last longer or stay', async () => {
    expect((await rc(['set', 'Client*', '--max-hop-count', '33', '--for', '2h', '--wait'], { home })).code).toBe(0);
    await enter('#/history');
    const temporary = page.getByRole('region', { name: 'Temporary' });
    await temporary.getByRole('row', { name: /^Client Frontend EX MaxHopCount 33 → \d+ 20\d\d-/ }).waitFor();
    await page.getByRole('button', { name: 'Extend MaxHopCount of Client Frontend EX' }).click();
    const dialog = page.getByRole('dialog').last();
    await dialog.getByLabel('How much longer').fill('soon');
    await page.keyboard.press('Enter');
    await page.getByText(/"soon"/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Keep MaxHopCount of Client Frontend EX' }).click();
    await dialog.getByText('What if: Keeping MaxHopCount of "EX\\Client Frontend EX" as it is.').waitFor();
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    await dialog.getByText(/^Done\./).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await until('nothing is temporary', async () => !(await temporary.isVisible()));
    expect(storeIn(home).connectors[1]!.MaxHopCount).toBe(33);
    expect((await rc(['set', 'Client*', '--max-hop-count', '60', '--wait'], { home })).code).toBe(0);
  });

  test('limits of one address are given, last longer and are taken away', async () => {
    await enter('#/connectors');
    await page.getByRole('link', { name: 'Client Frontend EX' }).first().click();
    const panel = page.getByRole('region', { name: 'Overrides' });
    await panel.getByText('No address has limits of its own').waitFor();
    await panel.getByRole('button', { name: 'Give limits …' }).click();
    const dialog = page.getByRole('dialog').last();
    await dialog.getByLabel('Address or range').fill('10.1.2');
    await dialog.getByLabel('MaxInboundConnectionPerSource', { exact: true }).fill('Unlimited');
    await dialog.getByLabel('Only for').fill('2h');
    await dialog.getByLabel('Comment').fill('the scanner');
    await dialog.getByLabel('Comment').press('Enter');
    await page.getByText(/"10\.1\.2" is not an IP range/).waitFor();
    expect(await dialog.getByLabel('Address or range').getAttribute('aria-invalid')).toBe('true');
    await dialog.getByLabel('Address or range').fill('10.1.2.3');
    await dialog.getByLabel('Comment').press('Enter');
    await dialog.getByText(/^What if: Giving 10\.1\.2\.3 limits of its own/).waitFor();
    await dialog.getByRole('button', { name: 'Give them' }).click();
    await dialog.getByText(/^Done\./).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    const row = panel.getByRole('row', { name: /^10\.1\.2\.3 MaxInboundConnectionPerSource Unlimited the scanner 20/ });
    await row.waitFor();
    expect(storeIn(home).connectors[1]!.Overrides).toMatchObject([
      { RemoteIPRange: '10.1.2.3', Comment: 'the scanner' },
    ]);
    await page.getByRole('link', { name: 'History' }).click();
    const temporary = page.getByRole('region', { name: 'Temporary' });
    await temporary.getByRole('button', { name: 'Keep override of 10.1.2.3 of Client Frontend EX' }).click();
    await page.getByRole('dialog').last().getByRole('button', { name: 'Keep it' }).click();
    await page
      .getByRole('dialog')
      .last()
      .getByText(/^Done\./)
      .waitFor();
    await page.keyboard.press('Escape');
    await until('nothing is temporary', async () => !(await temporary.isVisible()));
    expect((await rc(['remove-override', 'Client*', '10.1.2.3', '--wait'], { home })).code).toBe(0);
  });

  test('messages come by themselves, are found, opened and removed', async () => {
    await enter('#/messages');
    await page.getByText('1 message', { exact: true }).waitFor();
    const client = await connections(1, smtp);
    clients = client;
    client[0]!.say('HELO x\r\nMAIL FROM:<anna@fabrikam.com>\r\nRCPT TO:<bob@contoso.com>\r\nDATA\r\n');
    await until('it may come', () => /354 /.test(client[0]!.said));
    client[0]!.say('Subject: fresh\r\nFrom: Anna <anna@fabrikam.com>\r\n\r\nthe text of it\r\n.\r\n');
    const rows = page.locator('main tbody tr');
    await page.getByRole('link', { name: 'fresh' }).waitFor();
    expect(await rows.first().innerText()).toContain('anna@fabrikam.com');
    await page.getByRole('searchbox').fill('TEXT of it');
    await page.getByText('1 of 2', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'fresh' }).click();
    await page.getByRole('tabpanel', { name: 'Text' }).getByText('the text of it').waitFor();
    await page.getByRole('tab', { name: 'Text' }).press('ArrowRight');
    await page.getByRole('tabpanel', { name: 'Header' }).getByText('anna@fabrikam.com').first().waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the whole message' }).click();
    expect((await download).suggestedFilename()).toBe('message.eml');
    await page.getByRole('button', { name: 'Remove …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove fresh?' });
    await dialog.getByText('What if: Removing message "fresh" to bob@contoso.com.').waitFor();
    await dialog.getByRole('button', { name: 'Remove it' }).click();
    await dialog.getByText('Removed.').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByText('1 message', { exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'fresh' }).count()).toBe(0);
  });

  test('trouble first: who refuses stands on top, with the reason and where to change it', async () => {
    clients = await connections(21, smtp);
    await enter();
    const trouble = page.getByRole('region', { name: 'What needs you' });
    await trouble.getByText(/^Default Frontend EX refused \d+ times? in the last minute$/).waitFor();
    await trouble.getByText(/127\.0\.0\.1 has 20 of 20 connections and was refused/).waitFor();
    const rows = page.getByRole('table', { name: /^Receive connectors/ }).getByRole('rowheader');
    await until('it is the first', async () => /^Default Frontend EX/.test(await rows.first().innerText()));
    await trouble.getByRole('link', { name: 'MaxInboundConnectionPerSource' }).click();
    await until('the setting has the focus', async () => (await at()) === 'set-MaxInboundConnectionPerSource');
  });

  test('what somebody else changed in the meantime is shown and not overwritten', async () => {
    await enter();
    await page.getByRole('link', { name: 'Client Frontend EX' }).click();
    const field = page.getByLabel('MaxHopCount', { exact: true });
    await field.fill('70');
    expect((await rc(['set', 'Client*', '--max-hop-count', '80', '--wait'], { home })).stderr).toBe('');
    await page.getByText(/Somebody else changed it to 80/).waitFor();
    expect(await field.inputValue()).toBe('70');
    await field.press('Enter');
    await page.getByText(/from 60 to 80 in the meantime/).waitFor();
    expect(storeIn(home).connectors[1]!.MaxHopCount).toBe(80);
    await field.press('Enter'); // now knowing it
    await page.getByRole('dialog').getByText('80 → 70').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Discard' }).click();
    await until('the field shows what is', async () => (await field.inputValue()) === '80');
  });

  test('events by level and text, held still, and older ones from the log', async () => {
    const log = readFileSync(join(home, 'events.ndjson'), 'utf8');
    const old = { time: '2024-01-02T03:04:05.000Z', id: 17000, level: 'Information', source: 'x', message: 'long ago' };
    writeFileSync(join(home, 'events.ndjson'), `${JSON.stringify(old)}\n${log}`);
    await enter('#/events');
    const rows = page.locator('main tbody tr');
    await rows.first().waitFor();
    await page.getByLabel('Information').uncheck();
    await until('no information is left', async () => (await rows.filter({ hasText: 'Information' }).count()) === 0);
    await page.getByLabel('Information').check();
    await page.getByRole('searchbox').fill('long AGO');
    await page.getByText('No event fits.').waitFor();
    await page.getByRole('button', { name: 'Older events, from the log' }).click();
    await page.getByRole('cell', { name: '17000 long ago' }).waitFor();
    expect(await rows.count()).toBe(1);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: 'Pause' }).click();
    const seen = await rows.count();
    await rc(['set', 'Client*', '--comment', 'x', '--wait'], { home });
    await page.getByRole('button', { name: 'Resume (1 new)' }).click();
    await until('the new one is there', async () => (await rows.count()) === seen + 1);
  });

  test('names from the store are text, whatever they look like', async () => {
    await enter();
    await page.getByRole('link', { name: NASTY }).click();
    await page.getByRole('heading', { name: NASTY }).waitFor();
    expect(await page.getByLabel('Comment', { exact: true }).inputValue()).toBe(NASTY);
    expect(await page.locator('img[src=x]').count()).toBe(0);
  });

  test('without a mouse, from the token to a confirmed change', async () => {
    await open();
    const { keyboard } = page;
    const tabTo = async (name: string) => {
      for (let i = 0; i < 60 && !(await at()).includes(name); i++) {
        await keyboard.press('Tab');
        expect([await at(), await page.evaluate(showsFocus)]).toEqual([await at(), true]);
      }
      expect(await at()).toContain(name);
    };
    await page.goto(served.url);
    await page.waitForSelector('#token:focus');
    await keyboard.type('wrong');
    await keyboard.press('Enter');
    await page.getByRole('alert').getByText('This is not the token').waitFor();
    wrong = wrong.filter((text) => !text.includes('status of 403')); // Chromium tells of the refusal itself
    await keyboard.type(served.token); // what was wrong is selected
    await keyboard.press('Enter');
    await page.waitForSelector('.state[data-state=live]');

    await keyboard.press('Tab');
    expect(await at()).toBe('Skip to the content');
    await tabTo('Sign out');
    await tabTo('History');
    await keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await keyboard.press('Escape');
    await keyboard.press('6');
    await page.getByRole('heading', { name: 'Events' }).waitFor();
    await keyboard.press('/');
    await keyboard.type('nothing like it');
    await page.getByText('No event fits.').waitFor();
    await keyboard.press('Escape');
    await keyboard.press('1');
    await page.getByRole('heading', { name: 'Receive connectors', level: 2 }).waitFor();
    await page.getByRole('button', { name: 'Connector', exact: true }).press('Enter'); // by name, not by trouble
    await keyboard.press('j');
    await keyboard.press('j');
    expect([await at(), await page.evaluate(showsFocus)]).toEqual(['Client Frontend EX', true]);
    await keyboard.press('k');
    await keyboard.press('j');
    await keyboard.press('j');
    expect(await at()).toBe('Default Frontend EX');
    await keyboard.press('Enter');
    await page.waitForSelector('.field');
    await tabTo('set-MaxHopCount');
    await keyboard.press('Control+A');
    await keyboard.type('61');
    await keyboard.press('Enter');
    await page.waitForSelector('dialog[open]');
    expect(await at()).toBe('Change it');
    await keyboard.press('Enter');
    await page.getByText(/Done\. The listener/).waitFor();
    expect(storeIn(home).connectors[0]!.MaxHopCount).toBe(61);
    await keyboard.press('Enter');
    expect(await at()).toContain('set-MaxHopCount'); // back where one was

    await keyboard.press('?'); // into a field it is a letter like any other
    expect(await page.locator('dialog[open]').count()).toBe(0);
  });

  test('a dialog that closes gives the focus back at once, and does not take it from where one has gone since', async () => {
    await enter('#/events');
    await page.getByRole('button', { name: 'Pause' }).focus();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    expect(await page.evaluate(closesAndGoesOn)).toEqual(['Pause', 'Filter events']);
  });

  test('the history that comes late takes the focus from nowhere, and an older answer replaces no newer one', async () => {
    await enter('#/history');
    await page.getByRole('button', { name: /^Undo/ }).first().focus();
    const held: (() => void)[] = [];
    await page.route('**/history', async (route) => {
      const response = await route.fetch();
      await new Promise<void>((go) => held.push(go));
      await route.fulfill({ response });
    });
    const set = (comment: string) => rc(['set', 'Client*', '--comment', comment, '--wait'], { home });
    expect((await set('the first')).code).toBe(0);
    await until('it is asked for', () => held.length === 1);
    expect((await set('the second')).code).toBe(0);
    await page.keyboard.press('/');
    expect(held).toHaveLength(1); // the second is asked for when the first has come
    held[0]!();
    await page.getByText(/--comment 'the first'/).waitFor();
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Filter history');
    await until('the newest is asked for', () => held.length === 2);
    held[1]!();
    await page.getByText(/--comment 'the second'/).waitFor();
  });

  test.each(['light', 'dark'] as const)(
    '%s: every text can be read, and nothing sticks out, wide and narrow',
    { timeout: 120_000 },
    async (colorScheme) => {
      clients = await connections(21, smtp);
      await enter('', { colorScheme });
      await page.getByText('20 / 20').first().waitFor();
      const guid = storeIn(home).connectors[0]!.Guid;
      const dark = () => page.evaluate(groundColour);
      const ground = await dark();
      for (const width of [1280, 390, 320]) {
        await page.setViewportSize({ width, height: 860 });
        for (const path of [
          'connectors',
          'sources',
          'messages',
          'access',
          'why',
          'events',
          'history',
          `connector/${guid}`,
        ]) {
          await page.goto(`${served.url}#/${path}`);
          await page
            .locator(path.startsWith('connector/') || path === 'why' ? '.field' : 'main tbody tr')
            .first()
            .waitFor();
          const binding =
            path === 'connectors' ? page.locator('.bindings:visible', { hasText: `:${smtp}` }).first() : undefined;
          // in one line, with its port
          if (binding) expect((await binding.boundingBox())!.height).toBeLessThan(30);
          expect([path, width, await page.evaluate(faintTexts), await page.evaluate(sticksOut)]).toEqual([
            path,
            width,
            [],
            '',
          ]);
        }
        await page.getByLabel('MaxHopCount', { exact: true }).fill('0');
        await page.keyboard.press('Enter');
        await page.locator('.field-error:visible').waitFor();
        expect(await page.evaluate(faintTexts)).toEqual([]);
        await page.getByLabel('MaxHopCount', { exact: true }).fill('9');
        await page.keyboard.press('Enter');
        await page.waitForSelector('dialog[open]');
        expect([await page.evaluate(faintTexts), await page.evaluate(sticksOut)]).toEqual([[], '']);
        await page.keyboard.press('Escape');
      }
      // the other colours by hand, and kept
      await page.getByRole('button', { name: /^Colours: / }).click();
      if (colorScheme === 'light') await page.getByRole('button', { name: /^Colours: / }).click();
      expect(await dark()).not.toBe(ground);
      await page.reload();
      await page.waitForSelector('.state[data-state=live]');
      expect(await dark()).not.toBe(ground);
    },
  );

  test('a screen reader finds landmarks, headings, named tables, and hears what is important', async () => {
    await enter();
    const tree = await page.locator('body').ariaSnapshot();
    for (const part of [
      /- banner:/,
      /- navigation "Views":/,
      /- link "Connectors"/,
      /- main:/,
      /- contentinfo:/,
      /- heading "Receive connectors EX" \[level=1\]/,
      /- region "Receive connectors":/,
      /- table "Receive connectors with their limits and live use":/,
      /- columnheader "Connector/,
      /- rowheader "Default Frontend EX/,
      /- searchbox "Filter connectors"/,
      /- button "Keyboard shortcuts"/,
      /button "Colours: auto"/,
    ])
      expect(tree).toMatch(part);
    expect(await page.locator('nav [aria-current=page]').innerText()).toContain('Connectors');
    clients = await connections(20, smtp, '127.0.0.5');
    await until('it is said', async () =>
      (await page.locator('#announcer').innerText()).includes(
        '127.0.0.5 is at its limit on Default Frontend EX: 20 connections.',
      ),
    );
    await page.getByRole('link', { name: 'Default Frontend EX' }).first().click();
    const field = page.getByRole('textbox', { name: 'MaxInboundConnectionPerSource', exact: true });
    await field.waitFor();
    const described = await field.evaluate(descriptionOf);
    expect(described).toContain('Connections of one IP address at one time.');
    expect(described).toContain('a whole number from 1 to 10000, or Unlimited');
    expect(await page.getByRole('switch', { name: 'PipeliningEnabled' }).isChecked()).toBe(true);
    expect(await page.getByRole('group', { name: 'PermissionGroups' }).getByRole('checkbox').count()).toBe(6);
    const kept = page.getByRole('switch', { name: 'LiveCredentialEnabled' });
    expect(await kept.isVisible()).toBe(false); // out of the way, and found all the same
    await page.getByRole('searchbox', { name: 'Filter settings' }).fill('livecred');
    await kept.waitFor();
  });

  test('when the listener goes it says so, and comes back by itself, still signed in; signing out ends it', async () => {
    await enter();
    await served.stop();
    await page.getByText('Connection lost, trying again').first().waitFor();
    served = await ServedPage.start(home, `127.0.0.1:${webPort}`);
    await page.waitForSelector('.state[data-state=live]');
    wrong = wrong.filter((text) => !/ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET)/.test(text));
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
    await page.reload();
    await page.getByLabel('Token').waitFor();
    expect(await page.context().cookies()).toEqual([]);
  });
});

/** The pictures of docs/web.md, made anew: `RC_PICTURES=docs npm run unit -- test/web/pictures`. Some minutes: they show five. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { maildirWith } from '../messages/stored.ts';
import { rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { connections, openBrowser, ServedPage } from './scene.ts';

const FOLDER = process.env.RC_PICTURES;
/** Connections that come to a source at its limit, every four seconds. */
const REFUSED = [0, 3, 5, 9, 4, 0, 0, 2, 7, 12, 15, 8, 3, 1, 0, 0, 0, 4, 6, 2, 0, 1, 5, 2];

const INVOICE = `Return-Path: <shop@fabrikam.com>
Delivered-To: bob@contoso.com
From: "Fabrikam Shop" <shop@fabrikam.com>
To: bob@contoso.com
Subject: Your invoice 4711
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: multipart/alternative; boundary=y

--y
Content-Type: text/plain

Dear Bob, your invoice is attached.
--y
Content-Type: text/html

<h1 style="color: #1558b0">Thank you, Bob</h1><p>Your invoice is <b>attached</b>. <a href="https://fabrikam.com/">Track it</a></p>
<table border="1" cellpadding="6"><tr><td>Widgets<td>3<td>29.70</tr></table>
--y--
--x
Content-Type: application/pdf
Content-Disposition: attachment; filename="invoice 4711.pdf"

%PDF-1.4
--x--
`;

test.runIf(FOLDER)(
  'pictures',
  async () => {
    const home = tempFolder('pictures');
    const anonymous = { PermissionGroups: 'AnonymousUsers' };
    writeStore(
      home,
      [
        {
          Name: 'Default Frontend MAIL01',
          Bindings: ['127.0.0.1:12525'],
          MaxInboundConnection: 200,
          MaxInboundConnectionPercentagePerSource: 50,
          ...anonymous,
        },
        {
          Name: 'Client Frontend MAIL01',
          Bindings: ['127.0.0.1:12587', '[::1]:12587'],
          PermissionGroups: 'ExchangeUsers',
        },
        {
          Name: 'Relay for scanners',
          Bindings: ['127.0.0.1:12526'],
          RemoteIPRanges: ['127.0.0.0/24'],
          MaxInboundConnectionPerSource: 'Unlimited',
          MaxInboundConnection: 'Unlimited',
          ...anonymous,
        },
        { Name: 'Outbound Proxy MAIL01', Bindings: ['127.0.0.1:12717'], Enabled: false },
      ],
      { server: { name: 'MAIL01', fqdn: 'mail01.contoso.com' } },
    );
    await rc(['set', 'Relay*', '--add-remote-ip-ranges', '10.1.2.0/24,10.9.0.4'], { home });
    maildirWith([INVOICE], join(home, 'mail'));
    const served = await ServedPage.start(home, '127.0.0.1:18025');
    const browser = await openBrowser();
    try {
      await connections(20, 12525, '127.0.0.1');
      await connections(16, 12525, '127.0.0.7');
      await connections(7, 12525, '127.0.4.8');
      await connections(12, 12526, '127.0.0.3');
      await connections(4, 12587, '127.0.0.9');
      for (let round = 0; round < 3; round++) {
        for (const n of REFUSED) {
          for (const client of await connections(n, 12525, '127.0.0.1')) client.close();
          await pause(4000);
        }
      }
      const picture = async (
        name: string,
        colorScheme: 'light' | 'dark',
        width: number,
        height: number,
        way: (page: Awaited<ReturnType<typeof browser.newPage>>) => Promise<unknown>,
      ) => {
        const page = await browser.newPage({ viewport: { width, height }, colorScheme });
        await page.goto(`${served.url}#token=${served.token}`);
        await page.waitForSelector('.state[data-state=live]');
        await way(page);
        await page.waitForTimeout(1000); // gauges glide to where they belong
        await page.screenshot({ path: join(FOLDER!, name) });
        await page.close();
      };
      await picture('web-dark.png', 'dark', 1200, 900, async () => {});
      await picture('web-message.png', 'light', 1200, 620, async (page) => {
        await page.getByRole('link', { name: 'Messages' }).click();
        await page.getByRole('link', { name: 'Your invoice 4711' }).click();
        await page.getByRole('tab', { name: 'HTML' }).click();
        await page.frameLocator('iframe.mail-frame').getByText('Thank you').waitFor();
      });
      await picture('web-what-if.png', 'light', 1200, 760, async (page) => {
        await page.getByRole('link', { name: 'Default Frontend MAIL01' }).first().click();
        await page.getByLabel('MaxInboundConnectionPerSource', { exact: true }).fill('100');
        await page.keyboard.press('Enter');
        await page.waitForSelector('dialog[open]');
      });
    } finally {
      await browser.close();
      await served.stop();
    }
    expect(served.err).not.toContain('17017');
  },
  600_000,
);

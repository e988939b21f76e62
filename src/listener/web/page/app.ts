// The frame around the views: who is signed in, what is live, where one is, and the way between.

import { accessView } from './access.ts';
import { connectorView } from './connector/view.ts';
import { connectorsView } from './connectors/view.ts';
import { eventsView } from './events.ts';
import { historyView } from './history.ts';
import { Feed } from './live.ts';
import { messageView } from './messages/message.ts';
import { messagesView } from './messages/view.ts';
import { say } from './parts/announce.ts';
import { h, setAttribute, setText } from './parts/dom.ts';
import { ago, counted } from './parts/format.ts';
import { focusFilter, Keys, moveRow } from './parts/keys.ts';
import { button, note } from './parts/panel.ts';
import { nextTheme, theme } from './parts/theme.ts';
import { hasKey, signIn, signOut } from './server.ts';
import { signInForm } from './sign-in.ts';
import { isFull, isNear, sourcesView } from './sources.ts';
import { whyView } from './why.ts';

const page = document.getElementById('page') as HTMLElement;
const feed = new Feed();

interface View {
  update(): void;
  title?(): string;
}

/** Each with what is opened; the rest of the address is what it begins with. */
const VIEWS: { path: string; name: string; open: (rest: string[]) => View }[] = [
  { path: 'connectors', name: 'Connectors', open: () => connectorsView(main, feed) },
  { path: 'sources', name: 'Sources', open: () => sourcesView(main, feed) },
  { path: 'messages', name: 'Messages', open: () => messagesView(main, feed) },
  { path: 'why', name: 'Why', open: ([address]) => whyView(main, address) },
  { path: 'access', name: 'Access', open: () => accessView(main, feed) },
  { path: 'events', name: 'Events', open: () => eventsView(main, feed) },
  { path: 'history', name: 'History', open: () => historyView(main, feed) },
];

/** What is below a view. */
const BELOW: Record<string, (rest: string[]) => View> = {
  connector: ([guid = '', setting]) => connectorView(main, feed, guid, setting),
  message: ([id = '']) => messageView(main, id),
};

let view: View | undefined;
let shownPath = '';

const links = VIEWS.map(({ path, name }) =>
  h('a', { href: `#/${path}` }, name, h('span', { class: 'count', hidden: true })),
);
const main = h('main', { id: 'main', tabindex: '-1' });
const serverName = h('span', { class: 'server' });
const state = h('span', { class: 'state' });
const generation = h('span', { class: 'generation' });
const themeButton = button('', () => changeTheme());
const alarms = h('div', { class: 'alarms', role: 'region', 'aria-label': 'Problems' });
const footer = h('footer', {});

function frame() {
  const keys = new Keys([
    { key: '/', does: 'Go to the filter', run: focusFilter },
    { key: 'j', does: 'Next row', run: () => moveRow(1) },
    { key: 'k', does: 'Previous row', run: () => moveRow(-1) },
    ...VIEWS.map(({ path, name }, i) => ({
      key: String(i + 1),
      does: name,
      run: () => {
        location.hash = `#/${path}`;
      },
    })),
    { key: 't', does: 'Colours: as the system, light, dark', run: changeTheme },
  ]);
  const skip = (event: Event) => {
    event.preventDefault();
    main.focus();
  };
  const shortcuts = button('?', () => keys.show(), { label: 'Keyboard shortcuts' });
  shortcuts.title = 'Keyboard shortcuts (?)';
  return [
    h('a', { class: 'skip', href: '#main', onclick: skip }, 'Skip to the content'),
    h(
      'header',
      {},
      h(
        'h1',
        {},
        h('img', { src: '/icon.svg', alt: '', width: '24', height: '24' }),
        h('span', { class: 'product' }, 'Receive connectors'),
        serverName,
      ),
      h('p', { class: 'status' }, state, generation),
      h('div', { class: 'tools' }, themeButton, shortcuts, button('Sign out', leave)),
    ),
    h('nav', { 'aria-label': 'Views' }, links),
    alarms,
    main,
    footer,
  ];
}

let framed: HTMLElement[] | undefined;

function showTheme() {
  const name = theme();
  const [sign, word] = { auto: ['◐', 'Auto'], light: ['☀', 'Light'], dark: ['☾', 'Dark'] }[name] ?? ['◐', name];
  themeButton.replaceChildren(sign ?? '', h('span', { class: 'wide' }, ` ${word}`));
  setAttribute(themeButton, 'aria-label', `Colours: ${name}`);
}

function changeTheme() {
  say(`Colours: ${nextTheme()}`);
  showTheme();
}

async function leave() {
  feed.stop();
  await signOut();
  askForToken('');
}

/** The way in. */
function askForToken(problem: string) {
  view = undefined;
  shownPath = '';
  document.title = 'Sign in · Receive connectors';
  const { node, input } = signInForm(problem, enter);
  page.replaceChildren(node);
  input.focus();
}

function enter() {
  framed ??= frame();
  page.replaceChildren(...framed);
  showTheme();
  feed.start();
  route();
}

function currentOf(own: string | undefined, path: string) {
  if (own === path) return 'page';
  return own === `${path}s` ? 'true' : undefined;
}

/** Shows what the address says. */
function route() {
  if (!framed || feed.state === 'over') return;
  const [path = 'connectors', ...rest] = location.hash
    .replace(/^#\/?/, '')
    .split('/')
    .filter(Boolean)
    .map(decodeURIComponent);
  const here = [path, ...rest].join('/');
  if (here === shownPath) return;
  const isFirst = shownPath === '';
  shownPath = here;
  main.replaceChildren();
  const named = VIEWS.find((one) => one.path === path) ?? VIEWS[0]!;
  view = (Object.hasOwn(BELOW, path) ? BELOW[path]! : named.open)(rest);
  for (const [i, link] of links.entries()) setAttribute(link, 'aria-current', currentOf(VIEWS[i]?.path, path));
  if (feed.server) update();
  window.scrollTo(0, 0);
  // A reader of the screen hears where he is; at the start he hears the page's title anyway
  const heading = main.querySelector('h2');
  if (heading && !isFirst && !rest[1]) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

function update() {
  if (feed.state === 'over') {
    if (framed?.[0]?.isConnected) askForToken('The session is over. Sign in again.');
    return;
  }
  const { server } = feed;
  setText(state, { connecting: 'Connecting …', live: 'Live', lost: 'Connection lost, trying again …' }[feed.state]);
  setAttribute(state, 'data-state', feed.state);
  document.body.toggleAttribute('data-stale', feed.state === 'lost');
  if (!server) return;
  setText(serverName, server.name);
  setText(generation, `Generation ${server.applied}, changed ${ago(server.changedAt)}`);
  const near = feed.sources.filter(isNear).length;
  const count = links[1]?.querySelector('.count') as HTMLElement;
  setText(count, near);
  setAttribute(count, 'aria-label', `${near} near their limit`);
  count.hidden = near === 0;
  showAlarms(server);
  setText(
    footer,
    `rc ${server.version} · process ${server.pid} · started ${ago(server.startedAt)} · ${counted(server.bound.length, 'binding')} open · back pressure ${server.pressure.level || 'is not watched'}${server.unmatched ? ` · ${counted(server.unmatched, 'connection')} that no connector takes` : ''}${server.fleet ? ` · this server alone of the fleet ${server.fleet}` : ''}`,
  );
  view?.update();
  const title = view?.title?.() ?? VIEWS.find(({ path }) => shownPath === path)?.name ?? 'Connectors';
  document.title = `${title} · ${server.name}`;
}

let alarmsHeard: string[] = [];

function showAlarms({ problem, failed, pressure }: NonNullable<Feed['server']>) {
  const lines = [
    ...(pressure.problem ? [pressure.problem] : []),
    ...(problem ? [`The store cannot be applied; the last good settings stay. ${problem}`] : []),
    ...failed.map(
      ({ binding, connectors, advice, code }) => `${binding} (${connectors.join(', ')}) is not open: ${advice || code}`,
    ),
  ];
  if (lines.join('\n') === alarms.dataset.lines) return;
  alarms.dataset.lines = lines.join('\n');
  alarms.hidden = lines.length === 0;
  alarms.replaceChildren(...lines.map((line) => note('Error', line)));
  // Figures in them change all the time; heard is what is new
  const heard = lines.map((line) => line.replaceAll(/[\d.,]+/g, ''));
  for (const [i, line] of lines.entries()) if (!alarmsHeard.includes(heard[i]!)) say(line);
  alarmsHeard = heard;
}

let wasLive = false;
feed.onChange = () => {
  if (feed.state === 'lost' && wasLive) say('The connection to the listener is lost. Trying again.');
  if (feed.state === 'live' && !wasLive && feed.server) say('Live.');
  wasLive = feed.state === 'live';
  update();
};
/** Sources that were at their limit at the look before. */
let full: Set<string> = new Set();
/** Told of by the source that is at its limit. */
const LIMIT_REACHED = new Set([1021, 17020]);

feed.onLook = (look) => {
  const now = new Set<string>();
  for (const source of look.sources) {
    if (!isFull(source)) continue;
    const { address, connector, connections } = source;
    const key = `${address} ${connector}`;
    now.add(key);
    if (!full.has(key) && !look.whole)
      say(`${address} is at its limit on ${connector}: ${counted(connections, 'connection')}.`);
  }
  full = now;
  if (look.whole) return;
  for (const event of look.events)
    if (event.level !== 'Information' && !LIMIT_REACHED.has(event.id)) say(event.message);
};
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#token='))
    void begin(); // the link, pasted where the page is open already
  else route();
});

async function begin() {
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (token) {
    history.replaceState(null, '', location.pathname); // out of the address, the history and every later copy of the link
    const wrong = await signIn(token).catch(() => 'The listener does not answer.');
    return wrong ? askForToken(wrong) : enter();
  }
  if (hasKey()) enter();
  else askForToken('');
}
void begin();

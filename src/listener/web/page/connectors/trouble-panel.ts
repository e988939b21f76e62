// The list at the top of the page: what is wrong, why, what to do.
import { type Feed, oneAtATime } from '../live.ts';
import { h, Rows, setText } from '../parts/dom.ts';
import { button, panel } from '../parts/panel.ts';
import { ask } from '../server.ts';
import { type Finding, type Trouble, troublesOf } from './trouble.ts';

const SHOWN = 5;
/** Files and disks change without a generation. */
const AGAIN_MS = 120_000;

export function troublePanel(feed: Feed) {
  let findings: Finding[] = [];
  let generation = -1;
  let asked = 0;
  let all = false;
  const list = h('ul', { class: 'troubles' });
  const rows = new Rows(list, ({ key }: Trouble) => key, troubleRow);
  const toggle = () => {
    all = !all;
    update();
  };
  const more = button('', toggle, { className: 'more' });
  const note = h('span', { class: 'quiet', role: 'status' });
  const node = panel('What needs you', { tools: [note] }, list, more);
  node.classList.add('trouble');
  node.hidden = true;

  const examine = oneAtATime(async () => {
    try {
      findings = (await ask<{ findings: Finding[] }>('/findings')).findings;
      setText(note, '');
    } catch (error) {
      setText(note, `rc doctor cannot tell more: ${(error as Error).message}`);
    }
    update();
  });

  function update() {
    const { applied = -1 } = feed.server ?? {};
    if (feed.state === 'live' && (applied !== generation || performance.now() - asked > AGAIN_MS)) {
      generation = applied;
      asked = performance.now();
      void examine();
    }
    const troubles = troublesOf(feed, findings);
    node.hidden = troubles.length === 0 && note.textContent === '';
    rows.show(all ? troubles : troubles.slice(0, SHOWN));
    more.hidden = troubles.length <= SHOWN;
    setText(more, all ? 'Show fewer' : `Show all ${troubles.length}`);
  }
  return { node, update };
}

function troubleRow(first: Trouble) {
  const what = h(first.href ? 'a' : 'span', { class: 'what', href: first.href });
  const why = h('ul', { class: 'why' });
  let last = '';
  const node = h(
    'li',
    { 'data-level': first.level },
    what,
    why,
    first.mend.length > 0 &&
      h('p', { class: 'mend' }, h('span', { class: 'unseen' }, 'To mend it: '), first.mend.map(asCode)),
  );
  return {
    node,
    update(trouble: Trouble) {
      node.dataset.level = trouble.level;
      setText(what, trouble.what);
      const now = JSON.stringify(trouble.why);
      if (now === last) return; // a link that somebody is on stays
      last = now;
      why.replaceChildren(
        ...trouble.why.map(({ text, act, href }) => h('li', {}, text, act && ' ', act && h('a', { href }, act))),
      );
    },
  };
}

function asCode(text: string) {
  return h('code', {}, text);
}

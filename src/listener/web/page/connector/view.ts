// One connector: its use, its sources, who may do what, and its settings, which can be changed here.
import type { ConnectorAnswer as Connector } from '../../readings.ts';
import { type Feed, oneAtATime } from '../live.ts';
import { h } from '../parts/dom.ts';
import { ask } from '../server.ts';
import { factsPanel } from './facts.ts';
import { overridesPanel } from './overrides.ts';
import { rightsPanel } from './rights.ts';
import { SettingsForm } from './settings-form.ts';
import { sourcesPanel } from './sources-panel.ts';

/** @param focused a setting to begin with */
export function connectorView(root: HTMLElement, feed: Feed, guid: string, focused?: string) {
  let name = '';
  let generation = -1;
  const facts = factsPanel(guid);
  const sources = sourcesPanel(guid, feed);
  const overrides = overridesPanel(guid);
  const rights = rightsPanel(guid);
  const read = oneAtATime(async () => {
    try {
      const answer = await ask<Connector>(`/connector?guid=${encodeURIComponent(guid)}`);
      name = answer.name;
      overrides.put(answer);
      rights.put(answer);
      settings.put(answer);
    } catch (error) {
      settings.tell((error as Error).message);
    }
  });
  const settings = new SettingsForm(focused, read);
  root.append(
    h('p', { class: 'crumb' }, h('a', { href: '#/connectors' }, '← All connectors')),
    facts.node,
    sources.node,
    overrides.node,
    rights.node,
    settings.node,
  );

  return {
    title: () => name || 'Connector',
    update() {
      const row = feed.connectors.get(guid);
      facts.update(row);
      if (!row && feed.state === 'live') settings.tell('This connector was removed.');
      sources.update();
      const applied = feed.server?.applied ?? -1;
      if (applied === generation || !row) return; // what is gone need not be asked for
      generation = applied;
      void read();
    },
  };
}

/** The page's own files, part of the bundle: nothing is read from the disk, and nothing from anywhere else. */
import app from './page/app.js?raw';
import change from './page/change.js?raw';
import connector from './page/connector.js?raw';
import connectors from './page/connectors.js?raw';
import dom from './page/dom.js?raw';
import events from './page/events.js?raw';
import fields from './page/fields.js?raw';
import first from './page/first.js?raw';
import format from './page/format.js?raw';
import history from './page/history.js?raw';
import icon from './page/icon.svg?raw';
import html from './page/index.html?raw';
import keys from './page/keys.js?raw';
import live from './page/live.js?raw';
import narrow from './page/narrow.css?raw';
import say from './page/say.js?raw';
import server from './page/server.js?raw';
import settings from './page/settings.css?raw';
import sources from './page/sources.js?raw';
import style from './page/style.css?raw';
import tables from './page/tables.css?raw';
import theme from './page/theme.js?raw';

export interface Asset {
  readonly type: string;
  readonly text: string;
}

const scripts = {
  app,
  change,
  connector,
  connectors,
  dom,
  events,
  fields,
  first,
  format,
  history,
  keys,
  live,
  say,
  server,
  sources,
  theme,
};

const styles = { style, tables, settings, narrow };

/** By path. */
export const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ['/', { type: 'text/html; charset=utf-8', text: html }],
  ['/icon.svg', { type: 'image/svg+xml', text: icon }],
  ...Object.entries(styles).map(([name, text]) => [`/${name}.css`, { type: 'text/css; charset=utf-8', text }] as const),
  ...Object.entries(scripts).map(
    ([name, text]) => [`/${name}.js`, { type: 'text/javascript; charset=utf-8', text }] as const,
  ),
]);

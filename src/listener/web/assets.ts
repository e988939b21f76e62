/**
 * The page's own files, part of the bundle: nothing is read from the disk, and nothing from anywhere else. Scripts come
 * built, each with all it imports.
 */
import app from './page/app.ts?script';
import icon from './page/icon.svg?raw';
import html from './page/index.html?raw';
import narrow from './page/narrow.css?raw';
import settings from './page/settings.css?raw';
import style from './page/style.css?raw';
import tables from './page/tables.css?raw';
import themeBoot from './page/theme-boot.ts?script';

interface Asset {
  readonly type: string;
  readonly text: string;
}

const HTML = 'text/html; charset=utf-8';
const CSS = 'text/css; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';

/** By path. */
export const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ['/', { type: HTML, text: html }],
  ['/icon.svg', { type: 'image/svg+xml', text: icon }],
  ['/style.css', { type: CSS, text: style }],
  ['/tables.css', { type: CSS, text: tables }],
  ['/settings.css', { type: CSS, text: settings }],
  ['/narrow.css', { type: CSS, text: narrow }],
  ['/theme-boot.js', { type: SCRIPT, text: themeBoot }],
  ['/app.js', { type: SCRIPT, text: app }],
]);

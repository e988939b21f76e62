// A plot as SVG: lines through medians, whiskers from the least to the most, readable on a light and on a dark page.
import { figure } from './results.mjs';

const [WIDTH, HEIGHT] = [720, 320];
const BOX = { left: 70, right: 20, top: 40, bottom: 52 };
const COLOURS = ['#2f6fde', '#d1622b', '#2a9d5c'];
const STYLE = `text{font:12px system-ui,sans-serif;fill:#57606a}.title{font-size:14px;font-weight:600}.axis{stroke:#8c959f}.grid{stroke:#8c959f;stroke-opacity:.25}@media(prefers-color-scheme:dark){text{fill:#9da7b3}}`;

/** @param plot see tellPlot in results.mjs; a point is [x, median, least, most] */
export function svg({ title, x, y, series, logX = false }) {
  const all = series.flatMap(({ points }) => points);
  const top = nice(Math.max(...all.map(([, middle, , most]) => most ?? middle)));
  const xs = [...new Set(all.map(([value]) => value))];
  const place = logX ? (value) => Math.log10(value) : (value) => value;
  const [low, high] = [place(Math.min(...xs)), place(Math.max(...xs))];
  const atX = (value) => BOX.left + ((place(value) - low) / (high - low || 1)) * (WIDTH - BOX.left - BOX.right);
  const atY = (value) => HEIGHT - BOX.bottom - (value / top) * (HEIGHT - BOX.top - BOX.bottom);
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}</style>`,
    `<text class="title" x="${BOX.left}" y="22">${escaped(title)}</text>`,
  ];
  for (let i = 0; i <= 4; i++) {
    const value = (top * i) / 4;
    out.push(line('grid', BOX.left, atY(value), WIDTH - BOX.right, atY(value)));
    out.push(`<text x="${BOX.left - 8}" y="${one(atY(value) + 4)}" text-anchor="end">${figure(value)}</text>`);
  }
  for (const value of xs) {
    out.push(line('axis', atX(value), atY(0), atX(value), atY(0) + 5));
    out.push(
      `<text x="${one(atX(value))}" y="${one(atY(0) + 19)}" text-anchor="middle">${value.toLocaleString('en-US')}</text>`,
    );
  }
  out.push(line('axis', BOX.left, atY(0), WIDTH - BOX.right, atY(0)));
  const middle = (BOX.left + WIDTH - BOX.right) / 2;
  out.push(
    `<text x="${middle}" y="${HEIGHT - 12}" text-anchor="middle">${escaped(x)}${logX ? ' (logarithmic)' : ''}</text>`,
  );
  out.push(
    `<text transform="translate(16 ${(BOX.top + HEIGHT - BOX.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(y)}</text>`,
  );
  for (const [index, { name, points }] of series.entries()) {
    const colour = COLOURS[index % COLOURS.length];
    for (const [at, , least, most] of points) {
      if (least !== undefined)
        out.push(
          `<path d="M${one(atX(at))} ${one(atY(least))}V${one(atY(most))}" stroke="${colour}" stroke-opacity=".5" stroke-width="3"/>`,
        );
    }
    const path = points.map(([at, value]) => `${one(atX(at))} ${one(atY(value))}`).join('L');
    out.push(`<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    for (const [at, value] of points)
      out.push(`<circle cx="${one(atX(at))}" cy="${one(atY(value))}" r="3.5" fill="${colour}"/>`);
    out.push(
      `<text x="${WIDTH - BOX.right}" y="${22 + index * 15}" text-anchor="end" style="fill:${colour}">${escaped(name)}</text>`,
    );
  }
  return `${out.join('\n')}\n</svg>\n`;
}

const one = (n) => Number(n.toFixed(1));
const line = (kind, x1, y1, x2, y2) => `<path class="${kind}" d="M${one(x1)} ${one(y1)}L${one(x2)} ${one(y2)}"/>`;
const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** The next of 1, 2, 2.5, 5 and 10 times a power of ten that is not below. */
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return [1, 2, 2.5, 4, 5, 8, 10].map((factor) => factor * power).find((step) => step >= value) ?? value;
}

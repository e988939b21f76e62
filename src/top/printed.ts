/** `rc top` without a terminal of its own: one frame, or a line for each look, or NDJSON. */
import { loadWidths } from '../text/display-width.ts';
import { arrange, connectorsOf, type Shown } from './arrange.ts';
import { frame } from './frame.ts';
import type { Situation } from './header.ts';
import type { Size } from './layout.ts';
import { type Painting, paint } from './line.ts';
import { plainLine, plainObject } from './lines.ts';
import type { TopOptions } from './options.ts';
import type { SourceRow } from './rows.ts';
import { initialState } from './state.ts';
import { type Look, Trend } from './trend.ts';

/** No listener runs, and whoever wants one look wants it now. */
export class NoListener extends Error {}

/** One frame, with rates: two looks are needed. @throws NoListener */
export async function showOnce(options: TopOptions, size: Size, painting: Painting): Promise<void> {
  await loadWidths(['漢']);
  const look = await second(options);
  const situation: Situation = {
    ...{ server: options.server(), home: options.home.folder, everyMs: options.everyMs },
    shown: { look, sessions: undefined, wanted: options.wanted },
  };
  // Nothing is chosen on paper: no cursor, no keys.
  const { lines } = frame(initialState(options), situation, size, { ...options.glyphs, cursor: ' ' });
  const text = lines.slice(0, -1).map((line) => paint(line, painting).trimEnd());
  // Room that a screen keeps for more rows is no use here.
  options.write(
    `${text
      .join('\n')
      .trimEnd()
      .replace(/\n{3,}/g, '\n\n')}\n`,
  );
}

async function second({ home, follow }: TopOptions): Promise<Look> {
  const end = new AbortController();
  const trend = new Trend();
  try {
    for await (const news of follow(end.signal)) {
      if (news.kind === 'gone') throw new NoListener(news.why || `No listener runs on ${home.folder}.`);
      const look = trend.observe(news.snapshot, news.first);
      if (!news.first) return look;
    }
  } finally {
    end.abort();
  }
  throw new NoListener(`No listener runs on ${home.folder}.`);
}

/**
 * Lines, or NDJSON, until so many were written; each look after the first, so that all have rates. `told`: nothing runs.
 * @throws what `write` throws
 */
export async function runLines(
  options: TopOptions,
  format: 'lines' | 'ndjson',
  most: number,
  say: (text: string) => void,
): Promise<void> {
  const { home, follow, wanted, write } = options;
  const trend = new Trend();
  const end = new AbortController();
  let gone = false;
  let written = 0;
  try {
    for await (const news of follow(end.signal)) {
      if (news.kind === 'gone') {
        if (!gone) say(news.why || `No listener runs on ${home.folder}; waiting for one.`);
        gone = true;
        continue;
      }
      gone = false;
      const look = trend.observe(news.snapshot, news.first);
      if (look.rates.refused === undefined) continue;
      const shown: Shown = { look, sessions: undefined, wanted };
      const connectors = connectorsOf(shown);
      const sources = arrange(initialState(options), shown).find((panel) => panel.name === 'sources')!;
      const rows = sources.rows as readonly SourceRow[];
      const line =
        format === 'ndjson' ? JSON.stringify(plainObject(look, connectors, rows)) : plainLine(look, connectors, rows);
      write(`${line}\n`);
      if (++written >= most) return;
    }
  } finally {
    end.abort();
  }
}

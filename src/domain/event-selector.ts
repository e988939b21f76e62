/** Which events somebody wants to be told: an id, a range of ids, or a level. */
import type { Kind } from './kind.ts';
import { ValueError } from './value-error.ts';

const EVENT_LEVELS = ['Information', 'Warning', 'Error'] as const;

/** `1021`, `17000-17099`, `Warning` as a setting's element; stored as written. */
export const eventSelector: Kind<string> = {
  name: 'string',
  allowed: 'an event id (1021), a range of ids (17000-17099) or a level (Information, Warning, Error)',
  placeholder: 'ID|LEVEL',
  example: '1021',
  parse(input) {
    const text = String(input ?? '').trim();
    const level = EVENT_LEVELS.find((name) => name.toLowerCase() === text.toLowerCase());
    if (level) return level;
    const ids = idsOf(text);
    if (!ids) throw new ValueError(input, 'names no events', this.allowed);
    if (ids[0] > ids[1]) throw new ValueError(input, 'runs backwards', 'the lower id first');
    return ids[0] === ids[1] ? String(ids[0]) : `${ids[0]}-${ids[1]}`;
  },
  store: (value) => value,
  schema: { type: 'string' },
};

function idsOf(text: string): readonly [number, number] | undefined {
  const m = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(text);
  return m ? [Number(m[1]), Number(m[2] ?? m[1])] : undefined;
}

/** Is the event one of those? No selectors at all mean warnings and errors. */
export function selectsEvent(selectors: readonly string[], id: number, level: (typeof EVENT_LEVELS)[number]): boolean {
  if (!selectors.length) return level !== 'Information';
  return selectors.some((selector) => {
    const ids = idsOf(selector);
    return ids ? id >= ids[0] && id <= ids[1] : selector === level;
  });
}

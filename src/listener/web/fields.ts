/** The settings of a connector as the page shows and edits them: all of it out of the settings catalogue. */
import { defaultIn } from '../../domain/catalogue.ts';
import type { Connector } from '../../domain/connector.ts';
import type { Site, TakesHold } from '../../domain/setting.ts';
import { SETTING_TOPICS } from '../../domain/setting-topics.ts';
import { SETTINGS, type SettingName } from '../../domain/settings.ts';
import type { SettingValue } from '../../domain/value.ts';

export interface Field {
  readonly name: SettingName;
  readonly kind: 'bool' | 'enum' | 'flags' | 'count' | 'int' | 'size' | 'span' | 'list' | 'text';
  /** As the flag takes it. */
  readonly value: string;
  readonly default: string;
  readonly summary: string;
  readonly allowed: string;
  readonly example: string;
  readonly holds: TakesHold;
  readonly members: readonly string[];
  /** The listener does not act on it. */
  readonly kept: boolean;
  readonly legal: string;
}

export interface Topic {
  readonly heading: string;
  readonly fields: readonly Field[];
}

export function topicsOf(connector: Connector, site: Site): Topic[] {
  // Limits on connections are what people come here for
  const topics = [...SETTING_TOPICS].sort((a, b) => Number(isFirst(b)) - Number(isFirst(a)));
  return topics.map(({ heading, settings }) => ({
    heading,
    fields: settings.map((name) => fieldOf(name, connector[name] as SettingValue, site)),
  }));
}

function isFirst({ settings }: { readonly settings: readonly SettingName[] }): boolean {
  return settings.includes('MaxInboundConnectionPerSource');
}

function fieldOf(name: SettingName, value: SettingValue, site: Site): Field {
  const { kind, summary, holds, acts, legal = '' } = SETTINGS[name];
  return {
    name,
    kind: widgetOf(kind.name),
    value: asTyped(name, value),
    default: asTyped(name, defaultIn(SETTINGS[name], site)),
    summary,
    allowed: kind.element ? `a list; each ${kind.element.allowed}` : kind.allowed,
    example: kind.element?.example ?? kind.example,
    holds,
    members: kind.members ?? [],
    kept: acts !== 'yes',
    legal,
  };
}

function widgetOf(kind: string): Field['kind'] {
  switch (kind) {
    case 'bool':
    case 'enum':
    case 'flags':
    case 'count':
    case 'int':
    case 'size':
    case 'span':
    case 'list':
      return kind;
    default:
      return 'text';
  }
}

/** The value as a person would type it behind the setting's flag: `100`, `36MB`, `true`, `10.0.0.1, 10.0.0.2`. */
export function asTyped(name: SettingName, value: SettingValue): string {
  const json = SETTINGS[name].kind.store(value);
  return Array.isArray(json) ? json.join(', ') : String(json ?? '');
}

/** The settings grouped by what an administrator is looking for: one order for help, the manual, the page and docs/settings.md. */
import { TOPICS } from './setting.ts';
import { SETTING_NAMES, SETTINGS, type SettingName } from './settings.ts';

interface SettingTopic {
  readonly heading: string;
  readonly settings: readonly SettingName[];
}

export const KEPT_HEADING = 'Kept for Exchange’s sake';

const namesUnder = (topic: (typeof TOPICS)[number] | undefined) =>
  SETTING_NAMES.filter((name) => SETTINGS[name].topic === topic);

/** Every setting in the group that its row names; what the listener does not act on comes last. */
export const SETTING_TOPICS: readonly SettingTopic[] = [
  ...TOPICS.map((heading) => ({ heading, settings: namesUnder(heading) })),
  { heading: KEPT_HEADING, settings: namesUnder(undefined) },
];

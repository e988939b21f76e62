/** Preference variables: what they are at the start, may be set to, and say (about_Preference_Variables). */
import type { ErrorAction, Preferences } from '../../pipeline/context.ts';
import { printed, type Value } from '../../pipeline/value.ts';
import { show } from '../../text/printable.ts';
import { nearest } from '../../text/suggest.ts';
import { toBool } from './convert.ts';
import { failure } from './failure.ts';
import type { Result } from './runnable.ts';

/** The preference variables, as they are until somebody sets them. */
export const PREFERENCES: readonly (readonly [name: string, value: Value])[] = [
  ['ErrorActionPreference', 'Continue'],
  ['WarningPreference', 'Continue'],
  ['InformationPreference', 'SilentlyContinue'],
  ['VerbosePreference', 'SilentlyContinue'],
  ['DebugPreference', 'SilentlyContinue'],
  ['ConfirmPreference', 'High'],
  ['WhatIfPreference', false],
  ['FormatEnumerationLimit', 4],
];

const ACTIONS: readonly ErrorAction[] = ['Continue', 'Stop', 'SilentlyContinue', 'Ignore', 'Inquire'];

/** What the preference variables say. @param isSet has the script set -ErrorAction's? */
export function preferencesIn(get: (name: string) => Result, isSet: boolean): Preferences {
  const action = (name: string) => actionIn(printed(get(name))) ?? 'Continue';
  const confirm = printed(get('confirmpreference')).toLowerCase();
  return {
    verbose: !['SilentlyContinue', 'Ignore'].includes(action('verbosepreference')),
    debug: !['SilentlyContinue', 'Ignore'].includes(action('debugpreference')),
    errorAction: isSet ? action('erroractionpreference') : undefined,
    warningAction: action('warningpreference'),
    informationAction: actionIn(printed(get('informationpreference'))) ?? 'SilentlyContinue',
    whatIf: toBool(get('whatifpreference')),
    confirm: confirm === 'none' ? false : confirm === 'low' || confirm === 'medium' ? true : undefined,
  };
}

function actionIn(text: string): ErrorAction | undefined {
  return ACTIONS.find((action) => action.toLowerCase() === text.toLowerCase());
}

const PREFERENCE_VALUES = new Map<string, readonly string[]>([
  ['confirmpreference', ['None', 'Low', 'Medium', 'High']],
  ...['erroractionpreference', 'warningpreference', 'verbosepreference', 'debugpreference'].map(
    (name) => [name, ACTIONS] as const,
  ),
]);

/** @throws CmdletError when a preference cannot be that */
export function checkPreference(name: string, value: Value): void {
  const allowed = PREFERENCE_VALUES.get(name);
  if (!allowed) return;
  const text = printed(value);
  if (allowed.some((one) => one.toLowerCase() === text.toLowerCase())) return;
  const close = nearest(text, allowed);
  throw failure(
    'RuntimeException',
    `Cannot convert value ${show(text)} for this preference; allowed: ${allowed.join(', ')}.${close ? ` Did you mean ${close}?` : ''}`,
    'MetadataError',
  );
}

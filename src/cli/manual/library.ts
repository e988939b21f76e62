/** src/library/connector-settings.ts: the settings of a connector as the library's callers see them, from the catalogue. */
import type { Kind } from '../../domain/kind.ts';
import { SETTING_NAMES, SETTINGS } from '../../domain/settings.ts';

export function connectorSettingsTypes(): string {
  const rows = SETTING_NAMES.map((name) => {
    const { kind, summary, legal } = SETTINGS[name];
    const allowed = `Allowed: ${kind.allowed}.${legal ? ` Rule: ${legal}.` : ''}`.replaceAll('*/', '*\\/');
    return `  /** ${summary.replaceAll('*/', '*\\/')} ${allowed} */\n  readonly ${name}?: ${typeOf(kind)};`;
  });
  return `// Made from the settings catalogue by "npm run docs"; changes here are lost.

/** Settings of a receive connector, by the names of Set-ReceiveConnector. */
export interface ConnectorSettings {
${rows.join('\n')}
}
`;
}

function typeOf(kind: Pick<Kind<never>, 'name' | 'members'>): string {
  const members = kind.members?.map((member) => `'${member}'`).join(' | ');
  switch (kind.name) {
    case 'bool':
      return 'boolean';
    case 'int':
      return 'number';
    case 'count':
      return "number | 'Unlimited'";
    case 'size':
      return 'number | string';
    case 'enum':
      return members ?? 'string';
    case 'flags':
    case 'list':
      return 'string | readonly string[]';
    default:
      return 'string';
  }
}

/** The JSON schema of store.json and of exports, from the settings catalogues: editors complete and check with it. */

import { defaultIn } from '../domain/catalogue.ts';
import type { Json } from '../domain/kind.ts';
import { OVERRIDABLE_SETTINGS } from '../domain/override.ts';
import type { Setting } from '../domain/setting.ts';
import { SETTING_NAMES, SETTINGS } from '../domain/settings.ts';
import { TRANSPORT_SETTINGS } from '../domain/transport-settings.ts';
import { SCHEMA_URL, SCHEMA_VERSION } from '../store/document.ts';

type Schema = Record<string, Json>;

const GUID: Schema = {
  type: 'string',
  pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
};
const DATE: Schema = { type: 'string', format: 'date-time' };

/** The schema (JSON Schema 2020-12). What only rules between settings forbid, `rc validate` finds. */
export function storeSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: SCHEMA_URL,
    title: 'Store of receive-connector (store.json), and what rc export writes',
    type: 'object',
    required: ['connectors'],
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      schemaVersion: { type: 'integer', minimum: 1, maximum: SCHEMA_VERSION },
      generation: { type: 'integer', minimum: 0, description: 'Grows by one with every change; in store.json only.' },
      server: { ...serverSchema({}), description: 'This home’s server.' },
      servers: {
        type: 'array',
        description: 'Other servers of the fleet; version 2.',
        items: serverSchema({ transport: transportSchema() }),
      },
      connectors: { type: 'array', items: connectorSchema() },
      acceptedDomains: { type: 'array', items: acceptedDomainSchema() },
      users: { type: 'array', items: userSchema() },
      transport: transportSchema(),
    },
  };
}

function serverSchema(more: Record<string, Schema>): Schema {
  return {
    type: 'object',
    required: ['name', 'fqdn'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', description: 'As in SERVER\\Name.' },
      fqdn: { type: 'string', description: 'The host’s own name: the default of Fqdn.' },
      ...more,
    },
  };
}

function transportSchema(): Schema {
  return {
    type: 'object',
    description: 'Settings of the transport service; only those that differ from their defaults.',
    additionalProperties: false,
    properties: settingsSchema(TRANSPORT_SETTINGS),
  };
}

function settingsSchema(catalogue: Readonly<Record<string, Setting>>): Schema {
  const site = { server: 'SERVER', fqdn: '' };
  return Object.fromEntries(
    Object.entries(catalogue).map(([name, setting]): [string, Json] => {
      const fixed = typeof setting.default !== 'function';
      return [
        name,
        {
          ...setting.kind.schema,
          description: `${setting.summary} Allowed: ${setting.kind.allowed}.${setting.legal ? ` Rule: ${setting.legal}.` : ''}`,
          ...(fixed ? { default: setting.kind.store(defaultIn(setting, site)) } : {}),
        },
      ];
    }),
  );
}

function limitsOfOne(): Schema {
  return {
    ...settingsSchema(OVERRIDABLE_SETTINGS),
    Comment: { type: 'string' },
  };
}

function connectorSchema(): Schema {
  return {
    type: 'object',
    required: ['Name'],
    additionalProperties: false,
    properties: {
      Name: { type: 'string', minLength: 1, maxLength: 64, description: 'Unique on the server; no * ? [ ] or \\.' },
      Guid: GUID,
      Server: { type: 'string', description: 'The server it belongs to, one of servers; without it, this home’s.' },
      WhenCreated: DATE,
      WhenChanged: DATE,
      ...settingsSchema(SETTINGS),
      Grants: {
        type: 'array',
        description: 'Single rights given or denied (Add-ADPermission).',
        items: {
          type: 'object',
          required: ['User', 'ExtendedRights', 'Deny'],
          additionalProperties: false,
          properties: {
            User: { type: 'string' },
            ExtendedRights: { type: 'array', items: { type: 'string' } },
            Deny: { type: 'boolean' },
          },
        },
      },
      Overrides: {
        type: 'array',
        description:
          'Limits of single addresses and ranges, in the place of the connector’s (rc new-override); version 3.',
        items: {
          type: 'object',
          required: ['RemoteIPRange'],
          additionalProperties: false,
          properties: {
            RemoteIPRange: {
              type: 'string',
              description: 'An address, a range (10.1.2.1-10.1.2.9) or CIDR (10.1.2.0/24).',
            },
            ...limitsOfOne(),
            Until: { ...DATE, description: 'When it is taken away, or is again what it was before.' },
            Before: {
              type: 'object',
              description: 'What it is again then; left out: it is taken away.',
              additionalProperties: false,
              properties: limitsOfOne(),
            },
          },
        },
      },
      Temporary: {
        type: 'array',
        description: 'Settings that end by themselves (rc set … --for 2h); version 3.',
        items: {
          type: 'object',
          required: ['Setting', 'Until'],
          additionalProperties: false,
          properties: {
            Setting: { enum: [...SETTING_NAMES] },
            Until: { ...DATE, description: 'When it is put back.' },
            Value: {
              description:
                'What it is until then; left out: its default. Another value in the connector means that it is over.',
            },
            Before: { description: 'What it is put back to; left out: its default.' },
          },
        },
      },
    },
  };
}

function acceptedDomainSchema(): Schema {
  return {
    type: 'object',
    required: ['Name', 'DomainName'],
    additionalProperties: false,
    properties: {
      Name: { type: 'string' },
      DomainName: {
        type: 'string',
        description: 'contoso.com, *.contoso.com (it and its subdomains), or * (every domain).',
      },
      DomainType: { enum: ['Authoritative', 'InternalRelay', 'ExternalRelay'] },
      Default: { type: 'boolean' },
      Guid: { type: 'string' },
      WhenChanged: DATE,
    },
  };
}

function userSchema(): Schema {
  return {
    type: 'object',
    required: ['Name'],
    additionalProperties: false,
    properties: {
      Name: { type: 'string' },
      PasswordHash: { type: 'string', pattern: '^scrypt\\$', description: 'Made by rc new-smtp-user.' },
      Enabled: { type: 'boolean' },
      Guid: { type: 'string' },
      WhenChanged: DATE,
    },
  };
}

export function schemaText(): string {
  return `${JSON.stringify(storeSchema(), null, 2)}\n`;
}

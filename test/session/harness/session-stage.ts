/** Dialogues against the session alone: a loopback socket, messages kept in memory. */
import { createSecureContext } from 'node:tls';
import { selfSigned } from '../../../src/certificates/self-signed.ts';
import type { Grant } from '../../../src/domain/connector.ts';
import type { StoredOverride } from '../../../src/domain/override.ts';
import type { PressureLevel } from '../../../src/domain/pressure.ts';
import { pressureAt } from '../../support/pressure.ts';
import { acceptedDomain, grantOf, type Stage, smtpUser, withOverride } from './dialogue.ts';
import { Host, resultOf } from './host.ts';

const pair = selfSigned('mail.contoso.com', new Date(), 7);
const context = createSecureContext({ cert: pair.certificate, key: pair.key, minVersion: 'TLSv1.2' });

export async function sessionStage(settings: Map<string, string[]>): Promise<Stage> {
  const host = new Host();
  host.certificates = { contextFor: () => context, has: () => true, clientCa: undefined, close() {} };
  let grants: Grant[] = [];
  let overrides: readonly StoredOverride[] = [];
  const set = async (name: string, value: string): Promise<void> => {
    switch (name) {
      case 'accepted':
        host.live = { ...host.live, acceptedDomains: value.split(/[ ,]+/).filter(Boolean).map(acceptedDomain) };
        return;
      case 'user':
        host.live = { ...host.live, users: [...host.live.users, smtpUser(value)] };
        return;
      case 'nouser':
        host.live = { ...host.live, users: host.live.users.filter((u) => u.Name !== value) };
        return;
      case 'transport':
        host.live = { ...host.live, transport: { ...host.live.transport, ...Object.fromEntries([value.split('=')]) } };
        return;
      case 'grant':
      case 'deny':
        grants = [...grants, grantOf(value, name === 'deny')];
        host.set('Grants', grants);
        return;
      case 'override':
        overrides = withOverride(overrides, value);
        host.set('Overrides', overrides);
        return;
      case 'pressure':
        host.pressure = pressureAt(value as PressureLevel);
        return;
      case 'delivery':
        host.delivery.outcome = async () => (value === 'ok' ? { ok: true } : resultOf(value));
        return;
      default:
        host.set(name, value);
    }
  };
  for (const [name, values] of settings) for (const value of values) await set(name, value);
  await host.start();
  return {
    port: host.port,
    set,
    messages: async () =>
      host.delivery.kept.map(({ text, envelope }) => ({
        text,
        from: envelope.mailFrom.address,
        to: envelope.recipients.map((r) => r.address),
      })),
    close: async () => {
      const failures = host.events.filter((event) => event.level === 'Error');
      await host.close();
      if (failures.length > 0) throw new Error(`the session failed: ${failures[0]!.message}`);
    },
  };
}

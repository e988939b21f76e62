/** What back pressure is to MAIL: at Medium only mail of one's own is taken, at High none (452 4.3.1). */
import { isAuthoritative } from '../../domain/accepted-domain.ts';
import { thresholdsEnough } from '../../domain/pressure.ts';
import { readTransport } from '../../domain/transport.ts';
import type { Refusal } from '../refusal/refusal.ts';
import { REPLIES } from './replies.ts';
import type { SmtpSession } from './smtp-session.ts';

/** The refusal, when there is pressure and this mail is none that is taken then. @param domain the sender's, in ASCII */
export function underPressure({ services, client, source }: SmtpSession, domain: string): Refusal | undefined {
  const pressure = services.pressure?.();
  if (!pressure || pressure.level === 'Low') return undefined;
  const { acceptedDomains, transport } = services.server();
  const isOwn = client.isAuthenticated || client.isTrusted || isAuthoritative(acceptedDomains, domain);
  if (pressure.level === 'Medium' && isOwn) return undefined;
  const worst = pressure.resources.find(({ level }) => level === pressure.level);
  if (!worst || worst.level === 'Low') return undefined;
  const settings = readTransport(transport);
  const setting = `${worst.resource}${worst.level}Threshold` as const;
  const enough = thresholdsEnough(pressure, settings, isOwn);
  return {
    reply: REPLIES.noResources,
    because: { kind: 'server', setting, asked: worst.text, allowed: settings[setting], enough, source },
  };
}

/** Refusals as the commands make them: a reply, and the cause that stands behind it. */

import { isAuthoritative } from '../../domain/accepted-domain.ts';
import { type Change, type Fault, fault } from '../../domain/cause.ts';
import type { Connector } from '../../domain/connector.ts';
import type { Right } from '../../domain/permissions.ts';
import type { SettingName } from '../../domain/settings.ts';
import { asciiDomain, type Mailbox } from '../../smtp/path.ts';
import type { LiveServer } from '../contracts/live-server.ts';
import type { Refusal } from '../refusal/refusal.ts';
import type { Rejection } from '../refusal/reply.ts';
import type { ClientIdentity } from './client-identity.ts';
import { REPLIES } from './replies.ts';

const mistake = (reply: Rejection, name: Fault): Refusal => ({ reply, because: fault(name) });

/** What is only a mistake of the client's, and what is only a fault of ours. */
export const MISTAKES = {
  unrecognizedCommand: mistake(REPLIES.unrecognizedCommand, 'UnknownCommand'),
  proxyHeader: mistake(REPLIES.unrecognizedCommand, 'ProxyHeader'),
  xclient: mistake(REPLIES.unrecognizedCommand, 'Xclient'),
  httpRequest: mistake(REPLIES.httpRequest, 'HttpRequest'),
  lineTooLong: mistake(REPLIES.lineTooLong, 'LineTooLong'),
  invalidArguments: mistake(REPLIES.invalidArguments, 'Syntax'),
  unrecognizedParameter: mistake(REPLIES.unrecognizedParameter, 'Syntax'),
  helloName: mistake(REPLIES.invalidArguments, 'HelloName'),
  authCancelled: mistake(REPLIES.authCancelled, 'AuthCancelled'),
  unknownMechanism: mistake(REPLIES.unknownMechanism, 'UnknownMechanism'),
  helloFirst: mistake(REPLIES.helloFirst, 'Sequence'),
  senderAlready: mistake(REPLIES.senderAlready, 'Sequence'),
  needMail: mistake(REPLIES.needMail, 'Sequence'),
  needRcpt: mistake(REPLIES.needRcpt, 'Sequence'),
  badSequence: mistake(REPLIES.badSequence, 'Sequence'),
  noMemory: mistake(REPLIES.noResources, 'Memory'),
  ending: mistake(REPLIES.serviceNotAvailable, 'Ending'),
} as const;

/**
 * A setting of the connector stands against it.
 * @param asked what the client asked for
 * @param enough what would let it pass
 * @param allowed left out: the setting's value
 * @param source the client, where the setting counts by it
 */
export function bySetting(
  reply: Rejection,
  connector: Connector,
  setting: SettingName,
  asked: number | string,
  enough: Change,
  allowed: number | string = String(connector[setting]),
  source?: string,
): Refusal {
  return { reply, because: { kind: 'setting', setting, connector, asked, allowed, enough, source } };
}

/** What is known of whoever is refused; a session is this. */
interface Judged {
  readonly settings: Connector;
  readonly client: ClientIdentity;
  readonly services: { server(): LiveServer };
}

/** The client has not got a right. @param about the sender it is about, for rights that are about one */
export function byRight(reply: Rejection, session: Judged, right: Right, about?: Mailbox): Refusal {
  const domain = about?.domain ?? '';
  return {
    reply,
    because: {
      kind: 'right',
      right,
      connector: session.settings,
      principals: session.client.principals(),
      asked: about?.address ?? '',
      domain,
      ours: isAuthoritative(session.services.server().acceptedDomains, asciiDomain(domain)),
      user: session.client.user,
    },
  };
}

/** Names of a set of flags with one more and without another, as `rc set` takes them. */
export function flagsWith(names: readonly string[], more: readonly string[], without: readonly string[] = []): string {
  return [...new Set([...names, ...more])].filter((name) => !without.includes(name)).join(',') || 'None';
}

/** Twice as much, and no more than an Int32 as Exchange has it. */
export function twice(figure: number): string {
  return String(Math.min(2 * figure, 2 ** 31 - 1));
}

/** The client speaks before it is greeted. */
export function earlyTalker(settings: Connector): Refusal {
  return bySetting(REPLIES.earlyTalker, settings, 'EarlyTalkers', 'speaking first', { EarlyTalkers: 'Serve' });
}

export function tooManyErrors(settings: Connector, errors: number): Refusal {
  const enough = { MaxProtocolErrors: String(Math.max(5, 2 * errors)) };
  const most = Number(settings.MaxProtocolErrors);
  return bySetting(REPLIES.tooManyErrors, settings, 'MaxProtocolErrors', errors, enough, most);
}

/** @param bytes the message has, or is said to have */
export function messageTooLarge(settings: Connector, bytes: number): Refusal {
  const enough = { MaxMessageSize: String(Math.min(Math.max(bytes, 64 * 1024), 2 ** 31 - 1)) };
  return bySetting(
    REPLIES.messageTooLarge,
    settings,
    'MaxMessageSize',
    bytes,
    bytes < 2 ** 31 ? enough : {},
    settings.MaxMessageSize.bytes,
  );
}

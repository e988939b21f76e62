/** DATA (RFC 5321 section 4.1.1.4) and BDAT (RFC 3030): the message itself. */
import { CountedBody, DotBody, type Sink } from '../../smtp/dot-stuffing.ts';
import type { Refusal } from '../refusal/refusal.ts';
import { bySetting, MISTAKES } from './judged.ts';
import { mayNotSubmit } from './mail.ts';
import type { MessageReceiver } from './message-receiver.ts';
import { chunkReceived, queued, REPLIES } from './replies.ts';
import type { Answer, SmtpSession } from './smtp-session.ts';

export function data(session: SmtpSession, argument: string): Answer {
  const { mail } = session;
  if (argument !== '') return session.refuse(MISTAKES.invalidArguments);
  const refusal = cannotBegin(session);
  if (refusal) return session.refuse(refusal);
  // BDAT begun is ended by BDAT, and binary content has no lines that DATA could end (RFC 3030 sections 2 and 3).
  if (mail!.receiver || mail!.body === 'BINARYMIME') return session.refuse(MISTAKES.badSequence);
  const receiver = mail!.begin(session, session.settings.BareLinefeedRejectionEnabled);
  const answer = session.say(REPLIES.startData);
  session.receive(new DotBody(sinkOf(session, receiver)), () => finish(session, receiver));
  return answer;
}

function cannotBegin(session: SmtpSession): Refusal | undefined {
  if (session.client.helo === '') return MISTAKES.helloFirst;
  if (!session.mail) return MISTAKES.needMail;
  if (session.mail.recipients.length === 0) return MISTAKES.needRcpt;
  return session.mail.receiver ? undefined : mayNotSubmit(session); // it may have changed since MAIL
}

export function bdat(session: SmtpSession, argument: string): Answer {
  const m = /^(\d{1,15})(?:[ \t]+(LAST))?$/i.exec(argument);
  // Without a size nobody knows where the chunk ends and commands begin again.
  if (!m) return session.refuseAndEnd(MISTAKES.invalidArguments);
  const octets = Number(m[1]);
  const last = m[2] !== undefined;
  const { settings } = session;
  const refusal =
    settings.ChunkingEnabled || session.client.promised?.ChunkingEnabled
      ? cannotBegin(session)
      : bySetting(REPLIES.unrecognizedCommand, settings, 'ChunkingEnabled', 'BDAT', { ChunkingEnabled: 'true' });
  if (refusal) {
    session.resetTransaction();
    return chunk(session, octets, undefined, () => session.refuse(refusal));
  }
  const mail = session.mail!;
  const receiver = mail.receiver ?? mail.begin(session, false);
  return chunk(session, octets, sinkOf(session, receiver), () => {
    if (last) return finish(session, receiver);
    if (!receiver.refusal) return session.say(chunkReceived(octets));
    session.resetTransaction();
    session.count('messagesRefused');
    return session.refuse(receiver.refusal);
  });
}

function chunk(session: SmtpSession, octets: number, sink: Sink | undefined, after: () => Answer): Answer {
  if (octets === 0) return after();
  session.receive(new CountedBody(octets, sink), after);
  return undefined;
}

function sinkOf(session: SmtpSession, receiver: MessageReceiver): Sink {
  return {
    write(bytes) {
      const wait = receiver.write(bytes);
      return wait && session.whileBusy(wait);
    },
  };
}

function finish(session: SmtpSession, receiver: MessageReceiver): Answer {
  return session.atStage('message', () => keep(session, receiver));
}

/** The message is whole: `250` only when the delivery says that it is safe. */
async function keep(session: SmtpSession, receiver: MessageReceiver): Promise<void> {
  const result = await session.commit(receiver.commit());
  session.mail = undefined;
  const { removed = [] } = receiver.facts ?? {};
  if (removed.length > 0) session.note(`${removed.length}`, 'Header fields removed by the header firewall');
  if (!result.ok) {
    session.count('messagesRefused');
    return session.refuse(result.refusal);
  }
  session.messages++;
  session.count('messages');
  session.count('messageBytes', receiver.size);
  return session.say(result.reply ?? queued(receiver.messageId, receiver.message.internalId, session.fqdn));
}

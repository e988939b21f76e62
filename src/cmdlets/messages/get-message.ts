/** Get-Message: the messages that the listener took and keeps in its Maildir, decoded. */
import { resolve } from 'node:path';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { show } from '../../text/printable.ts';
import { hasWildcard } from '../../text/wildcard.ts';
import { messageLacks } from '../exchange-parameters.ts';
import { inOrder } from '../listener/in-order.ts';
import { serversWanted } from '../listener/over-fleet.ts';
import { SELECTION, SELECTION_MEANS } from './message-parameters.ts';
import type { ShownMessage } from './messages-over-fleet.ts';

export const getMessage = defineCmdlet({
  name: 'Get-Message',
  short: 'get-message',
  words: ['messages', 'inbox'],
  aliases: ['messages'],
  group: 'server',
  summary: 'Show the messages that the listener took, decoded: subject, text, HTML, attachments',
  description: `Reads the Maildir of the home, oldest first, whether a listener runs or not. ${SELECTION_MEANS} From, To and Subject are the header’s, decoded; EnvelopeFrom and Recipients what SMTP said. Path is the file, byte by byte as it came. In a fleet it shows the newest messages of the other servers whose listeners run too, as many as have room, each with its Server, where the engine is reached over TLS or join-fleet was told --allow-plaintext; --server narrows it.`,
  input: 'optional',
  gives: 'MailMessage',
  lacks: messageLacks,
  parameters: [
    ...SELECTION,
    { name: 'Newest', type: 'int', aliases: ['Tail'], help: 'Only the N newest that fit.' },
    { name: 'Raw', type: 'switch', help: 'Gives each message as a text, header and all, instead of an object.' },
    {
      name: 'SaveAttachments',
      type: 'path',
      placeholder: 'FOLDER',
      help: 'Writes the attachments into this folder too; a file that is there already is not written over.',
    },
  ],
  examples: [
    {
      command: "rc get-message --to bob@contoso.com --subject 'Invoice*'",
      language: "Get-Message -To bob@contoso.com -Subject 'Invoice*' | select Subject, Text",
      does: 'Shows messages to somebody whose subject begins so.',
    },
    { command: 'rc get-message --newest 1 --raw', does: 'Prints the last message as it is.' },
    {
      command: 'rc get-message --newest 1 | jq -r .Text',
      does: 'The text of the last message, for a script.',
    },
  ],
  async *run({ arguments: args, input, context }) {
    const { store, host } = context;
    store.expectHome();
    const { allOf, identitiesOf, messagesMeant, newestMeant } = await import('./message-selection.ts');
    const { shown } = await import('./message-object.ts');
    const folder = store.home.mail;
    const given = args.Identity === undefined && input ? await allOf(input) : args.Identity;
    const selection = { ...args, Identity: given };
    const servers = serversWanted(context, getMessage);
    const ids = given === undefined ? undefined : identitiesOf(given);
    const ours = async function* () {
      if (!servers.here) return;
      const fitting =
        args.Newest === undefined
          ? messagesMeant(folder, selection)
          : await newestMeant(folder, selection, args.Newest);
      for await (const { entry, message } of fitting) {
        if (args.SaveAttachments !== undefined) {
          const { saveAttachments } = await import('./save-attachments.ts');
          await saveAttachments(context, resolve(host.cwd, args.SaveAttachments), message);
        }
        yield { received: message.receivedAt, value: shown(folder, entry, message, args.Raw, servers.own) };
      }
    };
    let all: AsyncIterable<ShownMessage> | ShownMessage[] = ours();
    if (servers.others.length) {
      const { byReceived, messagesOfOthers } = await import('./messages-over-fleet.ts');
      const { From: from, To: to, Subject: subject, Text: text, Newest, Raw: raw } = args;
      const asked = { identity: ids, from, to, subject, text, newest: Newest, raw };
      const theirs = await messagesOfOthers(context, servers, asked);
      all = inOrder(all, theirs, byReceived);
      if (Newest !== undefined) all = await lastOf(all, Newest);
      if (theirs.length && args.SaveAttachments !== undefined)
        context.warn('Attachments of messages of other servers are saved there: rc get-message --save-attachments');
    }
    let isThere = false;
    for await (const { value } of all) {
      isThere = true;
      yield value;
    }
    const named = ids?.filter((id) => !hasWildcard(id)) ?? [];
    if (!isThere && named.length > 0) context.error(noMessage(named[0]!));
  },
});

/** The last so many, in their order. */
async function lastOf<T>(all: AsyncIterable<T>, most: number): Promise<T[]> {
  const last: T[] = [];
  for await (const one of all) {
    last.push(one);
    if (last.length > most) last.shift();
  }
  return last;
}

export function noMessage(id: string): CmdletError {
  return new CmdletError(`No message has the Identity ${show(id)}. To see the messages: rc get-message`, {
    id: 'MessageNotFound',
    category: 'ObjectNotFound',
    target: id,
  });
}

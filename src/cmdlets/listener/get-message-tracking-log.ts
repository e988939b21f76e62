/** Get-MessageTrackingLog: which messages came, from whom, for whom, and what became of them. */

import { readTransport } from '../../domain/transport.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { PsObject } from '../../pipeline/value.ts';
import type { TrackingWanted } from '../../records/tracking-filter.ts';
import type { TrackingRecord } from '../../records/tracking-log-lines.ts';
import { show } from '../../text/printable.ts';
import { trackingLacks } from '../exchange-parameters.ts';
import { momentGiven, refuseBackwards } from '../moment-parameter.ts';
import { serversWanted } from './over-fleet.ts';

const EVENTS = ['RECEIVE', 'DELIVER', 'SEND', 'FAIL', 'DEFER', 'DISCARD'];
/** Those of Exchange's reference. */
const SOURCES = [
  'SMTP',
  'STOREDRIVER',
  'ROUTING',
  'AGENT',
  'DNS',
  'DSN',
  'GATEWAY',
  'PICKUP',
  'ADMIN',
  'PUBLICFOLDER',
  'MAILBOXRULE',
  'POISONMESSAGE',
  'SAFETYNET',
  'ORAR',
];
const DEFAULT_SIZE = 1000; // Exchange's default of ResultSize

const PARAMETERS = [
  {
    name: 'Start',
    type: 'string',
    placeholder: 'DATE',
    help: 'From then on: "2026-11-24 08:00" (local time), an age (2h, 7d), today, yesterday.',
  },
  { name: 'End', type: 'string', placeholder: 'DATE', help: 'Up to then.' },
  { name: 'Sender', type: 'string', placeholder: 'ADDRESS', help: 'Only from this sender; wildcards are possible.' },
  {
    name: 'Recipients',
    type: 'strings',
    placeholder: 'ADDRESS[,…]',
    help: 'Only to one of these recipients; wildcards are possible.',
  },
  { name: 'MessageSubject', type: 'string', help: 'Only with this text in the subject.' },
  { name: 'EventId', type: 'string', values: EVENTS, placeholder: 'EVENT', help: 'Only this event.' },
  {
    name: 'Source',
    type: 'string',
    values: SOURCES,
    placeholder: 'SOURCE',
    help: 'Only what this part of the server logged: SMTP for what came or went by SMTP, STOREDRIVER for what the Maildir took. The sources of Exchange that there are not here find nothing.',
  },
  {
    name: 'MessageId',
    type: 'string',
    placeholder: 'ID',
    help: 'Only this Message-ID, with or without its angle brackets.',
  },
  { name: 'InternalMessageId', type: 'int', help: 'Only this InternalId, as the client was told it.' },
  {
    name: 'ResultSize',
    type: 'string',
    placeholder: 'COUNT',
    help: `At most so many, the newest, or Unlimited; ${DEFAULT_SIZE} when not given.`,
  },
] as const satisfies readonly Parameter[];

type OwnCall = Call<(typeof PARAMETERS)[number]>;

export const getMessageTrackingLog = defineCmdlet({
  name: 'Get-MessageTrackingLog',
  words: ['tracking'],
  group: 'server',
  summary: 'Find messages in the message tracking log',
  description:
    'The newest, oldest of them first. Events: RECEIVE (accepted), DELIVER (stored in the Maildir), SEND (taken by the next host), DISCARD, FAIL (refused for good), DEFER (refused for now). In a fleet it shows what all servers logged, each with its Server; --server narrows it.',
  gives: 'MessageTrackingEvent',
  lacks: trackingLacks,
  parameters: PARAMETERS,
  examples: [
    {
      command: 'rc get-message-tracking-log --sender alice@contoso.com --start "2026-11-24 08:00"',
      language: 'Get-MessageTrackingLog -Sender alice@contoso.com -Start "2026-11-24 08:00"',
      does: 'Shows what became of mail from Alice since then.',
    },
    {
      command: 'rc get-message-tracking-log --event-id FAIL --select Timestamp,Sender,Recipients,RecipientStatus',
      language: 'Get-MessageTrackingLog -EventId FAIL | Select Timestamp,Sender,Recipients,RecipientStatus',
      does: 'Shows what was refused, and why.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const transport = readTransport(context.statement.draft.document.transport);
    const folder = transport.MessageTrackingLogPath || context.store.home.tracking;
    const wanted = wantedOf(args);
    const most = resultSize(args.ResultSize);
    const period = { start: momentGiven(call, 'Start', args.Start), end: momentGiven(call, 'End', args.End) };
    refuseBackwards(call, ['Start', period.start], ['End', period.end]);
    const servers = serversWanted(context, getMessageTrackingLog);
    const [{ trackingFilter }, { newestTracking, readTrackingLog }] = await Promise.all([
      import('../../records/tracking-filter.ts'),
      import('../../records/tracking-log-lines.ts'),
    ]);
    const matches = trackingFilter(wanted);
    const more = () =>
      context.warn(
        `There are more results than the ${most} newest shown. To see them, give a larger ${call.spell('ResultSize')}, or Unlimited.`,
      );
    if (servers.others.length) {
      const { trackingOverFleet } = await import('./tracking-over-fleet.ts');
      const asked = { folder, wanted, matches, period, most, more };
      for await (const { record, server } of trackingOverFleet(context, servers, asked)) yield objectOf(record, server);
    } else if (most === Number.POSITIVE_INFINITY) {
      for await (const record of readTrackingLog(folder, period))
        if (matches(record)) yield objectOf(record, servers.own);
    } else {
      const found = await newestTracking(folder, most, period, matches);
      for (const record of found.records) yield objectOf(record, servers.own);
      if (found.more) more();
    }
  },
});

function objectOf(record: TrackingRecord, server: string): PsObject {
  return new PsObject('MessageTrackingEvent', { ...record, ...(server ? { Server: server } : {}) });
}

/** What was asked for, as another server is told it too. */
function wantedOf(args: OwnCall['arguments']): TrackingWanted {
  return {
    sender: args.Sender,
    recipients: args.Recipients ?? [],
    subject: args.MessageSubject,
    event: args.EventId,
    source: args.Source,
    messageId: args.MessageId,
    internalId: args.InternalMessageId,
  };
}

function resultSize(text: string | undefined): number {
  if (text === undefined) return DEFAULT_SIZE;
  if (/^unlimited$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw usage(`ResultSize: ${show(text)} is not possible; allowed: a whole number of at least 1, or Unlimited.`);
}

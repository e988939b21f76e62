/**
 * One message to the next host: MAIL, RCPT, DATA or BDAT on a channel. SMTP gives one answer for a message, and nothing is
 * queued here, so it is all recipients or none: when the next host refuses one of them, the message is taken back before
 * its data is sent, and the client is told which one and why (docs/decisions/0021-relay-all-or-nothing.md).
 */
import { printable } from '../../domain/value-error.ts';
import type { Envelope, RecipientQuestion } from '../contract.ts';
import { type BodyForm, dataBytes } from './body-form.ts';
import type { Outcome } from './route.ts';
import { ChannelError, type Reply, type SmtpChannel } from './smtp-channel.ts';

export interface Cargo {
  readonly envelope: Envelope;
  /** Bytes of the message. */
  readonly size: number;
  /** What is in it. */
  form(): Promise<BodyForm>;
  /** Its bytes from the start. */
  bytes(): AsyncIterable<Buffer>;
}

/** How it went, and whether the channel can carry another message. */
export interface Passage {
  readonly outcome: Outcome;
  readonly reusable: boolean;
}

/** The channel died before the next host can have taken the message: it may be tried on another one. */
export class NotBegun extends Error {}

/** Longest reply text handed on (RFC 5321 section 4.5.3.1.5 allows lines of 512 octets). */
const LONGEST_TEXT = 400;
/** RFC 5321 section 4.5.3.1.6: octets of a line in DATA, without its end. */
const LONGEST_LINE = 998;

export async function passOn(channel: SmtpChannel, cargo: Cargo): Promise<Passage> {
  const plan = await planFor(channel, cargo);
  if ('refusal' in plan) return { outcome: { ok: false, reply: plan.refusal }, reusable: true };
  const first = channel.used === 0;
  channel.used++;
  let refused: Outcome | undefined;
  try {
    refused = await sendEnvelope(channel, cargo.envelope, plan);
  } catch (error) {
    if (error instanceof ChannelError && !first) throw new NotBegun(error.message);
    throw error;
  }
  // The host closes with 421 (RFC 5321 section 4.2.1): on a connection kept from before, that only says it was kept too long.
  if (refused && 'closing' in refused && !first)
    throw new NotBegun('the next host closed a connection it had kept open');
  if (refused) return { outcome: refused, reusable: await reset(channel) };
  return plan.chunked ? sendChunk(channel, cargo) : sendData(channel, cargo);
}

/** Asks about one recipient without sending anything: MAIL, RCPT, RSET. The refusal, or nothing. */
export async function askAbout(channel: SmtpChannel, question: RecipientQuestion): Promise<string | undefined> {
  const { sender, recipient, smtpUtf8 } = question;
  const wide = /[^\x00-\x7f]/.test(sender + recipient);
  const utf8 = channel.extensions.has('SMTPUTF8');
  if (wide && !utf8) return NO_INTERNATIONAL;
  const commands = [`MAIL FROM:<${sender}>${smtpUtf8 && utf8 ? ' SMTPUTF8' : ''}`, `RCPT TO:<${recipient}>`, 'RSET'];
  const first = channel.used === 0;
  channel.used++;
  const replies: Reply[] = [];
  try {
    const pipelining = channel.extensions.has('PIPELINING');
    if (pipelining) channel.send(commands.map((command) => `${command}\r\n`).join(''));
    for (const command of commands) replies.push(pipelining ? await channel.reply() : await channel.command(command));
  } catch (error) {
    if (error instanceof ChannelError && !first) throw new NotBegun(error.message);
    throw error;
  }
  const [mail, rcpt, rset] = replies as [Reply, Reply, Reply];
  if (!good(rset)) throw new ChannelError('the next host refused RSET');
  const worst = good(mail) ? rcpt : mail;
  return good(worst) ? undefined : asOurs(worst);
}

interface Plan {
  readonly mail: string;
  readonly chunked: boolean;
  readonly dsn: boolean;
}

/** What must be asked of the next host for this message, or the reply when it cannot take it. */
async function planFor(channel: SmtpChannel, cargo: Cargo): Promise<Plan | { refusal: string }> {
  const { envelope, size } = cargo;
  const has = (name: string) => channel.extensions.has(name);
  const most = Number(channel.extensions.get('SIZE') ?? 0) || Number.POSITIVE_INFINITY;
  if (size > most) return { refusal: '552 5.3.4 Message size exceeds fixed maximum message size of the next host' };
  const form = await cargo.form();
  const args: string[] = [];
  if (has('SIZE')) args.push(`SIZE=${size}`);

  const addresses = [envelope.mailFrom.address, ...envelope.recipients.map((recipient) => recipient.address)];
  if (addresses.some((address) => /[\r\n\0]/.test(address))) return { refusal: '501 5.1.7 Invalid address' };
  const wideAddress = addresses.some((address) => /[^\x00-\x7f]/.test(address));
  if (envelope.smtpUtf8 && has('SMTPUTF8')) args.push('SMTPUTF8');
  else if (wideAddress || (envelope.smtpUtf8 && form.eightBitHeader)) {
    return { refusal: NO_INTERNATIONAL };
  }

  // Only what the client declared goes out as binary; other bare line ends become CRLF on the way (body-form.ts).
  const chunked = envelope.body === 'BINARYMIME' && (form.nul || form.bareLineEnds || form.longestLine > LONGEST_LINE);
  const declared = envelope.body;
  if (chunked) {
    // RFC 3030 section 3: without BINARYMIME at the next host it must be converted or returned; we do not convert.
    if (!has('BINARYMIME') || !has('CHUNKING')) return { refusal: NO_CONVERSION };
    args.push('BODY=BINARYMIME');
  } else if (declared !== '7BIT' && form.eightBit) {
    if (!has('8BITMIME')) return { refusal: NO_CONVERSION }; // RFC 6152 section 3
    args.push('BODY=8BITMIME');
  } else if (declared === '8BITMIME' && has('8BITMIME')) args.push('BODY=8BITMIME');

  const dsn = has('DSN');
  if (dsn) args.push(...parameters(envelope.mailFrom.parameters, 'RET', 'ENVID'));
  return {
    mail: ['MAIL FROM:<', envelope.mailFrom.address, '>', ...args.map((arg) => ` ${arg}`)].join(''),
    chunked,
    dsn,
  };
}

/** RFC 6531 section 3.2 and 4.3; RFC 3463 has X.6.7 from there. */
const NO_INTERNATIONAL = '550 5.6.7 Next host does not take internationalized mail';
const NO_CONVERSION = '554 5.6.3 Conversion required but not supported: next host takes no such content';

/** `NAME=value` for those of the names that the client gave. Values are xtext already (RFC 3461 section 4); anything else is encoded. */
function parameters(given: Readonly<Record<string, string | true>>, ...names: string[]): string[] {
  return names.flatMap((name) => {
    const value = given[name];
    if (typeof value !== 'string' || value === '') return [];
    const safe = Array.from(Buffer.from(value), (byte) =>
      byte > 32 && byte < 127 ? String.fromCharCode(byte) : `+${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    ).join('');
    return [`${name}=${safe}`];
  });
}

async function sendEnvelope(
  channel: SmtpChannel,
  envelope: Envelope,
  plan: Plan,
): Promise<(Outcome & { closing?: true }) | undefined> {
  const commands = envelope.recipients.map((recipient) =>
    [`RCPT TO:<${recipient.address}>`, ...(plan.dsn ? parameters(recipient.parameters, 'NOTIFY', 'ORCPT') : [])].join(
      ' ',
    ),
  );
  const replies: Reply[] = [];
  const pipelining = channel.extensions.has('PIPELINING');
  channel.send(`${plan.mail}\r\n`);
  if (pipelining) channel.send(commands.map((command) => `${command}\r\n`).join(''));
  const mail = await channel.reply();
  if (!good(mail) && !pipelining) return refusal(mail);
  for (const command of commands) {
    if (!pipelining) channel.send(`${command}\r\n`);
    const reply = await channel.reply().catch((error) => {
      if (mail.code === 421) return mail; // it said so and left
      throw error;
    });
    replies.push(reply);
    if (reply.code === 421) break;
  }
  if (!good(mail)) return refusal(mail);
  return judge(envelope, replies);
}

function good(reply: Reply): boolean {
  return reply.code >= 200 && reply.code < 300;
}

function refusal(reply: Reply): Outcome & { closing?: true } {
  return { ok: false, reply: asOurs(reply), ...(reply.code === 421 ? { closing: true } : {}) };
}

/** All recipients taken: nothing. Else the one answer for all of them: permanent when one can never be taken, since then no retry helps. */
function judge(envelope: Envelope, replies: readonly Reply[]): (Outcome & { closing?: true }) | undefined {
  if (replies.length === envelope.recipients.length && replies.every(good)) return undefined;
  const bad = replies.map((reply, i) => ({ reply, i })).filter(({ reply }) => !good(reply));
  const worst = bad.find(({ reply }) => reply.code >= 500) ?? bad[0];
  if (!worst) return { ok: false, reply: '451 4.4.2 Next host did not answer for every recipient' };
  if (worst.reply.code === 421) return refusal(worst.reply);
  const recipientStatus = replies.map((reply) => asOurs(reply));
  if (envelope.recipients.length === 1) return { ok: false, reply: asOurs(worst.reply), recipientStatus };
  const who = bad
    .filter(({ reply }) => reply.code >= 500 === worst.reply.code >= 500)
    .map(({ i }) => `<${clean(envelope.recipients[i]!.address)}>`);
  const others = who.length > 1 ? ` and ${who.length - 1} more` : '';
  const all = bad.length === envelope.recipients.length;
  const text = `Next host refused ${who[0]}${others}${all ? '' : ', so nothing was sent to the other recipients'}`;
  return { ok: false, reply: asOurs(worst.reply, text), recipientStatus };
}

/**
 * A reply of the next host as ours: one line, its code and enhanced code, nothing but printable text. Its 421 is about its
 * own connection, not the client's, and becomes 451 (RFC 5321 section 3.8).
 */
export function asOurs(reply: Reply, before = ''): string {
  const known = (reply.code >= 200 && reply.code < 300) || (reply.code >= 400 && reply.code < 600);
  const code = !known ? 451 : reply.code === 421 ? 451 : reply.code;
  const enhanced = /^([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)/;
  let status = '';
  const texts = reply.lines.map((line) => {
    const m = enhanced.exec(line);
    if (!m) return line;
    status ||= m[1]!;
    return line.slice(m[0].length);
  });
  if (!status.startsWith(String(code)[0]!)) status = `${String(code)[0]}.0.0`;
  const text = clean([before, texts.filter(Boolean).join(' ')].filter(Boolean).join(': '));
  return `${code} ${status} ${text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text}`.trimEnd();
}

/** Replies are ASCII for clients that did not ask for more. */
function clean(text: string): string {
  return printable(text).replace(/[^\x20-\x7e…]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}

async function reset(channel: SmtpChannel): Promise<boolean> {
  try {
    return good(await channel.command('RSET'));
  } catch {
    return false;
  }
}

async function sendData(channel: SmtpChannel, cargo: Cargo): Promise<Passage> {
  const go = await channel.command('DATA');
  if (go.code !== 354) {
    // A host that takes DATA with another code than 354 is not one to send a message to.
    return {
      outcome: refusal(good(go) ? { code: 451, lines: ['Next host answered DATA in an unknown way'] } : go),
      reusable: false,
    };
  }
  return sendBody(channel, cargo, dataBytes(cargo.bytes()));
}

async function sendChunk(channel: SmtpChannel, cargo: Cargo): Promise<Passage> {
  channel.send(`BDAT ${cargo.size} LAST\r\n`);
  return sendBody(channel, cargo, cargo.bytes());
}

async function sendBody(channel: SmtpChannel, cargo: Cargo, body: AsyncIterable<Buffer>): Promise<Passage> {
  try {
    for await (const bytes of body) await channel.write(bytes);
  } catch (error) {
    // A host that has enough says so and hangs up in the middle: its refusal counts, anything else does not.
    const reply = await channel.reply().catch(() => undefined);
    if (!reply || reply.code < 400) throw error;
    return { outcome: refusal(reply), reusable: false };
  }
  return final(channel, cargo);
}

async function final(channel: SmtpChannel, cargo: Cargo): Promise<Passage> {
  const reply = await channel.reply();
  const ok = good(reply);
  const recipientStatus = cargo.envelope.recipients.map(() => asOurs(reply));
  const outcome: Outcome = ok ? { ok, reply: asOurs(reply), recipientStatus } : { ...refusal(reply), recipientStatus };
  return { outcome, reusable: reply.code !== 421 && (ok || (await reset(channel))) };
}

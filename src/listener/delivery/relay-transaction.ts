/**
 * One message to the next host: MAIL, RCPT, DATA or BDAT on a connection. SMTP gives one answer for a message, and nothing is
 * queued here, so it is all recipients or none: when the next host refuses one of them, the message is taken back before
 * its data is sent, and the client is told which one and why (docs/decisions/0021-relay-all-or-nothing.md).
 */
import { ConnectionOver, type SmtpClient } from '../../smtp/client/client.ts';
import { isGood, replyOf, type ServerReply } from '../../smtp/client/reply-reader.ts';
import { dataBytes } from '../../smtp/data-bytes.ts';
import { CannotConvert, type Demand, LONGEST_LINE, partsToEncode, withEncoded } from '../../smtp/mime-conversion.ts';
import type { Envelope } from '../contracts/delivery-api.ts';
import { type Acceptance, passedOn, type Rejection } from '../refusal/reply.ts';
import type { BodyForm } from './body-form.ts';
import { asOurs, clean, isTooMany, statusLine, takenAs } from './their-reply.ts';

export interface Cargo {
  readonly envelope: Envelope;
  /** Bytes of the message. */
  readonly size: number;
  /** What is in it. */
  form(): Promise<BodyForm>;
  /** Its bytes from the start. */
  bytes(): AsyncIterable<Buffer>;
}

/** What the next host made of a message. */
export type Verdict = {
  /** One per recipient, in the envelope's order, when they differ or say more than the reply. */
  readonly recipientStatus?: readonly string[];
  /** The host takes so many recipients in one message. */
  readonly most?: number;
} & ({ readonly ok: true; readonly reply: Acceptance } | { readonly ok: false; readonly reply: Rejection });

type Refused = Extract<Verdict, { ok: false }> & {
  /** It may be about the connection alone: closed with it (421), or at MAIL for now, as hosts say that take so many messages over one. */
  readonly ofConnection?: true;
};

/** How it went, and whether the connection can carry another message. */
interface Passage {
  readonly verdict: Verdict;
  readonly reusable: boolean;
}

/** The connection died before the next host can have taken the message: it may be tried on another one. */
export class NotBegun extends Error {}

export async function passOn(connection: SmtpClient, cargo: Cargo): Promise<Passage> {
  const plan = await planFor(connection, cargo);
  if ('refusal' in plan) return { verdict: { ok: false, reply: plan.refusal }, reusable: true };
  const first = connection.used === 0;
  connection.used++;
  let refused: Refused | undefined;
  try {
    refused = await sendEnvelope(connection, cargo.envelope, plan);
  } catch (error) {
    if (error instanceof ConnectionOver && !first) throw new NotBegun(error.message);
    throw error;
  }
  // Of a connection kept from before that only says that it was kept too long, or used too often.
  if (refused?.ofConnection && !first)
    throw new NotBegun(`the next host takes no more over a kept connection: ${refused.reply.line}`);
  if (refused) return { verdict: refused, reusable: await reset(connection) };
  return plan.chunked ? sendChunk(connection, cargo, plan) : sendData(connection, cargo, plan);
}

interface Plan {
  readonly mail: string;
  readonly chunked: boolean;
  readonly dsn: boolean;
  /** The content as this host can take it, and how many bytes that is. */
  readonly size: number;
  bytes(): AsyncIterable<Buffer>;
}

/** What must be asked of the next host for this message, or the reply when it cannot take it. */
async function planFor(connection: SmtpClient, cargo: Cargo): Promise<Plan | { refusal: Rejection }> {
  const { envelope } = cargo;
  const has = (name: string) => connection.extensions.has(name);
  const most = Number(connection.extensions.get('SIZE') ?? 0) || Number.POSITIVE_INFINITY;
  const tooLarge = { refusal: TOO_LARGE };
  if (cargo.size > most) return tooLarge;
  const form = await cargo.form();
  const args: string[] = [];

  const addresses = [envelope.mailFrom.address, ...envelope.recipients.map((recipient) => recipient.address)];
  if (addresses.some((address) => /[\r\n\0]/.test(address))) return { refusal: INVALID_ADDRESS };
  const wideAddress = addresses.some((address) => /[^\x00-\x7f]/.test(address));
  const international = envelope.smtpUtf8 && has('SMTPUTF8');
  if (international) args.push('SMTPUTF8');
  else if (wideAddress || (envelope.smtpUtf8 && form.eightBitHeader)) return { refusal: NO_INTERNATIONAL };

  // Only what the client declared goes out as binary; other bare line ends become CRLF on the way (body-form.ts).
  const unlike = form.nul || form.longestLine > LONGEST_LINE;
  const binary = envelope.body === 'BINARYMIME' && (unlike || form.bareLineEnds);
  const chunked = binary && has('BINARYMIME') && has('CHUNKING');
  const eightBitHost = has('8BITMIME') || international;
  const demand = { sevenBit: form.eightBit && !eightBitHost, exact: binary };
  const content = chunked || !(demand.sevenBit || unlike || binary) ? cargo : await converted(cargo, demand);
  if ('refusal' in content) return content;
  if (content.size > most) return tooLarge;
  if (has('SIZE')) args.unshift(`SIZE=${content.size}`);
  if (chunked) args.push('BODY=BINARYMIME');
  else if (has('8BITMIME') && (form.eightBit || envelope.body === '8BITMIME')) args.push('BODY=8BITMIME');

  const dsn = has('DSN');
  if (dsn) args.push(...parameters(envelope.mailFrom.parameters, 'RET', 'ENVID'));
  const { size } = content;
  return {
    mail: ['MAIL FROM:<', envelope.mailFrom.address, '>', ...args.map((arg) => ` ${arg}`)].join(''),
    chunked,
    dsn,
    size,
    bytes: () => content.bytes(),
  };
}

/** The content encoded where this host could not take it, or the reply when it would have to be changed where that is not right (decision 0147). */
async function converted(cargo: Cargo, demand: Demand): Promise<Pick<Plan, 'size' | 'bytes'> | { refusal: Rejection }> {
  try {
    const parts = await partsToEncode(cargo.bytes(), demand);
    const bytes = () => withEncoded(cargo.bytes(), demand, parts);
    let size = 0;
    for await (const chunk of bytes()) size += chunk.length;
    return { size, bytes };
  } catch (error) {
    if (!(error instanceof CannotConvert)) throw error;
    return { refusal: passedOn(554, '5.6.3', `Conversion required but not supported: ${error.message}`) };
  }
}

/** RFC 6531 section 3.2 and 4.3; RFC 3463 has X.6.7 from there. */
const TOO_LARGE = passedOn(552, '5.3.4', 'Message size exceeds fixed maximum message size of the next host');
const INVALID_ADDRESS = passedOn(501, '5.1.7', 'Invalid address');
export const NO_INTERNATIONAL = passedOn(550, '5.6.7', 'Next host does not take internationalized mail');
const NOT_FOR_ALL = passedOn(451, '4.4.2', 'Next host did not answer for every recipient');

/** `NAME=value` for those of the names that the client gave. Values are xtext already (RFC 3461 section 4); anything else is encoded. */
function parameters(given: Readonly<Record<string, string | true>>, ...names: string[]): string[] {
  return names.flatMap((name) => {
    const value = given[name];
    if (typeof value !== 'string' || value === '') return [];
    const safe = name === 'ORCPT' && /^utf-8;/i.test(value) ? escapedAddress(value) : asXtext(value);
    return safe.length > LONGEST_PARAMETER ? [] : [`${name}=${safe}`];
  });
}

/** RFC 3461 section 4.2; what became longer by escaping is left out, as hosts without DSN are not told it either. */
const LONGEST_PARAMETER = 500;

const hexadecimal = (n: number) => n.toString(16).toUpperCase().padStart(2, '0');

function asXtext(value: string): string {
  return Array.from(Buffer.from(value), (byte) =>
    byte > 32 && byte < 127 ? String.fromCharCode(byte) : `+${hexadecimal(byte)}`,
  ).join('');
}

/** An address of type utf-8 in ASCII, which every host takes: `k\x{F6}ln@…` (RFC 6533 section 3, utf-8-addr-xtext). */
function escapedAddress(value: string): string {
  return value.replace(/[^\x21-\x7e]/gu, (c) => `\\x{${hexadecimal(c.codePointAt(0)!)}}`);
}

async function sendEnvelope(connection: SmtpClient, envelope: Envelope, plan: Plan): Promise<Refused | undefined> {
  const commands = envelope.recipients.map((recipient) =>
    [`RCPT TO:<${recipient.address}>`, ...(plan.dsn ? parameters(recipient.parameters, 'NOTIFY', 'ORCPT') : [])].join(
      ' ',
    ),
  );
  const replies: ServerReply[] = [];
  const pipelining = connection.extensions.has('PIPELINING');
  connection.send(`${plan.mail}\r\n`);
  if (pipelining) connection.send(commands.map((command) => `${command}\r\n`).join(''));
  const mail = await connection.reply();
  const notFrom = { ...refusal(mail), ...(mail.code < 500 && { ofConnection: true as const }) };
  if (!isGood(mail) && !pipelining) return notFrom;
  for (const command of commands) {
    if (!pipelining) connection.send(`${command}\r\n`);
    const reply = await connection.reply().catch((error) => {
      if (mail.code === 421) return mail; // it said so and left
      throw error;
    });
    replies.push(reply);
    if (!isGood(reply)) connection.refusals++;
    if (reply.code === 421) break;
  }
  if (!isGood(mail)) return notFrom;
  return judge(envelope, replies);
}

function refusal(reply: ServerReply): Refused {
  return { ok: false, reply: asOurs(reply), ...(reply.code === 421 && { ofConnection: true as const }) };
}

/** All recipients taken: nothing. Else the one answer for all of them: permanent when one can never be taken, since then no retry helps. */
function judge(envelope: Envelope, replies: readonly ServerReply[]): Refused | undefined {
  if (replies.length === envelope.recipients.length && replies.every(isGood)) return undefined;
  const bad = replies.map((reply, i) => ({ reply, i })).filter(({ reply }) => !isGood(reply));
  const worst = bad.find(({ reply }) => reply.code >= 500) ?? bad[0];
  if (!worst) return { ok: false, reply: NOT_FOR_ALL };
  if (worst.reply.code === 421) return refusal(worst.reply);
  const recipientStatus = replies.map(statusLine);
  const most = replies.filter(isGood).length;
  const limit = most > 0 && replies.some(isTooMany) ? { most } : {};
  if (envelope.recipients.length === 1) return { ok: false, reply: asOurs(worst.reply), recipientStatus };
  const who = bad
    .filter(({ reply }) => reply.code >= 500 === worst.reply.code >= 500)
    .map(({ i }) => `<${clean(envelope.recipients[i]!.address)}>`);
  const others = who.length > 1 ? ` and ${who.length - 1} more` : '';
  const all = bad.length === envelope.recipients.length;
  const text = `Next host refused ${who[0]}${others}${all ? '' : ', so nothing was sent to the other recipients'}`;
  return { ok: false, reply: asOurs(worst.reply, text), recipientStatus, ...limit };
}

async function reset(connection: SmtpClient): Promise<boolean> {
  try {
    return isGood(await connection.command('RSET'));
  } catch {
    return false;
  }
}

async function sendData(connection: SmtpClient, cargo: Cargo, plan: Plan): Promise<Passage> {
  const go = await connection.command('DATA');
  if (go.code !== 354) {
    // A host that takes DATA with another code than 354 is not one to send a message to.
    return {
      verdict: refusal(isGood(go) ? replyOf(['451 Next host answered DATA in an unknown way']) : go),
      reusable: false,
    };
  }
  return sendBody(connection, cargo, dataBytes(plan.bytes()));
}

async function sendChunk(connection: SmtpClient, cargo: Cargo, plan: Plan): Promise<Passage> {
  connection.send(`BDAT ${plan.size} LAST\r\n`);
  return sendBody(connection, cargo, plan.bytes());
}

async function sendBody(connection: SmtpClient, cargo: Cargo, body: AsyncIterable<Buffer>): Promise<Passage> {
  try {
    for await (const bytes of body) await connection.write(bytes);
  } catch (error) {
    // A host that has enough says so and hangs up in the middle: its refusal counts, anything else does not.
    const reply = await connection.reply().catch(() => undefined);
    if (!reply || reply.code < 400) throw error;
    return { verdict: refusal(reply), reusable: false };
  }
  return final(connection, cargo);
}

async function final(connection: SmtpClient, cargo: Cargo): Promise<Passage> {
  const reply = await connection.reply();
  const ok = isGood(reply);
  const recipientStatus = cargo.envelope.recipients.map(() => statusLine(reply));
  const verdict: Verdict = ok ? { ok, reply: takenAs(reply), recipientStatus } : { ...refusal(reply), recipientStatus };
  return { verdict, reusable: reply.code !== 421 && (ok || (await reset(connection))) };
}

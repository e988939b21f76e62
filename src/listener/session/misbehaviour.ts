/**
 * What a session does to its client on purpose (setting FaultRules), and what of it is still to come: the next reply byte by
 * byte, or no reply at all, or nothing but QUIT. Which rules act is faults-on-purpose.ts.
 */
import type { Connector } from '../../domain/connector.ts';
import type { FaultAction, FaultOccasion, FaultStage } from '../../domain/fault-rule.ts';
import { printable } from '../../text/printable.ts';
import type { Refusal } from '../refusal/refusal.ts';
import { type Acceptance, accept, passedOn, type Reply } from '../refusal/reply.ts';
import { type Acting, GO_ON } from './faults-on-purpose.ts';
import { bySetting } from './judged.ts';
import type { Answer, SmtpSession } from './smtp-session.ts';

/** What of a session its rules ask about. @param argument of the command, which is not part of the transaction yet */
export function occasionAt(
  stage: FaultStage,
  argument: string,
  { peer, mail }: Pick<SmtpSession, 'peer' | 'mail'>,
): FaultOccasion {
  const path = /<([^>]*)>/.exec(argument)?.[1] ?? '';
  return {
    stage,
    address: peer.remoteAddress,
    sender: stage === 'mail' ? path : (mail?.sender.address ?? ''),
    recipients: stage === 'rcpt' ? [path] : (mail?.recipients.map(({ address }) => address) ?? []),
  };
}

/** The session it happens in. */
interface Misled {
  readonly isOver: boolean;
  readonly settings: Connector;
  note(data: string, context: string): void;
  resetTransaction(): void;
  sendReplies(): void;
}

/** What is the session's own to do. */
interface Means {
  /** Waits, but not for a client that left. @param ms milliseconds */
  wait(ms: number): Promise<void>;
  say(reply: Acceptance | Reply): Answer;
  refuse(refusal: Refusal): Answer;
  /** Tells of something that has no reply. */
  tell(refusal: Refusal): void;
  /** Puts bytes on the wire as they are. */
  put(text: string): void;
  log(sent: string): void;
  /** Says what is still to be said, and closes. */
  end(): void;
  drop(): void;
  reset(): void;
}

/** A client waits longer for nothing, and ConnectionTimeout ends it. */
const NEVER_MS = 24 * 3_600_000;
const GARBAGE = '{"status":"not SMTP"}\r\n';
const UNSAID = passedOn(421, '4.0.0', 'On purpose');

export class Misbehaviour {
  readonly #session: Misled;
  readonly #means: Means;
  /** A fault took the greeting's place: only QUIT is served (RFC 5321 section 3.1). */
  turnedAway = false;
  /** The next reply is not said: the connection is closed instead. */
  losesReply = false;
  /** Milliseconds between the bytes of the next reply. */
  #slowMs = 0;

  constructor(session: Misled, means: Means) {
    this.#session = session;
    this.#means = means;
  }

  /** Does what the rules say, and what was asked for if they let it. */
  async act(stage: FaultStage, acting: readonly Acting[], go: () => Answer): Promise<void> {
    for (const { action, rule } of acting) {
      if (this.#session.isOver) return;
      const refusal = onPurpose(this.#session.settings, stage, rule, action);
      if (!GO_ON.has(action.kind) && stage === 'message') this.#session.resetTransaction();
      if (action.kind === 'reply' && action.code >= 400) return this.#refuse(stage, refusal);
      this.#session.note(rule, 'Fault on purpose');
      if (!GO_ON.has(action.kind)) this.#means.tell(refusal);
      if (!(await this.#does(action, refusal))) return;
    }
    if (!this.#session.isOver) return go();
  }

  #refuse(stage: FaultStage, refusal: Refusal): void {
    this.turnedAway = stage === 'greeting';
    this.#means.refuse(refusal);
    if (stage === 'connect') this.#means.end();
  }

  /** @returns whether it goes on */
  async #does(action: FaultAction, refusal: Refusal): Promise<boolean> {
    const means = this.#means;
    switch (action.kind) {
      case 'delay':
        await means.wait(action.ms);
        break;
      case 'slow':
        this.#slowMs = action.ms;
        break;
      case 'lose-reply':
        means.tell(refusal);
        this.losesReply = true;
        break;
      case 'reply':
        await means.say(accept(action.code, action.enhanced, action.text));
        break;
      case 'garbage':
        this.#utter(GARBAGE);
        break;
      case 'never-answer':
        await means.wait(NEVER_MS);
        means.drop();
        break;
      case 'cut-tls':
        this.#utter('220 2.0.0 SMTP server ready\r\n');
        means.end();
        break;
      case 'drop':
        means.end();
        break;
      case 'reset':
        means.reset();
        break;
    }
    return GO_ON.has(action.kind);
  }

  /** Bytes as they are. */
  #utter(text: string): void {
    this.#means.log(printable(text.trimEnd()));
    this.#means.put(text);
  }

  /** Puts a reply on the wire byte by byte, if it is to be slow; else nothing. */
  putsSlowly(text: string): Promise<void> | undefined {
    const ms = this.#slowMs;
    this.#slowMs = 0;
    return ms > 0 ? this.#putSlowly(text, ms) : undefined;
  }

  async #putSlowly(text: string, ms: number): Promise<void> {
    for (const byte of text) {
      if (this.#session.isOver) return;
      this.#means.put(byte);
      this.#session.sendReplies();
      await this.#means.wait(ms);
    }
  }
}

/** The setting that refuses is FaultRules, and it refuses no more without the rule. */
function onPurpose(settings: Connector, stage: FaultStage, rule: string, action: FaultAction): Refusal {
  const reply = action.kind === 'reply' ? passedOn(action.code, action.enhanced, action.text) : UNSAID;
  const others = settings.FaultRules.filter((one) => one !== rule).join(',');
  return bySetting(reply, settings, 'FaultRules', stage, { FaultRules: others }, rule);
}

/** Plays a dialogue against a stage and says where it went another way. */
import { Client } from './client.ts';
import { type Dialogue, fits, type Line, type Stage } from './dialogue.ts';

export async function play(
  dialogue: Dialogue,
  open: (settings: Map<string, string[]>) => Promise<Stage>,
): Promise<void> {
  const settings = new Map<string, string[]>();
  const steps = [...dialogue.lines];
  while (steps[0]?.step.kind === 'setting') {
    const { step } = steps.shift()!;
    if (step.kind === 'setting') settings.set(step.name, [...(settings.get(step.name) ?? []), step.value]);
  }
  const stage = await open(settings);
  const clients: Client[] = [];
  const said: string[] = [];
  try {
    let unread: string[] = [];
    clients.push(await Client.open(stage.port));
    for (const line of steps) {
      try {
        unread = await take(line, stage, clients, unread, said);
      } catch (error) {
        throw new Error(`line ${line.number}: ${(error as Error).message}\nSaid so far:\n${said.join('\n')}`);
      }
    }
  } finally {
    for (const client of clients) client.end();
    await stage.close();
  }
}

async function take(line: Line, stage: Stage, clients: Client[], unread: string[], said: string[]): Promise<string[]> {
  const { step } = line;
  const client = clients.at(-1)!;
  const next = async () => {
    if (unread.length === 0) unread = (await client.reply()).split('\n');
    const text = unread.shift()!;
    said.push(`S: ${text}`);
    return text;
  };
  switch (step.kind) {
    case 'setting':
      throw new Error('a setting behind the first step; write `set`');
    case 'set':
      await stage.set(step.name, step.value);
      return unread;
    case 'connect':
      clients.push(await Client.open(stage.port));
      return [];
    case 'starttls':
      await client.startTls();
      said.push('(TLS)');
      return unread;
    case 'say':
      said.push(`C: ${JSON.stringify(step.bytes.toString('latin1').slice(0, 200))}`);
      client.send(step.bytes);
      return unread;
    case 'hear': {
      const text = await next();
      if (!fits(step.pattern, text, true)) throw new Error(`wanted "${step.pattern}", got "${text}"`);
      return unread;
    }
    case 'find': {
      for (let text = await next(); !fits(step.pattern, text, true); text = await next()) {
        if (/^\d{3}(?: |$)/.test(text)) throw new Error(`no line "${step.pattern}" in the reply`);
      }
      return unread;
    }
    case 'closed': {
      const rest = unread.join('\n') + (await client.closed());
      if (rest !== '') throw new Error(`closed, but said ${JSON.stringify(rest)}`);
      return [];
    }
    case 'open': {
      const text = await client.ask('NOOP');
      if (!text.startsWith('250 ')) throw new Error(`NOOP was answered with ${text}`);
      return unread;
    }
    default:
      await check(step, stage);
      return unread;
  }
}

type Check = Extract<Line['step'], { kind: 'messages' | 'text' | 'no text' | 'to' | 'from' }>;

async function check(step: Check, stage: Stage): Promise<void> {
  const messages = await stage.messages();
  if (step.kind === 'messages') {
    if (messages.length !== step.count) throw new Error(`wanted ${step.count} messages, there are ${messages.length}`);
    return;
  }
  const last = messages.at(-1);
  if (!last) throw new Error('no message was queued');
  const kept = (pattern: string) => (stage.lineEnd ? pattern.replaceAll('\\r\\n', '\\n') : pattern);
  switch (step.kind) {
    case 'text':
      if (!fits(kept(step.pattern), last.text, false))
        throw new Error(`no ${step.pattern} in ${JSON.stringify(last.text)}`);
      return;
    case 'no text':
      if (fits(kept(step.pattern), last.text, false))
        throw new Error(`${step.pattern} is in ${JSON.stringify(last.text)}`);
      return;
    case 'to':
      if (last.to.join(' ') !== step.value) throw new Error(`wanted to ${step.value}, got ${last.to.join(' ')}`);
      return;
    case 'from':
      if (last.from !== step.value) throw new Error(`wanted from ${step.value}, got ${last.from}`);
  }
}

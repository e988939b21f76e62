/** A listener with its API, as a process, and one who asks it. */
import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import { freePort } from '../support/free-port.ts';
import { RunningListener } from '../support/listener.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';

export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a program gets
  readonly json: any;
}

export class ApiScene {
  private constructor(
    readonly listener: RunningListener,
    readonly url: string,
    readonly tokenFile: string,
    readonly port: number,
  ) {}

  static async start(flags: readonly string[] = [], home = tempFolder('api')): Promise<ApiScene> {
    const port = await freePort();
    writeStore(home, [
      {
        Name: 'Default EX',
        Bindings: [`127.0.0.1:${port}`],
        PermissionGroups: 'AnonymousUsers',
        TarpitInterval: '00:00:00',
        AuthMechanism: 'None',
      },
    ]);
    const listener = await RunningListener.start(home, ['--api', '0', ...flags]);
    const { url, tokenFile } = (await listener.status())!.api!;
    return new ApiScene(listener, url, tokenFile, port);
  }

  get token(): string {
    return readFileSync(this.tokenFile, 'utf8').trim();
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answered> {
    const isText = typeof body === 'string';
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const json = /json/.test(type) ? JSON.parse(text) : undefined;
    return { status: response.status, type, headers: response.headers, text, json };
  }

  /** Sends a message by SMTP. */
  async send(subject: string, more: object = {}): Promise<void> {
    const transport = createTransport({ host: '127.0.0.1', port: this.port });
    await transport.sendMail({ from: 'sue@contoso.test', to: 'bob@contoso.test', subject, text: 'Text', ...more });
    transport.close();
  }

  stop(): Promise<void> {
    return this.listener.stop();
  }
}

export interface ServerSentEvent {
  readonly event: string;
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a program gets
  readonly data: any;
}

/** Reads server-sent events until the signal aborts. */
export async function* eventsOf(
  scene: ApiScene,
  query: string,
  signal: AbortSignal,
  headers: Record<string, string> = {},
): AsyncGenerator<ServerSentEvent | 'open'> {
  const response = await fetch(`${scene.url}/v1/stream${query}`, {
    headers: { authorization: `Bearer ${scene.token}`, ...headers },
    signal,
  });
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = new Map(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => /^(\w*): ?(.*)$/.exec(line)?.slice(1) as [string, string]),
      );
      text = text.slice(end + 2);
      if (fields.has('data'))
        yield { event: fields.get('event')!, id: fields.get('id')!, data: JSON.parse(fields.get('data')!) };
      else yield 'open';
    }
  }
}

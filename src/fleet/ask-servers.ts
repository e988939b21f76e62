/** Asks other servers of the fleet what only they see, through its engine (questions.ts). */
import { randomUUID } from 'node:crypto';
import { printable } from '../text/printable.ts';
import { foldText, sameText } from '../text/wildcard.ts';
import { Engine } from './engine.ts';
import { type FleetKeys, keysOf } from './keys.ts';
import type { Membership } from './membership.ts';
import { type Answer, parseAnswer, questionText, type Topic } from './questions.ts';
import { type Node, roster } from './roster.ts';

/** What a server said, or why it said nothing. */
export type Said = Pick<Answer, 'server' | 'rows' | 'left' | 'problem'>;

/** Asked at once, so that what comes back has room in the engine's buffer (32 MB for who hears a channel). */
const AT_ONCE = 50;
const PATIENCE_MS = 3000;

export class ServersAsked {
  readonly #engine: Engine;
  readonly #keys: FleetKeys;
  readonly #asker = randomUUID();
  #number = 0;
  #hear: (answer: Answer) => void = () => {};

  private constructor(engine: Engine, keys: FleetKeys) {
    this.#engine = engine;
    this.#keys = keys;
  }

  /** @throws FleetError */
  static async connect(member: Membership): Promise<ServersAsked> {
    const engine = await Engine.connect(member);
    try {
      const keys = keysOf(member.fleet);
      const asked = new ServersAsked(engine, keys);
      await engine.subscribe({
        [keys.answers(asked.#asker)]: async (text) => {
          const answer = await parseAnswer(text);
          if (answer) asked.#hear(answer);
        },
      });
      return asked;
    } catch (error) {
      engine.close();
      throw error;
    }
  }

  /** One of `said` for each of the servers, in their order. @throws FleetError when the engine cannot be asked */
  async ask(topic: Topic, about: Readonly<Record<string, unknown>>, servers: readonly string[]): Promise<Said[]> {
    const nodes = (await roster(this.#engine, this.#keys)).filter(({ isAlive }) => isAlive);
    const said: Said[] = [];
    for (let i = 0; i < servers.length; i += AT_ONCE)
      said.push(...(await this.#askSome(topic, about, servers.slice(i, i + AT_ONCE), nodes)));
    return said;
  }

  async #askSome(
    topic: Topic,
    about: Readonly<Record<string, unknown>>,
    servers: readonly string[],
    nodes: readonly Node[],
  ): Promise<Said[]> {
    const alive = new Map(nodes.map((node) => [foldText(node.server), node]));
    const waiting = new Set(servers.map(foldText).filter((server) => alive.has(server)));
    const answers = new Map<string, Answer>();
    const number = ++this.#number;
    if (waiting.size) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, PATIENCE_MS);
        const done = () => {
          clearTimeout(timer);
          resolve();
        };
        this.#hear = (answer) => {
          const from = foldText(answer.server);
          if (answer.number !== number || !waiting.delete(from)) return;
          answers.set(from, answer);
          if (!waiting.size) done();
        };
        const question = { asker: this.#asker, number, topic, servers: [...waiting], about };
        this.#engine.command(['PUBLISH', this.#keys.asked, questionText(question)]).catch((error) => {
          clearTimeout(timer);
          reject(error);
        });
      });
    }
    return servers.map((server): Said => {
      const answer = answers.get(foldText(server));
      if (answer) return { ...answer, server, problem: printable(answer.problem).slice(0, 300) };
      const node = nodes.find((one) => sameText(one.server, server));
      const problem = node
        ? `its listener (on ${node.host}, rc ${node.version}) has not answered within ${PATIENCE_MS / 1000} s`
        : 'no listener runs there';
      return { server, rows: [], left: 0, problem };
    });
  }

  close(): void {
    this.#engine.close();
  }
}

/** Passwords in a worker: the first process checks them, so that guesses wait for one another whichever workers they come to. */
import type { StoredUser } from '../../store/document.ts';
import type { LogonCheck, LogonTry, PasswordChecks } from '../session/logon.ts';
import type { Channel } from './channel.ts';
import type { OrdersMessage } from './messages.ts';

type Answer = NonNullable<OrdersMessage['logons']>[number];

export class RemoteLogons implements PasswordChecks {
  readonly #channel: Channel;
  readonly #asked = new Map<number, (answer: Answer) => void>();
  #number = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  check(users: readonly StoredUser[], { source, name, password, penalty }: LogonTry): LogonCheck {
    const number = ++this.#number;
    this.#channel.add('logons', { number, source, name, password, penaltyMs: penalty() });
    return {
      done: new Promise((resolve) => {
        this.#asked.set(number, ([, answer, whose]) =>
          resolve(answer === 'left' ? answer : users.find(({ Name }) => answer === 'user' && Name === whose)),
        );
      }),
      cancel: () => {
        if (this.#asked.has(number)) this.#channel.add('logonsLeft', number);
      },
    };
  }

  answered(answers: readonly Answer[]): void {
    for (const answer of answers) {
      this.#asked.get(answer[0])?.(answer);
      this.#asked.delete(answer[0]);
    }
  }
}

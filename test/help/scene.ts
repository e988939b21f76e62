/** What examples run on: a store with connectors, domains, users and a history, files beside it, and stand-ins for `pass` and `ssh`. */
import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bash, ended, environment, type Ran, ROOT } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { until } from '../support/until.ts';

export const PASSWORD = 'correct horse battery';

/** Thirteen generations; the twelfth is the comment on Relay. */
const HISTORY = `set -e
rc get > /dev/null
rc new Relay --custom --bindings 127.0.0.1:2530 --remote-ip-ranges 127.0.0.1,10.7.0.0/16 --permission-groups AnonymousUsers > /dev/null
rc new Test1 --custom --bindings 127.0.0.1:2531 --remote-ip-ranges 127.0.0.1 --max-message-size 20MB > /dev/null
rc new-accepted-domain contoso.net > /dev/null
rc new-accepted-domain fabrikam.com > /dev/null
echo '${PASSWORD}' | rc new-smtp-user scanner --password-stdin > /dev/null
rc set Relay --max-hop-count 31
rc set 'Default*' --max-hop-count 32
rc set Relay --add-remote-ip-ranges 10.8.0.1
rc add-ad-permission Test1 --user 'NT AUTHORITY\\ANONYMOUS LOGON' --extended-rights ms-Exch-SMTP-Submit > /dev/null
rc set Test1 --enabled false
rc set Relay --comment twelve
rc set Relay --max-logon-failures 4
rc get > before.ndjson
rc get | rc select Name,MaxMessageSize | rc export-csv connectors.csv
rc get | rc export-clixml before.xml
rc export > connectors.json
rc export --output yaml > connectors.yaml
rc export 'Test1' --output yaml > ex01.yaml
rc new-exchange-certificate --subject-name CN=mail.contoso.com --domain-name mail.contoso.com > /dev/null
cat "$RC_HOME"/certificates/*.pem > mail.pem
`;

const STAND_INS = {
  pass: `#!/bin/sh\necho '${PASSWORD}'\n`,
  // ssh ex02 COMMAND: another computer, with a home of its own.
  ssh: '#!/bin/sh\nshift\nRC_HOME="$RC_HOME.ex02" exec "$@"\n',
};

export class Scene {
  readonly folder: string;
  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes the first one; others are copies. */
  static async prepare(): Promise<Scene> {
    const scene = new Scene(tempFolder('scene'));
    for (const name of ['home', 'work', 'bin']) mkdirSync(join(scene.folder, name));
    for (const [name, text] of Object.entries(STAND_INS)) {
      writeFileSync(join(scene.folder, 'bin', name), text);
      chmodSync(join(scene.folder, 'bin', name), 0o755);
    }
    const made = await scene.run(HISTORY);
    if (made.code !== 0 || made.stderr) throw new Error(`the scene could not be made: ${JSON.stringify(made)}`);
    const event = { time: new Date().toISOString(), id: 1021, level: 'Warning', source: 'MSExchangeTransport' };
    const data = { connector: 'Default EX', address: '10.1.2.3', limit: 20 };
    const mail = join(scene.home, 'mail');
    for (const folder of ['new', 'cur', 'tmp']) mkdirSync(join(mail, folder), { recursive: true });
    for (const [n, subject] of ['Invoice 4711', 'Welcome'].entries())
      writeFileSync(
        join(mail, 'new', `1700000000.M${n}P1Q${n}R1.host`),
        `Return-Path: <sue@contoso.com>\nDelivered-To: bob@contoso.com\nSubject: ${subject}\n\ntext\n`,
      );
    writeFileSync(join(scene.home, 'events.ndjson'), `${JSON.stringify({ ...event, message: 'Refused.', data })}\n`);
    return scene;
  }

  /** Of the one certificate, as Get-ExchangeCertificate has it: SHA-1 in capitals. */
  get thumbprint(): string {
    const { fingerprint } = new X509Certificate(readFileSync(join(this.work, 'mail.pem')));
    return fingerprint.replaceAll(':', '');
  }

  copy(): Scene {
    const folder = tempFolder('scene');
    cpSync(this.folder, folder, { recursive: true });
    return new Scene(folder);
  }

  get home(): string {
    return join(this.folder, 'home');
  }

  get work(): string {
    return join(this.folder, 'work');
  }

  #options() {
    return {
      home: this.home,
      cwd: this.work,
      env: { PATH: `${join(this.folder, 'bin')}:${process.env.PATH}`, USER: 'tester' },
    };
  }

  /** A line of bash, to its end. */
  run(line: string): Promise<Ran> {
    return bash(line, this.#options());
  }

  /** A line of bash on a terminal, where each question is answered. */
  async answer(line: string, answers: readonly (readonly [question: string, keys: string])[]): Promise<Ran> {
    const env = environment(this.#options());
    writeFileSync(join(this.folder, 'line.sh'), line);
    const child = spawn('script', ['-qfec', `bash ${join(this.folder, 'line.sh')}`, '/dev/null'], {
      cwd: this.work,
      env: { ...env, PATH: `${join(ROOT, 'bin')}:${env.PATH}` },
    });
    let seen = '';
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
    });
    const end = ended(child);
    let from = 0;
    for (const [question, keys] of answers) {
      from = await until(`${question} after: ${line}\n${seen}`, () => {
        const at = seen.indexOf(question, from);
        return at >= 0 && at + question.length;
      });
      child.stdin.write(keys);
    }
    const ran = await end;
    child.stdin.end();
    return ran;
  }
}

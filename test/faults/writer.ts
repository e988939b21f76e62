/**
 * A writer of the store in a process of its own, to be run many times at once and to be killed. What it does is its first
 * argument; it prints a line when it begins and one for each change that came back.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredConnector } from '../../src/domain/connector.ts';
import { homeAt } from '../../src/store/home.ts';
import { withLock } from '../../src/store/lock.ts';
import { Store } from '../../src/store/store.ts';

const [, , role, folder, id = '', count = '0'] = process.argv;
const store = new Store(homeAt(folder!));
const author = { user: 'writer', command: `writer ${role} ${id}` };
const say = (text: string) => process.stdout.write(`${text}\n`);

/** Sets one comment on every connector at once: all have it, or none. */
function setAll(comment: string): void {
  const transaction = store.begin();
  transaction.change((draft) => {
    for (const c of draft.document.connectors) draft.putConnector({ ...c, Comment: comment });
  });
  transaction.commit(author);
}

function appendTo(index: number, element: string): void {
  const transaction = store.begin();
  transaction.change((draft) => {
    const c = draft.document.connectors[index]!;
    const before = (c.TlsDomainCapabilities as string[] | undefined) ?? [];
    draft.putConnector({ ...c, TlsDomainCapabilities: [...before, element] });
  });
  transaction.commit(author);
}

function makeAndRemove(name: string, port: number): void {
  const Guid = process.getBuiltinModule('node:crypto').randomUUID();
  const made: StoredConnector = {
    Name: name,
    Guid,
    WhenCreated: '2024-01-01',
    WhenChanged: '2024-01-01',
    Bindings: [`127.0.0.1:${port}`],
  };
  const make = store.begin();
  make.change((draft) => draft.putConnector(made));
  make.commit(author);
  const remove = store.begin();
  remove.change((draft) => draft.removeConnector(Guid));
  remove.commit(author);
}

/** Holds the lock and finds out whether anybody alive holds it too. */
function holdAlone(): void {
  withLock(join(folder!, 'store.lock'), () => {
    const mine = join(folder!, `inside-${process.pid}`);
    mkdirSync(mine);
    for (const entry of readdirSync(folder!)) {
      const pid = Number(/^inside-(\d+)$/.exec(entry)?.[1] ?? process.pid);
      if (pid === process.pid) continue;
      if (isRunning(pid)) say(`VIOLATION: ${pid} is inside too`);
      else rmSync(join(folder!, entry), { recursive: true, force: true });
    }
    rmSync(mine, { recursive: true });
  });
}

function isRunning(pid: number): boolean {
  try {
    const stat = process.getBuiltinModule('node:fs').readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/\) [ZX] /.test(stat);
  } catch {
    return false;
  }
}

say('begun');
for (let i = 0; i < Number(count); i++) {
  if (role === 'all') setAll(`${id}.${i}`);
  else if (role === 'append') appendTo(Number(id) % 2, `w${id}-${i}.contoso.com:x`);
  else if (role === 'mixed') {
    appendTo(Number(id) % 2, `w${id}-${i}.contoso.com:x`);
    makeAndRemove(`C${id}-${i}`, 10_000 + Number(id) * 100 + i);
  } else if (role === 'first') store.read();
  else holdAlone();
  say(`done ${i}`);
}

/**
 * Imports point downwards only (docs/architecture.md), and the way of `rc get` loads nothing heavy at its start. Read from
 * the sources with the compiler's own eyes: `import type` costs nothing and loads nothing, but looks up all the same.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allCommands } from '../src/language/commands.ts';
import { kebab } from '../src/text/flag-name.ts';

const SRC = resolve(import.meta.dirname, '../src');

interface Import {
  readonly from: string;
  /** A file under src/, relative to it, or a package or built-in. */
  readonly to: string;
  readonly kind: 'static' | 'type' | 'lazy';
}

const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort();

/** Source without comments, so that an example in one is no import. Strings stay. */
function withoutComments(source: string): string {
  return source.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\/\*[\s\S]*?\*\/|(^|[\s;,{(])\/\/[^\n]*/g,
    (_, text, before) => text ?? before ?? '',
  );
}

function importsOf(file: string, source: string): Import[] {
  const code = withoutComments(source);
  const found: Import[] = [];
  const add = (to: string, kind: Import['kind']) =>
    found.push({ from: file, to: to.startsWith('.') ? relative(SRC, resolve(SRC, dirname(file), to)) : to, kind });
  for (const m of code.matchAll(/^[ \t]*(?:import|export)\s+(type\s)?([^'"();]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)) {
    const onlyTypes = m[1] !== undefined || (m[2] !== undefined && /^\{(?:\s*type\s[^,}]*,?)+\s*\}/.test(m[2].trim()));
    add(m[3]!, onlyTypes ? 'type' : 'static');
  }
  for (const m of code.matchAll(/(?<!typeof\s)\bimport\(\s*['"]([^'"]+)['"]\s*\)(\.\w+)?/g)) {
    // `import('x').T` in a type position is a type; `await import('x')` is a lazy load
    add(m[1]!, m[2] && /^\.[A-Z]/.test(m[2]) ? 'type' : 'lazy');
  }
  for (const m of code.matchAll(/\brequire\(\s*['"]([^'"]+)['"]\s*\)/g)) add(m[1]!, 'lazy');
  for (const m of code.matchAll(/\btypeof import\(\s*['"]([^'"]+)['"]\s*\)/g)) add(m[1]!, 'type');
  return found;
}

const IMPORTS = FILES.flatMap((file) => importsOf(file, readFileSync(join(SRC, file), 'utf8')));
const folderOf = (file: string) => file.split('/')[0]!;

/** What each folder may look at besides itself. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  text: [],
  domain: ['text'],
  store: ['text', 'domain'],
  certificates: ['text', 'domain', 'store'],
  control: ['text', 'domain', 'store'],
  records: ['text', 'domain', 'store', 'control'],
  messages: ['text', 'domain', 'store'],
  fleet: ['text', 'domain', 'store'],
  pipeline: ['text', 'domain', 'store'],
  print: ['text', 'domain', 'pipeline'],
  history: ['text', 'domain', 'store', 'pipeline', 'print'],
  transfer: ['text', 'domain', 'store', 'pipeline', 'print'],
  checks: ['text', 'domain', 'store', 'certificates', 'control'],
  cmdlets: [
    'text',
    'domain',
    'store',
    'certificates',
    'control',
    'records',
    'messages',
    'smtp',
    'pipeline',
    'print',
    'history',
    'transfer',
    'checks',
    'fleet',
  ],
  completion: ['text', 'domain', 'store', 'pipeline', 'print'],
  language: ['text', 'domain', 'store', 'control', 'pipeline', 'cmdlets', 'print', 'completion'],
  top: ['text', 'domain', 'store', 'control', 'pipeline', 'print'],
  smtp: ['text', 'domain'],
  listener: ['text', 'domain', 'store', 'certificates', 'control', 'records', 'messages', 'checks', 'smtp', 'fleet'],
  library: ['text', 'domain', 'store', 'fleet', 'messages', 'pipeline', 'cmdlets', 'print', 'listener'],
  cli: [
    'text',
    'domain',
    'store',
    'control',
    'pipeline',
    'cmdlets',
    'print',
    'history',
    'completion',
    'language',
    'transfer',
    'top',
    'fleet',
  ],
};

/**
 * The one look across: `rc serve`, and Test-ReceiveConnector through its host, load the listener's bundle when they run; one
 * file names its type.
 */
const EXCEPTIONS = [{ from: 'cli/listener-bundle.ts', to: 'listener/main.ts', kind: 'type' }];

test('the reader of imports sees what there is to see', () => {
  const source = `
    // import { no } from './comment.ts';
    import { a } from './a.ts'; import type { T } from '../store/t.ts';
    import { type X, type Y } from './types.ts';
    import { type X, y } from './mixed.ts';
    import 'side-effect';
    import {
      long,
      list,
    } from 'node:fs';
    export { z } from './z.ts';
    export * from './all.ts';
    const late = await import('yaml');
    const main = require('./x') as typeof import('./w.ts');
    const type: import('node:tls').SecureContext = require('node:net');
    const text = "https://not.a.comment"; import { q } from './q.ts';
  `.replaceAll('; import', ';\nimport');
  const seen = importsOf('domain/x.ts', source).map((i) => `${i.kind} ${i.to}`);
  expect(seen.sort()).toEqual(
    [
      'static domain/a.ts',
      'type store/t.ts',
      'type domain/types.ts',
      'static domain/mixed.ts',
      'static side-effect',
      'static node:fs',
      'static domain/z.ts',
      'static domain/all.ts',
      'lazy yaml',
      'type node:tls',
      'lazy node:net',
      'lazy domain/x',
      'type domain/w.ts',
      'static domain/q.ts',
    ].sort(),
  );
});

describe('imports point downwards', () => {
  test('every folder under src/ has its place', () => {
    expect([...new Set(FILES.filter((file) => file.includes('/')).map(folderOf))].sort()).toEqual(
      Object.keys(MAY).sort(),
    );
    expect(IMPORTS.length).toBeGreaterThan(200);
  });

  test('nobody looks up', () => {
    const wrong = IMPORTS.filter(({ from, to, kind }) => {
      if (!to.endsWith('.ts')) return false;
      const [own, other] = [folderOf(from), folderOf(to)];
      if (EXCEPTIONS.some((e) => e.from === from && e.to === to && e.kind === kind)) return false;
      return own !== other && !MAY[own]!.includes(other);
    });
    expect(wrong.map((i) => `${i.from} imports ${i.to}`)).toEqual([]);
  });

  test('what is imported is there, within src/', () => {
    const files = new Set(FILES);
    expect(
      IMPORTS.filter((i) => i.to.endsWith('.ts') && !files.has(i.to)).map((i) => `${i.from} imports ${i.to}`),
    ).toEqual([]);
  });

  test('the domain is pure: no files, sockets, clocks or processes', () => {
    const allowed = new Set(['ipaddr.js']);
    const outside = IMPORTS.filter((i) => folderOf(i.from) === 'domain' && !i.to.endsWith('.ts') && !allowed.has(i.to));
    expect(outside.map((i) => `${i.from} imports ${i.to}`)).toEqual([]);
  });

  /** Files that import one another, by whatever way, types and lazy loads included; each group in the order of its names. */
  function circles(): string[][] {
    const next = new Map(FILES.map((file) => [file, [] as string[]]));
    for (const { from, to } of IMPORTS) next.get(from)!.push(to);
    const order = new Map<string, number>();
    const lowest = new Map<string, number>();
    const open: string[] = [];
    const found: string[][] = [];
    // Tarjan's strongly connected components
    const visit = (file: string): number => {
      const own = order.size;
      order.set(file, own);
      let low = own;
      open.push(file);
      for (const to of next.get(file)!) {
        if (!next.has(to)) continue;
        if (!order.has(to)) low = Math.min(low, visit(to));
        else if (open.includes(to)) low = Math.min(low, order.get(to)!);
      }
      lowest.set(file, low);
      if (low !== own) return low;
      const group = open.splice(open.indexOf(file));
      if (group.length > 1) found.push(group.sort());
      return low;
    };
    for (const file of FILES) if (!order.has(file)) visit(file);
    return found;
  }

  test('no files import one another in a circle, types included', () => {
    expect(circles().map((group) => group.join(' '))).toEqual([]);
  });
});

describe('what is exported is imported', () => {
  const TESTS = resolve(import.meta.dirname);
  const sources = [
    ...FILES.map((file) => join(SRC, file)),
    ...readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|mjs)$/.test(file))
      .map((file) => join(TESTS, file)),
  ].map((path) => ({ path, code: withoutComments(readFileSync(path, 'utf8')) }));

  /** `file#name` of everything that somebody imports; `file#*` where a whole module is taken. */
  const taken = new Set<string>();
  const takenBySources = new Set<string>();
  for (const { path, code } of sources) {
    const take = (from: string, names: string) => {
      for (const given of names.split(',')) {
        const [name] = given
          .trim()
          .replace(/^type /, '')
          .split(/\s+as\s+|:/);
        const key = `${relative(SRC, resolve(dirname(path), from))}#${name}`;
        taken.add(key);
        if (path.startsWith(SRC)) takenBySources.add(key);
      }
    };
    for (const m of code.matchAll(/(?:import|export)\s+(?:type\s+)?\{([^}]*)\}\s*from\s*'(\.[^']+)'/g))
      take(m[2]!, m[1]!);
    for (const m of code.matchAll(/import\s+(?:type\s+)?\*\s+as\s+\w+\s+from\s*'(\.[^']+)'/g)) take(m[1]!, '*');
    for (const m of code.matchAll(
      /(?:\{([^{}]*)\}\s*=\s*)?(?:await\s+)?(?:typeof\s+)?import\(\s*'(\.[^']+)'\s*,?\s*\)(?:\)?\.(\w+))?/g,
    ))
      take(m[2]!, m[1] ?? m[3] ?? '*');
  }

  /** Whoever loads these is no TypeScript of ours: bin/ and the bundles. */
  const ENTRIES = new Set(['cli/entry.ts', 'listener/main.ts', 'listener/workers/entry.ts']);

  test('what a file exports, types included, is imported by another one, or by a test', () => {
    const alone = FILES.filter((file) => !ENTRIES.has(file)).flatMap((file) => {
      // What a text for others exports is not the file's own.
      const code = withoutComments(readFileSync(join(SRC, file), 'utf8')).replace(/`(?:[^`\\]|\\.)*`/g, '``');
      const names = [
        ...code.matchAll(/^export\s+(?:async\s+)?(?:const|function\*?|(?:abstract\s+)?class|type|interface)\s+(\w+)/gm),
      ].map((m) => m[1]!);
      return names
        .filter((name) => !taken.has(`${file}#${name}`) && !taken.has(`${file}#*`))
        .map((name) => `${file}: ${name}`);
    });
    expect(alone).toEqual([]);
  });

  test('nothing is kept alive by tests alone, except for a reason', () => {
    const allowed: Readonly<Record<string, string>> = {
      'control/listener-client.ts: listenerMetrics':
        'the other end of a route of the control socket that people ask with curl',
    };
    const alone = FILES.filter((file) => !ENTRIES.has(file)).flatMap((file) => {
      const code = withoutComments(readFileSync(join(SRC, file), 'utf8'));
      const names = [...code.matchAll(/^export\s+(?:async\s+)?(?:const|function\*?|(?:abstract\s+)?class)\s+(\w+)/gm)];
      return names
        .map((m) => m[1]!)
        .filter((name) => !takenBySources.has(`${file}#${name}`) && !takenBySources.has(`${file}#*`))
        .filter((name) => code.split(new RegExp(`\\b${name}\\b`)).length === 2)
        .map((name) => `${file}: ${name}`);
    });
    expect(alone).toEqual(Object.keys(allowed));
  });
});

describe('every cmdlet has a test that runs it and looks at what came of it', () => {
  const under = (folder: string, end: RegExp) => {
    const at = join(import.meta.dirname, folder);
    const files = readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((file) => end.test(file));
    return files.map((file) => ({ file: join(at, file), text: readFileSync(join(at, file), 'utf8') }));
  };

  /** Parts of tests, each with commands in it and with what is expected of them. */
  const PARTS = [
    // sections of transcripts in which something is printed
    ...under('cli/transcripts', /\.txt$/).flatMap(({ text }) =>
      text.split(/^(?=## )/m).filter((section) => section.split('\n').some((line) => /^(?!\$ |## |<)./.test(line))),
    ),
    // scripts whose output stands beside them
    ...under('language/scripts', /\.ps1$/)
      .filter(({ file }) => readFileSync(file.replace(/ps1$/, 'txt'), 'utf8').trim() !== '')
      .map(({ text }) => text),
    // what PowerShell made of it
    ...under('oracle/cases', /\.ndjson$/).flatMap(({ text }) =>
      text
        .split('\n')
        .filter((line) => line.includes('"pwsh":'))
        .map((line): string => JSON.parse(line).text),
    ),
    // tests with an expectation, each with the tables that it names
    ...under('.', /\.test\.ts$/)
      .filter(({ file }) => !/(?:architecture|help|complete|completion|manual)[^/]*$/.test(file))
      .flatMap(({ text }) => {
        const [head = '', ...tests] = text.split(/^(?=[ \t]*(?:test|it)(?:\.\w+)*\()/m);
        const tables = head.split(/^(?=const )/m).map((table) => ({ name: /^const (\w+)/.exec(table)?.[1], table }));
        return tests
          .filter((one) => one.includes('expect('))
          .map((one) =>
            [one, ...tables.filter(({ name }) => name && one.includes(name)).map((t) => t.table)].join('\n'),
          );
      }),
  ];

  test.each(allCommands().map((cmdlet) => [cmdlet.name, cmdlet] as const))('%s', (_, cmdlet) => {
    // as typed in a test: rc get …, rc('get'…), ['get', …], | Get-ReceiveConnector, ft …
    const words = [cmdlet.name, kebab(cmdlet.name), ...(cmdlet.short ? [cmdlet.short] : []), ...(cmdlet.aliases ?? [])];
    const escaped = words.map((word) => word.replace(/[?*%]/g, '\\$&'));
    const run = new RegExp(`(?:^|\\brc |[\\['"\`|;{(=]\\s*)(?:${escaped.join('|')})(?![\\w-])`, 'im');
    expect(PARTS.some((part) => run.test(part))).toBe(true);
  });
});

test('one file claims types that the compiler cannot follow: the one that adapts smtp-server', () => {
  const claims = FILES.filter((file) =>
    /\bas (?:unknown as|never\b|any\b)/.test(withoutComments(readFileSync(join(SRC, file), 'utf8'))),
  );
  expect(claims).toEqual(['listener/session/wire.ts']);
});

/** Files of more than 400 lines, and why each is one. */
const LONG: Readonly<Record<string, string>> = {
  'listener/session/session.ts': 'the protocol loop, whole, from the line that arrives to the reply that is written',
};

test('a file has at most 400 lines, and what may have more has a reason', () => {
  const long = FILES.filter((file) => readFileSync(join(SRC, file), 'utf8').split('\n').length > 401);
  expect(long).toEqual(Object.keys(LONG).sort());
});

describe('the way of rc get', () => {
  /** Packages and built-ins (or files of ours) that a file loads at its start, with the way that leads there. */
  function loadedAtStart(entry: string, ours = false): Map<string, string> {
    const inside = new Map<string, string>();
    const outside = new Map<string, string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (inside.has(file)) return;
      inside.set(file, [...path, file].join(' → '));
      for (const i of IMPORTS) {
        if (i.from !== file || i.kind !== 'static') continue;
        if (i.to.endsWith('.ts')) visit(i.to, [...path, file]);
        else if (!outside.has(i.to)) outside.set(i.to, [...path, file].join(' → '));
      }
    };
    visit(entry, []);
    return ours ? inside : outside;
  }

  /** What `rc get` and `rc set` load, what every other cmdlet loads, and what a script does. */
  const STARTS = ['cli/entry.ts', 'cmdlets/table.ts', 'cli/language.ts'];

  test.each(STARTS)('%s loads nothing heavy before it is needed', (start) => {
    const light = new Set(['ipaddr.js', 'lowdb', 'node:fs', 'node:path']);
    const heavy = [...loadedAtStart(start)].filter(([name]) => !light.has(name));
    expect(heavy.map(([name, way]) => `${name}: ${way}`)).toEqual([]);
  });

  test('loads neither the other cmdlets nor the language', () => {
    const before = [...loadedAtStart('cli/entry.ts', true)].filter(
      ([file]) =>
        file === 'cmdlets/table.ts' || /^(language|completion|cli\/completion|transfer|history|checks)\//.test(file),
    );
    expect(before.map(([file, way]) => `${file}: ${way}`)).toEqual([]);
  });

  test('modules export what stays what it is: other bundles take their values once', () => {
    const moving = /^export (?:let|var|\*)/m;
    expect(FILES.filter((file) => moving.test(readFileSync(join(SRC, file), 'utf8')))).toEqual([]);
  });

  test('never loads the listener', () => {
    for (const start of STARTS) expect([...loadedAtStart(start).keys()]).not.toContain('smtp-server');
    expect(IMPORTS.filter((i) => i.to === 'smtp-server' && folderOf(i.from) !== 'listener')).toEqual([]);
  });
});

test('everything that changes files does so through home-files, except for a reason', () => {
  const writes =
    /\b(?:appendFile|chmod|chown|copyFile|cp|createWriteStream|fchmod|fchown|ftruncate|lchown|link|mkdir|mkdtemp|rename|rm|rmdir|symlink|truncate|unlink|utimes|write|writeFile|writev)(?:Sync)?\b/;
  const allowed: Readonly<Record<string, string>> = {
    'cmdlets/messages/save-attachments.ts': 'files in the folder that a person names; none is written over',
    'language/cmdlets/files.ts': 'files of whoever writes the script, by the names he gives',
    'language/cmdlets/file-transfer.ts': 'copies and moves what whoever writes the script names: as files.ts',
    'language/cmdlets/transcripts.ts':
      'the folder of a transcript, and a read-only one that -Force writes: as files.ts',
    'language/runtime/transcript.ts': 'the transcript itself, by the name whoever writes the script gives',
    'store/home-files-later.ts': 'home-files for the listener',
    'store/files.ts': 'the calls that home-files is made of, handed in so that tests can fail them',
    'control/control-address.ts':
      'mkdtemp makes a folder of its own for a socket outside the home, and rmdir takes it away',
    'listener/service/notifier.ts': 'writes to a descriptor that systemd handed over',
    'cli/terminal.ts': 'writes to standard output and error',
    'cli/docs.ts': 'writes the documentation of a clone',
    'cli/temporary-home.ts': 'makes a temporary home of its own, and takes it away',
    'library/library.ts': 'makes a temporary home of its own, and takes it away',
  };
  const found = new Map<string, string[]>();
  for (const file of FILES) {
    const code = withoutComments(readFileSync(join(SRC, file), 'utf8'));
    for (const m of code.matchAll(/import\s+(\{[^}]*\}|\w+|\* as \w+)\s+from\s+'(?:node:)?fs(?:\/promises)?'/g)) {
      const names = m[1]!.startsWith('{') ? m[1]!.split(/[{},\s]+/).filter((name) => writes.test(name)) : ['all of it'];
      if (names.length) found.set(file, names);
    }
    const late =
      /(?:(\{[^}]*\})\s*=\s*)?(?:process\.getBuiltinModule|require|await import)\('(?:node:)?fs(?:\/promises)?'\)/g;
    for (const m of code.matchAll(late)) if (!m[1] || writes.test(m[1])) found.set(file, ['all of it']);
  }
  // What a person names (`Out-File F`) is written as a shell writes it, following what he may follow.
  expect([...found].filter(([file]) => !(file in allowed) && file !== 'cmdlets/objects/text-file.ts')).toEqual([]);
  expect(Object.keys(allowed).filter((file) => !found.has(file))).toEqual([]);
});

test('all that reaches into smtp-server stands in one file', () => {
  expect(
    [...new Set(IMPORTS.filter((i) => /^(smtp-server)/.test(i.to)).map((i) => i.from))].length,
  ).toBeLessThanOrEqual(1);
});

test('the page’s room knows the rest by what surroundings.ts names; open-page.ts joins them', () => {
  const joins = new Set(['listener/web/surroundings.ts', 'listener/web/open-page.ts']);
  const small = /^(?:domain|text|store|control|messages|listener\/http)\//;
  const out = IMPORTS.filter(
    ({ from, to }) => from.startsWith('listener/web/') && !joins.has(from) && to.endsWith('.ts') && !small.test(to),
  ).filter(({ to }) => !to.startsWith('listener/web/'));
  expect(out.map((i) => `${i.from} imports ${i.to}`)).toEqual([]);
});

/** How findings read on a terminal: replies over the wire and their marks, colours, and text from outside that would act on it. */
import { expect, test } from 'vitest';
import { PsObject } from '../../src/pipeline/value.ts';
import { formatDefault, formatOutput } from '../../src/print/output.ts';

const finding = (Step: string, Subject: string, Result: string, more: object = {}) =>
  new PsObject('ConnectorTestInFull', {
    Step,
    Subject,
    Result,
    Accepted: true,
    Why: '',
    Mend: [],
    Connector: 'In',
    From: '10.1.2.3',
    Local: '127.0.0.1:25',
    Delay: 0,
    Same: null,
    ...more,
  });

async function told(objects: readonly PsObject[], options: object = {}): Promise<string> {
  let text = '';
  for await (const piece of formatDefault(objects, { width: 60, ...options })) text += piece;
  return text;
}

test('in short: the verdict, then what refused it; a limit is no command', async () => {
  const short = (...about: Parameters<typeof finding>) => new PsObject('ConnectorTest', finding(...about).properties);
  const rows = [
    short('Select', 'In', 'takes the client'),
    short('Limit', 'MaxInboundConnectionPerSource', '1', { Accepted: false, Why: '10.1.2.3 alone: 1 open now' }),
    short('Connect', '', '421 4.3.2 Too many', {
      Accepted: false,
      Why: '10.1.2.3 has 1 connection to In.',
      Mend: ['rc set In'],
    }),
    short('Result', '', 'refused', { Accepted: false, Why: 'the connection is refused' }),
  ];
  expect(await told(rows, { width: 80 })).toBe(`10.1.2.3 to 127.0.0.1:25: refused by In: the connection is refused.
    S: 421 4.3.2 Too many
       10.1.2.3 has 1 connection to In.
       To change it:
           rc set In
`);
});

const WIRE = [
  finding('Live', '', '220 mail', { Same: true }),
  finding('Live', 'MAIL FROM:<>', '550 5.7.1 No\n550 \u001b[2Jever', {
    Accepted: false,
    Same: false,
    Why: 'The rehearsal says: 250 2.1.0 Sender OK. The listener acts by generation 3, the store is at 4.',
  }),
  finding('Result', '', 'refused', { Accepted: false, Why: 'MAIL FROM:<> is refused' }),
];

test('the wire is laid beside the rehearsal; nothing from it acts on the terminal', async () => {
  expect(await told(WIRE)).toBe(`
10.1.2.3 to 127.0.0.1:25

  Over the wire
    S: 220 mail   (as rehearsed)
    C: MAIL FROM:<>
    S: 550 5.7.1 No
    S: 550 \\u{1b}[2Jever   (NOT as rehearsed)
       The rehearsal says: 250 2.1.0 Sender OK. The listener
           acts by generation 3, the store is at 4.

  Refused: MAIL FROM:<> is refused.

`);
});

test('a refusal is red, a heading is not, and a command to type stays in one piece', async () => {
  const mend = `rc set In --permission-groups ${'AnonymousUsers,'.repeat(6)}Partners`;
  const text = await told([finding('MAIL', 'MAIL FROM:<>', '530 no', { Accepted: false, Delay: 5, Mend: [mend] })], {
    colour: true,
  });
  expect(text).toContain('\u001b[31;1mS: 530 no   (after 5 s)\u001b[0m\n');
  expect(text).toContain('\u001b[32;1mDialogue\u001b[0m\n');
  expect(text).toContain(`           ${mend}\n`);
});

test('each endpoint begins anew, and what was not granted is named once', async () => {
  const right = (name: string, Result: string, Why: string) =>
    finding('Right', `ms-Exch-${name}`, Result, { Accepted: null, Why });
  const one = [
    right('SMTP-Submit', 'granted', 'AnonymousUsers'),
    right('Bypass-Anti-Spam', 'not granted', ''),
    finding('Connect', '', '220 a'),
  ];
  const text = await told([
    ...one,
    ...one.map((o) => new PsObject(o.type, { ...o.properties, Local: '127.0.0.1:26' })),
  ]);
  expect(text.match(/without Bypass-Anti-Spam$/gm)).toHaveLength(2);
  expect(text.match(/^10\.1\.2\.3 to 127\.0\.0\.1:2\d$/gm)).toEqual([
    '10.1.2.3 to 127.0.0.1:25',
    '10.1.2.3 to 127.0.0.1:26',
  ]);
});

test('without --full the verdict of each binding stands first, under it only what was refused', async () => {
  const brief = (o: PsObject) => new PsObject('ConnectorTest', o.properties);
  const mend = 'rc set In --permission-groups AnonymousUsers';
  const rows = [
    finding('Select', 'In', 'takes the client'),
    finding('Limit', 'MaxInboundConnection', '5000', { Accepted: null }),
    finding('Connect', '', '220 mail'),
    finding('MAIL', 'MAIL FROM:<>', '530 5.7.1 No', { Accepted: false, Why: 'It may not.', Mend: [mend] }),
    finding('Result', '', 'refused', { Accepted: false, Why: 'MAIL FROM:<> is refused' }),
    finding('Select', 'In', 'takes the client', { Local: '127.0.0.1:26' }),
    finding('Result', '', 'accepted', { Local: '127.0.0.1:26', Why: 'the message is taken' }),
  ];
  expect(await told(rows.map(brief))).toBe(`10.1.2.3 to 127.0.0.1:25: refused by In: MAIL FROM:<> is
    refused.
    C: MAIL FROM:<>
    S: 530 5.7.1 No
       It may not.
       To change it:
           rc set In --permission-groups AnonymousUsers
10.1.2.3 to 127.0.0.1:26: accepted by In: the message is
    taken.
`);
});

test('a finding of rc doctor loses neither its problem nor its mend at 60 columns', async () => {
  const text = await told([
    new PsObject('DoctorFinding', {
      Severity: 'Error',
      Check: 'OpenRelay',
      Subject: 'Relay',
      Problem: 'relays for anybody in 0.0.0.0-255.255.255.255 without logon: an open relay',
      Mend: ['rc set Relay --remote-ip-ranges ADDRESSES-OF-YOUR-DEVICES-AND-NO-OTHERS', 'rc remove Relay'],
    }),
  ]);
  expect(text).toBe(`Error  OpenRelay: Relay
    relays for anybody in 0.0.0.0-255.255.255.255 without
        logon: an open relay
    To change it, one of:
        rc set Relay --remote-ip-ranges ADDRESSES-OF-YOUR-DEVICES-AND-NO-OTHERS
        rc remove Relay

`);
});

test('asked for, it is a table or a list like any other', async () => {
  for (const [format, head] of [
    ['table', /^\nStep +Subject +Result +Accepted +Why/],
    ['list', /^\nStep +: Live\nSubject +:/],
  ] as const) {
    let text = '';
    for await (const piece of formatOutput(WIRE, format, { width: 100 })) text += piece;
    expect(text).toMatch(head);
  }
});

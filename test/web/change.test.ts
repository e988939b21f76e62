/** From what a browser sends to the arguments of rc, and from what rc said to what the page shows. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseArguments } from '../../src/cli/argv.ts';
import { setReceiveConnector } from '../../src/cmdlets/connectors/set-receive-connector.ts';
import { SETTING_NAMES, SETTINGS } from '../../src/domain/settings.ts';
import { BadRequest } from '../../src/listener/http/request-body.ts';
import { answerOf, readChange, setArguments } from '../../src/listener/web/change.ts';
import { commandOf, Given, whyOf } from '../../src/listener/web/commands.ts';
import { topicsOf } from '../../src/listener/web/fields.ts';
import { connector, SITE } from '../domain/connectors.ts';
import { until } from '../support/until.ts';
import { PageStage } from './page-stage.ts';

const GUID = '00000000-0000-4000-8000-0000000000aa';
const asked = (edits: Record<string, string>, Name = 'Default EX') =>
  setArguments({ Name, Guid: GUID }, readChange({ guid: GUID, edits, seen: {} }));

describe('arguments', () => {
  test('flags as a person types them', () => {
    expect(asked({ MaxInboundConnectionPerSource: '100' })).toEqual([
      'set',
      'Default EX',
      '--max-inbound-connection-per-source',
      '100',
    ]);
    expect(asked({ Comment: '--force', Banner: '' })).toEqual(['set', 'Default EX', '--comment=--force', '--banner=']);
    expect(asked({ RemoteIPRanges: '10.0.0.1\n 10.0.0.2,10.0.0.3\n' })).toEqual([
      'set',
      'Default EX',
      '--remote-ip-ranges',
      '10.0.0.1,10.0.0.2,10.0.0.3',
    ]);
  });

  test.each(['-x', '-', 'a,b', '{x}', "it's", GUID])('a connector named %s is named by its GUID', (name) => {
    expect(asked({ MaxHopCount: '5' }, name)[1]).toBe(GUID);
  });

  test('whatever stands in a field, rc reads it as the value of that setting and nothing else', () => {
    const scalar = SETTING_NAMES.filter((name) => SETTINGS[name].kind.name !== 'list');
    fc.assert(
      fc.property(fc.constantFrom(...scalar), fc.string({ unit: 'grapheme', maxLength: 30 }), (name, value) => {
        fc.pre(!value.includes('\0'));
        const [, ...argv] = asked({ [name]: value });
        const { named, positional } = parseArguments(setReceiveConnector, [...argv, '--what-if'], {});
        expect(positional).toEqual(['Default EX']);
        expect(named.map(([parameter, given]) => [parameter.name, given])).toEqual([
          [name, value.trim()],
          ['WhatIf', true],
        ]);
      }),
      {
        examples: [
          ['Comment', 'Until Monday,'],
          ['Comment', 'a , '],
        ],
      },
    );
  });
});

describe('other commands', () => {
  const given = (body: object) => new Given(body as Record<string, unknown>, () => ({ Name: 'Relay', Guid: GUID }));
  const asked = (body: object) => commandOf(given(body));

  test.each([
    [
      {
        command: 'new-connector',
        Name: '-x',
        Usage: 'Custom',
        Bindings: '127.0.0.1:1\n[::1]:1',
        RemoteIPRanges: '10.0.0.1',
      },
      ['new', '--name=-x', '--usage', 'Custom', '--bindings', '127.0.0.1:1,[::1]:1', '--remote-ip-ranges', '10.0.0.1'],
    ],
    [{ command: 'copy-connector', guid: GUID, Name: 'B' }, ['copy', 'Relay', '--name', 'B']],
    [{ command: 'remove-connector', guid: GUID }, ['remove', 'Relay']],
    [
      { command: 'keep', guid: GUID, setting: 'Overrides', RemoteIPRanges: '10.1.2.3' },
      ['keep', 'Relay', '--remote-ip-ranges', '10.1.2.3'],
    ],
    [
      {
        command: 'new-override',
        guid: GUID,
        RemoteIPRanges: '10.1.2.3\n10.1.3.0/24',
        MaxInboundConnectionPerSource: 'Unlimited',
        MessageRateLimit: '',
        For: '2h',
        Comment: '-x',
      },
      [
        'new-override',
        'Relay',
        '--remote-ip-ranges',
        '10.1.2.3,10.1.3.0/24',
        '--max-inbound-connection-per-source',
        'Unlimited',
        '--for',
        '2h',
        '--comment=-x',
      ],
    ],
    [
      { command: 'remove-override', guid: GUID, RemoteIPRanges: '10.1.2.3' },
      ['remove-override', 'Relay', '--remote-ip-ranges', '10.1.2.3'],
    ],
    [{ command: 'keep', guid: GUID, setting: 'MaxHopCount' }, ['keep', 'Relay', '--setting', 'MaxHopCount']],
    [
      { command: 'extend', guid: GUID, setting: 'MaxHopCount', For: '1h' },
      ['extend', 'Relay', '--setting', 'MaxHopCount', '--for', '1h'],
    ],
    [
      { command: 'add-right', guid: GUID, User: 'bob', ExtendedRights: 'ms-Exch-SMTP-Submit', deny: true },
      ['add-ad-permission', 'Relay', '--user', 'bob', '--extended-rights', 'ms-Exch-SMTP-Submit', '--deny'],
    ],
    [{ command: 'enable-user', Name: 'a*', guid: GUID, enabled: false }, ['set-smtp-user', GUID, '--enabled', 'false']],
    [
      { command: 'new-domain', DomainName: '*.contoso.com' },
      ['new-accepted-domain', '--name', '*.contoso.com', '--domain-name', '*.contoso.com'],
    ],
    [
      { command: 'set-domain', Name: 'x', guid: GUID, DomainType: 'ExternalRelay', makeDefault: true },
      ['set-accepted-domain', 'x', '--domain-type', 'ExternalRelay', '--make-default', 'true'],
    ],
  ])('%j', (body, argv) => {
    expect(asked(body).argv).toEqual(argv);
  });

  test('a password goes to standard input and nowhere else', () => {
    const { argv, input } = asked({ command: 'new-user', Name: 'bob', password: 's3 cret' });
    expect([argv, input]).toEqual([['new-smtp-user', '--name', 'bob', '--password-stdin'], 's3 cret\n']);
  });

  test.each([
    {},
    { command: 'constructor' },
    { command: 'serve' },
    { command: 'new-connector' },
    { command: 'new-connector', Name: 7 },
    { command: 'new-connector', Name: 'a\0b' },
    { command: 'new-user', Name: 'bob', password: 'a\nb' },
    { command: 'new-user', Name: 'bob' },
    { command: 'remove-user', Name: 'bob', guid: '--all' },
  ])('%j is no command', (body) => {
    expect(() => asked(body)).toThrow(BadRequest);
  });

  test('why', () => {
    expect(whyOf(given({ From: '10.1.2.3', RcptTo: 'a@x.org\nb@x.org', Tls: true })).argv).toEqual([
      'why',
      '--full',
      '--from',
      '10.1.2.3',
      '--rcpt-to',
      'a@x.org,b@x.org',
      '--tls',
      '--output',
      'json',
    ]);
  });
});

describe('answers', () => {
  const said = (stderr: string, code: number | null = 1) => answerOf(['set', 'x'], { code, stdout: '', stderr });

  test('one value that cannot be stands at its field, without the flag', () => {
    expect(
      said(
        'Set-ReceiveConnector: MaxHopCount: "x" is not a number; allowed: a whole number from 1 to 500. For example: --max-hop-count 10\n',
      ),
    ).toMatchObject({
      done: false,
      command: 'rc set x',
      fields: { MaxHopCount: '"x" is not a number; allowed: a whole number from 1 to 500. For example: 10' },
      problems: [],
    });
  });

  test('several, and rules between settings', () => {
    const answer = said(`Set-ReceiveConnector: 2 values cannot be:
  MaxMessageSize: "3" is out of range; allowed: a size.
  "Default VM": ConnectionTimeout: 00:00:01 must be greater than ConnectionInactivityTimeout (00:05:00); to lower both: --connection-timeout 00:05:00 --connection-inactivity-timeout 00:01:00
WARNING: something
`);
    expect(answer.fields).toEqual({
      MaxMessageSize: '"3" is out of range; allowed: a size.',
      ConnectionTimeout:
        '00:00:01 must be greater than ConnectionInactivityTimeout (00:05:00); to lower both: --connection-timeout 00:05:00 --connection-inactivity-timeout 00:01:00',
    });
    expect(answer.warnings).toEqual(['something']);
    expect(answer.problems).toEqual([]);
  });

  test('what rc tells of the change besides is no problem; of an undo it is what would happen', () => {
    const stderr = 'What if: Undoing.\n  Default EX  MaxHopCount  60 → 30\n  Relay  new\n';
    expect(said(stderr, 0)).toMatchObject({ done: true, whatIf: ['What if: Undoing.'], problems: [] });
    const undone = answerOf(['undo', '7'], { code: 0, stdout: '', stderr });
    expect(undone.whatIf).toEqual(['What if: Undoing.', 'Default EX  MaxHopCount  60 → 30', 'Relay  new']);
  });

  test('what belongs to no field is told all the same', () => {
    expect(said('rc: "A" and "B" both listen on 127.0.0.1:25 with the same remote range\n').problems).toHaveLength(1);
    expect(said('').problems).toEqual(['rc failed without saying why.']);
    expect(said('', null).problems[0]).toMatch(/did not end in time/);
    expect(said('What if: Setting Receive connector "EX\\x".\n', 0)).toMatchObject({
      done: true,
      whatIf: ['What if: Setting Receive connector "EX\\x".'],
    });
  });
});

test('every setting is on the page, once, with the values its kind knows', () => {
  const fields = topicsOf(connector(), SITE).flatMap((topic) => topic.fields);
  expect(fields.map((field) => field.name).sort()).toEqual([...SETTING_NAMES].sort());
  expect(topicsOf(connector(), SITE)[0]!.heading).toBe('Limits on connections');
  for (const { name, value } of fields) expect(() => SETTINGS[name].kind.parse(value), name).not.toThrow();
});

describe('making a change', () => {
  let stage: PageStage;
  let me: Record<string, string>;
  beforeEach(async () => {
    stage = await PageStage.open({ connectors: [connector({ Name: 'Default EX' })] });
    me = await stage.signIn();
  });
  afterEach(() => stage.close());
  const change = async (more: object) => {
    const body = {
      guid: stage.connectors[0]!.guid,
      edits: { MaxHopCount: '70' },
      seen: { MaxHopCount: '60' },
      ...more,
    };
    const { status, text } = await stage.ask('/change', { headers: me, body });
    return { status, ...JSON.parse(text) };
  };

  test('what-if unless it is confirmed, and the history hears where it came from', async () => {
    expect(await change({})).toMatchObject({
      status: 200,
      done: true,
      command: "rc set 'Default EX' --max-hop-count 70",
    });
    await change({ confirmed: 'yes' });
    await change({ confirmed: true });
    expect(stage.ran.map(({ argv }) => argv.at(-1))).toEqual(['--what-if', '--what-if', '--wait']);
    expect(stage.ran[0]).toMatchObject({ via: 'the page, 127.0.0.1' });
  });

  test('a value that somebody else changed in the meantime is shown, not overwritten', async () => {
    stage.connectors[0]!.now = connector({ Name: 'Default EX', Guid: stage.connectors[0]!.guid, MaxHopCount: 99 });
    expect(await change({ confirmed: true })).toMatchObject({
      done: false,
      changed: { MaxHopCount: '99' },
    });
    expect(stage.ran).toEqual([]);
    expect(await change({ confirmed: true, seen: { MaxHopCount: '99' } })).toMatchObject({ status: 200, done: true });
  });

  test('others who changed the store while rc ran are told of', async () => {
    stage.answer = async () => {
      stage.state = { ...stage.state, applied: 3 };
      return { code: 0, stdout: '', stderr: '' };
    };
    expect(await change({ confirmed: true })).toMatchObject({ done: true, generation: 3, others: true });
  });

  test('one after the other, and not more than a few wait', async () => {
    let running = 0;
    let most = 0;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    stage.answer = async () => {
      most = Math.max(most, ++running);
      await held;
      running--;
      return { code: 0, stdout: '', stderr: '' };
    };
    const body = { guid: stage.connectors[0]!.guid, edits: { MaxHopCount: '70' }, seen: {} };
    let refused = 0;
    const all = Array.from({ length: 12 }, async () => {
      const { status } = await stage.ask('/change', { headers: me, body });
      if (status === 503) refused++;
      return status;
    });
    await until('four are refused', () => refused === 4);
    release();
    expect((await Promise.all(all)).filter((status) => status === 200)).toHaveLength(8);
    expect(most).toBe(1);
  });

  test('undo: its arguments, forced only when asked', async () => {
    await stage.ask('/undo', { headers: me, body: { generation: 7 } });
    await stage.ask('/undo', { headers: me, body: { generation: 7, force: true, confirmed: true } });
    expect(stage.ran.map(({ argv }) => argv)).toEqual([
      ['undo', '7', '--what-if'],
      ['undo', '7', '--force', '--wait'],
    ]);
  });

  test('a removal asks in its what-if only, and an answer that is a list is what doctor found', async () => {
    const body = { command: 'remove-connector', guid: stage.connectors[0]!.guid };
    await stage.ask('/do', { headers: me, body });
    await stage.ask('/do', { headers: me, body: { ...body, confirmed: true } });
    expect(stage.ran.map(({ argv }) => argv)).toEqual([
      ['remove', 'Default EX', '--what-if'],
      ['remove', 'Default EX', '--confirm=false', '--wait'],
    ]);
    stage.answer = { code: 1, stdout: '[{"Severity":"Error"}]', stderr: '' };
    expect(JSON.parse((await stage.ask('/findings', { headers: me })).text)).toEqual({
      findings: [{ Severity: 'Error' }],
    });
    expect((await stage.ask('/users', { headers: me })).status).toBe(500);
  });

  test('the history is asked once a generation', async () => {
    stage.answer = { code: 0, stdout: '[{"Generation":1}]', stderr: '' };
    for (let i = 0; i < 3; i++)
      expect(JSON.parse((await stage.ask('/history', { headers: me })).text)).toEqual({ entries: [{ Generation: 1 }] });
    expect(stage.ran).toHaveLength(1);
    stage.state = { ...stage.state, applied: 2 };
    await stage.ask('/history', { headers: me });
    expect(stage.ran).toHaveLength(2);
    expect(stage.ran[0]!.argv).toEqual(['history', '--last', '200', '--output', 'json']);
  });

  test('events of the log, and what is said when rc cannot tell', async () => {
    stage.answer = { code: 0, stdout: '[{"Id":1021}]', stderr: '' };
    const asked = await Promise.all([1, 2, 3].map(() => stage.ask('/events', { headers: me })));
    for (const { text } of asked) expect(JSON.parse(text)).toEqual({ events: [{ Id: 1021 }] });
    expect(stage.ran.map(({ argv }) => argv)).toEqual([['get-event', '--newest', '500', '--output', 'json']]);
    stage.answer = { code: 1, stdout: '', stderr: 'rc: no\n' };
    expect(await stage.ask('/history', { headers: me })).toMatchObject({ status: 500, text: 'rc: no\n' });
  });
});

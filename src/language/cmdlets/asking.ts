/** Read-Host, Write-Information, Write-Progress, Out-GridView, Get-Unique. */
import { formatTable } from '../../cmdlets/objects/format-object.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { SecureString } from '../../pipeline/secure-string.ts';
import { sortOrder } from '../../pipeline/sort-order.ts';
import { elementsOf, printed, type Value } from '../../pipeline/value.ts';
import { Credential, newCredential } from '../runtime/credential.ts';
import { answerTo } from '../runtime/line-of-input.ts';
import { takenParameters } from './taken-parameters.ts';

export const readHost = defineCmdlet({
  name: 'Read-Host',
  group: 'language',
  summary: 'Ask the person for a line',
  description: 'On the terminal; without one it reads the next line of standard input.',
  parameters: [
    { name: 'Prompt', type: 'value', position: 0, rest: true, help: 'The question; a colon is put behind it.' },
    { name: 'AsSecureString', type: 'switch', help: 'Not shown while it is typed, nor when it is printed.' },
    { name: 'MaskInput', type: 'switch', help: 'Not shown while it is typed.' },
  ],
  examples: [
    {
      command: 'rc -c \'$ip = Read-Host "Address of the scanner"; $ip\'',
      language: '$ip = Read-Host "Address of the scanner"',
      does: 'Asks for a text.',
    },
  ],
  async *run({ arguments: args, context }) {
    const prompt = args.Prompt === undefined ? '' : `${printed(args.Prompt)}: `;
    const secret = args.AsSecureString || args.MaskInput;
    const nobody = `Read-Host has nobody to ask${prompt && ` "${prompt.trim()}"`}`;
    const answer = await answerTo(context.host.ask(prompt, { secret }), nobody);
    yield args.AsSecureString ? new SecureString(answer) : answer;
  },
});

export const getCredential = defineCmdlet({
  name: 'Get-Credential',
  group: 'language',
  summary: 'Ask the person for a user and the password',
  description:
    'On the terminal; without one they are the next lines of standard input. The password is not shown, and no output shows it.',
  parameters: [
    {
      name: 'Credential',
      type: 'value',
      position: 0,
      placeholder: 'NAME',
      help: 'The user, whose password alone is asked for; a credential is given back as it is.',
    },
    { name: 'UserName', type: 'string', help: 'The user, whose password alone is asked for.' },
    { name: 'Message', type: 'string', help: 'What the password is for.' },
    { name: 'Title', type: 'string', help: 'What is said above it.' },
  ],
  examples: [
    {
      command: "rc -c '$c = Get-Credential; $c.UserName'",
      language: '$c = Get-Credential; Send-MailMessage -Credential $c -From sue@contoso.com -To bob@contoso.com',
      does: 'Asks for both.',
    },
  ],
  async *run({ arguments: args, context }) {
    const { Credential: given, UserName, Message = 'Enter your credentials.', Title = 'Credential request' } = args;
    if (given instanceof Credential) return yield given;
    context.host.writeHost(`${Title}\n${Message}`);
    const asked = async (question: string, secret: boolean) =>
      answerTo(context.host.ask(question, { secret }), `Get-Credential has nobody to ask "${question.trim()}"`);
    const user = given === undefined ? (UserName ?? (await asked('User: ', false))) : printed(given);
    yield newCredential([user, new SecureString(await asked(`Password for user ${user}: `, true))]);
  },
});

export const writeInformation = defineCmdlet({
  name: 'Write-Information',
  group: 'language',
  summary: 'Say something when -InformationAction Continue was given',
  parameters: [
    { name: 'MessageData', aliases: ['Message', 'Msg'], type: 'value', position: 0, help: 'What to say.' },
    { name: 'Tags', type: 'strings', position: 1, placeholder: 'TAG[,…]', help: 'What its record is marked with.' },
  ],
  examples: [
    {
      command: "rc -c 'Write-Information done -InformationAction Continue'",
      language: 'Write-Information "done" -InformationAction Continue',
      does: 'Says done.',
    },
  ],
  // biome-ignore lint/correctness/useYield: it gives nothing
  async *run({ arguments: args, context }) {
    context.inform(args.MessageData ?? null, args.Tags ?? []);
  },
});

export const writeProgress = defineCmdlet({
  name: 'Write-Progress',
  group: 'language',
  hidden: true,
  summary: 'Taken: no bar is drawn',
  parameters: takenParameters(
    'Activity:0 Status:1 Id:2 PercentComplete SecondsRemaining CurrentOperation ParentId Completed! SourceId',
  ),
  examples: [{ command: "rc -c 'Write-Progress work'", language: 'Write-Progress work', does: 'Nothing.' }],
  async *run() {},
});

export const outGridView = defineCmdlet({
  name: 'Out-GridView',
  aliases: ['ogv'],
  group: 'language',
  summary: 'Print a table, as there is no window to show it in',
  input: 'needed',
  parameters: [
    { name: 'Title', type: 'string', help: 'Taken.' },
    { name: 'PassThru', type: 'switch', help: 'Nothing can be chosen, so nothing is passed on.' },
    {
      name: 'OutputMode',
      type: 'string',
      values: ['None', 'Single', 'Multiple'],
      placeholder: 'MODE',
      help: 'Nothing can be chosen, so nothing is passed on.',
    },
    { name: 'Wait', type: 'switch', help: 'Taken.' },
  ],
  examples: [
    {
      command: "rc -c 'Get-ReceiveConnector | Out-GridView'",
      language: 'Get-ReceiveConnector | Out-GridView',
      does: 'Prints the table.',
    },
  ],
  async *run(call) {
    call.context.warn('There is no window here: Out-GridView prints a table, and nothing can be chosen in it.');
    yield* formatTable.run(call);
  },
});

export const getUnique = defineCmdlet({
  name: 'Get-Unique',
  aliases: ['gu'],
  group: 'language',
  summary: 'Leave out what is equal to the one before it',
  input: 'optional',
  parameters: [
    { name: 'InputObject', type: 'value', pipeline: true, placeholder: 'VALUE', help: 'The sorted values.' },
    { name: 'AsString', type: 'switch', help: 'Compares as text.' },
    { name: 'CaseInsensitive', type: 'switch', help: 'Upper and lower case are the same.' },
  ],
  examples: [
    {
      command: "rc -c '1,1,2 | Get-Unique'",
      language: '$list | Sort-Object | Get-Unique',
      does: 'Gives each value once.',
    },
  ],
  async *run({ arguments: args, input }) {
    const values = args.InputObject === undefined ? input : elementsOf(args.InputObject);
    let before: Value | undefined;
    const isSame = (one: Value, other: Value) =>
      sortOrder(args.AsString ? printed(one) : one, args.AsString ? printed(other) : other, !args.CaseInsensitive) ===
      0;
    for await (const value of values ?? []) {
      // the one before decides how the next is read
      if (before === undefined || !isSame(value as Value, before)) yield value as Value;
      before = value as Value;
    }
  },
});

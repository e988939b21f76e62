/** What to write instead of things that scripts for the Exchange Management Shell have and this language has not. */

const OF_COMMANDS: Readonly<Record<string, string>> = {
  ...named(
    ['new-sendconnector', 'set-sendconnector', 'remove-sendconnector'],
    'Mail is handed on by Set-TransportService -DeliveryMethod Relay -SmartHost HOST:PORT, and by no other connector.',
  ),
  ...named(
    ['add-ipblocklistentry', 'add-ipallowlistentry', 'remove-ipblocklistentry', 'remove-ipallowlistentry'],
    "Who may connect is the RemoteIPRanges of a connector: Set-ReceiveConnector NAME -RemoteIPRanges @{Add='…'}.",
  ),
  ...named(
    ['retry-queue', 'suspend-queue', 'resume-queue', 'remove-message', 'suspend-message', 'resume-message'],
    'Nothing is queued: a message is delivered or handed on while the client waits.',
  ),
  ...named(
    ['serve', 'top', 'init', 'shell', 'web'],
    'It is a command of rc that is typed at the shell, not in this language: rc help.',
  ),
  'set-eventloglevel':
    'The listener logs all of its events: Get-ReceiveConnectorEvent; for the protocol: Set-ReceiveConnector NAME -ProtocolLoggingLevel Verbose.',
  'invoke-command': 'The cmdlets run here, on this store: write what is in its script block.',
  'send-mailmessage': 'Nothing is sent from a script; write a report with Out-File and send it with a mail program.',
  'start-job': 'The commands run one after the other: write what is in its script block.',
  'add-type': 'No .NET code can be added.',
  'invoke-webrequest': 'Nothing reaches the network from a script.',
  'invoke-restmethod': 'Nothing reaches the network from a script.',
  'start-process': 'No programs are started from a script.',
  'test-connection': 'Nothing reaches the network from a script; rc test-receive-connector tries a connector.',
  'get-wmiobject': 'There is no WMI here.',
  'get-ciminstance': 'There is no WMI here.',
  hostname: 'Write $env:COMPUTERNAME.',
};

function named(names: readonly string[], instead: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, instead]));
}

/** A sentence that says what to write instead of this command; `undefined` when there is none to say. */
export function insteadOfCommand(name: string): string | undefined {
  const lower = name.toLowerCase();
  return Object.hasOwn(OF_COMMANDS, lower) ? OF_COMMANDS[lower] : undefined;
}

/** The same for a type. */
export function insteadOfType(type: string): string {
  const lower = type.toLowerCase().replace(/^system\./, '');
  if (/^(?:io|net|diagnostics|reflection|xml|windows|web|directoryservices)\b/.test(lower))
    return 'Nothing reaches files, programs or the network except through cmdlets.';
  return 'See docs/language.md for the types there are.';
}

/** What to write instead of things that scripts for the Exchange Management Shell have and this language has not. */

const OF_COMMANDS: Readonly<Record<string, string>> = {
  'new-object': 'Write [pscustomobject]@{ Name = … }.',
  'add-member': 'Write select *, @{n=…;e={…}}.',
  'select-string': "Write where { $_ -match '…' }.",
  'out-gridview': 'Write Format-Table.',
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
  'set-eventloglevel':
    'The listener logs all of its events: Get-ReceiveConnectorEvent; for the protocol: Set-ReceiveConnector NAME -ProtocolLoggingLevel Verbose.',
};

const OF_MEMBERS: Readonly<Record<string, string>> = {
  'string::join': "Write $list -join ', '.",
  'string::format': "Write '{0}' -f $x.",
  'string::isnullorempty': 'Write -not $x.',
  'string::isnullorwhitespace': 'Write -not "$x".Trim().',
  'math::round': "Write '{0:N2}' -f $x, or [int]$x for a whole number.",
  'datetime::now': 'Write (Get-Date).',
  'environment::machinename': 'Write $env:COMPUTERNAME.',
};

function named(names: readonly string[], instead: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, instead]));
}

/** A sentence that says what to write instead of this command; `undefined` when there is none to say. */
export function insteadOfCommand(name: string): string | undefined {
  const lower = name.toLowerCase();
  return Object.hasOwn(OF_COMMANDS, lower) ? OF_COMMANDS[lower] : undefined;
}

/** The same for a static member, `[string]::Join`. */
export function insteadOfStatic(type: string, member: string): string {
  const lower = `${type.replace(/^system\./i, '')}::${member}`.toLowerCase();
  return (Object.hasOwn(OF_MEMBERS, lower) && OF_MEMBERS[lower]) || 'Static members of .NET types cannot be used.';
}

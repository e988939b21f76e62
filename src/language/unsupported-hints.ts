/** What to write instead of things that scripts for the Exchange Management Shell have and this language has not. */

const OF_COMMANDS: Readonly<Record<string, string>> = {
  'new-object': 'Write [pscustomobject]@{ Name = … }.',
  'add-member': 'Write select *, @{n=…;e={…}}.',
  'select-string': "Write where { $_ -match '…' }.",
  'out-gridview': 'Write Format-Table.',
  'get-exchangeserver': 'There is one server in a store: Get-TransportService.',
  'get-exchangecertificate': "Certificates are files in the home's folder certificates; rc doctor looks after them.",
  'enable-exchangecertificate': 'Write Set-ReceiveConnector NAME -TlsCertificateName "<I>…<S>…".',
  ...named(
    ['import-module', 'add-pssnapin', 'connect-exchangeserver', 'set-executionpolicy'],
    'The cmdlets are there without it; leave the line out.',
  ),
  ...named(
    ['restart-service', 'start-service', 'stop-service', 'get-service'],
    'A running listener obeys at once, nothing is restarted; see Get-Listener.',
  ),
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

import { byName } from '../text/by-name.ts';
import { insteadOfChanging } from './exchange-elsewhere.ts';

/** What to write instead of things that scripts for the Exchange Management Shell have and this language has not. */

const OF_COMMANDS = byName({
  'new-sendconnector set-sendconnector remove-sendconnector':
    'Mail is handed on by Set-TransportService -DeliveryMethod Relay -SmartHost HOST:PORT, and by no other connector.',
  'add-ipblocklistentry add-ipallowlistentry remove-ipblocklistentry remove-ipallowlistentry':
    "Who may connect is the RemoteIPRanges of a connector: Set-ReceiveConnector NAME -RemoteIPRanges @{Add='…'}.",
  'retry-queue suspend-queue resume-queue remove-message suspend-message resume-message':
    'Nothing is queued: a message is delivered or handed on while the client waits.',
  'serve top init shell web': 'It is a command of rc that is typed at the shell, not in this language: rc help.',
  'set-eventloglevel':
    'The listener logs all of its events: Get-ReceiveConnectorEvent; for the protocol: Set-ReceiveConnector NAME -ProtocolLoggingLevel Verbose.',
  'invoke-command icm': 'The cmdlets run here, on this store: write & { … }.',
  'import-pfxcertificate': 'Write Import-ExchangeCertificate -FileName mail.pfx -Password $password.',
  'new-selfsignedcertificate':
    'Write New-ExchangeCertificate -SubjectName CN=mail.contoso.com -DomainName mail.contoso.com.',
  'new-temporaryfile': 'Name a file: New-Item (Join-Path $env:TEMP name.tmp).',
  'exsetup.exe': 'The version is (Get-ExchangeServer).AdminDisplayVersion; that of rc itself: rc --version.',
  'start-job': 'The commands run one after the other: write what is in its script block.',
  'add-type': 'No .NET code can be added.',
  'invoke-webrequest invoke-restmethod iwr irm curl wget': 'Nothing reaches the network from a script.',
  'start-process saps': 'No programs are started from a script.',
  'get-wmiobject gwmi get-ciminstance gcim invoke-cimmethod': 'There is no WMI here.',
  'new-psdrive': 'Write the folder; a drive is what $RC_DRIVE_C names.',
  'register-scheduledtask': 'Write a systemd timer or a line of crontab that runs rc -f script.ps1.',
  'write-eventlog': 'Write Add-Content to a file, or Write-Warning; events of the listener: Get-ReceiveConnectorEvent.',
  'set-location cd chdir sl push-location pushd pop-location popd':
    'Write the whole path, or change the folder before rc is started; Join-Path puts paths together.',
  'get-process stop-process wait-process': 'Nothing of other programs is known here; Get-Listener shows the listener.',
  'start-threadjob wait-job receive-job get-job remove-job': 'The commands run one after the other: write them so.',
  'enter-pssession exit-pssession': 'The cmdlets run here, on this store: leave it out.',
  'test-connection test-netconnection resolve-dnsname':
    'Nothing reaches the network from a script; rc test-receive-connector tries a connector.',
  'get-itemproperty get-itempropertyvalue set-itemproperty new-itemproperty get-psdrive get-psprovider':
    'There are files only: Get-Item, Get-Content.',
  'compress-archive expand-archive get-filehash': 'Do it with a program of the shell around rc.',
  'set-psbreakpoint wait-debugger trace-command': 'There is no debugger: Write-Debug, and -Debug.',
  'update-typedata update-formatdata format-custom':
    'Choose properties with Select-Object, and lay them out with Format-Table or Format-List.',
  'register-objectevent register-engineevent get-eventsubscriber':
    'Nothing is heard while a script runs; rc set-transport-service --event-command runs a program at an event.',
  'enable-receiveconnector disable-receiveconnector':
    'Write Set-ReceiveConnector NAME -Enabled $true, or -Enabled $false.',
  'export-excel import-excel': 'Write Export-Csv, or Import-Csv.',
  'measure-command': 'Write $start = Get-Date before it, and (Get-Date) - $start behind.',
  'get-host': 'Write $host.',
  'get-culture': 'Dates and figures are written as in en-US: docs/language.md.',
  'convertto-xml': 'Write Export-Clixml or ConvertTo-Html.',
  'out-printer': 'Write Out-File, and print the file.',
  'import-localizeddata': 'Write @{ … } in the script.',
  prompt: 'The prompt is that of rc shell.',
});

/** Cmdlets of one kind, by their names in lower case. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [
    /^[a-z]+-ad(?:user|group|computer|domain|forest|object|organizationalunit|rootdse|replication|serviceaccount|account|principal|trust|optionalfeature)[a-z]*$/,
    'There is no Active Directory here. Servers: Get-ExchangeServer; who may log on: Get-SmtpUser; rights: Get-ADPermission.',
  ],
  [
    /^(?:install|uninstall|update|save|find|register|unregister|set|get)-(?:module|script|package|packageprovider|psrepository|packagesource|psresource|installedmodule)$/,
    'Nothing is installed from a script, and nothing needs to be: Get-Command shows the cmdlets there are.',
  ],
  [
    /^[a-z]+-(?:net(?!worth)[a-z]+|dns(?:client|server)[a-z]*|smbshare|adfs[a-z]*)$/,
    "Nothing of the machine's network is known here; Get-Listener shows the addresses the listener has.",
  ],
  [
    /^[a-z]+-(?:exo|safelinks|safeattachment|quarantine|hosted|dkim|atp|antiphish|mailboxplan|tenant)[a-z0-9]*$|^(?:connect|disconnect|get|set)-(?:exchangeonline|msol[a-z]*|azuread[a-z]*|mg[a-z]+|az[a-z]*|ippssession|pnponline|microsoftteams)$/,
    'Nothing reaches the cloud from a script: the cmdlets work on the home of this machine.',
  ],
  [
    /^[a-z]+-(?:windowsfeature|computerinfo|hotfix|scheduledtask[a-z]*|localuser|localgroup[a-z]*|acl|pfxcertificate|webconfiguration[a-z]*|counter)$/,
    'Nothing of the machine around it is known or changed here; do it in the shell around rc.',
  ],
];

/** A sentence that says what to write instead of this command; `undefined` when there is none to say. */
export function insteadOfCommand(name: string): string | undefined {
  const lower = name.toLowerCase();
  const known =
    OF_COMMANDS.get(lower) ?? KINDS.find(([pattern]) => pattern.test(lower))?.[1] ?? insteadOfChanging(name);
  if (known) return known;
  if (/^\d/.test(lower)) return 'Write the number without the letters behind it, as 5, 0x1F or 36MB.';
  return /\.(?:exe|com|cmd|bat|sh|vbs|py|pl)$|^(?:cmd|powershell|pwsh|bash|ipconfig|ping|telnet|nslookup|net|netstat|netsh|robocopy|xcopy|reg|sc|schtasks|whoami|certutil|gpupdate|start)$/.test(
    lower,
  )
    ? 'No programs are started from a script.'
    : undefined;
}

const ONE_AFTER_THE_OTHER = 'The rounds run one after the other: leave it out.';

/** The same for parameters that PowerShell has, by cmdlet and parameter. */
const OF_PARAMETERS: Readonly<Record<string, string>> = {
  'foreach-object parallel': 'The rounds run one after the other: write the block alone.',
  'foreach-object throttlelimit': ONE_AFTER_THE_OTHER,
  'foreach-object asjob': ONE_AFTER_THE_OTHER,
  'foreach-object timeoutseconds': ONE_AFTER_THE_OTHER,
};

export function insteadOfParameter(cmdlet: string, parameter: string): string | undefined {
  const key = `${cmdlet} ${parameter}`.toLowerCase();
  return Object.hasOwn(OF_PARAMETERS, key) ? OF_PARAMETERS[key] : undefined;
}

/** The same for a type. */
export function insteadOfType(type: string): string {
  const lower = type.toLowerCase().replace(/^system\./, '');
  if (/^(?:adsi|adsisearcher)$|^directoryservices\b/.test(lower)) return 'There is no Active Directory here.';
  if (/^microsoft\.exchange\.data\b/.test(lower))
    return 'Settings are read as what they are: write the text, as -MaxMessageSize 36MB.';
  if (/^text\.(?:[a-z0-9]*)encoding$/.test(lower)) return 'Write the name of the encoding: -Encoding UTF8.';
  if (/^(?:web\.httputility|net\.webutility)$/.test(lower))
    return "Write ConvertTo-Html, which does it, or $text.Replace('&', '&amp;').Replace('<', '&lt;').";
  if (/^(?:windows\.forms\.messagebox|console)$/.test(lower))
    return 'Write Write-Host to say something, Read-Host to ask.';
  if (/^windows\.forms\b|^reflection\.assembly$|^drawing\b/.test(lower))
    return 'There are no windows here: write the path, or ask for it with Read-Host.';
  if (/^net\.dns$/.test(lower))
    return 'No names are looked up in a script: write the address; this server’s name is $env:COMPUTERNAME.';
  if (/^io\.compression\b/.test(lower)) return 'Do it with a program of the shell around rc.';
  if (/^io\.(?:file|path|directory|fileinfo|streamreader|streamwriter)$/.test(lower))
    return 'Write Get-Content, Set-Content, Add-Content, Test-Path, Join-Path, Split-Path or Get-ChildItem.';
  if (/^(?:io|net|diagnostics|reflection|xml|windows|web)\b/.test(lower))
    return 'Nothing reaches files, programs or the network except through cmdlets.';
  return 'See docs/language.md for the types there are.';
}

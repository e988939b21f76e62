/**
 * What scripts for the Exchange Management Shell do before and after their work: load snap-ins, open sessions, restart
 * services. Nothing of it is needed here; each is done with one line that says why, so that the script runs on.
 */
import { listenerStatus } from '../../control/listener-client.ts';
import type { Call, Cmdlet } from '../../pipeline/cmdlet.ts';
import { PsObject, printed, type Value } from '../../pipeline/value.ts';
import { lazy } from '../../text/lazy.ts';
import { Wildcard } from '../../text/wildcard.ts';
import { takenParameters } from './taken-parameters.ts';

const THERE = 'Nothing is needed: the cmdlets are there.';
const LOCAL = 'Nothing is needed: the cmdlets work on the home of this machine, without a session.';
const OBEYS =
  'Nothing is restarted: a running listener obeys a change at once, without dropping a connection. See Get-Listener; rc serve starts one.';

const NO_IIS =
  'Nothing is restarted: there is no IIS here. What the page of rc serve --web shows is always as it is now.';

interface Taken {
  /** `Name:0` takes the first argument without a name, `Name:0*` all of them, `Name!` is a switch. */
  readonly parameters: string;
  readonly summary: string;
  readonly says: string;
  /** Said as a warning: the person expects something to happen. Else with -Verbose. */
  readonly warns?: boolean;
  readonly gives?: (call: Call) => Iterable<Value> | AsyncIterable<Value>;
}

const SNAP_IN = 'Microsoft.Exchange.Management.PowerShell.SnapIn';
const SERVICE = 'Name:0* DisplayName InputObject Include Exclude Force! PassThru! NoWait! ComputerName';

const TAKEN: Readonly<Record<string, Taken>> = {
  'Add-PSSnapin': { parameters: 'Name:0* PassThru!', summary: 'Taken: the cmdlets are there', says: THERE },
  'Get-PSSnapin': {
    parameters: 'Name:0* Registered!',
    summary: 'Show the snap-in of Exchange as loaded',
    says: THERE,
    gives: (call) =>
      (namesGiven(call) ?? [SNAP_IN]).map(
        (Name) => new PsObject('PSSnapInInfo', { Name, PSVersion: '5.1', Description: 'Cmdlets of rc' }),
      ),
  },
  'Set-StrictMode': {
    parameters: 'Version:0 Off!',
    summary: 'Taken: what is not there is nothing, as without it',
    says: 'Taken without effect: a variable or property that is not there is nothing.',
  },
  'Remove-PSSnapin': { parameters: 'Name:0* PassThru!', summary: 'Taken: the cmdlets stay', says: THERE },
  'Import-Module': {
    parameters:
      'Name:0* Force! Global! PassThru! DisableNameChecking! MinimumVersion RequiredVersion Prefix Scope Function Cmdlet Alias Variable ArgumentList NoClobber! SkipEditionCheck! UseWindowsPowerShell!',
    summary: 'Taken: the cmdlets are there',
    says: THERE,
  },
  'Get-Module': {
    parameters: 'Name:0* ListAvailable! All! Refresh!',
    summary: 'Taken: there are no modules',
    says: THERE,
  },
  'Remove-Module': { parameters: 'Name:0* Force!', summary: 'Taken: the cmdlets stay', says: THERE },
  'Connect-ExchangeServer': {
    parameters: 'auto! ServerFqdn ClientApplication UserName AllowClobber! Prompt!',
    summary: 'Taken: the cmdlets work on the home of this machine',
    says: LOCAL,
  },
  'New-PSSession': {
    parameters:
      'ComputerName:0* ConfigurationName ConnectionUri Authentication Credential AllowRedirection! SessionOption Name UseSSL! Port HostName UserName KeyFilePath ThrottleLimit EnableNetworkAccess!',
    summary: 'Give a session that stands for this machine',
    says: LOCAL,
    gives: (call) => [
      new PsObject('PSSession', {
        Id: 1,
        Name: namesGiven(call)?.[0] ?? 'Runspace1',
        ComputerName: call.context.statement.draft.site.fqdn,
        ComputerType: 'RemoteMachine',
        State: 'Opened',
        ConfigurationName: 'Microsoft.Exchange',
        Availability: 'Available',
      }),
    ],
  },
  'Get-PSSession': {
    parameters: 'ComputerName:0* Id Name InstanceId State ConfigurationName',
    summary: 'Taken: there are no sessions',
    says: LOCAL,
  },
  'Import-PSSession': {
    parameters:
      'Session:0 CommandName:1* DisableNameChecking! AllowClobber! Prefix FormatTypeName Module CommandType ArgumentList',
    summary: 'Taken: the cmdlets are there',
    says: LOCAL,
  },
  'Remove-PSSession': {
    parameters: 'Session:0* Id Name ComputerName InstanceId',
    summary: 'Taken: there is no session to end',
    says: LOCAL,
  },
  'New-PSSessionOption': {
    parameters:
      'SkipCACheck! SkipCNCheck! SkipRevocationCheck! OpenTimeout OperationTimeout IdleTimeout CancelTimeout ProxyAccessType NoCompression! NoEncryption! MaximumRedirection',
    summary: 'Taken: there is no session to set options of',
    says: LOCAL,
  },
  'Set-ExecutionPolicy': {
    parameters: 'ExecutionPolicy:0 Scope:1 Force!',
    summary: 'Taken: scripts always run',
    says: 'Nothing is needed: rc runs the scripts it is given.',
  },
  'Get-ExecutionPolicy': {
    parameters: 'Scope:0 List!',
    summary: 'Say that scripts run',
    says: 'rc runs the scripts it is given.',
    gives: () => ['Unrestricted'],
  },
  'Set-ADServerSettings': {
    parameters:
      'RunspaceServerSettings:0 ViewEntireForest RecipientViewRoot PreferredServer PreferredGlobalCatalog ConfigurationDomainController SetPreferredDomainControllers',
    summary: 'Taken: there is no Active Directory',
    says: 'Nothing is needed: there is no Active Directory; everything is in the home.',
  },
  'Get-ADServerSettings': {
    parameters: 'Name:0*',
    summary: 'Say that everything is in the home',
    says: 'There is no Active Directory; everything is in the home.',
    gives: () => [
      new PsObject('ADServerSettings', { ViewEntireForest: true, RecipientViewRoot: '', Identity: 'ADServerSettings' }),
    ],
  },
  'Restart-Service': { parameters: SERVICE, summary: 'Taken: nothing needs a restart', says: OBEYS, warns: true },
  'Start-Service': { parameters: SERVICE, summary: 'Taken: rc serve starts the listener', says: OBEYS, warns: true },
  'Stop-Service': { parameters: SERVICE, summary: 'Taken: the listener goes on', says: OBEYS, warns: true },
  'Restart-WebAppPool': { parameters: SERVICE, summary: 'Taken: there is no IIS', says: NO_IIS, warns: true },
  IISReset: { parameters: SERVICE, summary: 'Taken: there is no IIS', says: NO_IIS, warns: true },
  'Get-Service': {
    parameters: `${SERVICE} DependentServices! RequiredServices!`,
    summary: 'Say whether the listener runs, as the transport services',
    says: 'The listener stands for MSExchangeTransport and MSExchangeFrontEndTransport; see Get-Listener.',
    gives: services,
  },
};

/** What -Name of these was given, as a list. */
function namesGiven(call: Call): readonly Value[] | undefined {
  const parameter = call.cmdlet.parameters.find((one) => one.name === 'Name');
  const value = parameter && call.valueOf(parameter);
  return value === undefined ? undefined : Array.isArray(value) ? (value as Value[]) : [value];
}

const SERVICES = {
  MSExchangeFrontEndTransport: 'Microsoft Exchange Frontend Transport',
  MSExchangeTransport: 'Microsoft Exchange Transport',
};

async function* services(call: Call): AsyncGenerator<Value> {
  const wanted = (namesGiven(call) ?? ['*']).map((name) => new Wildcard(printed(name)));
  const status = await listenerStatus(call.context.store.home).catch(() => undefined);
  for (const [Name, DisplayName] of Object.entries(SERVICES))
    if (wanted.some((pattern) => pattern.matches(Name)))
      yield new PsObject('ServiceController', { Status: status ? 'Running' : 'Stopped', Name, DisplayName });
}

export const exchangeShell: readonly Cmdlet[] = Object.entries(TAKEN).map(([name, taken]) => {
  const parameters = lazy(() => takenParameters(taken.parameters));
  return {
    name,
    group: 'language',
    hidden: true,
    summary: taken.summary,
    description: taken.says,
    input: 'optional',
    takesAnything: true,
    get parameters() {
      return parameters();
    },
    examples: [{ command: `rc -c '${name}'`, language: name, does: `${taken.says}` }],
    async *run(call) {
      if (call.input) for await (const _ of call.input); // what is piped in has run
      if (taken.warns) call.context.warn(taken.says);
      else call.context.verbose(taken.says);
      if (taken.gives) yield* taken.gives(call);
    },
  };
});

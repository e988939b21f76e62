/** Parameters that Exchange's cmdlets have and ours have not: each is said to be one, with what there is instead. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CMDLETS } from '../../src/cmdlets/table.ts';
import { resolveParameter } from '../../src/pipeline/binder.ts';
import { type Cmdlet, parametersOf } from '../../src/pipeline/cmdlet.ts';
import { rc } from '../support/rc.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';

/**
 * What Exchange Server 2016, 2019 and SE have, `Cmdlet: Parameter Parameter …` a line: names of Microsoft's cmdlet reference
 * (github.com/MicrosoftDocs/office-docs-powershell, exchange/exchange-ps/ExchangePowerShell, 2026-08-21).
 */
const EXCHANGE = readFileSync(join(import.meta.dirname, 'exchange-parameters.txt'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(': ') as [cmdlet: string, parameters: string]);

const cmdletOf = (name: string) => CMDLETS.find((one) => one.name === name || one.aliases?.includes(name))!;
const has = (cmdlet: Cmdlet, parameter: string) =>
  parametersOf(cmdlet).some((one) => one.name === parameter || one.aliases?.includes(parameter));

describe.each(EXCHANGE)('%s', (name, parameters) => {
  const cmdlet = cmdletOf(name);

  test('each of its parameters is there, or it is said what there is instead', () => {
    for (const parameter of parameters.split(' ').filter((one) => !has(cmdlet, one))) {
      expect(() => resolveParameter(cmdlet, parameter, 'parameters'), parameter).toThrow(
        /Exchange has it; here it would do nothing\. /,
      );
    }
    expect(() => resolveParameter(cmdlet, 'Nonsense', 'parameters')).not.toThrow(/Exchange has it/);
  });

  test('-WhatIf and -Confirm are there where Exchange has them', () => {
    for (const one of ['WhatIf', 'Confirm']) expect(has(cmdlet, one), one).toBe(parameters.split(' ').includes(one));
  });
});

test('no parameter is said to be of Exchange that is of another cmdlet alone', () => {
  for (const [name, parameter] of [
    ['Set-TransportService', 'JournalLogPath'],
    ['Set-TransportService', 'AttributionLogEnabled'],
    ['New-AcceptedDomain', 'AuthenticationType'],
    ['Set-AcceptedDomain', 'CatchAllRecipient'],
  ] as const)
    expect(cmdletOf(name).lacks?.(parameter, 'parameters'), parameter).toBeUndefined();
});

test('-Domain is not taken for -DomainController', async () => {
  const home = tempFolder();
  writeStore(home, []);
  const text = 'Get-ExchangeServer -Domain CONTOSO.com | % Name; @(Get-ExchangeServer -Domain contoso.org).Count';
  expect(await rc(['-c', text], { home })).toMatchObject({ code: 0, stdout: 'EX\n0\n' });
});

test('what there is instead is spelled as the person types', () => {
  const cmdlet = CMDLETS.find(({ name }) => name === 'Set-TransportService')!;
  expect(() => resolveParameter(cmdlet, 'max-outbound-connections', 'flags')).toThrow(': --max-relay-connections.');
  expect(() => resolveParameter(cmdlet, 'MaxOutboundConnections', 'parameters')).toThrow(': -MaxRelayConnections.');
});

/** Completion: `|` is the cursor; what could stand there. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CompletionWorld, complete } from '../../src/language/prompt/complete.ts';

const WORLD: CompletionWorld = {
  connectors: () => ['Default EX', 'Default Frontend EX', "O'Brien", 'Relay', '10 net', '-dash'],
  servers: () => ['EX', 'EX02'],
  users: () => ['scanner'],
  domains: () => ['contoso.com'],
  elements: () => [],
  functions: () => ['Set-AllRelays'],
  variables: () => ['connector', 'count', 'ErrorActionPreference'],
  members: (variable) => (variable === 'connector' ? ['Name', 'Banner'] : []),
  files: (prefix) => ['limits.ps1', 'logs/'].filter((file) => file.startsWith(prefix)),
};

function at(line: string): { texts: string[]; completed: (text: string) => string } {
  const cursor = line.indexOf('¦');
  const text = line.replace('¦', '');
  const found = complete(text, cursor, WORLD);
  return {
    texts: found.candidates.map((candidate) => candidate.text),
    completed: (candidate) => text.slice(0, found.start) + candidate + text.slice(cursor),
  };
}

describe('what stands at the cursor', () => {
  test.each<[string, string[]]>([
    // cmdlets
    [
      'get-rec¦',
      [
        'Get-ReceiveConnector',
        'Get-ReceiveConnectorEvent',
        'Get-ReceiveConnectorSession',
        'Get-ReceiveConnectorSource',
        'Get-ReceiveConnectorUsage',
      ],
    ],
    ['$x = get-accepted¦', ['Get-AcceptedDomain']],
    // functions that were made at the prompt
    ['set-allr¦', ['Set-AllRelays']],
    ['Get-ReceiveConnector | select-o¦', ['Select-Object']],
    ['foreach ($c in get-accepted¦', ['Get-AcceptedDomain']],
    ['1; set-accepted¦', ['Set-AcceptedDomain']],
    ['Get-ReceiveConnector | % { set-rec¦', ['Set-ReceiveConnector']],
    ['$(get-accepted¦', ['Get-AcceptedDomain']],
    ['fore¦', ['ForEach-Object', 'foreach']],
    // parameters
    [
      'Set-ReceiveConnector Relay -maxinboundconnectionper¦',
      ['-MaxInboundConnectionPerSource', '-MaxInboundConnectionPercentagePerSource'],
    ],
    ['Set-ReceiveConnector -Identity Relay -Ident¦', []],
    ['Set-ReceiveConnector Relay -Wha¦', ['-WhatIf']],
    ['Get-ReceiveConnector -Wha¦', []],
    ['Set-ReceiveConnector Relay -AddRemote¦', []],
    ['Get-ReceiveConnector Relay -Err¦', ['-ErrorAction', '-ErrorVariable']],
    // values of parameters
    ['Set-ReceiveConnector Relay -ProtocolLoggingLevel ¦', ['None', 'Verbose']],
    ['Set-ReceiveConnector Relay -ProtocolLoggingLevel:v¦', ['Verbose']],
    ['Set-ReceiveConnector Relay -AuthMechanism Tls,basicauthr¦', ['BasicAuthRequireTLS']],
    ['Set-ReceiveConnector Relay -Enabled $f¦', ['false']],
    ['Set-ReceiveConnector Relay -Enabled ¦', ['$true', '$false']],
    ['Set-ReceiveConnector Relay -ErrorAction s¦', ['Stop', 'SilentlyContinue']],
    ['Get-Help set-rec¦', ['Set-ReceiveConnector']],
    ['Get-ReceiveConnector | Export-Csv l¦', ['limits.ps1', 'logs/']],
    // names of connectors, in quotes when they must be
    ['Set-ReceiveConnector re¦', ['Relay']],
    ['Set-ReceiveConnector Def¦', ["'Default EX'", "'Default Frontend EX'"]],
    ['Set-ReceiveConnector "Default F¦', ['"Default Frontend EX"']],
    ["Set-ReceiveConnector 'Default F¦", ["'Default Frontend EX'"]],
    ['Set-ReceiveConnector -Identity O¦', ["'O''Brien'"]],
    ['Set-ReceiveConnector 1¦', ["'10 net'"]],
    ['Get-ReceiveConnector Relay,def¦', ["'Default EX'", "'Default Frontend EX'"]],
    ['Get-ReceiveConnector Relay, re¦', ['Relay']],
    // properties of what is piped
    ['Get-ReceiveConnector | select Name,MaxHop¦', ['MaxHopCount']],
    ['Get-ReceiveConnector | select Name, maxhop¦', ['MaxHopCount']],
    ['Get-ReceiveConnector | where maxhop¦', ['MaxHopCount']],
    ['Get-ReceiveConnector | sort -Descending maxhop¦', ['MaxHopCount']],
    ['Get-ReceiveConnector | ft Name, tlscert¦', ['TlsCertificateName']],
    ['Get-ReceiveConnector | where { $_.maxhop¦', ['MaxHopCount']],
    ['Get-ReceiveConnector | where { $_.Name -eq 1 -and $_.maxhop¦', ['MaxHopCount']],
    ['Get-ReceiveConnector | ? { $_.Enabled } | % { "$($_.maxhop¦', ['MaxHopCount']],
    ['Get-ReceiveConnector | % { "$_.maxhop¦', ['MaxHopCount']],
    ["Get-ReceiveConnector | select @{n='x';e={$_.maxhop¦", ['MaxHopCount']],
    ['Get-ReceiveConnector | select Name,Banner | where b¦', ['Banner']],
    ['Get-ReceiveConnector | where Enabled | select MaxHop¦', ['MaxHopCount']],
    ['(Get-ReceiveConnector Relay).maxhop¦', ['MaxHopCount']],
    ['$connector.b¦', ['Banner']],
    ['$connector | select b¦', ['Banner']],
    ['1..3 | select n¦', []],
    // variables and operators
    ['$c¦', ['connector', 'count']],
    ['Set-ReceiveConnector $con¦', ['connector']],
    ['"say $co¦', ['connector', 'count']],
    ['$connector -notl¦', ['-notlike']],
    ['Get-ReceiveConnector | ? { $_.Name -notl¦', ['-notlike']],
    ['if ($connector -notl¦', ['-notlike']],
    // nothing
    ["'say $co¦", []],
    ['# get-rec¦', []],
    ['$connector[¦', []],
    ['@{n¦', []],
    ['Unknown-Thing -n¦', []],
  ])('%s', (line, texts) => {
    expect(at(line).texts).toEqual(texts);
  });

  test('the text to the left and right of the word stays', () => {
    const { completed } = at('Get-ReceiveConnector Relay,def¦ | ft Name');
    expect(completed("'Default EX'")).toBe("Get-ReceiveConnector Relay,'Default EX' | ft Name");
  });

  test('each candidate comes with a word about it', () => {
    const { candidates } = complete('Set-ReceiveConnector -MaxHop', 28, WORLD);
    expect(candidates[0]?.help).toContain('Received headers');
  });

  test('any text, any cursor: candidates or none, never an error', () => {
    const piece = fc.constantFrom(
      ...[
        'Get-ReceiveConnector',
        'Set-ReceiveConnector',
        ' ',
        ' | ',
        '{',
        '}',
        '(',
        ')',
        '"',
        "'",
        '`',
        '@{',
        '$_',
        '.',
        '-',
        ',',
        ';',
        '#',
        '\n',
        '[',
        ']',
        '=',
        'Name',
        '-Name:',
        '$x.',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.nat(200), (pieces, cursor) => {
        const line = pieces.join('');
        const place = Math.min(cursor, line.length);
        const { start } = complete(line, place, WORLD);
        expect(start).toBeGreaterThanOrEqual(0);
        expect(start).toBeLessThanOrEqual(place);
      }),
      { numRuns: 2000 },
    );
  });
});

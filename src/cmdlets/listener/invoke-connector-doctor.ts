/** Invoke-ConnectorDoctor: looks for what is wrong or about to go wrong, and says how to mend it. */
import type { CheckFinding } from '../../checks/finding.ts';
import { SEVERITIES } from '../../domain/finding.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { PsObject } from '../../pipeline/value.ts';

export const invokeConnectorDoctor = defineCmdlet({
  name: 'Invoke-ConnectorDoctor',
  short: 'doctor',
  group: 'server',
  summary: 'Look for what is wrong, or about to go wrong, and say how to mend it',
  description:
    'Looks at file modes, open relays, bindings nobody can reach, ranges in each other’s shadow, limits that cannot work, certificates, the disk, the history and the listener. Exit code 1 when there is an error or a warning.',
  gives: 'DoctorFinding',
  parameters: [
    { name: 'Fix', type: 'switch', help: 'Mends file modes (0700 for folders, 0600 for files); nothing else.' },
    {
      name: 'WhatIf',
      aliases: ['wi'],
      type: 'switch',
      help: 'With -Fix: says what it would mend, and changes nothing.',
    },
  ],
  examples: [
    { command: 'rc doctor', language: 'Invoke-ConnectorDoctor', does: 'Examines everything.' },
    { command: 'rc doctor | jq -r .Mend[]', does: 'Lists what to type.' },
  ],
  async *run(call) {
    const { examine } = await import('../../checks/examine.ts');
    const { arguments: args, context } = call;
    const { whatIf } = context.preferences;
    const findings = await examine(context.store, context.host.clock(), args.Fix && !whatIf, context.onServers);
    for (const { check, problem, mend } of args.Fix && whatIf ? findings : [])
      if (check === 'FileModes') context.host.writeHost(`What if: ${mend[0]}: ${problem}.`);
    if (findings.some((f) => f.severity !== 'Information')) context.statement.exitCode = 1;
    if (!findings.length) context.host.writeHost('Nothing is wrong.');
    yield* worstFirst(findings).map(findingObject);
  },
});

export function worstFirst(findings: readonly CheckFinding[]): CheckFinding[] {
  return findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

export function findingObject({ severity, check, about, problem, mend }: CheckFinding): PsObject {
  const Mend = [...mend];
  return new PsObject('DoctorFinding', { Severity: severity, Check: check, Subject: about, Problem: problem, Mend });
}

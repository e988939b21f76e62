/** `rc init pwsh`: there is no PowerShell here, so the text itself is read: well formed, complete, and right for rc. */
import { beforeAll, describe, expect, test } from 'vitest';
import { pwshCmdlets, pwshInit } from '../../src/cli/init/pwsh.ts';
import { CHANGE_PARAMETERS, COMMON_PARAMETERS } from '../../src/pipeline/parameter.ts';
import { kebab } from '../../src/text/flag-name.ts';
import { rc } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { type FunctionText, functionsIn, readPowerShell } from './powershell-text.ts';

let text: string;
let functions: Map<string, FunctionText>;
beforeAll(async () => {
  const ran = await rc(['init', 'pwsh']);
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  text = ran.stdout;
  functions = new Map(functionsIn(text).map((f) => [f.name, f]));
});

/** Variables PowerShell does not let a parameter be. */
const READ_ONLY =
  /^(error|executioncontext|false|home|host|null|pid|psculture|pshome|psuiculture|psversiontable|shellid|true|args|input|this|_|myinvocation|psboundparameters|pscmdlet|matches)$/i;

describe('the module', () => {
  test('is well formed and ASCII', () => {
    expect(text).toBe(pwshInit());
    expect(text).toMatch(/^[\n\x20-\x7e]+$/);
    const { problems, expanded, code } = readPowerShell(text);
    expect(problems).toEqual([]);
    expect([...expanded].toSorted()).toEqual(['Name', 'Pipeline', 'key', 'name']);
    expect(code).not.toMatch(/[^\s]`|&&|\|\|/);
  });

  test('defines each function once and exports those of the table', () => {
    const defined = [...text.matchAll(/^function ([\w-]+) /gm)].map((match) => match[1]!);
    expect(new Set(defined).size).toBe(defined.length);
    const exported = /^Export-ModuleMember -Function (.+)$/m.exec(text)![1]!.split(', ');
    expect(exported).toEqual(pwshCmdlets().map((cmdlet) => cmdlet.name));
    for (const name of exported) expect(defined).toContain(name);
    expect(exported).toContain('Get-ReceiveConnector');
    for (const own of ['Select-Object', 'Where-Object', 'Format-Table', 'Get-History', 'Get-Help', 'Get-Command'])
      expect(exported).not.toContain(own);
  });

  test('calls only functions it defines and commands of PowerShell', () => {
    const called = new Set(
      [...readPowerShell(text).code.matchAll(/(?<![\w$.-])([A-Z][A-Za-z]+-[A-Z]\w+)/g)].map((m) => m[1]!),
    );
    const own = new Set(functions.keys());
    const theirs = [...called].filter((name) => !own.has(name));
    expect(theirs.toSorted()).toEqual(
      [
        'ConvertFrom-Json',
        'ConvertTo-Json',
        'Export-ModuleMember',
        'ForEach-Object',
        'Get-Location',
        'Import-Module',
        'New-Module',
        'Register-ArgumentCompleter',
        'Select-Object',
        'Set-StrictMode',
        'Set-Variable',
        'Update-TypeData',
        'Where-Object',
      ].toSorted(),
    );
  });

  test('flags are made from parameter names as rc makes them', () => {
    const [, ...rules] = /\$words = \$Name((?: -creplace '[^']+', '[^']+')+)/.exec(text)!;
    const steps = [...rules[0]!.matchAll(/-creplace '([^']+)', '([^']+)'/g)];
    expect(steps).toHaveLength(2);
    for (const cmdlet of pwshCmdlets()) {
      for (const { name } of cmdlet.parameters) {
        const words = steps.reduce((word, [, from, to]) => word.replace(new RegExp(from!, 'g'), to!), name);
        expect(`--${words.toLowerCase()}`).toBe(`--${kebab(name)}`);
      }
    }
  });
});

describe.each(pwshCmdlets().map((cmdlet) => [cmdlet.name, cmdlet] as const))('%s', (name, cmdlet) => {
  test('has every parameter once, with a type, and none that is PowerShell’s own', () => {
    const { parameters } = functions.get(name)!;
    const names = parameters.map((p) => p.name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    const passwords = cmdlet.parameters.some((p) => p.name === 'PasswordStdin');
    const expected = cmdlet.parameters
      .filter((p) => !p.commandLineOnly && !(passwords && p.name === 'PasswordStdin'))
      .map((p) => p.name.toLowerCase());
    expect(names).toEqual(expect.arrayContaining(expected));
    for (const parameter of parameters) {
      expect(parameter.name).not.toMatch(READ_ONLY);
      expect(parameter.type).toMatch(/^(switch|int|bool|string|string\[\]|object|object\[\]|securestring)$/);
    }
    // -Force is another name of -Confirm:$false, except where a cmdlet has a -Force of its own, as one has a -WhatIf and a -Confirm.
    const ours = new Set(cmdlet.parameters.map((p) => p.name));
    const reserved = [...COMMON_PARAMETERS, ...CHANGE_PARAMETERS].filter((p) => !ours.has(p.name));
    const taken = reserved.flatMap((p) => [p.name, ...(p.aliases ?? [])]).filter((own) => !ours.has(own));
    const aliases = parameters.flatMap((p) => /\[Alias\(([^)]*)\)\]/.exec(p.text)?.[1]?.match(/\w+/g) ?? []);
    const all = [...names, ...aliases.map((alias) => alias.toLowerCase())];
    expect(new Set(all).size).toBe(all.length);
    for (const own of taken) expect(all).not.toContain(own.toLowerCase());
  });

  test('asks and says What if where it changes something, and hands on what is piped', () => {
    const { binding, body } = functions.get(name)!;
    expect(binding.includes('SupportsShouldProcess')).toBe(cmdlet.changes !== undefined);
    expect(/-Changes\b/.test(body)).toBe(cmdlet.changes !== undefined);
    if (cmdlet.changes === 'high') expect(binding).toContain("ConfirmImpact = 'High'");
    const piped = cmdlet.parameters.find((p) => p.pipeline);
    expect(/process \{/.test(body)).toBe(piped !== undefined);
    if (piped) expect(body).toContain(`foreach ($item in $${piped.name})`);
    expect(body).toMatch(/end \{ Invoke-RcCmdlet -Cmdlet \$PSCmdlet -Bound \$PSBoundParameters/);
  });
});

describe('the reader of PowerShell text finds', () => {
  test.each([
    ["'a", 'a string does not end'],
    ['"a', 'a string does not end'],
    ['<# a', 'a comment does not end'],
    ["@'\na", 'a here-string does not end'],
    ["@'x\n'@", "text after @'"],
    ['f { (1 }', '} closes ('],
    ['f {', '{ is not closed'],
    ['f }', '} closes nothing'],
    ['’a’', 'counts as a plain quote'],
  ])('%j: %s', (code, problem) => {
    expect(readPowerShell(code).problems.join('\n')).toContain(problem);
  });

  test.each([
    "'it''s {'",
    '"a `" ( b"',
    '"a "" ( b"',
    "# it's (\n",
    '$a#b\n',
    '<# ( \' " #>',
    "@'\n( it's \n'@",
    '@"\n( "x" \n"@',
    'f -x \'}\' { "{" } # }',
  ])('nothing in %j', (code) => {
    expect(readPowerShell(code).problems).toEqual([]);
  });

  test('the variables of double-quoted text', () => {
    const code = ['"$a $', "{b c} $(d) `$e\" '$f'"].join('');
    expect([...readPowerShell(code).expanded]).toEqual(['a', '{b c}', '(']);
  });
});

describe('what a function hands to rc is taken', () => {
  // Invoke-RcCmdlet's form: the name, flags as --name=value, then -- and names, or objects on standard input.
  test('a change of objects piped as NDJSON', async () => {
    const home = tempFolder();
    const all = await rc(['Get-ReceiveConnector', '--', 'default*'], { home, env: { RC_OUTPUT: 'ndjson' } });
    const piped = JSON.stringify(JSON.parse(all.stdout));
    const args = [
      'Set-ReceiveConnector',
      '--max-inbound-connection-per-source=100',
      '--enabled=true',
      '--add-remote-ip-ranges=10.0.0.1',
      '--remove-remote-ip-ranges=::/0',
    ];
    const set = await rc([...args, '--confirm=false'], { home, input: `${piped}\n` });
    expect(set.stderr).toBe('');
    expect(set.code).toBe(0);
    const now = await rc(['Get-ReceiveConnector', '--select=Name,MaxInboundConnectionPerSource', '-'], {
      home,
      input: piped,
    });
    expect(JSON.parse(now.stdout)).toMatchObject({ MaxInboundConnectionPerSource: 100 });
  });

  test('completion as the completer asks for it', async () => {
    const home = tempFolder();
    await rc(['get'], { home });
    const names = await rc(['__complete', 'zsh', 'Get-ReceiveConnector', '-Identity', 'def'], { home });
    expect(names.stdout).toMatch(/^\nDefault [^\n]+\n$/);
    const flags = await rc(['__complete', 'zsh', 'Set-ReceiveConnector', '-AuthMechanism', 'basic'], { home });
    expect(flags.stdout).toBe('open\nBasicAuth\nBasicAuthRequireTLS\n');
  });
});

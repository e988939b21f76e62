/** Set-Alias and its like, where PowerShell cannot judge: the prompt, changes, and what is found before anything runs (the rest: test/oracle/cases/aliases.ndjson). */
import { expect, test } from 'vitest';
import { scene } from './scene.ts';

test('the prompt keeps an alias from line to line', async () => {
  const prompt = scene().prompt();
  await prompt.run('Set-Alias grc Get-ReceiveConnector');
  expect((await prompt.run('(grc Relay).Name')).out).toEqual(['Relay']);
  expect((await prompt.run('Invoke-Expression "(grc Relay).Name"')).out).toEqual(['Relay']);
  await prompt.run('Remove-Alias grc');
  expect((await prompt.run('grc Relay')).complaint).toContain("The term 'grc' is not recognized");
});

test('a change by another name is one transaction, and undone as one', async () => {
  const one = scene();
  const set = 'Set-Alias src Set-ReceiveConnector; Set-Alias s2 src\n';
  const told = await one.run(`${set}s2 Relay -MaxHopCount 9`);
  expect(told).toMatchObject({ code: 0, errors: [], complaint: '' });
  expect([one.generation(), one.stored('Relay')?.MaxHopCount]).toEqual([2, 9]);
  await one.run(`${set}Get-ReceiveConnector | ForEach-Object { s2 $_.Name -MaxHopCount 8; s2 nobody -MaxHopCount 8 }`);
  expect(one.generation()).toBe(2);
});

test('what a changing alias gives is held back until it is written', async () => {
  const told = await scene().run(
    'Set-Alias src Set-ReceiveConnector\n"a"; src Relay,nobody -MaxHopCount 9 -PassThru | select Name',
  );
  expect(told.out).toEqual(['a']);
});

test('a text that computes a name is looked at when it runs; one that sets other names is looked at before', async () => {
  const computed = await scene().run('foreach ($n in "one","two") { Set-Alias $n Write-Output }; one 1; two 2');
  expect(computed).toMatchObject({ out: ['1', '2'], complaint: '' });
  const told = await scene().run('"before"; Set-Alias grc Get-ReceiveConnector; gcr Relay');
  expect(told).toMatchObject({ code: 2, out: [] });
  expect(told.complaint).toContain("The term 'gcr' is not recognized");
});

test('Get-Command finds functions and aliases of the script', async () => {
  const told = await scene().run(
    'function Get-Limits { 1 }; Set-Alias gl2 Get-Limits; Get-Command Get-Limits,gl2 | % { "$($_.CommandType) $($_.Name)" }; [bool](Get-Command nowhere -ErrorAction SilentlyContinue)',
  );
  expect(told).toMatchObject({ out: ['Function Get-Limits', 'Alias gl2', 'False'], errors: [] });
});

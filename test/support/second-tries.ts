/** Says at the end which tests passed at their second try only, and what the first found: chance has to be mended too, but not at once. */
import type { TestCase, TestModule } from 'vitest/node';
import type { Reporter } from 'vitest/reporters';

export class SecondTries implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules
      .flatMap((module) => [...module.children.allTests()])
      .filter((test) => test.diagnostic()?.flaky);
    if (!tests.length) return;
    console.log(`\nPassed at the second try only (docs/decisions/0330): ${tests.length}`);
    for (const test of tests) console.log(told(test));
  }
}

function told(test: TestCase): string {
  const why = (test.result().errors ?? []).map((error) => `    ${error.message}`);
  return [`  ${test.module.relativeModuleId} > ${test.fullName}`, ...why].join('\n');
}

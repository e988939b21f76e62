/** The order of test files: the longest first, so that no fork is idle while another still has one of a minute to run. */
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Seconds of the longest files on two idle cores (November 2026). Roughly is enough: only their order counts, and a file that is not here is short. */
export const SECONDS: Readonly<Record<string, number>> = {
  'test/fleet/limits.test.ts': 83,
  'test/web/browser.test.ts': 71,
  'test/help/examples.test.ts': 66,
  'test/fleet/failures.test.ts': 59,
  'test/cli/transcripts.test.ts': 52,
  'test/rehearsal/scenarios.test.ts': 47,
  'test/contributing.test.ts': 46,
  'test/interop/mail-programs.test.ts': 46,
  'test/faults/memory.test.ts': 43,
  'test/fleet/schedule.test.ts': 34,
  'test/language/hostile.test.ts': 29,
  'test/fleet/membership.test.ts': 27,
  'test/language/streams.test.ts': 22,
  'test/fleet/over-fleet.test.ts': 22,
  'test/faults/logons.test.ts': 21,
  'test/rehearsal/same.test.ts': 20,
  'test/workers/kill.test.ts': 19,
  'test/messages/message.test.ts': 17,
  'test/top/live.test.ts': 17,
  'test/recipes/recipes.test.ts': 16,
  'test/workers/live.test.ts': 16,
  'test/packages/deb.test.ts': 16,
  'test/delivery/relay.test.ts': 15,
  'test/fleet/docs-script.test.ts': 15,
  'test/faults/every-call.test.ts': 15,
  'test/fleet/messages-and-workers.test.ts': 14,
  'test/session/logon.test.ts': 13,
  'test/workers/together.test.ts': 13,
  'test/fleet/bad-engine.test.ts': 13,
  'test/service/notify.test.ts': 13,
  'test/cli/text-of-every-origin.test.ts': 13,
  'test/store/home-files.test.ts': 13,
  'test/language/one-liners.test.ts': 12,
  'test/cli/serve-detach.test.ts': 12,
  'test/session/dialogues.test.ts': 11,
  'test/language/control-flow.test.ts': 11,
  'test/cmdlets/smtp-user.test.ts': 11,
  'test/cmdlets/objects-examples.test.ts': 10,
  'test/messages/reading.test.ts': 10,
  'test/fuzz/session.test.ts': 10,
  'test/completion/bash.test.ts': 10,
  'test/history/commands.test.ts': 9,
  'test/cmdlets/messages.test.ts': 9,
  'test/workers/end.test.ts': 9,
};

/** As vitest sorts, but for what is known to be long: in a new clone vitest knows the files' sizes only. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const seconds = ({ moduleId }: TestSpecification) => SECONDS[relative(this.ctx.config.root, moduleId)] ?? 0;
    return (await super.sort(files)).sort((a, b) => seconds(b) - seconds(a));
  }
}

/** What is temporary and has not ended at its time: no listener ends it, or it cannot be put back. */
import { endsOf } from '../domain/ends.ts';
import { endText } from '../domain/temporary.ts';
import type { StoreDocument } from '../store/document.ts';
import { Draft } from '../store/draft.ts';
import { endDue } from '../store/ends.ts';
import { shellWord } from '../text/shell-word.ts';
import type { CheckFinding } from './finding.ts';

/** A listener that runs has put it back within that. */
const PATIENCE_MS = 5000;

export function temporaryFindings(document: StoreDocument, now: Date): CheckFinding[] {
  const { stuck } = endDue(new Draft(document), now);
  const draft = new Draft(document);
  return draft.own.flatMap((stored) => {
    const due = endsOf(stored).filter(({ until }) => Date.parse(until) + PATIENCE_MS <= now.getTime());
    if (!due.length) return [];
    const why = stuck.find(({ connector }) => connector === draft.label(stored))?.why;
    const what = due.map((one) => `${one.what} was temporary until ${endText(one.until)}`).join(', ');
    const keep = `rc keep ${shellWord(stored.Name)}`;
    return [
      {
        severity: why === undefined ? 'Warning' : 'Error',
        check: 'Temporary',
        about: stored.Name,
        problem:
          why === undefined
            ? `${what} and is not put back: no listener runs that does it, and no command has changed anything since`
            : `${what} and cannot be put back: ${why}`,
        mend: why === undefined ? ['rc serve', keep] : [keep],
      } as const,
    ];
  });
}

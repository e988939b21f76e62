/** "Did you mean": the candidate nearest to what was typed, by edit distance with transpositions (optimal string alignment). */

/**
 * The nearest candidate within a third of the typed length (at least one edit); else the only one that it is most of, in its order
 * (`deflt`); else the shortest one that begins nearly so (`max-inbund`).
 */
export function nearest(typed: string, candidates: Iterable<string>): string | undefined {
  const wanted = typed.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const name = candidate.toLowerCase();
    if (Math.abs(name.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, name);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  if (best !== undefined || wanted.length < 4) return best;
  const shortened = [...candidates].filter((candidate) => isMostOf(wanted, candidate.toLowerCase()));
  return shortened.length === 1 ? shortened[0] : nearestBeginning(wanted, candidates);
}

/** Within a fifth of the typed length; fewer than five letters have to be its beginning. */
function nearestBeginning(wanted: string, candidates: Iterable<string>): string | undefined {
  const allowed = Math.floor(wanted.length / 5);
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase().slice(0, wanted.length));
    if (distance > allowed) continue;
    const isNearer = !best || distance < best.distance;
    if (isNearer || (distance === best!.distance && candidate.length < best!.candidate.length))
      best = { candidate, distance };
  }
  return best?.candidate;
}

/** Two thirds of the letters, the first among them. */
function isMostOf(part: string, whole: string): boolean {
  if (part[0] !== whole[0] || part.length * 3 < whole.length * 2) return false;
  let at = 0;
  for (const letter of whole) if (letter === part[at]) at++;
  return at === part.length;
}

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? beforeLast[j - 2]! + 1 : Infinity;
      row.push(Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1), swap));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/** `; did you mean BannerText?`, or nothing: the end of what is said of a name that is none. */
export function didYouMean(typed: string, candidates: Iterable<string>): string {
  const close = nearest(typed, candidates);
  return close === undefined ? '' : `; did you mean ${close}?`;
}

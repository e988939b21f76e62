/**
 * What the work gives or fails with, or what `late` gives or throws when that takes longer. The work goes on then, and
 * nobody hears of its end.
 */
export function inTime<T, L>(work: Promise<T>, ms: number, late: () => L): Promise<T | L> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      try {
        resolve(late());
      } catch (error) {
        reject(error);
      }
    }, ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

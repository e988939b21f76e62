/**
 * What the work gives or fails with, or what `late` gives or throws when that takes longer. The work goes on then, and
 * nobody hears of its end. What has come by then is read first: a process that was busy for so long does not call another slow.
 */
export function inTime<T, L>(work: Promise<T>, ms: number, late: () => L): Promise<T | L> {
  return new Promise((resolve, reject) => {
    let last: NodeJS.Immediate | undefined;
    const end = () => {
      try {
        resolve(late());
      } catch (error) {
        reject(error);
      }
    };
    const timer = setTimeout(() => {
      last = setImmediate(end);
    }, ms);
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      clearImmediate(last);
    });
  });
}

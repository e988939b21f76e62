/** store.json may be a link (Kubernetes mounts ConfigMaps so): when it is read and written through it. */
import { dirname } from 'node:path';
import { type Files, realFiles } from './files.ts';
import { isRoot, me, NotOurs } from './ours.ts';

/**
 * Where a store is really written: itself, or, when it is a link, where it leads. Read through any link (not by root through
 * a stranger's to what is not theirs); written through only where link and home belong to whoever runs rc.
 * @throws NotOurs
 */
export function linkedStore(path: string, to: 'read' | 'write', files: Files = realFiles): string {
  const link = files.lstatSync(path, { throwIfNoEntry: false });
  if (!link?.isSymbolicLink()) return path;
  const target = files.realpathSync(path);
  if (process.geteuid === undefined) return target;
  if (to === 'read') {
    if (isRoot() && link.uid !== 0 && files.statSync(target).uid !== link.uid)
      throw new NotOurs(
        `${path} is a symbolic link of another user (uid ${link.uid}) to ${target}, which is not theirs; root does not read it`,
      );
    return target;
  }
  const home = files.statSync(dirname(path));
  if (link.uid === me() && home.uid === me()) return target;
  throw new NotOurs(
    `it is a symbolic link to ${target}, and rc writes through a link only where link and home belong to whoever runs it (uid ${me()}; link: uid ${link.uid}, home: uid ${home.uid}). Change ${target} itself, or put a plain file in its place`,
  );
}

/**
 * The one module through which everything in a home is written. A home may belong to somebody else than who runs `rc`: the
 * service's user, while root makes a change. Whoever may write the folder can put a link, a pipe or a foreign file under any
 * name in it, at any moment. So:
 *
 * - no link is followed: files are opened with O_NOFOLLOW, new ones made with O_EXCL, whole ones replaced by a rename;
 * - what is open is looked at by its descriptor, never again by its name: a plain file that belongs to one of us;
 * - a file is given away (chown) only when it was made just now;
 * - a folder in which others could swap names is held open, and names are taken in it (/proc/self/fd, openat(2) for Node).
 *
 * store.json itself may be a link (Kubernetes mounts ConfigMaps so): `linkedStore` says when it is written through.
 * docs/security.md has the threat model, docs/decisions/0140 the reasons.
 */
import { constants, type Stats } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Files, realFiles } from './files.ts';

// Windows has none of these; its homes are guarded by their folder's access list.
const {
  O_APPEND,
  O_CREAT,
  O_EXCL,
  O_RDONLY,
  O_RDWR,
  O_DIRECTORY = 0,
  O_NOFOLLOW = 0,
  O_NONBLOCK = 0, // a pipe in a file's place must not make anybody wait for its other end
  S_IFMT,
  S_IFLNK,
} = constants;

/** Flags for opening what is read: not through a link, never waiting. */
export const READ = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
/** Flags for what is appended to: there already. */
export const APPEND = O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK;
/** Flags for a file that is not there yet. */
export const CREATE = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW;
const CREATE_APPEND = CREATE | O_APPEND;
const FOLDER = O_RDONLY | O_DIRECTORY;

export const OWN_FILE = 0o600;
export const OWN_FOLDER = 0o700;

/** Something else stands where a file of the home should: a link, a pipe, a file of a stranger. Nothing was written. */
export class NotOurs extends Error {
  readonly code = 'ENOTOURS';
}

type Owned = Pick<Stats, 'uid' | 'gid' | 'mode'>;

/** Effective user id; 0 where there are none (Windows). */
const me = (): number => process.geteuid?.() ?? 0;
const isRoot = (): boolean => process.geteuid?.() === 0;

/**
 * Can nobody but us and root put other names into the way to this folder? Every folder from here to the root is ours or
 * root's, and written by nobody else or sticky. @returns false also when it cannot be told
 */
export function isOursAlone(folder: string, files: Files = realFiles): boolean {
  if (process.geteuid === undefined) return true;
  const known = alone.get(folder);
  if (known !== undefined) return known;
  try {
    const [path, real] = [resolve(folder), files.realpathSync(folder)];
    const safe = isSafeWay(real, files) && (path === real || isSafeWay(path, files));
    if (safe) alone.set(folder, safe); // what is not safe may be mended while we run
    return safe;
  } catch {
    return false;
  }
}

function isSafeWay(path: string, files: Files): boolean {
  for (let at = path; ; at = dirname(at)) {
    const { uid, mode } = files.lstatSync(at);
    const swappable = (mode & S_IFMT) !== S_IFLNK && (mode & 0o022) !== 0 && (mode & 0o1000) === 0;
    if ((uid !== 0 && uid !== me()) || swappable) return false;
    if (at === dirname(at)) return true;
  }
}

const alone = new Map<string, boolean>();

/** Where descriptors can be named as folders: then a name in one is a name in the folder that was looked at. */
const DESCRIPTORS = process.platform === 'linux' ? '/proc/self/fd' : undefined;

/** A folder of a home, held open where others could swap it, and how a name in it is written. */
export interface Place {
  at(name: string): string;
  /** Whose it is. */
  readonly owner: Owned;
  /** Nobody but us and root can swap names here. */
  readonly alone: boolean;
}

/**
 * Does something in a folder. `path` may be a link only where link and folder around it belong to us or root.
 * @throws NotOurs, or what `work` throws, with the folder's own name in the message
 */
export function inFolder<T>(folder: string, work: (place: Place) => T, files: Files = realFiles): T {
  if (isOursAlone(folder, files)) {
    return work({ at: (name) => join(folder, name), owner: files.statSync(folder), alone: true });
  }
  const { fd, owner } = openFolder(folder, files);
  const held = DESCRIPTORS && `${DESCRIPTORS}/${fd}`;
  try {
    return work({ at: (name) => join(held ?? folder, name), owner, alone: false });
  } catch (error) {
    throw named(error, held, folder);
  } finally {
    closeQuietly(fd, files);
  }
}

/** The same for work that takes its time; the folder is opened at once. */
export async function inFolderLater<T>(folder: string, work: (place: Place) => Promise<T>): Promise<T> {
  if (isOursAlone(folder)) {
    return work({ at: (name) => join(folder, name), owner: realFiles.statSync(folder), alone: true });
  }
  const { fd, owner } = openFolder(folder, realFiles);
  const held = DESCRIPTORS && `${DESCRIPTORS}/${fd}`;
  try {
    return await work({ at: (name) => join(held ?? folder, name), owner, alone: false });
  } catch (error) {
    throw named(error, held, folder);
  } finally {
    closeQuietly(fd, realFiles);
  }
}

/** Opens a folder that others could swap, and makes sure that no stranger's link led there. */
function openFolder(folder: string, files: Files): { fd: number; owner: Owned } {
  const fd = files.openSync(folder, FOLDER);
  try {
    const owner = files.fstatSync(fd);
    const path = resolve(folder);
    const there = files.lstatSync(path);
    if (there.isSymbolicLink()) refuseStrangersLink(path, there.uid, owner.uid);
    else if (there.dev !== owner.dev || there.ino !== owner.ino)
      throw new NotOurs(`${folder} was swapped for another folder at this moment. Nothing was written.`);
    for (let at = dirname(path); at !== dirname(at); at = dirname(at)) {
      const above = files.lstatSync(at);
      if (above.isSymbolicLink()) refuseStrangersLink(at, above.uid, owner.uid);
    }
    return { fd, owner };
  } catch (error) {
    closeQuietly(fd, files);
    throw error;
  }
}

/** A link to a folder is somebody's word for it: root's, ours, or that of whoever owns what it leads to. */
function refuseStrangersLink(path: string, link: number, leadsTo: number): void {
  if (link === 0 || link === me() || link === leadsTo) return;
  throw new NotOurs(
    `${path} is a symbolic link of another user (uid ${link}), and leads to what is not theirs. Nothing was written. If nobody means it, remove it: rm ${path}`,
  );
}

function closeQuietly(fd: number, files: Files): void {
  try {
    files.closeSync(fd);
  } catch {}
}

/** Says the folder's name where the error has that of its descriptor. */
function named(error: unknown, held: string | undefined, folder: string): unknown {
  if (!held || !(error instanceof Error)) return error;
  if (
    (error as NodeJS.ErrnoException).code === 'ENOENT' &&
    !realFiles.statSync('/proc/self/fd', { throwIfNoEntry: false })
  )
    return new NotOurs(
      `${folder} belongs to somebody else, and names in it can be held on to only where /proc is mounted, which it is not. Nothing was written. Mount it: mount -t proc proc /proc`,
    );
  error.message = error.message.replaceAll(held, folder);
  return error;
}

/** What an open file must be before anything is done to it. @throws NotOurs */
export function assertOurs(stat: Stats, path: string, place: Place): void {
  if (!stat.isFile())
    throw new NotOurs(
      `${path} is no plain file (${kindOf(stat)}). Nothing was written. If nobody means it, remove it: rm ${path}`,
    );
  if (place.alone || process.geteuid === undefined) return;
  if (!belongs(stat, place.owner))
    throw new NotOurs(
      `${path} belongs to another user (uid ${stat.uid}) than its folder (uid ${place.owner.uid}). Nothing was written. If the file is good: chown ${place.owner.uid} ${path}; else remove it.`,
    );
  if (stat.nlink > 1)
    throw new NotOurs(
      `${path} has ${stat.nlink} names (hard links), so it may be another file as well. Nothing was written. To make it one of its own: cp -p ${path} ${path}.own && mv ${path}.own ${path}`,
    );
}

/** Ours, root's, the home's owner's; or of the group that the owner lets write, where others may not. */
function belongs(stat: Owned, folder: Owned): boolean {
  if (stat.uid === me() || stat.uid === 0 || stat.uid === folder.uid) return true;
  return (folder.mode & 0o022) === 0o020 && stat.gid === folder.gid;
}

export function kindOf(stat: Stats): string {
  if (stat.isSymbolicLink()) return 'a symbolic link';
  if (stat.isDirectory()) return 'a folder';
  if (stat.isFIFO()) return 'a pipe';
  if (stat.isSocket()) return 'a socket';
  return stat.isFile() ? 'a file' : 'a device';
}

/** An error of `open` in words: O_NOFOLLOW answers ELOOP, a pipe without a reader ENXIO. */
export function openFailure(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ELOOP')
    return new NotOurs(
      `${path} is a symbolic link, and rc follows none in its home. Nothing was written. If nobody means it, remove it: rm ${path}`,
    );
  if (code === 'ENXIO' || code === 'ENODEV' || code === 'EISDIR')
    return new NotOurs(`${path} is no plain file. Nothing was written. If nobody means it, remove it.`);
  return error;
}

/** Opens a file there is, for what the flags say. @throws NotOurs; ENOENT as it comes */
function openThere(place: Place, path: string, flags: number, files: Files): number {
  let fd: number;
  try {
    fd = files.openSync(place.at(basename(path)), flags);
  } catch (error) {
    throw openFailure(error, path);
  }
  try {
    assertOurs(files.fstatSync(fd), path, place);
    return fd;
  } catch (error) {
    closeQuietly(fd, files);
    throw error;
  }
}

/** Makes a file, which belongs to whom `like` belongs when root makes it. @throws EEXIST when something has the name */
function make(place: Place, name: string, like: Owned | undefined, mode: number, flags: number, files: Files): number {
  const fd = files.openSync(place.at(name), flags, OWN_FILE);
  try {
    if (like) giveAway(fd, like, files);
    if (mode !== OWN_FILE) files.fchmodSync(fd, mode);
    return fd;
  } catch (error) {
    closeQuietly(fd, files);
    removeQuietly(place.at(name), files);
    throw error;
  }
}

/** `sudo rc set` must not lock the listener's own user out. Only for what was made just now. */
function giveAway(fd: number, { uid, gid }: Owned, files: Files): void {
  if (isRoot() && (uid !== 0 || gid !== 0)) files.fchownSync(fd, uid, gid);
}

function removeQuietly(path: string, files: Files): void {
  try {
    files.unlinkSync(path);
  } catch {}
}

/** Opens for appending; made (0600, its folder's owner's) when it is not there. `size` in bytes. @throws NotOurs */
export function openToAppend(path: string, files: Files = realFiles): { fd: number; size: number } {
  return inFolder(
    dirname(path),
    (place) => {
      for (let attempt = 0; ; attempt++) {
        try {
          const fd = openThere(place, path, APPEND, files);
          return { fd, size: files.fstatSync(fd).size };
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        }
        try {
          return { fd: make(place, basename(path), place.owner, OWN_FILE, CREATE_APPEND, files), size: 0 };
        } catch (error) {
          // Somebody was quicker; once, for a link that leads nowhere is answered so for ever.
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 0) throw openFailure(error, path);
        }
      }
    },
    files,
  );
}

/** Opens a file there is for changing what stands in it. @throws NotOurs; ENOENT as it comes */
export function openToChange(path: string, files: Files = realFiles): number {
  return inFolder(dirname(path), (place) => openThere(place, path, O_RDWR | O_NOFOLLOW | O_NONBLOCK, files), files);
}

/** Opens a file for reading. @throws NotOurs for a link, a pipe or a folder; ENOENT as it comes */
export function openToRead(path: string, files: Files = realFiles): number {
  let fd: number;
  try {
    fd = files.openSync(path, READ);
  } catch (error) {
    throw openFailure(error, path);
  }
  try {
    const stat = files.fstatSync(fd);
    if (!stat.isFile()) throw new NotOurs(`${path} is no plain file (${kindOf(stat)}).`);
    return fd;
  } catch (error) {
    closeQuietly(fd, files);
    throw error;
  }
}

/** A whole file as UTF-8. @throws as `openToRead` */
export function readOwn(path: string, files: Files = realFiles): string {
  const fd = openToRead(path, files);
  try {
    return files.readFileSync(fd, 'utf8');
  } finally {
    closeQuietly(fd, files);
  }
}

/** Text that will be written elsewhere in the home: never that of somebody else's file. @throws NotOurs, or as `openToRead` */
export function readToCopy(path: string, files: Files = realFiles): string {
  return inFolder(
    dirname(path),
    (place) => {
      const fd = openThere(place, path, READ, files);
      try {
        return files.readFileSync(fd, 'utf8');
      } finally {
        closeQuietly(fd, files);
      }
    },
    files,
  );
}

/** A secret of the home: a file of ours or its owner's, narrowed to 0600 when somebody widened it. @throws as `openToRead` */
export function readSecret(path: string, files: Files = realFiles): string {
  return inFolder(
    dirname(path),
    (place) => {
      const fd = openThere(place, path, READ, files);
      try {
        const { mode, uid } = files.fstatSync(fd);
        if ((mode & 0o077) !== 0 && (isRoot() || uid === me())) files.fchmodSync(fd, OWN_FILE);
        return files.readFileSync(fd, 'utf8');
      } finally {
        closeQuietly(fd, files);
      }
    },
    files,
  );
}

/** A new file with this text (0600, its folder's owner's). @throws EEXIST */
export function createOwn(path: string, text: string, files: Files = realFiles): void {
  inFolder(
    dirname(path),
    (place) => {
      const fd = make(place, basename(path), place.owner, OWN_FILE, CREATE, files);
      try {
        writeAll(fd, text, files);
      } catch (error) {
        removeQuietly(place.at(basename(path)), files);
        throw error;
      } finally {
        files.closeSync(fd);
      }
    },
    files,
  );
}

let written = 0;

interface Replacing {
  readonly files?: Files;
  /** Synced, and the folder's name too: there after a power cut. */
  readonly durable?: boolean;
  /** Runs when everything is on the disk except the name; when it throws, nothing has changed. */
  readonly beforeRename?: () => void;
  /** The mode it gets, whatever that of the file before was. */
  readonly mode?: number;
  /** False: it stays with whoever runs rc. */
  readonly give?: boolean;
}

/**
 * Replaces (or creates, mode 0600) a whole file: a new one beside it, renamed over it. What stands under the name is replaced
 * and never written into, be it a link, a pipe or a stranger's file. A plain file of ours keeps its mode, and its owner when
 * root replaces it.
 * @throws NotConfirmed when it was replaced but the disk did not confirm the name
 */
export function replaceOwn(
  path: string,
  text: string,
  { files = realFiles, durable = false, beforeRename, mode, give = true }: Replacing = {},
): void {
  const folder = dirname(path);
  inFolder(
    folder,
    (place) => {
      const name = basename(path);
      const temporary = temporaryName(name);
      const before = successor(place, name, files);
      const fd = make(place, temporary, give ? before.owner : undefined, mode ?? before.mode, CREATE, files);
      try {
        try {
          writeAll(fd, text, files);
          if (durable) files.fsyncSync(fd);
        } finally {
          files.closeSync(fd);
        }
        beforeRename?.();
        files.renameSync(place.at(temporary), place.at(name));
      } catch (error) {
        removeQuietly(place.at(temporary), files);
        throw error;
      }
      if (!durable) return;
      try {
        syncFolder(place.at('.'), files);
      } catch (error) {
        throw new NotConfirmed((error as Error).message);
      }
    },
    files,
  );
}

function temporaryName(name: string): string {
  return `.${name}.${process.pid}-${++written}-${Date.now()}.tmp`;
}

/** Mode and owner for what takes the place of a name: those of a plain file of ours, else 0600 and the folder's owner. */
function successor(place: Place, name: string, files: Files): { mode: number; owner: Owned } {
  try {
    const stat = files.lstatSync(place.at(name));
    if (stat.isFile() && belongs(stat, place.owner)) return { mode: stat.mode & 0o777, owner: stat };
  } catch {}
  return { mode: OWN_FILE, owner: place.owner };
}

/** The file has been replaced, but the disk did not confirm that the new name outlives a power cut. */
export class NotConfirmed extends Error {}

/** Writes text at the file's current position, however many calls it takes. */
export function writeAll(fd: number, text: string, files: Files = realFiles): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += files.writeSync(fd, bytes, done);
}

/** Makes names in a folder safe. A file system that cannot (EINVAL, as some network ones) is taken as it is. */
export function syncFolder(folder: string, files: Files = realFiles): void {
  const fd = files.openSync(folder, 'r');
  try {
    files.fsyncSync(fd);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  } finally {
    files.closeSync(fd);
  }
}

/**
 * Temporary files of `replaceOwn` that killed writers left beside these files of one folder. Only for who holds the lock
 * under which they are written. @returns all names of the folder
 */
export function sweepTemporaries(paths: readonly string[], files: Files = realFiles): readonly string[] {
  const prefixes = paths.map((path) => `.${basename(path)}.`);
  return inFolder(
    dirname(paths[0]!),
    (place) => {
      const entries = files.readdirSync(place.at('.'));
      for (const entry of entries) {
        if (entry.endsWith('.tmp') && prefixes.some((prefix) => entry.startsWith(prefix)))
          removeQuietly(place.at(entry), files);
      }
      return entries;
    },
    files,
  );
}

/** Removes a name, whatever stands under it except a folder; nothing where there is none. */
export function removeOwn(path: string, files: Files = realFiles): void {
  try {
    inFolder(dirname(path), (place) => files.unlinkSync(place.at(basename(path))), files);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Gives a file of a folder a second name there; never takes one that is given. @throws EEXIST */
export function linkOwn(folder: string, from: string, to: string, files: Files = realFiles): void {
  inFolder(folder, (place) => files.linkSync(place.at(from), place.at(to)), files);
}

/**
 * Makes a folder of a home (0700, the owner of the one around it); one that is there stays as it is.
 * @throws NotOurs when something else, or a stranger's link, has the name
 */
export function makeOwnFolder(path: string, files: Files = realFiles): void {
  inFolder(
    dirname(path),
    (place) => {
      const at = place.at(basename(path));
      try {
        files.mkdirSync(at, { mode: OWN_FOLDER });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const stat = files.lstatSync(at);
        const folder = stat.isSymbolicLink() ? files.statSync(at, { throwIfNoEntry: false }) : stat;
        if (!folder?.isDirectory()) throw new NotOurs(`${path} is no folder (${kindOf(stat)}).`);
        if (stat.isSymbolicLink()) refuseStrangersLink(path, stat.uid, folder.uid);
        return;
      }
      if (!isRoot() || (place.owner.uid === 0 && place.owner.gid === 0)) return;
      const fd = files.openSync(at, FOLDER | O_NOFOLLOW);
      try {
        // Empty, so it gives nobody anything even where it was swapped this moment.
        if (files.readdirSync(at).length === 0) giveAway(fd, place.owner, files);
      } finally {
        closeQuietly(fd, files);
      }
    },
    files,
  );
}

/**
 * Makes the home's own folder (0700) and those above it that are missing. Not mkdir's own `recursive`: Node turns in circles
 * for ever where nothing can be made at all (/proc/x).
 */
export function makeHomeFolder(folder: string, files: Files = realFiles): void {
  if (files.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  try {
    files.mkdirSync(folder, { mode: OWN_FOLDER });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && files.statSync(folder).isDirectory()) return;
    if (code !== 'ENOENT' || files.statSync(dirname(folder), { throwIfNoEntry: false })) throw error;
    makeHomeFolder(dirname(folder), files);
    files.mkdirSync(folder, { mode: OWN_FOLDER });
  }
}

/** What to say of a home that others may write: whoever can, can change connectors and read every secret made in it. */
export function sharedHomeWarning(folder: string, files: Files = realFiles): string | undefined {
  const stat = tried(() => files.statSync(folder));
  if (process.geteuid === undefined || !stat || (stat.mode & 0o002) === 0) return undefined;
  return `Everybody on this machine may write in ${folder} (mode ${(stat.mode & 0o7777).toString(8).padStart(4, '0')}), and so change connectors and take what is secret. To close it: chmod 0700 ${folder}, or rc doctor --fix; where that cannot be, name a folder inside it: --home ${join(folder, 'rc')}`;
}

/** Sets the mode of a file or folder that is there, never through a link. @throws NotOurs */
export function setMode(path: string, mode: number, files: Files = realFiles): void {
  inFolder(
    dirname(path),
    (place) => {
      let fd: number;
      try {
        fd = files.openSync(place.at(basename(path)), READ);
      } catch (error) {
        throw openFailure(error, path);
      }
      try {
        const stat = files.fstatSync(fd);
        if (!stat.isDirectory()) assertOurs(stat, path, place);
        else if (!place.alone && !belongs(stat, place.owner)) throw new NotOurs(`${path} belongs to another user.`);
        files.fchmodSync(fd, mode);
      } finally {
        closeQuietly(fd, files);
      }
    },
    files,
  );
}

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

/**
 * Writes a file that a person named, outside a home (`rc export --path F`): whole or not at all, keeping what is there when
 * that fails. With secrets it is a new file of ours alone (0600), or a refusal; without, a link of ours or root's is followed
 * as a shell does, and a pipe or device is written into.
 * @throws NotOurs, or the file system's error
 */
export function writeGiven(path: string, text: string, secret: boolean, files: Files = realFiles): void {
  const stat = files.lstatSync(path, { throwIfNoEntry: false });
  if (secret) {
    const refusal = stat && whyNoPlaceForSecrets(stat);
    if (refusal)
      throw new NotOurs(
        `it ${refusal}, and what it would hold is secret. Nothing was written. Give a name that is not there yet, in a folder of yours`,
      );
    replaceOwn(path, text, { files, durable: true, mode: OWN_FILE, give: false });
    return;
  }
  if (stat?.isSymbolicLink() && stat.uid !== me() && stat.uid !== 0 && process.geteuid !== undefined)
    throw new NotOurs(`it is a symbolic link of another user (uid ${stat.uid}). Nothing was written`);
  const target = stat?.isSymbolicLink() ? (tried(() => files.realpathSync(path)) ?? path) : path;
  const there = files.statSync(target, { throwIfNoEntry: false });
  if (!there || there.isFile() || there.isDirectory()) {
    replaceOwn(target, text, { files, durable: true });
    return;
  }
  const fd = files.openSync(target, constants.O_WRONLY);
  try {
    writeAll(fd, text, files);
  } finally {
    files.closeSync(fd);
  }
}

function whyNoPlaceForSecrets(stat: Stats): string | undefined {
  if (!stat.isFile()) return `is ${kindOf(stat)}`;
  if (process.geteuid !== undefined && stat.uid !== me()) return `belongs to another user (uid ${stat.uid})`;
  return stat.nlink > 1 ? 'has other names too (hard links)' : undefined;
}

function tried<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** What Copy-Item, Move-Item and Rename-Item do to the disk, and what PowerShell says where it cannot be done (FileSystemProvider.cs). */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { Context } from '../../pipeline/context.ts';
import { CmdletError } from '../../pipeline/error.ts';
import type { Wildcard } from '../../text/wildcard.ts';
import { entriesOf, type FileItem, folderExists, itemAt } from './file-items.ts';

/** More than these one Copy-Item does not copy; links that lead round in circles would have no end. */
const MOST = 100_000;

/** The words of PowerShell's ids: `CopyFileInfoItemIOError`. */
type Doing = 'CopyFileInfoItem' | 'MoveFileInfoItem' | 'MoveDirectoryItem' | 'RenameItem';

/** Whom it is done for. */
type Teller = Pick<Context, 'host' | 'error' | 'shouldProcess'>;

/** How a copy was asked for. */
interface Copying {
  readonly context: Teller;
  /** What is in folders, too. */
  readonly recurse: boolean;
  /** Folders that are there are good, and read-only files are written. */
  readonly force: boolean;
  /** Of files within a folder only those like this. */
  readonly filter: Wildcard | undefined;
  /** Nothing within a folder that is named like one of these. */
  readonly exclude: readonly Wildcard[];
  /** How many were copied; one count for all of the call. */
  count: number;
}

/** @param operation `Copy File` @returns whether it is to be done */
function mayTransfer(context: Teller, operation: string, from: string, to: string): Promise<boolean> {
  return context.shouldProcess(`Performing the operation "${operation}" on target "Item: ${from} Destination: ${to}".`);
}

/** Copies a file, or a folder. What fails is an error of its own; the rest goes on. */
export async function* copyTo(how: Copying, from: string, to: string): AsyncGenerator<FileItem> {
  if (++how.count > MOST)
    throw new CmdletError(`More than ${MOST} files and folders are not copied at once.`, { id: 'TooManyFiles' });
  if (isFolder(from)) yield* copyFolder(how, from, to);
  else if (await mayTransfer(how.context, 'Copy File', from, to)) {
    try {
      copyFile(how, from, to);
    } catch (error) {
      how.context.error(error instanceof CmdletError ? error : failed('CopyFileInfoItem', from, to, error));
      return;
    }
    yield itemAt(to)!;
  }
}

function copyFile({ context, force }: Copying, from: string, to: string): void {
  if (real(from) === real(to))
    throw new CmdletError(`Cannot overwrite the item ${from} with itself.`, {
      id: 'CopyError',
      category: 'WriteError',
      target: from,
      type: 'System.IO.IOException',
    });
  const { size } = regular(from);
  if (isFolder(to)) throw ioError('CopyFileInfoItem', from, `The target file '${to}' is a directory, not a file.`);
  if (existsSync(to)) regular(to);
  context.host.wrote?.(size);
  try {
    copyFileSync(from, to);
  } catch (error) {
    if (!force || (error as NodeJS.ErrnoException).code !== 'EACCES' || !existsSync(to)) throw error;
    chmodSync(to, statSync(to).mode | 0o200);
    copyFileSync(from, to);
  }
}

/** What is no file but a pipe or device has no end, or waits for somebody. */
function regular(path: string) {
  const stat = statSync(path);
  if (!stat.isFile()) throw ioError('CopyFileInfoItem', path, `${path} is neither a file nor a folder.`);
  return stat;
}

async function* copyFolder(how: Copying, from: string, to: string): AsyncGenerator<FileItem> {
  const { context, recurse, force, filter, exclude } = how;
  if (!(await mayTransfer(context, 'Copy Directory', from, to))) return;
  if (recurse && isWithin(to, from)) return context.error(intoItself('CopyContainerItemToItself', to));
  if (existsSync(to) && !isFolder(to))
    return context.error(
      new CmdletError('Container cannot be copied onto existing leaf item.', {
        id: 'CopyContainerItemToLeafError',
        category: 'InvalidArgument',
        target: from,
        type: 'System.Management.Automation.PSArgumentException',
      }),
    );
  if (existsSync(to) && !force) context.error(folderExists(to));
  else if (await context.shouldProcess(`Performing the operation "Create Directory" on target "Destination: ${to}".`)) {
    try {
      mkdirSync(to, { recursive: true });
    } catch (error) {
      return context.error(failed('CopyFileInfoItem', from, to, error));
    }
    yield itemAt(to)!;
  }
  if (!recurse) return;
  const wanted = entriesOf(from).filter(({ name }) => !exclude.some((pattern) => pattern.matches(name)));
  const folders = wanted.filter(({ name }) => isFolder(join(from, name)));
  const files = wanted.filter((one) => !folders.includes(one) && (filter?.matches(one.name) ?? true));
  for (const { name } of [...files, ...folders]) yield* copyTo(how, join(from, name), join(to, name));
}

/** Moves a file or folder. @param force a file that is there is replaced @returns whether it was, or `undefined` when it was not to be @throws CmdletError */
export async function moveTo(context: Teller, from: string, to: string, force: boolean): Promise<FileItem | undefined> {
  const folder = lstatSync(from).isDirectory();
  if (!(await mayTransfer(context, folder ? 'Move Directory' : 'Move File', from, to))) return undefined;
  const doing = folder ? 'MoveDirectoryItem' : 'MoveFileInfoItem';
  if (folder && isWithin(to, from)) throw intoItself('MoveItemArgumentError', to);
  if (existsSync(to) && real(from) !== real(to)) {
    if (folder && !isFolder(to)) throw folderExists(to);
    if (!folder && (!force || isFolder(to))) throw ioError(doing, from, `The file '${to}' already exists.`);
  }
  try {
    await renamed(context, from, to);
  } catch (error) {
    throw error instanceof CmdletError ? error : failed(doing, from, to, error);
  }
  return itemAt(to);
}

/** A rename; onto another disk a copy, and what was copied is removed once all of it is there. */
async function renamed(context: Teller, from: string, to: string): Promise<void> {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    let failure: CmdletError | undefined;
    const within: Teller = {
      host: context.host,
      shouldProcess: async () => true,
      error(one) {
        failure ??= one;
      },
    };
    const how = { context: within, recurse: true, force: true, filter: undefined, exclude: [], count: 0 };
    for await (const _ of copyTo(how, from, to)) if (failure) break;
    if (failure) throw failure;
    rmSync(from, { recursive: true });
  }
}

/** Gives a file or folder another name in its folder. @throws CmdletError */
export async function renameTo(context: Teller, from: string, to: string): Promise<FileItem | undefined> {
  const folder = lstatSync(from).isDirectory();
  if (!(await mayTransfer(context, folder ? 'Rename Directory' : 'Rename File', from, to))) return undefined;
  if (existsSync(to) && real(from) !== real(to))
    throw ioError(
      'RenameItem',
      from,
      folder
        ? `Cannot create '${to}' because a file or directory with the same name already exists.`
        : `The file '${to}' already exists.`,
    );
  try {
    renameSync(from, to);
  } catch (error) {
    throw failed('RenameItem', from, to, error);
  }
  return itemAt(to);
}

export function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}

/** With links followed, as far as it is there. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(real(folder), basename(path));
  }
}

function isWithin(path: string, folder: string): boolean {
  return `${real(path)}${sep}`.startsWith(`${real(folder)}${sep}`);
}

function intoItself(id: string, to: string): CmdletError {
  return new CmdletError(`Destination path cannot be a subdirectory of the source or the source itself: ${to}.`, {
    id,
    category: 'InvalidArgument',
    target: to,
    type: 'System.IO.IOException',
  });
}

/** What an error of these is about is the file as an object, but for a rename. */
function about(doing: Doing, from: string) {
  const targetType = doing === 'RenameItem' ? 'String' : doing === 'MoveDirectoryItem' ? 'DirectoryInfo' : 'FileInfo';
  return { target: from, targetType };
}

function ioError(doing: Doing, from: string, message: string, type = 'System.IO.IOException'): CmdletError {
  return new CmdletError(message, { id: `${doing}IOError`, category: 'WriteError', type, ...about(doing, from) });
}

function failed(doing: Doing, from: string, to: string, error: unknown): CmdletError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return ioError(doing, from, `Could not find a part of the path '${to}'.`, 'System.IO.DirectoryNotFoundException');
  if (code === 'EACCES' || code === 'EPERM') return notAllowed(doing, from, to);
  return ioError(doing, from, `${to}: ${code === 'ENOSPC' ? 'the disk is full' : message}.`);
}

/** @param path what access is denied to */
export function notAllowed(doing: Doing, from: string, path: string): CmdletError {
  return new CmdletError(`Access to the path '${path}' is denied.`, {
    id: `${doing}UnauthorizedAccessError`,
    category: 'PermissionDenied',
    type: 'System.UnauthorizedAccessException',
    ...about(doing, from),
  });
}

import { type FileHandle, open, readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { RolecallError } from '../../model/errors.ts';

/** Each byte is one character and stays what it is: a file of others may be in any encoding. */
const BYTES = 'latin1';
const ROUNDS = 5;
const PERMISSIONS = 0o7777;
const NEW_FILE_MODE = 0o666;
/** To write a file of some kilobytes takes no second. */
const ABANDONED_AFTER_MS = 10_000;
const LOCK_PAUSE_MS = 50;
const LOCK_TRIES = 300;

/** A file as it stands on disk, whichever links lead to it. */
export interface Destination {
  readonly path: string;
  readonly folder: string;
  /** A name beside the file that no pattern such as `*` or `*.conf` of its reader matches. */
  readonly besides: (what: string) => string;
}

/**
 * Where a path leads in the end: what is replaced is that, and links to it stay, also one whose file is not there yet.
 *
 * @throws RolecallError for what is no file: to put a file in the place of a device or a folder would break more than it.
 */
export async function destinationOf(path: string): Promise<Destination> {
  const file = await linked(path);
  const found = await stat(file).catch(unlessMissing);
  if (found !== undefined && !found.isFile())
    throw new RolecallError('invalid', `${path} is no file: --out takes a file, which is replaced as a whole.`);
  const folder = dirname(file);
  return { path: file, folder, besides: (what) => join(folder, `.${basename(file)}.rolecall-${what}`) };
}

/**
 * Replaces the file in one step where its bytes differ; permissions stay, and so does its owner where this process may
 * give it. Returns whether anything was written. Several that rewrite one file do so one after the other.
 *
 * @param textOf What it should hold, by what it holds now; asked again when another has written meanwhile.
 * @param beforeChange What is to be done first when there will be a change.
 * @throws RolecallError where that cannot be done; the file is then as it was.
 */
export async function rewrite(
  destination: Destination,
  textOf: (before: string) => string,
  beforeChange: () => Promise<void> = async () => {},
): Promise<boolean> {
  const { path } = destination;
  for (let round = 0; round < ROUNDS; round += 1) {
    const standing = await readBytes(path);
    if (textOf(standing ?? '') === standing) return false;
    const outcome = await replaced(destination, textOf, beforeChange);
    if (outcome !== 'overtaken') return outcome === 'written';
  }
  throw new RolecallError('conflict', `${path} is being written by others all the time.`);
}

/** The new file is also the lock: there is one of that name at most. */
async function replaced(
  { path, besides }: Destination,
  textOf: (before: string) => string,
  beforeChange: () => Promise<void>,
): Promise<'written' | 'same' | 'overtaken'> {
  const temporary = besides('new');
  let handle: FileHandle | undefined;
  try {
    const old = await stat(path).catch(unlessMissing);
    handle = await lockedNew(temporary, old === undefined ? NEW_FILE_MODE : old.mode & PERMISSIONS);
    const before = await readBytes(path);
    const content = textOf(before ?? '');
    if (content === before) return 'same';
    await beforeChange();
    await handle.writeFile(content, BYTES);
    if (old !== undefined) await giveTo(handle, old);
    await handle.sync();
    if ((await readBytes(path)) !== before) return 'overtaken';
    await rename(temporary, path);
    await handle.close();
    handle = undefined;
    return 'written';
  } catch (error) {
    throw new RolecallError('unwritable', `${path} cannot be replaced: ${messageOf(error)}.`, { cause: error });
  } finally {
    if (handle !== undefined) {
      await rm(temporary, { force: true });
      await handle.close();
    }
  }
}

/** Waits for another that writes; what one left that was killed meanwhile is taken away. */
async function lockedNew(path: string, mode: number): Promise<FileHandle> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await open(path, 'wx', mode);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST' || tries === LOCK_TRIES) throw error;
    }
    const left = await stat(path).catch(unlessMissing);
    if (left !== undefined && Date.now() - left.mtimeMs > ABANDONED_AFTER_MS) await rm(path, { force: true });
    else await new Promise((done) => setTimeout(done, LOCK_PAUSE_MS));
  }
}

/** The owner first: to change that takes some permissions away. */
async function giveTo(handle: FileHandle, { uid, gid, mode }: Awaited<ReturnType<typeof stat>>): Promise<void> {
  const own = await handle.stat();
  if (own.uid !== Number(uid) || own.gid !== Number(gid))
    await handle.chown(Number(uid), Number(gid)).catch((error: unknown) => {
      if (codeOf(error) !== 'EPERM') throw error;
    });
  await handle.chmod(Number(mode) & PERMISSIONS);
}

/** The file's content, byte for byte; undefined where there is no file. */
async function readBytes(path: string): Promise<string | undefined> {
  return await readFile(path, BYTES).catch(unlessMissing);
}

async function linked(path: string): Promise<string> {
  const found = await realpath(path).catch(unlessMissing);
  if (found !== undefined) return found;
  const link = await readlink(path).catch(unlessMissing);
  if (link === undefined) return resolve(path);
  return await linked(resolve(await realpath(dirname(path)), link));
}

function unlessMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

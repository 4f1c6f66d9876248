import { type FileHandle, open, readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { RolecallError } from '../../model/errors.ts';

/** Each byte is one character and stays what it is: a file of others may be in any encoding. */
const BYTES = 'latin1';
const ROUNDS = 5;
const PERMISSIONS = 0o7777;
const NEW_FILE_MODE = 0o666;

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
 * give it. Returns whether anything was written.
 *
 * @param textOf What it should hold, by what it holds now; asked again when another has written meanwhile.
 * @param beforeChange What is to be done first when there will be a change.
 * @throws RolecallError where that cannot be done; the file is then as it was.
 */
export async function rewrite(
  { path, besides }: Destination,
  textOf: (before: string) => string,
  beforeChange: () => Promise<void> = async () => {},
): Promise<boolean> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await readBytes(path);
    const content = textOf(before ?? '');
    if (content === before) return false;
    const temporary = besides(`${process.pid}-${round}`);
    const isReplaced = await cleanly(path, temporary, async () => {
      await beforeChange();
      return await replace(path, temporary, before, content);
    });
    if (isReplaced) return true;
  }
  throw new RolecallError('conflict', `${path} is being written by others all the time.`);
}

/** Whether the file still had its old content and was replaced. */
async function replace(path: string, temporary: string, before: string | undefined, content: string): Promise<boolean> {
  await writeNew(path, temporary, content);
  if ((await readBytes(path)) !== before) return false;
  await rename(temporary, path);
  return true;
}

async function cleanly(path: string, temporary: string, work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    throw new RolecallError('unwritable', `${path} cannot be replaced: ${messageOf(error)}.`, { cause: error });
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** Whole and on disk, with the permissions of the file whose place it is to take. */
async function writeNew(path: string, temporary: string, content: string): Promise<void> {
  const old = await stat(path).catch(unlessMissing);
  // What a process with the same id left when it was killed.
  await rm(temporary, { force: true });
  const handle = await open(temporary, 'wx', old === undefined ? NEW_FILE_MODE : old.mode & PERMISSIONS);
  try {
    await handle.writeFile(content, BYTES);
    if (old !== undefined) await giveTo(handle, old);
    await handle.sync();
  } finally {
    await handle.close();
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

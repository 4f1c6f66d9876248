import { readFile, realpath } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';

/** Each byte is one character and stays what it is: a file of others may be in any encoding. */
const BYTES = 'latin1';

/** The file's content, byte for byte; undefined where there is no file. */
export async function readBytes(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, BYTES);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Replaces the file in one step where its bytes differ; permissions and owner stay, and so does a symbolic link, whose
 * file is the one that is replaced. Returns whether anything was written.
 */
export async function replaceIfChanged(path: string, content: string): Promise<boolean> {
  if ((await readBytes(path)) === content) return false;
  const file = await realpath(path).catch(() => path);
  await writeFileAtomic(file, Buffer.from(content, BYTES));
  return true;
}

import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { type ChainEnd, readOn } from './chain.ts';
import { headOf } from './head.ts';

/**
 * Where a trail ends whose file was moved away. If a process was killed after it had written a line and before it had
 * written the head, the head does not know that line. So the moved file is looked for in the same folder, under a name
 * that begins in the same way, and read on from where the head ends. A file with a head of its own is another trail.
 * @param path of the file that was moved
 * @param known what its head says; also the result if the file is not found
 */
export async function endOfMoved(path: string, known: ChainEnd): Promise<ChainEnd> {
  const folder = dirname(path);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = new Set(entries.map(({ name }) => name));
  let end = known;
  for (const entry of entries) {
    const isCandidate = entry.isFile() && entry.name.startsWith(parse(path).name) && !names.has(headOf(entry.name));
    const found = isCandidate ? await endOf(join(folder, entry.name), known).catch(() => known) : known;
    if (found.lines > end.lines) end = found;
  }
  return end;
}

async function endOf(path: string, known: ChainEnd): Promise<ChainEnd> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return (await readOn(file, known, (await file.stat()).size)).end;
  } finally {
    await file.close();
  }
}

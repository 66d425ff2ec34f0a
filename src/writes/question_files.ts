import { createHash } from 'node:crypto';
import { lstat, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, flushDirectoryOf } from '../audit/own_file.ts';
import { Fault } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { createLocalQuestions, type OpenQuestions } from './open_questions.ts';

/** Modes that let in the owner only. */
const [FOLDER_MODE, FILE_MODE] = [0o700, 0o600];
/** In the folder of a question whose answer was taken. */
const USED = 'used';
/** When the question is over, in ms since the epoch, and a hash; nothing that Windows would not take. */
const NAME = /^(\d+)-[\da-f]{32}$/;
/** A question is kept until its time is over by the clock of any process, ms. */
const KEPT_MS = 600_000;

/**
 * Questions of all processes that see one folder, each as a folder in it. Its answer is taken by creating a file there,
 * which one process can do, and none that sees another folder, or a copy from before the question. Questions that
 * cannot be put there are open in this process only.
 * @param folder is made when the first question is put
 */
export function createQuestionFiles(folder: string, log: Log, now = () => Date.now()): OpenQuestions {
  const local = createLocalQuestions(now);
  let isTold = false;
  const pathOf = ({ nonce, until }: Parameters<OpenQuestions['put']>[0]) =>
    join(folder, `${until}-${createHash('sha256').update(nonce).digest('hex').slice(0, 32)}`);
  return {
    async put(question) {
      try {
        await mkdir(folder, { mode: FOLDER_MODE, recursive: true });
        if (!(await isOwn(folder))) throw new Error('another user could change what is in the folder');
        await mkdir(pathOf(question), { mode: FOLDER_MODE });
      } catch (error) {
        if (!isTold) log.warn(ONLY_HERE, { code: codeOf(error) });
        isTold = true;
        return local.put(question);
      }
      await removePast(folder, now()).catch(() => {});
    },
    async take(question) {
      const here = await local.take(question);
      if (here !== 'unknown' || !(await isOwn(folder))) return here;
      const mark = join(pathOf(question), USED);
      try {
        await (await open(mark, 'wx', FILE_MODE)).close();
      } catch (error) {
        const code = codeOf(error);
        if (code === 'EEXIST') return 'used';
        if (code === 'ENOENT') return 'unknown';
        throw new Fault('store_away', `That the answer is used cannot be noted in a file (${code}).`, { cause: error });
      }
      await flushDirectoryOf(mark);
      return 'taken';
    },
    async giveBack(question) {
      await local.giveBack(question);
      await rm(join(pathOf(question), USED), { force: true }).catch(() => {});
    },
  };
}

const ONLY_HERE =
  'the folder beside the signing key cannot be written, so questions to a person are answered at this process only';

/** A folder that is no link, and that no other user can replace the content of. Windows tells no owner. */
async function isOwn(folder: string): Promise<boolean> {
  const stats = await lstat(folder).catch(() => undefined);
  return stats?.isDirectory() === true && stats.uid === (process.getuid?.() ?? stats.uid);
}

async function removePast(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, until] = NAME.exec(name) ?? [];
    if (until !== undefined && Number(until) + KEPT_MS <= now) await rm(join(folder, name), { recursive: true });
  }
}

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTrail } from '../../src/audit/trail.ts';
import { verifyTrail } from '../../src/audit/verify.ts';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { callOf, INITIALIZE, messagesOf, start } from '../process.ts';
import { openIds } from '../samples.ts';
import { fill, intent, newFile } from './files.ts';

const HEAD = `{"lines":${'0'.padStart(16)},"bytes":${'0'.padStart(16)},"last":${'0'.padStart(16)},"hash":"${'ab'.repeat(32)}"}\n`;

/** Texts that somebody else needs and that stand where the head should be. */
const FOREIGN = {
  'a text': 'somebody else needs this\n',
  'a number': '7',
  'JSON that begins like a head': '{"lines":3,"file":"a.txt"}\n',
  'JSON that begins like a head, with blanks': `{"lines":${'3'.padStart(16)},"file":"a.txt"}\n`,
  'a head and more': `${HEAD}and more`,
  'two heads': HEAD + HEAD,
  'a text as long as a head': 'x'.repeat(HEAD.length),
  'much of it': 'x'.repeat(100_000),
};

/** Makes what stands at `head`, and names the file that must stay as it is. */
type Obstacle = (head: string) => string;
const linked =
  (how: typeof linkSync | typeof symlinkSync, text: string): Obstacle =>
  (head) => {
    const victim = join(dirname(head), 'victim');
    writeFileSync(victim, text);
    chmodSync(victim, 0o644);
    how(victim, head);
    return victim;
  };

const OBSTACLES: Record<string, Obstacle> = {
  ...Object.fromEntries(
    Object.entries(FOREIGN).map(([what, text]) => [
      what,
      (head: string) => {
        writeFileSync(head, text);
        chmodSync(head, 0o644);
        return head;
      },
    ]),
  ),
  'a symbolic link to a text': linked(symlinkSync, 'somebody else needs this\n'),
  'a symbolic link to an empty file': linked(symlinkSync, ''),
  'a symbolic link to the head of another trail': linked(symlinkSync, HEAD),
  'a hard link to a text': linked(linkSync, 'somebody else needs this\n'),
  'a hard link to an empty file': linked(linkSync, ''),
  'a hard link to the head of another trail': linked(linkSync, HEAD),
};

/** What the server finds beside it. */
const AUDIT_FILES: Record<string, (file: string) => Promise<void>> = {
  missing: async () => {},
  empty: async (file) => writeFileSync(file, ''),
  filled: async (file) => {
    await fill(createTrail(file), 3);
    renameSync(`${file}.head`, `${file}.away`);
  },
};

describe.each(Object.entries(AUDIT_FILES))('where the audit file is %s', (_state, prepare) => {
  test.each(Object.entries(OBSTACLES))(
    '%s in the place of its head is refused and stays as it is',
    async (_, place) => {
      const file = newFile();
      await prepare(file);
      const victim = place(`${file}.head`);
      const facts = () => ({
        victim: readFileSync(victim, 'latin1'),
        mode: statSync(victim).mode,
        changed: statSync(victim).mtimeMs,
        audit: existsSync(file) && readFileSync(file, 'latin1'),
      });
      const before = facts();
      const trail = createTrail(file, { patience: 100 });
      for (const attempt of [trail.check(), trail.append(intent()), trail.check()]) {
        await expect(attempt).rejects.toMatchObject({ code: 'audit_failed', detail: expect.stringMatching(/head/) });
      }
      expect(facts()).toEqual(before);
    },
  );
});

test.skipIf(process.platform === 'win32')(
  'a link to nothing is not followed, so that nothing is made there',
  async () => {
    const file = newFile();
    const target = join(dirname(file), 'target');
    symlinkSync(target, `${file}.head`);
    await expect(createTrail(file).append(intent())).rejects.toMatchObject({ code: 'audit_failed' });
    expect(existsSync(target)).toBe(false);
    expect(existsSync(file)).toBe(false);
  },
);

test.skipIf(process.platform === 'win32')('a directory, a link to one, and a named pipe are refused', async () => {
  const make: readonly ((head: string) => void)[] = [
    (head) => mkdirSync(head),
    (head) => symlinkSync(dirname(head), head),
    (head) => void execFileSync('sh', ['-c', 'mkfifo "$0"', head]),
  ];
  for (const place of make) {
    const file = newFile();
    place(`${file}.head`);
    await expect(createTrail(file).append(intent())).rejects.toMatchObject({ code: 'audit_failed' });
    expect(existsSync(file)).toBe(false);
  }
});

test('a folder that is a link is followed', async () => {
  const file = newFile();
  const folder = join(dirname(file), 'folder');
  mkdirSync(folder);
  symlinkSync(folder, join(dirname(file), 'way'), 'dir');
  await fill(createTrail(join(dirname(file), 'way', 'audit.jsonl')), 2);
  expect(await verifyTrail(join(folder, 'audit.jsonl'))).toMatchObject({ lines: 2, broken: undefined, hasHead: true });
});

test.each([
  ['nothing', ''],
  ['zeros, as a power failure leaves them', '\0'.repeat(HEAD.length)],
  ['its beginning', HEAD.slice(0, 20)],
  ['all but its end', HEAD.slice(0, -1)],
  ['other numbers than can be', HEAD.replace('  0,', ' 12,')],
])('a head of which a crash left %s is made again', async (_what, text) => {
  const file = newFile();
  await fill(createTrail(file), 4);
  const before = readFileSync(`${file}.head`, 'utf8');
  writeFileSync(`${file}.head`, text);
  await createTrail(file).check();
  expect(readFileSync(`${file}.head`, 'utf8')).toBe(before);
});

test('a server that starts with a link for a head touches nothing, and refuses every write', async () => {
  const file = newFile();
  const victim = join(dirname(file), 'authorized_keys');
  writeFileSync(victim, 'ssh-ed25519 AAAA\n');
  symlinkSync(victim, `${file}.head`);
  const emulator = await createEmulator({ callsPerMinute: 0 });
  onTestFinished(() => emulator.close());
  const running = start([], {
    MDCA_API_URL: emulator.url,
    MDCA_API_TOKEN: emulator.token,
    MDCA_WRITES: 'allow',
    MDCA_AUDIT_FILE: file,
  });
  running.send(INITIALIZE);
  running.send(callOf(2, 'mdca_resolve_alert', { alert_ids: openIds(emulator.state.alerts, 1) }));
  await expect.poll(() => messagesOf(running)).toHaveLength(2);
  await expect.poll(() => running.stderr()).toContain('writes are refused until the audit trail can be written');
  running.child.stdin.end();
  expect(await running.ended).toBe(0);
  expect(JSON.stringify(messagesOf(running)[1])).toContain('audit_failed');
  expect(readFileSync(victim, 'utf8')).toBe('ssh-ed25519 AAAA\n');
  expect(lstatSync(`${file}.head`).isSymbolicLink()).toBe(true);
  expect(emulator.requests.filter(({ effect }) => effect === 'write')).toEqual([]);
});

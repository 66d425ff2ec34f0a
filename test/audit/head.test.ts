import { type FileHandle, open, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { headOf, readHead, readHeadUnlocked, writeHead } from '../../src/audit/head.ts';
import { newFile } from './files.ts';

const HASH = 'ab'.repeat(32);
const END = { lines: 3, bytes: 900, last: 300, hash: HASH };
const TEXT = `{"lines":${'3'.padStart(16)},"bytes":${'900'.padStart(16)},"last":${'300'.padStart(16)},"hash":"${HASH}"}\n`;

async function opened(content?: string | Buffer) {
  const path = headOf(newFile());
  if (content !== undefined) await writeFile(path, content);
  const head = await open(path, content === undefined ? 'w+' : 'r+');
  onTestFinished(() => head.close());
  return { path, head };
}

test('a head stands beside its audit file', () => {
  expect(headOf('/var/log/audit.jsonl')).toBe('/var/log/audit.jsonl.head');
});

describe('a head', () => {
  test('comes back as it was written, always in the same form', async () => {
    const { path, head } = await opened();
    await writeHead(head, END);
    expect(await readFile(path, 'utf8')).toBe(TEXT);
    expect(await readHead(head)).toEqual(END);
    const large = { lines: 2 ** 40, bytes: Number.MAX_SAFE_INTEGER, last: 2, hash: HASH };
    await writeHead(head, large);
    expect(await readHead(head)).toEqual(large);
    expect((await readFile(path)).length).toBe(TEXT.length);
  });

  test.each<[string, (text: string) => string]>([
    ['nothing', () => ''],
    ['a byte less', (text) => text.slice(0, -1)],
    ['a byte more', (text) => `${text} `],
    ['a byte before', (text) => ` ${text.slice(0, -1)}`],
    ['another end', (text) => text.replace('\n', ' ')],
    ['a letter for a digit', (text) => text.replace('900', '9x0')],
    ['a hash in capitals', (text) => text.replace(HASH, HASH.toUpperCase())],
    ['lines without bytes', (text) => text.replace('900', '  0')],
    ['a last line longer than all', (text) => text.replace('300', '901')],
    ['an empty last line', (text) => text.replace('300', '  1')],
    ['bytes without lines', (text) => text.replace('  3,', '  0,')],
    ['less room for a number', (text) => text.replace('  900', '900')],
    ['something before it in the same length', (text) => ` ${text.replace('  900', ' 900')}`],
    ['something behind it in the same length', (text) => `${text.replace('  900', ' 900')} `],
    ['only bytes', (text) => text.replace('  3,', '  0,').replace('300', '  0')],
    ['only lines', (text) => text.replace('900', '  0').replace('300', '  0')],
    ['only a last line', (text) => text.replace('  3,', '  0,').replace('900', '  0')],
    ['more bytes than a number holds', (text) => text.replace(/ {13}900/, '9007199254740992')],
  ])('says nothing with %s', async (_what, damage) => {
    const { head } = await opened(damage(TEXT));
    expect(await readHead(head)).toBeUndefined();
  });

  test('may say that there is no line yet', async () => {
    const empty = { lines: 0, bytes: 0, last: 0, hash: HASH };
    const { head } = await opened();
    await writeHead(head, empty);
    expect(await readHead(head)).toEqual(empty);
  });

  test('may say that the last line is all', async () => {
    const one = { lines: 1, bytes: 2, last: 2, hash: HASH };
    const { head } = await opened();
    await writeHead(head, one);
    expect(await readHead(head)).toEqual(one);
  });
});

/** A handle that reads what it is given, one text after the other. */
function reading(texts: readonly string[]) {
  let reads = 0;
  const read = async (buffer: Buffer) => {
    const text = texts[Math.min(reads++, texts.length - 1)] ?? '';
    return { bytesRead: buffer.write(text), buffer };
  };
  return { handle: Object.assign(Object.create(null), { read }) satisfies Partial<FileHandle>, reads: () => reads };
}

test('without the lock a head is read until two reads agree', async () => {
  const later = TEXT.replace('900', '950');
  const { handle, reads } = reading([TEXT, `${TEXT.slice(0, 40)}`, later, later]);
  expect(await readHeadUnlocked(handle)).toEqual({ ...END, bytes: 950 });
  expect(reads()).toBe(4);
});

test('a head that could not be written whole is a full disk', async () => {
  const write = async () => ({ bytesWritten: 7 });
  const handle = Object.assign(Object.create(null), { write });
  await expect(writeHead(handle, END)).rejects.toMatchObject({ code: 'ENOSPC' });
});

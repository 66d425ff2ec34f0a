import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTrail } from '../../src/audit/trail.ts';
import { formatLine } from '../../src/audit/trail_line.ts';
import { trailReportText, verifyTrail } from '../../src/audit/verify.ts';
import { fill, intent, newFile, outcome } from './files.ts';

const NONE = '0'.repeat(64);
const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

/** The line with its content changed and its sum recomputed. */
function resum(line: string, change: (body: string) => string): string {
  const body = change(line.slice(0, -74));
  return `${body},"sum":"${sha256(body)}"}`;
}

describe('tampering is found at its line', () => {
  const LINES = 9;
  const directory = mkdtempSync(join(tmpdir(), 'audit-'));
  const file = join(directory, 'audit.jsonl');
  let whole = Buffer.alloc(0);
  let lines: readonly string[] = [];
  beforeAll(async () => {
    await fill(createTrail(file), LINES);
    whole = readFileSync(file);
    lines = whole.toString().split('\n').slice(0, -1);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const lineAt = (offset: number) => whole.subarray(0, offset).toString().split('\n').length;
  const at = fc.integer({ min: 1, max: LINES });
  const offset = fc.nat().map((n) => n % whole.length);
  const broken = async (content: Buffer | readonly string[]) => {
    writeFileSync(file, Buffer.isBuffer(content) ? content : content.map((line) => `${line}\n`).join(''));
    const verdict = await verifyTrail(file);
    if (verdict.broken) expect(trailReportText(verdict)).toContain(`BROKEN at line ${verdict.broken.line}: `);
    return verdict.broken;
  };
  const property = (runs: number, holds: (at: number, other: number, offset: number) => Promise<void>) =>
    fc.assert(fc.asyncProperty(at, at, offset, holds), { numRuns: runs });

  test('an untouched file: nothing is found', async () => {
    expect(await broken(whole)).toBeUndefined();
    expect(await broken(lines)).toBeUndefined();
  });

  test('a changed byte: the line that it belonged to', async () => {
    await fc.assert(
      fc.asyncProperty(offset, fc.integer({ min: 1, max: 255 }), async (offset, change) => {
        const changed = Buffer.from(whole);
        changed[offset] = (changed[offset] ?? 0) ^ change;
        expect(await broken(changed)).toMatchObject({ line: lineAt(offset) });
      }),
      { numRuns: 300 },
    );
  });

  test('a byte that becomes a line break: the line that it belonged to', () =>
    property(50, async (_at, _other, offset) => {
      const changed = Buffer.from(whole);
      if (changed[offset] === 10) changed[offset] = 32;
      else changed[offset] = 10;
      expect(await broken(changed)).toMatchObject({ line: lineAt(offset) });
    }));

  test('a deleted line: that line is missing', () =>
    property(30, async (at) => {
      expect(await broken(lines.toSpliced(at - 1, 1))).toMatchObject({
        line: at,
        why: expect.stringMatching(/missing/),
      });
    }));

  test('two swapped lines: the first of the two places', () =>
    property(50, async (at, other) => {
      fc.pre(at !== other);
      const swapped = lines.with(at - 1, lines[other - 1] ?? '').with(other - 1, lines[at - 1] ?? '');
      expect(await broken(swapped)).toMatchObject({ line: Math.min(at, other) });
    }));

  test('a file cut at any byte: the first line that is not whole', () =>
    property(200, async (_at, _other, offset) => {
      expect(await broken(whole.subarray(0, offset))).toMatchObject({ line: lineAt(offset) });
    }));

  test('a duplicated line: the place of the copy', () =>
    property(30, async (at) => {
      expect(await broken(lines.toSpliced(at, 0, lines[at - 1] ?? ''))).toMatchObject({ line: at + 1 });
    }));

  test('a moved copy of a line: the place of the copy', () =>
    property(50, async (at, other) => {
      // A copy right before its own line cannot be told from one right after it, which is reported a line later.
      fc.pre(at !== other);
      expect(await broken(lines.toSpliced(at - 1, 0, lines[other - 1] ?? ''))).toMatchObject({ line: at });
    }));

  test('an inserted line of anything: its place, also at the end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: LINES + 1 }), fc.string(), async (at, text) => {
        expect(await broken(lines.toSpliced(at - 1, 0, text.replaceAll('\n', '')))).toMatchObject({ line: at });
      }),
      { numRuns: 60 },
    );
  });

  test('an inserted line that continues the one before it: the line after it, or the last that the head knows', () =>
    property(50, async (at) => {
      const forged = formatLine(at, intent(), at === 1 ? NONE : sha256(lines[at - 2] ?? ''));
      const inserted = lines.toSpliced(at - 1, 0, forged.toString().trimEnd());
      expect(await broken(inserted)).toMatchObject({ line: Math.min(at + 1, LINES) });
    }));

  test('a changed line with its sum recomputed: the line that links to it, or the last that the head knows', () =>
    property(50, async (at) => {
      const changed = resum(lines[at - 1] ?? '', (body) => body.replace('2026', '2025'));
      const found = await broken(lines.with(at - 1, changed));
      expect(found).toMatchObject({ line: Math.min(at + 1, LINES) });
      if (at < LINES) expect(found?.why).toContain(`does not continue line ${at}:`);
    }));

  test('a changed number or link with its sum recomputed: that line', () =>
    property(50, async (at, other) => {
      fc.pre(at !== other);
      const renumbered = resum(lines[at - 1] ?? '', (body) => body.replace(/"n":\d+/, `"n":${other}`));
      expect(await broken(lines.with(at - 1, renumbered))).toMatchObject({ line: at });
      const relinked = resum(lines[at - 1] ?? '', (body) => body.replace(/[0-9a-f]{64}"$/, `${sha256('')}"`));
      // The first line may continue any file, so its changed link shows only at the second line.
      expect(await broken(lines.with(at - 1, relinked))).toMatchObject({ line: at === 1 ? 2 : at });
    }));
});

describe('the report', () => {
  const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()] as const;
  const trailOf = async (...entries: Parameters<typeof formatLine>[1][]) => {
    const file = newFile();
    for (const entry of entries) await createTrail(file).append(entry);
    return file;
  };

  test('lists writes without an outcome', async () => {
    const file = await trailOf(intent(a), intent(b), outcome(a), intent(c, { ids: ['1'] }));
    const verdict = await verifyTrail(file);
    expect(verdict).toEqual({
      broken: undefined,
      lines: 4,
      intents: 3,
      outcomes: 1,
      carried: 0,
      open: [
        { line: 2, time: '2026-01-02T03:04:05.678Z', tool: 'mdca_resolve_alert', call: b, ids: 2 },
        { line: 4, time: '2026-01-02T03:04:05.678Z', tool: 'mdca_resolve_alert', call: c, ids: 1 },
      ],
      hasHead: true,
      continues: undefined,
      hasUnfinished: false,
    });
    expect(trailReportText(verdict)).toBe(
      [
        'OK: 4 lines, 3 writes, the chain is whole.',
        '2 writes have no outcome: it may have been carried out or not. Check these items in the Defender portal:',
        `  line 2: 2026-01-02T03:04:05.678Z mdca_resolve_alert, 2 ids, call ${b}`,
        `  line 4: 2026-01-02T03:04:05.678Z mdca_resolve_alert, 1 id, call ${c}`,
      ].join('\n'),
    );
  });

  test.each([
    ['an outcome without an intent', [intent(a), outcome(b)], 2],
    ['a second outcome', [intent(a), outcome(a), outcome(a)], 3],
    ['a second intent', [intent(a), intent(b), intent(a)], 3],
    ['another event', [intent(a), JSON.parse(JSON.stringify({ ...outcome(a), event: 'x' }))], 2],
  ])('calls a trail with %s broken', async (_, entries, line) => {
    expect(await verifyTrail(await trailOf(...entries))).toMatchObject({ broken: { line }, lines: line - 1 });
  });

  test('says what is wrong with the last line that the head knows, and with one that is cut short', async () => {
    const file = await trailOf(intent(a), outcome(a));
    const whole = readFileSync(file, 'utf8');
    const other = formatLine(2, intent(b), JSON.parse(whole.split('\n')[1] ?? '').prev);
    writeFileSync(file, `${whole.split('\n')[0]}\n${other}`);
    expect((await verifyTrail(file)).broken).toEqual({ line: 2, why: 'it is not what the head says it was' });
    writeFileSync(file, whole.slice(0, -1));
    expect(await verifyTrail(file)).toMatchObject({
      broken: { line: 2, why: 'it is cut short: the file ends in it' },
      lines: 1,
      hasUnfinished: false,
    });
    writeFileSync(file, `${whole}{"n":3`);
    expect(await verifyTrail(file)).toMatchObject({ broken: undefined, lines: 2, hasUnfinished: true });
  });

  test('holds a file to its head where that knows no line yet, and to its size', async () => {
    const file = await trailOf(intent(a), outcome(a));
    const head = readFileSync(`${file}.head`, 'utf8');
    const [wide, none] = [(n: number) => String(n).padStart(16), sha256('an older line')];
    writeFileSync(`${file}.head`, `{"lines":${wide(0)},"bytes":${wide(0)},"last":${wide(0)},"hash":"${none}"}\n`);
    expect(await verifyTrail(file)).toMatchObject({
      broken: { line: 1, why: 'it does not continue what the head says came before' },
      lines: 0,
    });
    const bytes = statSync(file).size;
    writeFileSync(`${file}.head`, head.replace(wide(bytes), wide(bytes + 1)));
    expect((await verifyTrail(file)).broken).toEqual({ line: 2, why: 'it is not what the head says it was' });
  });

  test.skipIf(!existsSync('/proc/self/fd'))('leaves no file open, and neither does an append', async () => {
    const openFiles = () => readdirSync('/proc/self/fd').length;
    const file = await trailOf(intent(a));
    const before = openFiles();
    for (let times = 0; times < 10; times++) {
      await createTrail(file).append(intent());
      await verifyTrail(file);
    }
    expect(openFiles()).toBeLessThan(before + 5);
  });

  test('prints no control characters of a tampered file to a terminal', async () => {
    const evil = '\u001b[2J\u0007';
    const file = await trailOf({ ...intent(evil), time: evil, tool: evil, ids: evil, [evil]: evil });
    expect(
      trailReportText(await verifyTrail(file))
        .split('\n')
        .at(-1),
    ).toBe('  line 1: (no valid time) (no valid tool), 0 ids, call (no valid id)');
    for (const text of [evil, `{"n":1,"${evil}":1,"prev":"${NONE}","sum":"${NONE}"}`]) {
      writeFileSync(file, `${text}\n`);
      expect(trailReportText(await verifyTrail(file))).toMatch(/^BROKEN at line 1: [\x20-\x7e\n]*$/);
    }
  });

  test('calls an empty file whole, and says what it cannot check without a head', async () => {
    const file = newFile();
    writeFileSync(file, '');
    expect(trailReportText(await verifyTrail(file))).toBe(
      'OK: 0 lines, 0 writes, the chain is whole.\n' +
        'There is no readable .head file beside it, so lines cut off at the end cannot be told.',
    );
  });

  test('is an error that says why where a file cannot be read', async () => {
    const file = newFile();
    await expect(verifyTrail(file)).rejects.toThrow(/^cannot be read: ENOENT$/);
    mkdirSync(`${file}.head`);
    await expect(verifyTrail(file)).rejects.toThrow(/^its head cannot be read: not a regular file$/);
    mkdirSync(file);
    rmSync(`${file}.head`, { recursive: true });
    await expect(verifyTrail(file)).rejects.toThrow(/^cannot be read: not a regular file$/);
  });

  test('calls a line of 5 MB unreadable', async () => {
    const file = newFile();
    writeFileSync(file, Buffer.alloc(5_000_000, 'x'));
    expect((await verifyTrail(file)).broken).toMatchObject({ line: 1, why: expect.stringMatching(/cannot be read/) });
  });
});

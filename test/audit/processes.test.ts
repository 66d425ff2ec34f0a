import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTrail } from '../../src/audit/trail.ts';
import { verifyTrail } from '../../src/audit/verify.ts';
import { appender, intent, linesOf, newFile } from './files.ts';

/** Timeout, ms: a machine that is busy with other tests takes ten times as long as an idle one. */
const LONG = 300_000;

test(
  'eight processes append a thousand lines each to one chain, which keeps the order of each',
  async () => {
    const file = newFile();
    const script = 'for (let n = 0; n < 1000; n++) await trail.append(entry(n));';
    const names = Array.from('abcdefgh');
    const ends = await Promise.all(names.map((name) => appender(file, name, script).ended));
    expect(ends).toEqual(names.map(() => ({ code: 0, stderr: '' })));
    expect(await verifyTrail(file)).toMatchObject({
      broken: undefined,
      lines: 8000,
      intents: 8000,
      hasUnfinished: false,
    });
    const calls = linesOf(file).map((line) => JSON.parse(line).call);
    for (const name of names) {
      const own = calls.filter((call) => call.startsWith(`${name}-`));
      expect(own).toEqual(Array.from({ length: 1000 }, (_, n) => `${name}-${n}`));
    }
  },
  LONG,
);

test(
  'after 200 processes were killed while they appended, the trail verifies and holds all that they reported',
  async () => {
    const file = newFile();
    const script = 'for (let n = 0; ; n++) { await trail.append(entry(n, (n % 2) * 40_000)); done(n); }';
    const reported: string[] = [];
    const kills = Array.from({ length: 200 }, (_, n) => n);
    const lane = async () => {
      for (let n = kills.pop(); n !== undefined; n = kills.pop()) {
        const { child, done, ended } = appender(file, `p${n}`, script);
        await once(child.stdout, 'data');
        // The process begins the next append at once, so the kill can hit any point of one.
        await sleep(Math.random() * 5);
        child.kill('SIGKILL');
        expect(await ended).toEqual({ code: null, stderr: '' });
        reported.push(...done());
      }
    };
    await Promise.all([lane(), lane(), lane(), lane()]);

    await createTrail(file).append(intent());
    const verdict = await verifyTrail(file);
    expect(verdict).toMatchObject({ broken: undefined, hasHead: true, hasUnfinished: false });
    const calls = new Set(linesOf(file).map((line) => JSON.parse(line).call));
    expect(reported.length).toBeGreaterThanOrEqual(200);
    const lost = reported.filter((call) => !calls.has(call));
    expect(lost, 'appends that were reported as done and are not in the trail').toEqual([]);
  },
  LONG,
);

test(
  'a trail verifies at any moment while another process appends',
  async () => {
    const file = newFile();
    const { child, ended } = appender(
      file,
      'a',
      'for (let n = 0; n < 300; n++) { await trail.append(entry(n, (n % 3) * 30_000)); done(n); }',
    );
    await once(child.stdout, 'data');
    const end = ended.then(() => 'ended');
    const seen: number[] = [];
    while ((await Promise.race([end, sleep(1)])) !== 'ended') {
      const { broken, lines } = await verifyTrail(file);
      expect(broken).toBeUndefined();
      seen.push(lines);
    }
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(await verifyTrail(file)).toMatchObject({ broken: undefined, lines: 300 });
  },
  LONG,
);

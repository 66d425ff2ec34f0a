import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { alertOf } from './bench/alerts.ts';
import { chart } from './bench/chart.ts';
import { readOptions } from './bench/options.ts';
import { page } from './bench/page.ts';
import type { Report, Run } from './bench/report.ts';
import { fullestWindow, quantile, ratioOf, rotated, spreadOf } from './bench/stats.ts';
import { createCheck, templateOf } from './bench/template.ts';
import { ROOT } from './process.ts';

const read = (): Report => JSON.parse(readFileSync(`${ROOT}docs/benchmarks.json`, 'utf8'));

describe('docs/benchmarks.md', () => {
  test('page and chart say what was measured; `npm test -- -u` rewrites them', async () => {
    await expect(page(read())).toMatchFileSnapshot('../docs/benchmarks.md');
    await expect(chart(read())).toMatchFileSnapshot('../docs/benchmarks.svg');
  });

  test('has a column for each runtime, and a no where a bound is broken', () => {
    const spread = (median: number) => ({ median, low: median - 0.01, high: median + 0.01 });
    const ratios = { p50: spread(1.61), p99: spread(1.99) };
    const row = { p50: spread(1), p99: spread(2), toReader: ratios };
    const run = (node: string): Run => ({
      node,
      sections: { calls: { date: '2026-11-26', quick: true, rows: [{ name: 'defender-cloud-apps-mcp', ...row }] } },
    });
    const text = page({
      version: '1.0.0',
      system: 'linux x64',
      cpu: { model: 'c', cores: 2 },
      runs: [run('20.1.0'), run('24.1.0')],
    });
    expect(text).toContain('| bound | Node 20.1.0 | Node 24.1.0 |');
    expect(text).toMatch(/p50, × floor \| [^|]+ \| ≤ 1.6 \| 1.61 \([^|]+\): \*\*no\*\* \|/);
    expect(text).toMatch(/p99, × floor \| [^|]+ \| ≤ 2 \| 1.99 \([^|]+\): yes \|/);
    expect(text).toContain('(`--quick`) and are only a sketch: calls.');
  });
});

describe('statistics', () => {
  test('quantiles are interpolated between neighbours', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([10, 20], 0.99)).toBeCloseTo(19.9);
    expect(spreadOf([5, 1, 2, 4, 3])).toEqual({ median: 3, low: 2, high: 4 });
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });

  test('a ratio is computed in each round, so that a machine that slows down does not change it', () => {
    expect(ratioOf([2, 20, 200], [1, 10, 100])).toEqual({ median: 2, low: 2, high: 2 });
    expect(() => ratioOf([1], [1, 2])).toThrow(RangeError);
  });

  test('a window includes its beginning and not its end', () => {
    expect(fullestWindow([60_000, 0, 1, 59_999], 60_000)).toBe(3);
    expect(fullestWindow([], 60_000)).toBe(0);
  });

  test('each item comes first in some round', () => {
    expect([0, 1, 2, 3].map((round) => rotated(['a', 'b', 'c'], round)[0])).toEqual(['a', 'b', 'c', 'a']);
  });
});

describe('what is measured', () => {
  test('an answer that differs in one byte is found', () => {
    const line = (id: number, text = 'ok') => Buffer.from(`{"result":{"text":"${text}"},"jsonrpc":"2.0","id":${id}}`);
    const idOf = createCheck(templateOf({ id: 900_001, at: 0, line: line(900_001), result: {} }));
    expect(idOf(line(7))).toBe(7);
    expect(() => idOf(line(7, 'oK'))).toThrow('differs');
  });

  test('no two alerts are alike, and each is older than the one before', () => {
    const alerts = Array.from({ length: 10_000 }, (_, n) => alertOf(n));
    expect(new Set(alerts.map(({ _id }) => _id)).size).toBe(alerts.length);
    expect(alerts.every(({ _id }) => /^[0-9a-f]{24}$/.test(_id))).toBe(true);
    expect(alerts.every(({ timestamp }, n) => n === 0 || timestamp < (alerts[n - 1]?.timestamp ?? 0))).toBe(true);
  });

  test.each([
    [[], true, true, true],
    [['--quick'], false, true, false],
    [['--only', 'start'], false, false, false],
    [['--only', 'budget', '--quick', '--write'], true, false, true],
  ])('%j writes: %s, calls: %s, budget: %s', (args, write, calls, budget) => {
    const options = readOptions(args);
    expect([options.write, options.wants('calls'), options.wants('budget')]).toEqual([write, calls, budget]);
  });

  test('an unknown section is named', () => {
    expect(() => readOptions(['--only', 'start,calll'])).toThrow('no calll');
  });
});

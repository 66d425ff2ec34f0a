import { Session } from 'node:inspector/promises';
import { test } from 'vitest';
import { GUARDED, MEASURED, runScenarios } from './scenarios.ts';
import { shownFields, tryFields } from './fields.ts';
const run = async (what: string, f: () => Promise<unknown>) => {
  const s = new Session(); s.connect();
  await s.post('Profiler.enable'); await s.post('Profiler.start');
  const t = performance.now(); await f(); console.log(what, performance.now() - t);
  const { profile } = await s.post('Profiler.stop');
  const self = new Map<string, number>(); const dt = profile.timeDeltas ?? [];
  const by = new Map(profile.nodes.map((n) => [n.id, n]));
  (profile.samples ?? []).forEach((id, i) => { const n = by.get(id)!; const k = `${n.callFrame.functionName} ${n.callFrame.url.split('/').slice(-3).join('/')}:${n.callFrame.lineNumber}`; self.set(k, (self.get(k) ?? 0) + (dt[i] ?? 0)); });
  for (const [k, v] of [...self].sort((a, b) => b[1] - a[1]).slice(0, 22)) console.log(Math.round(v / 1000), k);
  s.disconnect();
};
test('t', async () => {
  await run('scenarios', () => runScenarios([...GUARDED, ...MEASURED]));
  await run('shown', shownFields);
  await run('fields', tryFields);
}, 300000);

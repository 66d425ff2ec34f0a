/** What became of a mutant; the rest (ignored, not compiled) counts for nothing. */
const DETECTED = { Killed: 'killed', Timeout: 'timeout' };
const MISSED = { Survived: 'survived', NoCoverage: 'uncovered' };
const STATES = { ...DETECTED, ...MISSED };

/** What docs/mutation.json keeps of one room's report by Stryker. */
export function summaryOf({ files }, seconds) {
  const counts = { killed: 0, timeout: 0, survived: 0, uncovered: 0, error: 0 };
  const survivors = [];
  for (const [file, { source, mutants }] of Object.entries(files)) {
    const lines = source.split('\n');
    for (const mutant of mutants) {
      if (mutant.status === 'Ignored') continue;
      counts[STATES[mutant.status] ?? 'error'] += 1;
      if (!(mutant.status in MISSED)) continue;
      const { start, end } = mutant.location;
      const original = oneLine(textBetween(lines, start, end));
      const replacement = oneLine(mutant.replacement ?? '');
      const text = oneLine(lines[start.line - 1]);
      survivors.push({ file, line: start.line, text, kind: mutant.mutatorName, original, replacement });
    }
  }
  survivors.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  return { date: new Date().toISOString().slice(0, 10), seconds, counts, survivors };
}

/** @param start line and column, both from 1 */
function textBetween(lines, start, end) {
  const taken = lines.slice(start.line - 1, end.line);
  taken[taken.length - 1] = taken.at(-1).slice(0, end.column - 1);
  taken[0] = taken[0].slice(start.column - 1);
  return taken.join('\n');
}

function oneLine(text) {
  return text.replace(/\s+/g, ' ').trim();
}

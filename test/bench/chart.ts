import { figure } from './format.ts';
import { NAMES } from './names.ts';
import type { Report, Run, Started } from './report.ts';

const WIDTH = 860;
const LEFT = 320;
const BARS = 390;
const BAR = 14;
const GAP = 12;
const TOP = 76;

const STYLE = `
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: 600; }
  .quiet { fill: #59636e; }
  .own { font-weight: 600; }
  .figure { font-size: 12px; }
  .bar0 { fill: #8c959f; } .bar1 { fill: #c4cad1; }
  .own0 { fill: #0969da; } .own1 { fill: #80b8f5; }
  .axis { stroke: #d1d9e0; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .quiet { fill: #9198a1; }
    .bar0 { fill: #8b949e; } .bar1 { fill: #545d68; }
    .own0 { fill: #4493f8; } .own1 { fill: #1f5da8; }
    .axis { stroke: #3d444d; }
  }`;

/** One server, and what each run measured of it. */
interface Row {
  readonly name: string;
  readonly found: readonly (Started | undefined)[];
}

/** docs/benchmarks.svg: how long each server takes to list its tools, as a multiple of the floor, and its memory. */
export function chart({ runs }: Report): string {
  const rows = rowsOf(runs);
  const longest = Math.max(1, ...rows.flatMap(({ found }) => found.map((row) => row?.ratio.median ?? 0)));
  const height = BAR * runs.length + GAP;
  const bottom = TOP + rows.length * height;
  const nodes = runs.map(({ node }) => `Node ${node}`).join(', ');
  const box = `0 0 ${WIDTH} ${bottom + 16}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" role="img" aria-labelledby="title desc">
<title id="title">Start of the process to the list of its tools, as a multiple of hand-written JSON-RPC</title>
<desc id="desc">${escaped(rows.map((row) => spoken(row, runs)).join('; '))}</desc>
<style>${STYLE}
</style>
<text class="title" x="12" y="26">Start to tools/list, × hand-written JSON-RPC</text>
<text class="quiet" x="12" y="47">A shorter bar is better. Bars from top to bottom: ${nodes}</text>
<text class="quiet" x="${WIDTH - 12}" y="${TOP - 12}" text-anchor="end">memory, MB</text>
${rows.map((row, n) => drawn(row, TOP + n * height, BARS / longest)).join('\n')}
<line class="axis" x1="${LEFT}" y1="${TOP - 6}" x2="${LEFT}" y2="${bottom}"/>
</svg>
`;
}

/** In the order of the first run; a server that only a later one could start stands at the end. */
function rowsOf(runs: readonly Run[]): Row[] {
  const started = runs.map(({ sections }) => sections.start?.rows.filter((row) => 'ratio' in row) ?? []);
  const names = new Set(started.flatMap((rows) => rows.map(({ name }) => name)));
  return [...names].map((name) => ({ name, found: started.map((rows) => rows.find((row) => row.name === name)) }));
}

function drawn({ name, found }: Row, y: number, scale: number): string {
  const isOwn = name.startsWith(NAMES.ours);
  const middle = y + (BAR * found.length) / 2 + 4.5;
  const bars = found.map((row, run) => {
    if (!row) return '';
    const width = Math.max(1, row.ratio.median * scale).toFixed(1);
    const top = y + run * BAR;
    const look = `${isOwn ? 'own' : 'bar'}${run % 2}`;
    const right = (LEFT + Number(width) + 6).toFixed(1);
    const bar = `<rect class="${look}" x="${LEFT}" y="${top}" width="${width}" height="${BAR - 1}"/>`;
    const label = `<text class="figure" x="${right}" y="${top + BAR - 2.5}">${figure(row.ratio.median)}</text>`;
    return bar + label;
  });
  const memory = found.map((row) => (row?.memory ? Math.round(row.memory.median) : '–')).join(' / ');
  return [
    `<text${isOwn ? ' class="own"' : ''} x="${LEFT - 10}" y="${middle}" text-anchor="end">${escaped(name)}</text>`,
    ...bars,
    `<text${isOwn ? ' class="own"' : ''} x="${WIDTH - 12}" y="${middle}" text-anchor="end">${memory}</text>`,
  ].join('');
}

function spoken({ name, found }: Row, runs: readonly Run[]): string {
  const figures = found.flatMap((row, run) => {
    if (!row) return [];
    const memory = row.memory ? `, ${Math.round(row.memory.median)} MB` : '';
    return [`${figure(row.ratio.median)} on Node ${runs[run]?.node}${memory}`];
  });
  return `${name}: ${figures.join(', ')}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

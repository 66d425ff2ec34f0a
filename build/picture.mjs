// Draws docs/triage.svg: a triage as a client shows it. The questions are written here; the built server answers them.
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const SCRIPT = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const PICTURE = fileURLToPath(new URL('../docs/triage.svg', import.meta.url));
const { name: PRODUCT } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** In px, for a monospaced font whose characters are up to 0.62 em wide; some systems have narrower ones. */
const [WIDTH, MARGIN, SIZE, LINE, BAR] = [960, 22, 13, 19, 38];
const COLUMNS = Math.floor((WIDTH - 2 * MARGIN) / (SIZE * 0.62));
/** Indent of the second and later lines of a broken row, in characters. */
const HANGING = 2;

const FONT = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace';
const STYLE = `  text { font: ${SIZE}px ${FONT}; fill: #1f2328; }
  .window { fill: #ffffff; stroke: #d1d9e0; } .rule { stroke: #d1d9e0; }
  .name, .person { font-weight: 700; } .person { fill: #0550ae; } .call { fill: #1a7f37; } .asked { fill: #7d4e00; }
  .quiet { font-size: 12px; } .quiet, .note, .id { fill: #59636e; }
  .high { fill: #cf222e; font-weight: 700; } .medium { fill: #9a6700; font-weight: 700; } .low { font-weight: 700; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .window { fill: #0d1117; stroke: #3d444d; } .rule { stroke: #3d444d; }
    .person { fill: #79c0ff; } .call { fill: #56d364; } .asked { fill: #e3b341; }
    .quiet, .note, .id { fill: #9198a1; }
    .high { fill: #ff7b72; } .medium { fill: #e3b341; }
  }`;

const { rows, banner } = await triage();
const svg = draw(layOut(rows), banner);
if (svg.includes(process.cwd())) throw new Error('The picture holds a path of this machine.');
writeFileSync(PICTURE, svg);
process.stdout.write(`docs/triage.svg: ${rows.length} rows, ${Math.ceil(svg.length / 1024)} KiB\n`);

/**
 * Plays one triage with the built server.
 * @returns rows to draw, each of a kind and a text, where an empty text is a gap; and the first line of the answers
 */
async function triage() {
  const rows = [];
  const show = (kind, text) => rows.push(...text.split('\n').map((line) => ({ kind: line && kind, text: line })));
  const client = new Client({ name: 'picture', version: '1.0.0' }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, ({ params: { message } }) => {
    const phrase = /^Type "([^"]+)"/.exec(message)?.[1] ?? '';
    show('note', '\nThe server asks the person at the client:');
    show('asked', message);
    show('person', `\n> ${phrase}`);
    return { action: 'accept', content: { phrase } };
  });
  const server = { command: process.execPath, args: [SCRIPT, '--demo'], stderr: 'ignore' };
  await client.connect(new StdioClientTransport(server));
  let banner = '';
  const ask = async (question, tool, args) => {
    show('person', `${rows.length > 0 ? '\n' : ''}> ${question}`);
    show('call', `${tool} ${JSON.stringify(args)}`);
    const { content, structuredContent, isError } = await client.callTool({ name: tool, arguments: args });
    if (isError) throw new Error(`${tool} failed: ${content[0].text}`);
    const [first, ...lines] = content[0].text.split('\n');
    banner = first;
    show('answer', lines.join('\n'));
    return structuredContent;
  };
  const { alerts } = await ask('What is open?', 'mdca_get_open_alerts', { limit: 3 });
  const alert = alerts.find(({ severity }) => severity === 'medium');
  const [user] = alert.users;
  await ask(`Is the one of ${user.name} real?`, 'mdca_get_alert', { alert_id: alert.id });
  const verdict = { comment: 'Home office and our own VPN', reason: 'alert_is_not_accurate' };
  const close = { alert_ids: [alert.id], ...verdict };
  await ask('No: the second place is our own VPN. Close it.', 'mdca_close_alert_false_positive', close);
  await client.close();
  return { rows, banner };
}

/** Breaks rows at spaces into lines that fit. */
function layOut(rows) {
  return rows.flatMap(({ kind, text }) => {
    const lines = [''];
    for (const word of text.split(' ')) {
      const line = lines.at(-1);
      const room = COLUMNS - (lines.length > 1 ? HANGING : 0);
      if (line !== '' && line.length + 1 + word.length > room) lines.push(word);
      else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    }
    return lines.map((line, index) => ({ kind, text: line, indent: index > 0 ? HANGING : 0 }));
  });
}

function draw(lines, banner) {
  const height = BAR + lines.length * LINE + 2 * MARGIN - LINE + SIZE;
  const drawn = lines.flatMap(({ kind, text, indent }, index) => {
    const x = MARGIN + indent * SIZE * 0.6;
    const y = BAR + MARGIN + SIZE - 2 + index * LINE;
    return text === '' ? [] : [`<text class="${kind}" x="${x}" y="${y}">${marked(kind, text)}</text>`];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" \
role="img" aria-labelledby="title desc">
<title id="title">A triage with ${PRODUCT}</title>
<desc id="desc">A person asks what is open, whether one alert is real, and to close it. Below each question stand the \
call of a tool and its answer. Before the close the server asks for a phrase, and the person types it.</desc>
<style>
${STYLE}
</style>
<rect class="window" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>
<path class="rule" d="M0.5 ${BAR - 0.5}H${WIDTH - 0.5}"/>
<text class="name" x="${MARGIN}" y="24">${PRODUCT}</text>
<text class="quiet" x="${WIDTH - MARGIN}" y="24" text-anchor="end">${escaped(banner)}</text>
${drawn.join('\n')}
</svg>
`;
}

/** Marks ids and severities in answers and in questions of the server, because an analyst looks for them. */
function marked(kind, text) {
  if (kind !== 'answer' && kind !== 'asked') return escaped(text);
  return text
    .split(/(\b[0-9a-f]{24}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|(?<= )(?:high|medium|low)\b)/)
    .map((part, index) => {
      if (index % 2 === 0) return escaped(part);
      return `<tspan class="${/^[a-z]+$/.test(part) ? part : 'id'}">${part}</tspan>`;
    })
    .join('');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

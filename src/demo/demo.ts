import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { connections } from '../setup/connections.ts';

const SCRIPT = fileURLToPath(new URL('../../../main.js', import.meta.url));

await demo();

/** One triage by a real client against the real server; only the tenant behind it is emulated. */
async function demo(): Promise<void> {
  const client = new Client({ name: 'demo', version: '1.0.0' }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => confirm(params.message));
  const args = [SCRIPT, '--demo', '--poll-seconds', '5', '--log-level', 'error'];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'inherit' }));
  say('Microsoft Defender for Cloud Apps over MCP: one triage against an emulated tenant.\n');
  await triage(client);
  await arrival(client);
  await client.close();
  sayHowToConnect();
}

async function triage(client: Client): Promise<void> {
  const { tools } = await client.listTools();
  say(`The client connected over stdio and sees ${tools.length} tools.`);

  say('\nWhat is open?');
  const open = await call(client, 'mdca_get_open_alerts', { limit: 5 });
  const alert = find(open, 'alerts', (each) => each.severity === 'medium');
  const user = find(alert, 'users');

  say(`\nThe analyst picks "${alert.title}" of ${user.name}. What is behind it?`);
  const { alert: detail } = await call(client, 'mdca_get_alert', { alert_id: alert.id });
  const ip = strings(record(detail), 'ips').at(-1);
  say('\nWho is that, and is the second address known?');
  await call(client, 'mdca_get_user', { user: user.id });
  await call(client, 'mdca_list_ip_ranges', { ip });

  say('\nThe second place is the exit of the company VPN, with the same laptop: a false positive. Closed, and why.');
  const verdict = { comment: 'Both addresses are ours: home office and VPN.', reason: 'alert_is_not_accurate' };
  await call(client, 'mdca_close_alert_false_positive', { alert_ids: [alert.id], ...verdict });
  const after = await call(client, 'mdca_get_open_alerts', { limit: 1 });
  say(`\nThe alert has left the list: ${open.total} were open before, ${after.total} are now.`);

  say('\nA second thought: open it again.');
  await call(client, 'mdca_reopen_alert', { alert_ids: [alert.id] });
  const again = await call(client, 'mdca_get_open_alerts', { limit: 1 });
  if (again.total !== open.total) throw new Error('The alert was not opened again.');
  say(`\n${again.total} are open again.`);
}

/** Shows what a client would show in a dialog, and types what an analyst would type who agrees. */
function confirm(message: string) {
  const phrase = /^Type "([^"]+)"/.exec(message)?.[1] ?? '';
  say(`\nThe server asks the analyst:\n${indent(message)}\n\nThe analyst types: ${phrase}\n`);
  return { action: 'accept' as const, content: { phrase } };
}

/** Shows an alert that arrives by itself. */
async function arrival(client: Client): Promise<void> {
  const uri = 'mdca://alerts/open';
  say(`\nThe client subscribes to ${uri}. The tenant raises an alert now and then; this takes some seconds.`);
  const heard = new Promise<void>((resolve) => {
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, () => resolve());
  });
  await client.subscribeResource({ uri });
  await heard;
  say(`\n< notifications/resources/updated ${uri}`);
  const [content] = (await client.readResource({ uri })).contents;
  const [newest] = records(record(JSON.parse(content && 'text' in content ? content.text : '{}')), 'alerts');
  if (!newest) throw new Error('The list is empty.');
  say(`The agent reads it: "${newest.title}", ${newest.severity}, raised ${newest.created}, alert ${newest.id}.`);
}

function sayHowToConnect(): void {
  say(`\nConnect your own client: node "${SCRIPT}" setup, with --demo for this emulated tenant. Or by hand:`);
  for (const { client, place, text } of connections(SCRIPT)) say(`\n${client} (${place}):\n${indent(text)}`);
}

/** Calls a tool, shows call and answer, and returns the structured answer. */
async function call(client: Client, name: string, args: Record<string, unknown>): Promise<Fields> {
  say(`\n> ${name} ${JSON.stringify(args)}`);
  const result = await client.callTool({ name, arguments: args });
  const text = Array.isArray(result.content) ? result.content.map((block) => record(block).text).join('\n') : '';
  say(indent(text));
  if (result.isError) throw new Error(`${name} failed.`);
  return record(result.structuredContent);
}

type Fields = Record<string, unknown>;

function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function records(holder: Fields, key: string): Fields[] {
  const value = holder[key];
  return Array.isArray(value) ? value.map(record) : [];
}

function strings(holder: Fields, key: string): string[] {
  const value = holder[key];
  return Array.isArray(value) ? value.map(String) : [];
}

function find(holder: Fields, key: string, wanted: (each: Fields) => boolean = () => true): Fields {
  const found = records(holder, key).find(wanted);
  if (!found) throw new Error(`The answer has no such member of ${key}.`);
  return found;
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

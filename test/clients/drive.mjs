// Drives one client of MCP: node drive.mjs CLIENT URL KEY. Prints what a model would see, as one JSON object.
import process from 'node:process';

const [client, url, key] = process.argv.slice(2);
const { connect } = await import(`./${client}.mjs`);
const { list, call, close } = await connect(url, { 'x-api-key': key });
const names = await list();
const read = await call('mdca_get_open_alerts', { limit: 1 });
const [id] = /[0-9a-f]{24}/.exec(read) ?? [];
const error = await call('mdca_get_policy', { policy_id: 'f'.repeat(24) });
const change = (confirm) => call('mdca_close_alert_benign', { alert_ids: [id], ...confirm });
const plan = await change({});
const [, confirm] = /"confirm\\?": \\?"([\w.-]+)/.exec(plan) ?? [];
const done = await change({ confirm });
await close();
process.stdout.write(JSON.stringify({ names, id, read, error, plan, done }), () => process.exit());

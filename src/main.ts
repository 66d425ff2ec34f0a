#!/usr/bin/env node
import { Console } from 'node:console';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import * as register from '../tools/index.ts';
import { type App, createApp } from './app.ts';
import { check } from './check.ts';
import { type CommandLine, readCommandLine } from './config/command_line.ts';
import { type Checked, type Config, readConfig, readTenant, type Sources, type Tenant } from './config/config.ts';
import { helpText } from './config/help.ts';
import { createLog, type Log } from './log.ts';
import { serveStdio } from './mcp/stdio.ts';
import { selectTools } from './surface.ts';
import { VERSION } from './version.ts';

/** Exit code of a start that the configuration does not allow. */
const MISCONFIGURED = 2;
/** Calls in flight get this long to end when the client leaves, ms; clients kill a server after about two seconds. */
const DRAIN_MS = 1_500;
/** How often the demo tenant raises an alert by itself. */
const DEMO_ALERT_MS = 90_000;
const DEMO = 'DEMO DATA: an emulated tenant. Nothing here is real, and nothing reaches a real tenant.';

// stdout belongs to the protocol; whatever prints by habit goes to stderr.
globalThis.console = new Console(process.stderr, process.stderr);
process.stderr.on('error', () => {});

const bootLog = createLog('info', writeLine);
// Node prints its warnings as text; here every line is JSON.
process.removeAllListeners('warning');
process.on('warning', (warning) => bootLog.warn('warning', { error: warning }));
process.on('uncaughtException', (error) => {
  bootLog.error('defect', { error });
  process.exit(1);
});
await run(orExit(readCommandLine(process.argv.slice(2)), 'Wrong command line'));

function writeLine(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The value, or one clear line on stderr and the exit. */
function orExit<T>(checked: Checked<T>, what: string): T {
  if ('value' in checked) return checked.value;
  bootLog.error(`${what}. ${checked.problems.join(' ')}`, { help: 'defender-cloud-apps-mcp --help' });
  process.exit(MISCONFIGURED);
}

async function run(line: CommandLine): Promise<void> {
  if (line.help) return print(helpText());
  if (line.version) return print(`${VERSION}\n`);
  if (line.command === 'verify-audit') return runVerify(line.file);
  const { flags } = line;
  const sources = { flags, environment: process.env, readFile: (file: string) => readFileSync(file, 'utf8') };
  if (line.command === 'emulator') return runEmulator(line, orExit(readConfig(sources), 'Configuration refused'));
  if (line.demo) return runDemo(line, orExit(readConfig(sources), 'Configuration refused'));
  const { config, tenant } = orExit(readBoth(sources), 'Configuration incomplete');
  const log = createLog(config.logLevel, writeLine);
  const app = openApp(config, tenant, log);
  return line.command === 'check' ? runCheck(app, tenant) : serve(app, log);
}

/** Both at once, so that one start names everything that is missing. */
function readBoth(sources: Sources): Checked<{ config: Config; tenant: Tenant }> {
  const config = readConfig(sources);
  const tenant = readTenant(sources);
  if ('value' in config && 'value' in tenant) return { value: { config: config.value, tenant: tenant.value } };
  return { problems: [config, tenant].flatMap((checked) => ('problems' in checked ? checked.problems : [])) };
}

function openApp(config: Config, tenant: Tenant, log: Log, banner?: string): App {
  const tools = Object.values(register);
  const allowed = orExit(selectTools(tools, config), 'Configuration refused');
  if (allowed.size === 0) log.warn('MDCA_WRITES, MDCA_TOOLS and MDCA_EXCLUDE_TOOLS leave no tool');
  return createApp({ config, tenant, tools, allowed, log, banner, version: VERSION });
}

async function serve(app: App, log: Log): Promise<void> {
  const { stdin, stdout } = process;
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => resolve());
  });
  log.info('serving', { version: VERSION, transport: 'stdio' });
  // In the background: a client waits for its first answer.
  void app.checkTrail();
  await Promise.race([serveStdio(app.createServer(), { stdin, stdout, log }), signalled]);
  await app.drain(DRAIN_MS);
  // Answers may still be in a pipe's buffer; on some systems pipes are written in the background.
  await Promise.race([new Promise((resolve) => stdout.write('', resolve)), delay(200)]);
  process.exit(0);
}

async function runDemo({ command }: CommandLine, config: Config): Promise<void> {
  const { createEmulator } = await import('./emulator/emulator.ts');
  const emulator = await createEmulator({ callsPerMinute: config.callsPerMinute, alertEvery: DEMO_ALERT_MS });
  const log = createLog(config.logLevel, writeLine);
  const tenant = { origin: emulator.url, token: emulator.token };
  const app = openApp(config, tenant, log, DEMO);
  if (command === 'serve') return serve(app, log);
  await runCheck(app, tenant);
  return emulator.close();
}

/** The service's own throttle unless one is asked for, and the token of the environment if there is one. */
async function runEmulator({ port, flags }: CommandLine, { callsPerMinute }: Config): Promise<void> {
  const { createEmulator } = await import('./emulator/emulator.ts');
  const token = process.env.MDCA_API_TOKEN;
  const options = { port, ...(token && { token }), ...(flags['calls-per-minute'] && { callsPerMinute }) };
  const started = createEmulator(options).then(
    (value) => ({ value }),
    () => ({ problems: [`Port ${port} cannot be opened; it may be in use.`] }),
  );
  const emulator = orExit(await started, 'The emulator did not start');
  print(`# Emulator of Defender for Cloud Apps; stop it with Ctrl+C.\nMDCA_API_URL=${emulator.url}\n`);
  // A token that came from outside may be a real one, and is known to whoever set it.
  print(token ? '# MDCA_API_TOKEN: the one of the environment\n' : `MDCA_API_TOKEN=${emulator.token}\n`);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(0));
}

/** Exit code 0 for a whole trail, 1 for a broken one, 2 where it cannot be read. */
async function runVerify(file: string): Promise<void> {
  const { verdictText, verifyTrail } = await import('./audit/verify.ts');
  try {
    const verdict = await verifyTrail(file);
    print(`${verdictText(verdict)}\n`);
    process.exitCode = verdict.broken ? 1 : 0;
  } catch (error) {
    bootLog.error(`The audit trail ${error instanceof Error ? error.message : 'cannot be read'}.`);
    process.exitCode = MISCONFIGURED;
  }
}

async function runCheck(app: App, { origin }: Tenant): Promise<void> {
  const { ok, text } = await check(app, origin);
  print(`${text}\n`);
  await app.close();
  process.exitCode = ok ? 0 : 1;
}

function print(text: string): void {
  process.stdout.write(text);
}

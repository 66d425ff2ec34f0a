import { Console } from 'node:console';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { App } from './app.ts';
import { flushCompileCache } from './compile_cache.ts';
import { type CommandLine, readCommandLine } from './config/command_line.ts';
import { type Checked, type Config, readConfig, readTenant, type Sources, type Tenant } from './config/config.ts';
import { listing } from './listing.ts';
import { createLog, type Log } from './log.ts';
import { createMcpServer } from './mcp/server.ts';
import { serveStdio } from './mcp/stdio.ts';
import { selectTools } from './surface.ts';
import { VERSION } from './version.ts';

/** Exit code of a start that the configuration does not allow. */
const MISCONFIGURED = 2;
/** Calls in flight get this long to end when the client leaves, ms; clients kill a server after about two seconds. */
const DRAIN_MS = 1_500;
/** The answers to `initialize` and `tools/list` go out before the rest is loaded, ms. */
const LOAD_MS = 250;
/** How often the demo tenant raises an alert by itself. */
const DEMO_ALERT_MS = 90_000;
const DEMO = 'DEMO DATA: an emulated tenant. Nothing here is real, and nothing reaches a real tenant.';

// stdout belongs to the protocol; whatever prints by habit goes to stderr.
let printer: Console | undefined;
Object.defineProperty(globalThis, 'console', {
  get: () => {
    printer ??= new Console(stderr(), stderr());
    return printer;
  },
});

let opened: typeof process.stderr | undefined;
const bootLog = createLog('info', writeLine);
// Node prints its warnings as text; here every line is JSON.
process.removeAllListeners('warning');
process.on('warning', (warning) => bootLog.warn('warning', { error: warning }));
process.on('uncaughtException', (error) => {
  bootLog.error('defect', { error });
  process.exit(1);
});
void run(orExit(readCommandLine(process.argv.slice(2)), 'Wrong command line'));

function writeLine(line: string): void {
  stderr().write(`${line}\n`);
}

/** Opened when there is something to say, as a start would wait for it; nobody may be there to read it. */
function stderr(): typeof process.stderr {
  opened ??= process.stderr.on('error', () => {});
  return opened;
}

/** The value, or one clear line on stderr and the exit. */
function orExit<T>(checked: Checked<T>, what: string): T {
  if ('value' in checked) return checked.value;
  bootLog.error(`${what}. ${checked.problems.join(' ')}`, { help: 'defender-cloud-apps-mcp --help' });
  process.exit(MISCONFIGURED);
}

async function run(line: CommandLine): Promise<void> {
  if (line.help) return print((await import('./config/help.ts')).helpText());
  if (line.version) return print(`${VERSION}\n`);
  if (line.command === 'verify-audit') return runVerify(line.file);
  const { flags } = line;
  const sources = { flags, environment: process.env, readFile: (file: string) => readFileSync(file, 'utf8') };
  if (line.command === 'emulator') return runEmulator(line, orExit(readConfig(sources), 'Configuration refused'));
  if (line.demo) return runDemo(line, orExit(readConfig(sources), 'Configuration refused'));
  const { config, tenant } = orExit(readBoth(sources), 'Configuration incomplete');
  const house = openHouse(config, tenant, createLog(config.logLevel, writeLine));
  return line.command === 'check' ? runCheck(house) : serve(house);
}

/** Both at once, so that one start names everything that is missing. */
function readBoth(sources: Sources): Checked<{ config: Config; tenant: Tenant }> {
  const config = readConfig(sources);
  const tenant = readTenant(sources);
  if ('value' in config && 'value' in tenant) return { value: { config: config.value, tenant: tenant.value } };
  return { problems: [config, tenant].flatMap((checked) => ('problems' in checked ? checked.problems : [])) };
}

/** What can answer at once, and what is loaded when it is first needed. */
interface House {
  readonly tenant: Tenant;
  readonly log: Log;
  readonly server: Server;
  /** Loads the app once. */
  readonly app: () => Promise<App>;
  /** The app, if it has been asked for. */
  readonly opened: () => Promise<App> | undefined;
}

function openHouse(config: Config, tenant: Tenant, log: Log, banner?: string): House {
  const allowed = orExit(selectTools(listing, config), 'Configuration refused');
  if (allowed.size === 0) log.warn('MDCA_WRITES, MDCA_TOOLS and MDCA_EXCLUDE_TOOLS leave no tool');
  let opening: Promise<App> | undefined;
  const app = () => {
    opening ??= loadApp(config, tenant, allowed, log);
    return opening;
  };
  const server = createMcpServer({ version: VERSION, listing, allowed, banner, service: app });
  return { tenant, log, server, app, opened: () => opening };
}

async function loadApp(config: Config, tenant: Tenant, allowed: ReadonlySet<string>, log: Log): Promise<App> {
  const [{ createApp }, register, { keepHeapSmall }] = await Promise.all([
    import('./app.ts'),
    import('../tools/index.ts'),
    import('./heap.ts'),
  ]);
  keepHeapSmall();
  const app = createApp({ config, tenant, tools: Object.values(register), allowed, log });
  void app.checkTrail();
  return app;
}

async function serve({ server, app, opened, log }: House): Promise<void> {
  const { stdin, stdout } = process;
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => resolve());
  });
  // A client lists first and calls later: what a call needs is loaded in between. If that fails, the call says so.
  const loading = setTimeout(() => {
    log.info('serving', { version: VERSION, transport: 'stdio' });
    app()
      .then((ready) => ready.warmUp())
      .catch(() => {})
      .finally(flushCompileCache);
  }, LOAD_MS);
  await Promise.race([serveStdio(server, { stdin, stdout, log }), signalled]);
  clearTimeout(loading);
  // A call that has just been read asks for the app in a later turn.
  await nextTurn();
  await (await opened())?.drain(DRAIN_MS);
  // Answers may still be in a pipe's buffer; on some systems pipes are written in the background.
  await Promise.race([new Promise((resolve) => stdout.write('', resolve)), delay(200)]);
  process.exit(0);
}

async function runDemo({ command }: CommandLine, config: Config): Promise<void> {
  const { createEmulator } = await import('./emulator/emulator.ts');
  const emulator = await createEmulator({ callsPerMinute: config.callsPerMinute, alertEvery: DEMO_ALERT_MS });
  const tenant = { origin: emulator.url, token: emulator.token };
  const house = openHouse(config, tenant, createLog(config.logLevel, writeLine), DEMO);
  if (command === 'serve') return serve(house);
  await runCheck(house);
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

async function runCheck({ app: open, tenant }: House): Promise<void> {
  const [{ check }, app] = await Promise.all([import('./check.ts'), open()]);
  const { ok, text } = await check(app, tenant.origin);
  print(`${text}\n`);
  await app.close();
  process.exitCode = ok ? 0 : 1;
}

function print(text: string): void {
  process.stdout.write(text);
}

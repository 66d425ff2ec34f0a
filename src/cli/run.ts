import process from 'node:process';
import {
  type Checked,
  type Config,
  readAuth,
  readConfig,
  readTenant,
  type Sources,
  type Tenant,
} from '../config/config.ts';
import { readSmallText } from '../config/small_file.ts';
import { isLoopback } from '../config/tenant_url.ts';
import { toFault } from '../core/errors.ts';
import { createLog, type Level } from '../core/log.ts';
import { VERSION } from '../core/version.ts';
import { type CommandLine, readCommandLine } from './command_line.ts';
import { orExit, sayProblems } from './refuse.ts';
import { exitOnSignal, serve } from './serve.ts';
import { keepStdoutClean, MISCONFIGURED, writeLine } from './stderr.ts';
import { openTenant, type Surroundings, type TenantServer } from './tenant_server.ts';

/** How often the demo tenant raises an alert by itself. */
const DEMO_ALERT_MS = 90_000;
const NO_ENTRA: Checked<undefined> = { value: undefined };
const DEMO = 'DEMO DATA: an emulated tenant, nothing here is real.';

keepStdoutClean();
void run(orExit(readCommandLine(process.argv.slice(2)), 'Wrong command line'));

async function run(line: CommandLine): Promise<void> {
  if (line.help) return print((await import('./help.ts')).helpText());
  if (line.version) return print(`${VERSION}\n`);
  if (line.command === 'verify-audit') return runVerify(line.file);
  const { flags } = line;
  const sources = { flags, environment: process.env, readFile: readSmallText };
  if (line.command === 'setup') return runSetup(line, sources);
  if (line.command === 'emulator') return runEmulator(line, orExit(readConfig(sources), 'Configuration refused'));
  if (line.demo) return runDemo(line, orExit(readConfig(sources), 'Configuration refused'));
  const { config, ...opened } = await openConfigured(sources);
  return line.command === 'check' ? runCheck(opened, config) : runServe(opened, config);
}

async function openConfigured(sources: Sources, level?: Level): Promise<TenantServer & { config: Config }> {
  const { config, tenant } = orExit(await readBoth(sources), 'Configuration incomplete');
  orExit(await checkProxy(tenant), 'Configuration refused');
  return { config, ...openTenant(config, tenant, await surroundings(config, level)) };
}

async function runSetup(line: CommandLine, sources: Sources): Promise<void> {
  const { setUpThisMachine } = await import('./this_machine.ts');
  // The person reads sentences, so lines of the log would be in the way.
  const done = await setUpThisMachine(line, sources, async (given) => checkOf(await openConfigured(given, 'error')));
  if ('problems' in done) sayProblems('Nothing was set up', done.problems);
  process.exitCode = 'value' in done ? done.value : MISCONFIGURED;
}

/** Reads all, so that one start names every problem. */
async function readBoth(sources: Sources): Promise<Checked<{ config: Config; tenant: Tenant }>> {
  const config = readConfig(sources);
  const tenant = readTenant(sources);
  const entra =
    readAuth(sources) === 'token' ? NO_ENTRA : (await import('../config/entra_config.ts')).readEntra(sources);
  if ('value' in config && 'value' in tenant && 'value' in entra) {
    return { value: { config: config.value, tenant: { ...tenant.value, entra: entra.value } } };
  }
  return { problems: [config, tenant, entra].flatMap((checked) => ('problems' in checked ? checked.problems : [])) };
}

/** A proxy that would be used and cannot be stops the start, and not only the first call. */
async function checkProxy({ origin, entra }: Tenant): Promise<Checked<undefined>> {
  const authority = entra && entra.proof.kind !== 'managed_identity' ? [entra.authority] : [];
  const far = [origin, ...authority].filter((each) => !isLoopback(new URL(each).hostname));
  if (far.length === 0) return { value: undefined };
  try {
    const { proxyOf } = await import('../http/proxy.ts');
    for (const each of far) proxyOf(each);
    return { value: undefined };
  } catch (error) {
    const { detail, remedy } = toFault(error);
    return { problems: [detail, remedy] };
  }
}

async function runDemo({ command }: CommandLine, config: Config): Promise<void> {
  const { createEmulator } = await import('../emulator/emulator.ts');
  const emulator = await createEmulator({ callsPerMinute: config.callsPerMinute, alertEvery: DEMO_ALERT_MS });
  const tenant = { origin: emulator.url, token: emulator.token };
  const opened = openTenant(config, tenant, { ...(await surroundings(config)), banner: DEMO });
  if (command === 'serve') return runServe(opened, config);
  await runCheck(opened, config);
  return emulator.close();
}

/** Over HTTP, what is logged is also counted. */
async function surroundings({ http, logLevel }: Config, level: Level = logLevel): Promise<Surroundings> {
  const log = createLog(level, writeLine);
  if (!http) return { log };
  const { createMetrics, meteredLog } = await import('../core/metrics.ts');
  const metrics = createMetrics();
  return { log: meteredLog(log, metrics), metrics };
}

async function runServe(opened: TenantServer, { http, redis }: Config): Promise<void> {
  return http ? (await import('./serve_http.ts')).serveHttp(opened, http, redis) : serve(opened);
}

/** Throttles like the service unless a flag says otherwise, and takes the token of the environment if there is one. */
async function runEmulator({ port, flags }: CommandLine, { callsPerMinute }: Config): Promise<void> {
  const { createEmulator } = await import('../emulator/emulator.ts');
  const token = process.env.MDCA_API_TOKEN;
  const options = { port, ...(token && { token }), ...(flags['calls-per-minute'] && { callsPerMinute }) };
  const started = createEmulator(options).then(
    (value) => ({ value }),
    () => ({ problems: [`Port ${port} cannot be opened; it may be in use.`] }),
  );
  const emulator = orExit(await started, 'The emulator did not start');
  print(`# Emulator of Defender for Cloud Apps; stop it with Ctrl+C.\nMDCA_API_URL=${emulator.url}\n`);
  // A token of the environment may be a real one, so it is not printed.
  print(token ? '# MDCA_API_TOKEN: the one of the environment\n' : `MDCA_API_TOKEN=${emulator.token}\n`);
  if (emulator.callsPerMinute > 0) print(`MDCA_CALLS_PER_MINUTE=${emulator.callsPerMinute}\n`);
  exitOnSignal();
}

/** Exit code 0 for a whole trail, 1 for a broken one, 2 where it cannot be read. */
async function runVerify(file: string): Promise<void> {
  const { trailReportText, verifyTrail } = await import('../audit/verify.ts');
  try {
    const report = await verifyTrail(file);
    print(`${trailReportText(report)}\n`);
    process.exitCode = report.broken ? 1 : 0;
  } catch (error) {
    const why = error instanceof Error ? error.message : 'cannot be read';
    sayProblems('Nothing was verified', [`The audit trail ${why}.`]);
    process.exitCode = MISCONFIGURED;
  }
}

async function runCheck(opened: TenantServer, { http }: Config): Promise<void> {
  if (http) (await import('./http_files.ts')).openHttpFiles(http, opened.log).keys?.close();
  const { ok, text } = await checkOf(opened);
  print(`${text}\n`);
  process.exitCode = ok ? 0 : 1;
}

async function checkOf({ app: open, tenant }: TenantServer): Promise<{ ok: boolean; text: string }> {
  const [{ check }, app] = await Promise.all([import('./check.ts'), open()]);
  const checked = await check(app, tenant);
  await app.close();
  return checked;
}

function print(text: string): void {
  process.stdout.write(text);
}

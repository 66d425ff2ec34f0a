import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LAUNCHER = 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js';

/**
 * Its command line: each command is a process and, before revision 2026-07-28, a session of its own.
 * @param era of the protocol
 */
export async function connect(url, headers, era = 'legacy') {
  const signIn = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
  const inspect = async (...args) => {
    const command = [LAUNCHER, '--cli', url, '--transport', 'http', '--protocol-era', era, ...signIn, ...args];
    const { stdout } = await run(process.execPath, command, {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
    }).catch((e) => e);
    return stdout;
  };
  return {
    list: async () => JSON.parse(await inspect('--method', 'tools/list')).tools.map(({ name }) => name),
    async call(name, args) {
      const given = Object.entries(args).flatMap(([key, value]) => [
        '--tool-arg',
        `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
      ]);
      const stdout = await inspect('--method', 'tools/call', '--tool-name', name, ...given);
      return JSON.parse(stdout).content[0].text;
    },
    close: async () => {},
  };
}

import { posix, win32 } from 'node:path';

/** What the places of files depend on. */
export interface Machine {
  /** As `process.platform`. */
  readonly platform: string;
  /** The person's own folder, an absolute path. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The names in a folder; none if there is no such folder. */
  readonly namesIn: (folder: string) => readonly string[];
}

/** A client, and how its file names the servers that it starts. */
export interface Client {
  readonly id: string;
  readonly title: string;
  /** Member of the file that holds the servers. */
  readonly holder: 'mcpServers' | 'servers';
  /** Members of each server besides `command`, `args` and `env`. */
  readonly more: { readonly type?: 'stdio' };
  /** Whether the client reads comments and trailing commas in the file. */
  readonly comments: boolean;
  /** The file that holds for one person in all projects. */
  readonly file: (machine: Machine) => string;
}

/** How a client starts this server. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Every client that this project knows. `setup` and the README's blocks and links come from here. */
export const CLIENTS = {
  claudeDesktop: {
    id: 'claude-desktop',
    title: 'Claude Desktop',
    holder: 'mcpServers',
    more: {},
    comments: false,
    file: (machine) => join(machine, claudeFolder(machine), 'claude_desktop_config.json'),
  },
  claudeCode: {
    id: 'claude-code',
    title: 'Claude Code',
    holder: 'mcpServers',
    more: { type: 'stdio' },
    comments: false,
    file: (machine) => join(machine, absolute(machine, 'CLAUDE_CONFIG_DIR') ?? machine.home, '.claude.json'),
  },
  vsCode: {
    id: 'vscode',
    title: 'VS Code',
    holder: 'servers',
    more: { type: 'stdio' },
    comments: true,
    file: (machine) => join(machine, configFolder(machine), 'Code', 'User', 'mcp.json'),
  },
  cursor: {
    id: 'cursor',
    title: 'Cursor',
    holder: 'mcpServers',
    more: {},
    comments: false,
    file: (machine) => join(machine, machine.home, '.cursor', 'mcp.json'),
  },
} satisfies Record<string, Client>;

/** What a client's file holds so that it starts one server. */
export function blockOf(client: Client, name: string, launch: Launch): object {
  return { [client.holder]: { [name]: entryOf(client, launch) } };
}

/** One server as a client's file holds it. */
export function entryOf({ more }: Client, launch: object): object {
  return { ...more, ...launch };
}

/** Where the API token of a tenant is kept, for its owner only. */
export function tokenFile(machine: Machine, host: string): string {
  // A port or an IPv6 address has characters that Windows does not allow in a name.
  const name = `${host.replace(/[^a-z\d.-]+/gi, '_')}.token`;
  return join(machine, configFolder(machine), 'defender-cloud-apps-mcp', name);
}

/** The Windows installer of Claude Desktop makes a package, whose files lie in a folder of its own. */
function claudeFolder(machine: Machine): string {
  if (machine.platform === 'win32') {
    const local = absolute(machine, 'LOCALAPPDATA') ?? join(machine, machine.home, 'AppData', 'Local');
    const packages = join(machine, local, 'Packages');
    const own = machine.namesIn(packages).find((name) => /^Claude_/i.test(name));
    if (own !== undefined) return join(machine, packages, own, 'LocalCache', 'Roaming', 'Claude');
  }
  return join(machine, configFolder(machine), 'Claude');
}

/** Where desktop programs keep the settings of one person. */
function configFolder(machine: Machine): string {
  const { platform, home } = machine;
  if (platform === 'win32') return absolute(machine, 'APPDATA') ?? join(machine, home, 'AppData', 'Roaming');
  if (platform === 'darwin') return join(machine, home, 'Library', 'Application Support');
  return absolute(machine, 'XDG_CONFIG_HOME') ?? join(machine, home, '.config');
}

/** A relative path would lead to wherever the process happens to run, so it counts as not set. */
function absolute({ platform, environment }: Machine, variable: string): string | undefined {
  const value = environment[variable] ?? '';
  return pathOf(platform).isAbsolute(value) ? value : undefined;
}

function join({ platform }: Machine, ...parts: string[]): string {
  return pathOf(platform).join(...parts);
}

function pathOf(platform: string) {
  return platform === 'win32' ? win32 : posix;
}

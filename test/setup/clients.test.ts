import { expect, test } from 'vitest';
import { CLIENTS, type Machine, tokenFile } from '../../src/setup/clients.ts';

const HOMES = { linux: '/home/ada', darwin: '/Users/ada', win32: 'C:\\Users\\ada' };
const machineOf = (platform: keyof typeof HOMES, more: Partial<Machine> = {}): Machine => ({
  platform,
  home: HOMES[platform],
  environment: {},
  namesIn: () => [],
  ...more,
});
const MAC = '/Users/ada/Library/Application Support';
const ROAMING = 'C:\\Users\\ada\\AppData\\Roaming';

test.each([
  ['claudeDesktop', 'linux', '/home/ada/.config/Claude/claude_desktop_config.json'],
  ['claudeDesktop', 'darwin', `${MAC}/Claude/claude_desktop_config.json`],
  ['claudeDesktop', 'win32', `${ROAMING}\\Claude\\claude_desktop_config.json`],
  ['claudeCode', 'linux', '/home/ada/.claude.json'],
  ['claudeCode', 'darwin', '/Users/ada/.claude.json'],
  ['claudeCode', 'win32', 'C:\\Users\\ada\\.claude.json'],
  ['vsCode', 'linux', '/home/ada/.config/Code/User/mcp.json'],
  ['vsCode', 'darwin', `${MAC}/Code/User/mcp.json`],
  ['vsCode', 'win32', `${ROAMING}\\Code\\User\\mcp.json`],
  ['cursor', 'linux', '/home/ada/.cursor/mcp.json'],
  ['cursor', 'darwin', '/Users/ada/.cursor/mcp.json'],
  ['cursor', 'win32', 'C:\\Users\\ada\\.cursor\\mcp.json'],
] as const)('the file of %s on %s is %s', (client, platform, file) => {
  expect(CLIENTS[client].file(machineOf(platform))).toBe(file);
});

test.each([
  ['linux', '/home/ada/.config/defender-cloud-apps-mcp/contoso.example.token'],
  ['darwin', `${MAC}/defender-cloud-apps-mcp/contoso.example.token`],
  ['win32', `${ROAMING}\\defender-cloud-apps-mcp\\contoso.example.token`],
] as const)('the token of a tenant on %s is in %s', (platform, file) => {
  expect(tokenFile(machineOf(platform), 'contoso.example')).toBe(file);
});

test('a port or an address gives a name that every system allows', () => {
  expect(tokenFile(machineOf('linux'), '[::1]:8443')).toMatch(/\/_1_8443\.token$/);
});

test.each([
  ['vsCode', 'win32', { APPDATA: 'D:\\Roaming' }, 'D:\\Roaming\\Code\\User\\mcp.json'],
  ['vsCode', 'linux', { XDG_CONFIG_HOME: '/etc/ada' }, '/etc/ada/Code/User/mcp.json'],
  ['claudeCode', 'linux', { CLAUDE_CONFIG_DIR: '/srv/claude' }, '/srv/claude/.claude.json'],
  ['vsCode', 'win32', { APPDATA: 'Roaming' }, `${ROAMING}\\Code\\User\\mcp.json`],
  ['vsCode', 'linux', { XDG_CONFIG_HOME: 'config' }, '/home/ada/.config/Code/User/mcp.json'],
  ['claudeCode', 'linux', { CLAUDE_CONFIG_DIR: './claude' }, '/home/ada/.claude.json'],
  ['vsCode', 'darwin', { XDG_CONFIG_HOME: '/etc/ada' }, `${MAC}/Code/User/mcp.json`],
] as const)('%s on %s with %j: %s', (client, platform, environment, file) => {
  expect(CLIENTS[client].file(machineOf(platform, { environment }))).toBe(file);
});

test('Claude Desktop of a Windows package reads a folder of the package', () => {
  const asked: string[] = [];
  const namesIn = (folder: string) => {
    asked.push(folder);
    return ['Microsoft.X_8wekyb3d8bbwe', 'Claude_pzs8sxrjxfjjc'];
  };
  const own = 'Packages\\Claude_pzs8sxrjxfjjc\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json';
  expect(CLIENTS.claudeDesktop.file(machineOf('win32', { namesIn }))).toBe(`C:\\Users\\ada\\AppData\\Local\\${own}`);
  const environment = { LOCALAPPDATA: 'D:\\Local' };
  expect(CLIENTS.claudeDesktop.file(machineOf('win32', { namesIn, environment }))).toBe(`D:\\Local\\${own}`);
  expect(asked).toEqual(['C:\\Users\\ada\\AppData\\Local\\Packages', 'D:\\Local\\Packages']);
  expect(CLIENTS.claudeDesktop.file(machineOf('linux', { namesIn }))).not.toContain('Packages');
});

/** The device or program of a session. `agent` is the raw user agent. */
export interface Device {
  name: string;
  agent: string;
  family: string;
  system: string;
  type: 'DESKTOP' | 'MOBILE' | 'OTHER';
  /** Built-in user-agent tags (docs/defender-api.md 5.4). */
  tags: string[];
  isManaged: boolean;
}

const NATIVE_CLIENT = '000000000000000000000000';
const OUTDATED_SYSTEM = '000000020000000000000000';
const ROBOT = '0000002b0000000000000000';

export const devices = {
  windows: device('Edge', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/138.0', 'EDGE', 'Windows 11', 'DESKTOP'),
  mac: device('Safari', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Safari/18.5', 'SAFARI', 'Mac OS X', 'DESKTOP'),
  phone: device('Outlook mobile', 'Outlook-iOS/4.2527.0', 'OUTLOOK', 'iOS 18', 'MOBILE', NATIVE_CLIENT),
  sync: device('OneDrive sync', 'Microsoft SkyDriveSync 25.105.0601', 'ONEDRIVE', 'Windows 11', 'OTHER', NATIVE_CLIENT),
  oldWindows: device(
    'Chrome',
    'Mozilla/5.0 (Windows NT 6.1) Chrome/99.0',
    'CHROME',
    'Windows 7',
    'DESKTOP',
    OUTDATED_SYSTEM,
  ),
  linux: device('Firefox', 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0', 'FIREFOX', 'Linux', 'DESKTOP'),
  script: device('python-requests', 'python-requests/2.32.3', 'UNKNOWN', 'Unknown', 'OTHER', ROBOT),
  mailApp: device('IMAP client', 'BAV2ROPC', 'UNKNOWN', 'Unknown', 'MOBILE', NATIVE_CLIENT),
};

function device(name: string, agent: string, family: string, system: string, type: Device['type'], ...tags: string[]) {
  const isManaged = /11|Mac|iOS/.test(system);
  return { name, agent, family, system, type, tags, isManaged } satisfies Device;
}

/** The same kind of device with a version of its program that differs from person to person. */
export function versioned(kind: Device, number: number): Device {
  const [version = ''] = /\d+\.\d+(?!.*\d\.\d)/.exec(kind.agent) ?? [];
  const [major, minor] = version.split('.').map(Number);
  if (!major || kind.type !== 'DESKTOP') return kind;
  const own = `${major - (number % 4)}.${minor === 0 ? 0 : number % 6}`;
  return { ...kind, agent: kind.agent.replaceAll(version, own) };
}

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { rolldown } from 'rolldown';
import { ROOT } from '../process.ts';

/** Where systems have a browser that can be driven; Debian: `apt-get install chromium`. */
const PLACES = [
  process.env.CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const found = PLACES.find((path) => path !== '' && existsSync(path));

/** Why tests with a browser are skipped; undefined if there is one. With CI they are not skipped, and fail. */
export const WITHOUT_BROWSER =
  found === undefined && !process.env.CI ? 'no browser: install chromium, or name one in CHROMIUM' : undefined;

export async function launch(): Promise<Browser> {
  if (found === undefined) throw new Error('There is no browser: install chromium, or name one in CHROMIUM.');
  // A container runs as root, for whom Chromium has no sandbox.
  return chromium.launch({ executablePath: found, args: ['--no-sandbox', '--disable-gpu'] });
}

/** The script of the page that shows boards. */
export async function hostScript(): Promise<string> {
  const build = await rolldown({ input: `${ROOT}test/board/host_page.mjs`, platform: 'browser' });
  const { output } = await build.generate({ format: 'es' });
  return output[0].code;
}

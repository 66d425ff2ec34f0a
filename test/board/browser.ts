import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { rolldown } from 'rolldown';
import { ROOT } from '../process.ts';

/** Where systems have a browser that can be driven. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A browser that is named must be there. */
const found = process.env.CHROMIUM ?? PLACES.find(existsSync);

/** Why tests with a browser are skipped; undefined if there is one. */
export const WITHOUT_BROWSER =
  found === undefined ? 'skipped: install chromium, or name a browser in CHROMIUM' : undefined;

export async function launch(): Promise<Browser> {
  // A container runs as root, for whom Chromium has no sandbox.
  return chromium.launch({ executablePath: found ?? '', args: ['--no-sandbox', '--disable-gpu'] });
}

/** The script of the page that shows boards. */
export async function hostScript(): Promise<string> {
  const build = await rolldown({ input: `${ROOT}test/board/host_page.mjs`, platform: 'browser' });
  const { output } = await build.generate({ format: 'es' });
  return output[0].code;
}

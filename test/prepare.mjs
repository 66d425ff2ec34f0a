// Makes `npm test` work on a bare clone: installs what the lock file names when it is not there yet, then builds.
import { execSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const INSTALLED = 'node_modules/.package-lock.json';
const isCurrent = existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync('package-lock.json').mtimeMs;

execSync(isCurrent ? 'npm run --silent build' : 'npm ci', { stdio: 'inherit' });

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';

/** Resident memory of a process and of what it has started, MB; undefined where the system does not tell. */
export function memoryOf(pid: number): number | undefined {
  if (process.platform === 'win32') return undefined;
  if (process.platform === 'linux') return treeOf(pid) / 1024;
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}

/** In kB. Some servers are a small Node process that starts a large one. */
function treeOf(pid: number): number {
  const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return own + children.reduce((sum, child) => sum + treeOf(Number(child)), 0);
}

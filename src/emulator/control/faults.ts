import { validateHeaderName, validateHeaderValue } from 'node:http';
import { FAULT_KINDS, type InjectedFault } from '../faults/injected_fault.ts';
import type { InjectedFaults } from '../faults/queue.ts';
import { isRecord, parseJson } from '../json.ts';
import { detail, json, type Reply } from '../reply.ts';
import { type Check, isWhole, problemIn } from './checks.ts';

const isText = (value: unknown): boolean => typeof value === 'string';

const checks: Record<keyof InjectedFault, Check> = {
  kind: [(value) => FAULT_KINDS.some((kind) => kind === value), `one of ${FAULT_KINDS.join(', ')}`],
  status: [(value) => isWhole(value) && value >= 200 && value <= 599, 'a whole number from 200 to 599'],
  body: [isText, 'a string'],
  headers: [areHeaders, 'an object of header names and string values'],
  delayMs: [isWhole, 'a whole number of milliseconds from 0 on'],
  applied: [(value) => typeof value === 'boolean', 'true or false'],
  times: [isWhole, 'a whole number from 0 on'],
  method: [isText, 'a string'],
  path: [isText, 'a string'],
  effect: [(value) => value === 'read' || value === 'write', 'read or write'],
};

/** Queues one fault or an array of faults; none if one of them is not valid. */
export function addFaults(queue: InjectedFaults, body: string): Reply {
  const given = parseJson(body);
  if (given === undefined) return detail(400, 'the body must be JSON: one fault or an array of faults');
  const faults: unknown[] = Array.isArray(given) ? given : [given];
  const problem = faults.map(faultProblem).find((it) => it !== undefined);
  if (problem !== undefined) return detail(400, problem);
  for (const fault of faults.filter(isFault)) queue.add(fault);
  return json(201, { queued: faults.length });
}

function faultProblem(value: unknown): string | undefined {
  if (!isRecord(value)) return 'a fault must be a JSON object';
  return problemIn({ kind: undefined, ...value }, checks);
}

function isFault(value: unknown): value is InjectedFault {
  return faultProblem(value) === undefined;
}

function areHeaders(value: unknown): boolean {
  if (!isRecord(value)) return false;
  try {
    for (const [name, text] of Object.entries(value)) {
      if (typeof text !== 'string') return false;
      validateHeaderName(name);
      validateHeaderValue(name, text);
    }
    return true;
  } catch {
    return false;
  }
}

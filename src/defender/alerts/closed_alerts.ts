import * as z from 'zod';
import { WriteOutput } from '../../tool/write_output.ts';

const ids = (description: string) => z.array(z.string()).meta({ description });

/** What became of each alert that was to be closed. Each requested id is in exactly one of the lists. */
export const ClosedAlerts = WriteOutput(['closed', 'partial', 'unchanged', 'unknown', 'unexpected'], {
  closed: z.int().meta({ description: 'How many' }),
  closed_ids: ids('Closed now'),
  already_closed: ids('Closed before'),
  not_found: ids('No such alert'),
  not_closed: ids('Still open').optional(),
  unknown: ids('State unknown'),
});
export type ClosedAlerts = z.output<typeof ClosedAlerts>;

/** The answer as text. If all alerts were closed, it does not list their ids: the caller has just sent them. */
export function closedText(answer: ClosedAlerts): string {
  const lists = [
    ['Closed', answer.status === 'closed' ? [] : answer.closed_ids],
    ['Already closed before', answer.already_closed],
    ['Not found', answer.not_found],
    ['Not closed', answer.not_closed ?? []],
    ['State unknown', answer.unknown],
  ] as const;
  const asked = answer.closed_ids.length + lists.slice(1).reduce((sum, [, members]) => sum + members.length, 0);
  return [
    ...(answer.warning ? [`WARNING: ${answer.warning}`] : []),
    `${answer.status}: closed ${answer.closed} of ${asked} alerts.`,
    ...lists.filter(([, members]) => members.length > 0).map(([name, members]) => `${name}: ${members.join(', ')}`),
  ].join('\n');
}

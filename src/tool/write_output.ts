import * as z from 'zod';

/** What stands in `status` while nothing has been written. */
const UNWRITTEN = ['declined', 'confirmation_required'] as const;

/**
 * The answer of a write. `status` is one of the tool's own words or tells that nothing was written; `plan` and
 * `confirm` are there while a confirmation is wanted.
 */
export function WriteOutput<const Status extends string, Shape extends z.ZodRawShape>(
  statuses: readonly Status[],
  shape: Shape,
) {
  return z.strictObject({
    status: z.enum([...statuses, ...UNWRITTEN]).meta({ description: 'State read back' }),
    ...shape,
    warning: z.string().optional().meta({ description: 'What went wrong' }),
    plan: z.string().optional().meta({ description: 'Plan' }),
    confirm: z.string().optional().meta({ description: 'Code' }),
  });
}

/** Every write takes it; what it proves is said where the code is handed out. */
export const confirmInput = z.string().optional().meta({ description: "The plan's code, no person's consent" });

import * as z from 'zod';

/** Values of `status` while nothing has been written. */
const UNWRITTEN = ['declined', 'confirmation_required'] as const;

/**
 * The schema of a write's answer. `status` is one of the tool's own values or says that nothing was written; `plan` and
 * `confirm` are there while the write waits for its confirmation.
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

/** An argument of every write. */
export const confirmInput = z
  .string()
  .optional()
  .meta({ description: "Omit at first; then the plan's code, once the person has agreed" });

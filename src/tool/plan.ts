/** What a write would do. */
export interface Plan<Output = Readonly<Record<string, unknown>>> {
  /** What a person types to confirm it, such as `close 3`. */
  readonly phrase: string;
  /** What will be done and what follows from it, in our own words. */
  readonly does: string;
  /** What will be changed. */
  readonly targets: readonly Target[];
  readonly leftOut: readonly LeftOut[];
  /** Text by others about the plan as a whole, such as the agent's comment. */
  readonly untrusted?: UntrustedText;
  /** The present state: the answer as long as nothing is written. */
  readonly current: Output;
}

/** The part of a plan that a commit is given. */
export interface Approved<Output = Readonly<Record<string, unknown>>> {
  /** The items that may be changed. */
  readonly targets: readonly [Target, ...Target[]];
  /** The answer of the plan, which the commit completes. */
  readonly current: Output;
}

/** An item that a write changes. */
export interface Target {
  readonly id: string;
  /** Its state in codes; the write is carried out only while it stays the same. */
  readonly state: string;
  /** What else we know for sure, in our own words. */
  readonly facts?: string | undefined;
  readonly untrusted: UntrustedText;
  /** What it may share with other targets, such as a title: the targets of a long plan are told together by it. */
  readonly group?: UntrustedText;
  /** It is told by itself, however long the plan is. */
  readonly isGrave?: boolean;
}

/** Text that somebody else wrote, by its label. */
export type UntrustedText = Readonly<Record<string, string | undefined>>;

/** An item that was asked for and is not changed, and why, in our own words. */
export interface LeftOut {
  readonly id: string;
  readonly why: string;
}

/** The state of each target by its id, as it was when somebody agreed to the plan. */
export type ApprovedStates = ReadonlyMap<string, string>;

export function statesOf({ targets }: Pick<Plan, 'targets'>): ApprovedStates {
  return new Map(targets.map(({ id, state }) => [id, state]));
}

/**
 * Drops targets whose state changed since approval, and says which.
 * @param now the plan, made again from fresh reads
 */
export function recheck<P extends Plan>(
  approved: ApprovedStates,
  now: P,
): { readonly plan: P; readonly changed: string | undefined } {
  const present = statesOf(now);
  const why = new Map(now.leftOut.map((left) => [left.id, left.why]));
  const changes = [...approved]
    .filter(([id, state]) => present.get(id) !== state)
    .map(([id, state]) => `${id} was ${state}, now ${present.get(id) ?? why.get(id) ?? 'gone'}`);
  return {
    plan: { ...now, targets: now.targets.filter(({ id, state }) => approved.get(id) === state) },
    changed: changes.length === 0 ? undefined : `Left out, because changed since the plan: ${changes.join('; ')}.`,
  };
}

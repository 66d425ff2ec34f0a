/** What a write would do. */
export interface Plan<Output = Record<string, unknown>> {
  /** What a person types to confirm it, such as `close 3`. */
  readonly phrase: string;
  /** What will be done and what follows from it, in our own words. */
  readonly does: string;
  readonly targets: readonly Target[];
  readonly leftOut: readonly LeftOut[];
  /** What somebody else wrote of it as a whole, by what it is, such as the agent's comment. */
  readonly said?: Said;
  /** The answer as long as nothing is written. */
  readonly standing: Output;
}

/** An item that a write changes. */
export interface Target {
  readonly id: string;
  /** Its state in codes: what must still hold when the write is carried out. */
  readonly state: string;
  /** What else we know of it for sure, in our own words. */
  readonly facts?: string | undefined;
  readonly said: Said;
}

/** Text that somebody else wrote, by what it is. */
export type Said = Readonly<Record<string, string | undefined>>;

/** An item that was asked for and is not changed, and why, in our own words. */
export interface LeftOut {
  readonly id: string;
  readonly why: string;
}

/** The state of each item by its id, as somebody has agreed to it. */
export type States = ReadonlyMap<string, string>;

export function statesOf({ targets }: Plan): States {
  return new Map(targets.map(({ id, state }) => [id, state]));
}

/** A plan as it is now without what is not as it was when it was agreed to, and a sentence that names that. */
export function recheck<P extends Plan>(seen: States, now: P): { plan: P; changed: string | undefined } {
  const present = statesOf(now);
  const why = new Map(now.leftOut.map((left) => [left.id, left.why]));
  const changes = [...seen]
    .filter(([id, state]) => present.get(id) !== state)
    .map(([id, state]) => `${id} was ${state}, now ${present.get(id) ?? why.get(id) ?? 'gone'}`);
  return {
    plan: { ...now, targets: now.targets.filter(({ id, state }) => seen.get(id) === state) },
    changed: changes.length === 0 ? undefined : `Left out, because changed since the plan: ${changes.join('; ')}.`,
  };
}

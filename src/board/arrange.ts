import type { Item, Severity } from './alerts.ts';

export const GROUPINGS = ['none', 'user', 'policy', 'title'] as const;
type Grouping = (typeof GROUPINGS)[number];
export const SORTS = ['newest', 'oldest', 'gravest'] as const;
type Sort = (typeof SORTS)[number];

/** What of the queue is shown, and in which order. */
export interface View {
  readonly text: string;
  /** None: all. */
  readonly severities: readonly Severity[];
  readonly grouping: Grouping;
  readonly sort: Sort;
}

export const ALL: View = { text: '', severities: [], grouping: 'none', sort: 'newest' };

/** Alerts under one heading; without grouping there is one group without a name. */
export interface Group {
  readonly name: string;
  readonly items: readonly Item[];
}

const RANK: Readonly<Record<Severity, number>> = { high: 0, medium: 1, low: 2, informational: 3, unknown: 4 };

const BEFORE: Readonly<Record<Sort, (a: Item, b: Item) => number>> = {
  newest: (a, b) => b.raised - a.raised,
  oldest: (a, b) => a.raised - b.raised,
  gravest: (a, b) => RANK[a.severity] - RANK[b.severity] || b.raised - a.raised,
};

/** Those that have every word of the text, and one of the severities. */
function matching(items: readonly Item[], { text, severities }: View): Item[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter(
    ({ searched, severity }) =>
      (severities.length === 0 || severities.includes(severity)) && words.every((word) => searched.includes(word)),
  );
}

/** Groups stand in the order of their first alerts. */
export function arrange(items: readonly Item[], view: View): Group[] {
  const sorted = matching(items, view).toSorted(BEFORE[view.sort]);
  const { grouping } = view;
  if (grouping === 'none') return sorted.length === 0 ? [] : [{ name: '', items: sorted }];
  const groups = new Map<string, Item[]>();
  for (const item of sorted) {
    const name = item[grouping] || `No ${grouping}`;
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return [...groups].map(([name, members]) => ({ name, items: members }));
}

/** The first so many alerts of the groups, and no empty group. */
export function firstOf(groups: readonly Group[], most: number): Group[] {
  let left = most;
  return groups.flatMap(({ name, items }) => {
    const taken = items.slice(0, Math.max(0, left));
    left -= taken.length;
    return taken.length === 0 ? [] : [{ name, items: taken }];
  });
}

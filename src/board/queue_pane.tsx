import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Actions } from './actions.ts';
import type { Queue } from './alerts.ts';
import { arrange, firstOf, type Group, type View } from './arrange.ts';
import { Filters } from './filters.tsx';
import { ROWS } from './keys.ts';
import { Icon } from './marks.tsx';
import { Row } from './row.tsx';
import { OPEN_LIST, type State } from './state.ts';

/**
 * Rows that are drawn at first, and twice as many each time the end comes near. A key in the filter may replace them
 * all, which takes most of its time.
 */
const CHUNK = 24;
/** How near that is, px. */
const NEAR = 300;

interface Props {
  readonly state: State;
  readonly queue: Queue;
  readonly actions: Actions;
}

export function QueuePane({ state, queue, actions }: Props) {
  const { view } = state;
  const groups = useMemo(() => arrange(queue.items, view), [queue.items, view]);
  const count = groups.reduce((sum, { items }) => sum + items.length, 0);
  const list = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const most = useChunks(view, count, end);
  const drawn = firstOf(groups, most);
  const current = useCurrent(list, drawn);
  return (
    <section class="pane queue" aria-label="Queue">
      <Heading state={state} queue={queue} actions={actions} />
      {queue.items.length > 0 && <Filters view={view} items={queue.items} onLook={actions.look} />}
      <div class="scroll" ref={list}>
        {drawn.map((group) => (
          <Rows key={group.name} group={group} current={current} state={state} actions={actions} />
        ))}
        <div ref={end} />
        <Foot state={state} queue={queue} count={count} actions={actions} />
      </div>
    </section>
  );
}

/** How many rows are drawn; from the beginning again when something else is looked at. @param end of those drawn */
function useChunks(view: View, count: number, end: { readonly current: HTMLElement | null }): number {
  const [chunk, setChunk] = useState({ view, most: CHUNK });
  const most = chunk.view === view ? chunk.most : CHUNK;
  useEffect(() => {
    if (most >= count || !end.current) return;
    const more = ([entry]: IntersectionObserverEntry[]) => {
      if (entry?.isIntersecting) setChunk({ view, most: 2 * most });
    };
    // Also sees that a screen is taller than what is drawn, where nothing could be scrolled.
    const observer = new IntersectionObserver(more, { root: end.current.parentElement, rootMargin: `${NEAR}px` });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [view, most, count, end]);
  return most;
}

/** The id of the row that Tab reaches: the one that had the focus last, else the first. */
function useCurrent(list: { readonly current: HTMLElement | null }, drawn: readonly Group[]): string | undefined {
  const [last, setLast] = useState<string | undefined>();
  useEffect(() => {
    const heard = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement && target.dataset.id !== undefined) setLast(target.dataset.id);
    };
    list.current?.addEventListener('focusin', heard);
    return () => list.current?.removeEventListener('focusin', heard);
  }, [list]);
  const ids = drawn.flatMap(({ items }) => items.map(({ id }) => id));
  return last !== undefined && ids.includes(last) ? last : ids[0];
}

function Heading({ state, queue, actions }: Props) {
  const { context, list, isDemo, isLoading, isWatching } = state;
  const { items, total, isFloor } = queue;
  const of = total === undefined || total <= items.length ? '' : ` of ${isFloor ? 'more than ' : ''}${total}`;
  return (
    <header class="bar">
      <h1>{list.tool === OPEN_LIST.tool ? 'Open alerts' : 'Alerts'}</h1>
      <span class="quiet">
        {items.length}
        {of}
      </span>
      {isDemo && <span class="tag">demo data</span>}
      {isWatching && <span class="tag live">live</span>}
      <span class="space" />
      <span class="icons">
        <button
          type="button"
          class="icon"
          aria-label="Refresh"
          title="Refresh"
          disabled={isLoading}
          onClick={actions.reload}
        >
          <Icon of="refresh" />
        </button>
        {context.canFillScreen && (
          <button
            type="button"
            class="icon"
            aria-label="Full screen"
            title="Full screen"
            aria-pressed={context.isFullScreen}
            onClick={() => actions.fillScreen(!context.isFullScreen)}
          >
            <Icon of="fullScreen" />
          </button>
        )}
      </span>
    </header>
  );
}

interface RowsProps {
  readonly group: Group;
  readonly current: string | undefined;
  readonly state: State;
  readonly actions: Actions;
}

function Rows({ group, current, state, actions }: RowsProps) {
  const { opened, fresh, now } = state;
  const rows = group.items.map((item) => (
    <Row
      key={item.id}
      item={item}
      now={now}
      isFresh={fresh.has(item.id)}
      isOpen={opened?.id === item.id}
      isTabStop={current === item.id}
      onOpen={actions.open}
    />
  ));
  const list = <ul class={ROWS}>{rows}</ul>;
  if (group.name === '') return list;
  return (
    <section>
      <h2 class="group">
        {group.name} <span class="quiet">{group.items.length}</span>
      </h2>
      {list}
    </section>
  );
}

function Foot({ state, queue, count, actions }: Props & { readonly count: number }) {
  const { cursor, note, items } = queue;
  const nothing = state.list.tool === OPEN_LIST.tool ? 'No alert is open.' : 'No alert is in this list.';
  return (
    <div class="foot">
      {count === 0 && <p>{items.length === 0 ? nothing : 'No alert matches the filter.'}</p>}
      {note && <p class="quiet">{note}</p>}
      {cursor !== undefined && (
        <button type="button" disabled={state.isLoading} onClick={actions.loadMore}>
          {state.isLoading ? 'Loading…' : 'Load more'}
        </button>
      )}
    </div>
  );
}

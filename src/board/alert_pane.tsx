import { useEffect, useRef } from 'preact/hooks';
import type { Actions } from './actions.ts';
import { type Evidence, toItem } from './alerts.ts';
import { ChangePane } from './change_pane.tsx';
import { EvidencePane } from './evidence_pane.tsx';
import { focusRow } from './keys.ts';
import { Icon, inWords, SeverityMark } from './marks.tsx';
import type { Change, Opened, State } from './state.ts';
import { ageOf, minuteOf } from './times.ts';

interface Props {
  readonly state: State;
  readonly opened: Opened;
  readonly actions: Actions;
}

export function AlertPane({ state, opened, actions }: Props) {
  const { step, now, problem } = state;
  const { evidence } = opened;
  const item = evidence ? toItem(evidence.alert) : opened.item;
  const title = useRef<HTMLHeadingElement>(null);
  const byHand = opened.item !== undefined;
  useEffect(() => {
    // An alert that the chat has opened must not take the focus from where somebody types.
    if (!byHand) return;
    title.current?.focus();
    return () => focusRow(opened.id);
  }, [byHand, opened.id]);
  return (
    <article class="pane alert" aria-labelledby="alert-title">
      <Bar state={state} opened={opened} actions={actions} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys that scroll must reach what scrolls. */}
      <section class="scroll" aria-labelledby="alert-title" tabIndex={0}>
        <h2 id="alert-title" class="name" dir="auto" tabIndex={-1} ref={title}>
          {item?.title}
        </h2>
        <p class="facts">
          {item && <SeverityMark of={item.severity} />}
          <span>{inWords(item?.row.status ?? 'open')}</span>
          {item?.row.created && (
            <time dateTime={item.row.created}>
              {minuteOf(item.row.created)} UTC, {ageOf(item.raised, now)}
            </time>
          )}
          {item && item.policy !== item.title && <span>policy {item.policy}</span>}
          {evidence && factsOf(evidence).map((fact) => <span key={fact}>{fact}</span>)}
        </p>
        {step && <ChangePane key={opened.id} step={step} id={opened.id} actions={actions} />}
        {evidence && <EvidencePane evidence={evidence} others={opened.others} now={now} onOpen={actions.open} />}
        {!evidence && problem === '' && <p class="waiting">Reading the evidence…</p>}
      </section>
    </article>
  );
}

function Bar({ state, opened: { id, evidence }, actions }: Props) {
  const { queue, step, isLoading } = state;
  const isOpen = evidence && (evidence.alert.status ?? 'open') === 'open';
  const isUnread = evidence && evidence.alert.read_state === undefined;
  const isFree = step === undefined;
  return (
    <header class="bar">
      <button type="button" class="plain" onClick={queue ? actions.leave : actions.reload} disabled={isLoading}>
        {queue && <Icon of="back" />}
        {queue ? 'Queue' : 'All open alerts'}
      </button>
      <span class="space" />
      {queue?.link && (
        <button type="button" class="plain" onClick={() => actions.openPortal(id)}>
          Portal
        </button>
      )}
      {isUnread && (
        <button type="button" class="plain" disabled={!isFree} onClick={() => actions.plan(markOf(id))}>
          Mark read
        </button>
      )}
      {isOpen && (
        <button type="button" class="main" disabled={!isFree} onClick={actions.begin}>
          Close alert…
        </button>
      )}
    </header>
  );
}

function factsOf({ alert: { tactics = [], threat_score, read_state } }: Evidence): string[] {
  const score = threat_score === undefined ? [] : [`threat score of the user ${threat_score}`];
  return [...tactics.map(inWords), ...score, inWords(read_state ?? 'unread')];
}

function markOf(id: string): Change {
  return { tool: 'mdca_mark_alert_read', args: { alert_ids: [id] }, ids: [id], done: 'Marked 1 alert as read.' };
}

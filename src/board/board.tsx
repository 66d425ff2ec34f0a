import { useEffect, useState } from 'preact/hooks';
import type { Actions } from './actions.ts';
import { AlertPane } from './alert_pane.tsx';
import { QueuePane } from './queue_pane.tsx';
import type { State, Store } from './state.ts';

/** The queue, and beside it or in its place the alert that is open. */
export function Board({ store, actions }: { readonly store: Store; readonly actions: Actions }) {
  const state = useStore(store);
  const { opened, problem, notice, queue, plainText } = state;
  const isEmpty = !queue && !opened;
  return (
    <div class="board" data-open={opened !== undefined}>
      <div class="panes">
        {isEmpty && <Nothing text={plainText} actions={actions} />}
        {queue && <QueuePane state={state} queue={queue} actions={actions} />}
        {opened && <AlertPane key={opened.id} state={state} opened={opened} actions={actions} />}
      </div>
      <p class="said problem" role="alert">
        {problem}
      </p>
      <p class="said" role="status">
        {notice}
      </p>
    </div>
  );
}

function Nothing({ text, actions }: { readonly text: string | undefined; readonly actions: Actions }) {
  if (text === undefined) return <p class="waiting">Waiting for alerts…</p>;
  return (
    <div class="pane nothing">
      <pre class="plan">{text}</pre>
      <div class="buttons">
        <button type="button" onClick={actions.reload}>
          Show open alerts
        </button>
      </div>
    </div>
  );
}

function useStore(store: Store): State {
  const [state, setState] = useState(store.get());
  useEffect(() => store.listen(() => setState(store.get())), [store]);
  return state;
}

import { render } from 'preact';
import { createActions } from './actions.ts';
import { isEvidence, isList, toQueue } from './alerts.ts';
import { Board } from './board.tsx';
import { applyContext, readContext } from './context.ts';
import { createHost, type Host } from './host.ts';
import { isObject, type JsonObject } from './json.ts';
import { hearKeys } from './keys.ts';
import { showNews } from './queue_actions.ts';
import { type Answer, readAnswer } from './server.ts';
import { type Call, createStore, OPEN_LIST } from './state.ts';
import { watch } from './watch.ts';

/** The arguments of the tool that lists what is open. */
const OF_OPEN_LIST = ['limit', 'detail', 'cursor'];
/** How often ages are told anew, ms. */
const MINUTE = 60_000;

const store = createStore();
const host = createHost({
  'ui/notifications/tool-input': ({ arguments: args }) => store.set({ list: listOf(isObject(args) ? args : {}) }),
  'ui/notifications/tool-result': (result) => show(readAnswer(result)),
  'ui/notifications/tool-cancelled': () => store.set({ plainText: 'The call was cancelled.' }),
  'ui/notifications/host-context-changed': takeContext,
});
const actions = createActions(host, store);
const root = document.getElementById('root');
if (root) render(<Board store={store} actions={actions} />, root);
hearKeys(actions.leave);
setInterval(() => store.set({ now: Date.now() }), MINUTE);
await greet(host);

async function greet({ request, notify }: Host): Promise<void> {
  const greeting = {
    protocolVersion: '2026-01-26',
    appInfo: { name: 'mdca-board', title: 'Alert board', version: '1' },
    appCapabilities: { availableDisplayModes: ['inline', 'fullscreen'] },
  };
  const answer = await request('ui/initialize', greeting);
  takeContext(isObject(answer) && isObject(answer.hostContext) ? answer.hostContext : {});
  notify('ui/notifications/initialized', {});
  // The client gives the page as much room as it needs.
  const tellSize = () => notify('ui/notifications/size-changed', { height: Math.ceil(root?.offsetHeight ?? 0) });
  if (root) new ResizeObserver(tellSize).observe(root);
}

function takeContext(changed: JsonObject): void {
  const context = readContext(store.get().context, changed);
  store.set({ context });
  applyContext(context);
}

/** The call by which the queue is read again: the client's own, if that was for a list. */
function listOf(args: JsonObject): Call {
  const { tool } = store.get().context;
  if (tool === OPEN_LIST.tool || tool === 'mdca_list_alerts') return { tool, args };
  if (tool !== undefined || 'alert_id' in args) return OPEN_LIST;
  const isOpenList = Object.keys(args).every((name) => OF_OPEN_LIST.includes(name));
  return { tool: isOpenList ? OPEN_LIST.tool : 'mdca_list_alerts', args };
}

/** Shows the answer that the client's own call has brought. */
function show({ value, text, isDemo }: Answer): void {
  store.set({ isDemo });
  if (value && isList(value)) {
    showNews(store, toQueue(value));
    void watch(host, store, actions.addNews);
  } else if (value && isEvidence(value)) void actions.show(value);
  else store.set({ plainText: text });
}

import type { Item, Queue } from './alerts.ts';
import type { Host } from './host.ts';
import type { JsonObject } from './json.ts';
import { type Answer, callTool, messageOf } from './server.ts';
import type { Change, State, Store } from './state.ts';

/** How a change goes through: the server makes a plan, a person types its phrase, and only then it is carried out. */
export interface ChangeActions {
  begin(): void;
  /** Asks for the plan. A client that can ask its person does so itself, and the server answers after that. */
  plan(change: Change): Promise<void>;
  /** Carries out the plan that is shown. @param typed what the person typed @returns false if it is not the phrase */
  confirm(typed: string): Promise<boolean>;
  cancel(): void;
}

const NOTHING = 'Nothing was changed.';

export function createChangeActions(host: Host, store: Store): ChangeActions {
  const told: string[] = [];
  const call = async (change: Change, more: JsonObject) => {
    try {
      take(change, await callTool(host, change.tool, { ...change.args, ...more }));
    } catch (error) {
      store.set({ step: undefined, problem: messageOf(error) });
    }
  };
  const take = (change: Change, { value, text, phrase }: Answer) => {
    if (value?.status === 'confirmation_required') {
      const { plan, confirm: code } = value;
      const isWhole = typeof plan === 'string' && typeof code === 'string' && phrase !== undefined;
      store.set(
        isWhole
          ? { step: { at: 'plan', change, plan: withoutInstructions(plan), phrase, code } }
          : { step: undefined, problem: `The server's plan has no phrase to type. ${NOTHING}` },
      );
    } else if (value?.status === 'closed' || value?.status === 'changed') {
      const problem = typeof value.warning === 'string' ? value.warning : '';
      store.set({ ...afterwards(store.get(), change), problem });
      told.push(`${change.done} ${change.ids.join(', ')}`);
      tellModel(host, told);
    } else {
      store.set({ step: undefined, problem: text });
    }
  };
  return {
    begin: () => store.set({ step: { at: 'form' }, problem: '', notice: '' }),
    async plan(change) {
      store.set({ step: { at: 'asking' }, problem: '', notice: '' });
      await call(change, {});
    },
    async confirm(typed) {
      const { step } = store.get();
      if (step?.at !== 'plan' || typed.trim().toLowerCase() !== step.phrase.toLowerCase()) return false;
      store.set({ step: { at: 'writing' } });
      await call(step.change, { confirm: step.code });
      return true;
    },
    cancel: () => store.set({ step: undefined, problem: '', notice: NOTHING }),
  };
}

/** The first paragraph of a plan is for the agent. */
function withoutInstructions(plan: string): string {
  return plan.replace(/^[\s\S]*?\n\n/, '');
}

/** The board after a change. A closed alert leaves the queue; one that was opened without a queue stays in sight. */
function afterwards({ queue, opened, list }: State, { ids, verdict, done }: Change): Partial<State> {
  const isDone = ({ id }: { readonly id: string }) => ids.includes(id);
  if (verdict !== undefined && queue) {
    const isOpenList = list.tool === 'mdca_get_open_alerts' || list.args.status === 'open';
    return { step: undefined, notice: done, opened: undefined, queue: withoutClosed(queue, isDone, isOpenList) };
  }
  if (!opened?.evidence || !isDone(opened)) return { step: undefined, notice: done };
  const state = verdict === undefined ? { read_state: 'read' as const } : { status: verdict };
  const evidence = { ...opened.evidence, alert: { ...opened.evidence.alert, ...state } };
  return { step: undefined, notice: done, opened: { ...opened, evidence } };
}

function withoutClosed(queue: Queue, isDone: (item: Item) => boolean, isOpenList: boolean): Queue {
  const left = queue.items.filter((item) => !isDone(item));
  const closed = queue.items.length - left.length;
  const total = queue.total === undefined || !isOpenList ? queue.total : Math.max(left.length, queue.total - closed);
  return { ...queue, items: left, total };
}

/** Says to the model what the person has done, in our own words and with ids. Each message replaces the last one. */
function tellModel(host: Host, told: readonly string[]): void {
  const text = ['By the person, on the alert board:', ...told].join('\n');
  // A client that cannot do this has the change all the same.
  host.request('ui/update-model-context', { content: [{ type: 'text', text }] }).catch(() => {});
}

export { default as investigate_user } from './investigate_user.ts';
export { default as review_policy } from './review_policy.ts';
export { default as shift_handover } from './shift_handover.ts';
export { default as triage_alert } from './triage_alert.ts';
export { default as triage_queue } from './triage_queue.ts';

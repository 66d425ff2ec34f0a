export { default as open_alerts } from './open_alerts.ts';
export { default as single_alert } from './single_alert.ts';

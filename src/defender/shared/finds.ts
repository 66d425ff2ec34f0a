/** Which tool finds an id, for errors and notes on a wrong one. */
export const FINDS = {
  alert: 'mdca_get_open_alerts and mdca_list_alerts list alert ids',
  policy: 'mdca_list_policies finds a policy id by name',
  app: 'mdca_find_apps finds an app id by name',
  activity: 'mdca_get_alert and mdca_list_activities show activity ids',
  file: 'mdca_list_files finds a file id by name or owner',
  user: 'mdca_list_users lists users with both',
} as const;

/** What helps where the service knows no item of an id. */
export const notFoundOf = (what: keyof typeof FINDS) => ({ not_found: `${FINDS[what]}.` });

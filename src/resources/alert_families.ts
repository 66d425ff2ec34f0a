/** One family of alerts: how to decide it. */
export interface AlertFamily {
  readonly id: string;
  readonly title: string;
  /** It is real if … */
  readonly real: string;
  /** It is not if … */
  readonly notReal: string;
  readonly lookAt: string;
  readonly action: string;
  readonly close: string;
}

const BENIGN = 'mdca_close_alert_benign';
const FALSE = 'mdca_close_alert_false_positive, reason alert_is_not_accurate';
const TRUE = 'mdca_close_alert_true_positive';

/** Microsoft's page on each family is "How to investigate anomaly detection alerts", but for the last two. */
export const ALERT_FAMILIES: readonly AlertFamily[] = [
  {
    id: 'anonymous-ip',
    title: 'Anonymous proxy, TOR or suspicious address',
    real: 'the user cannot explain the anonymiser or the address, or downloads and rule changes follow the sign-in',
    notReal: 'a tester, or a user whose work needs the privacy tool or that address, confirms it',
    lookAt:
      'category of the address, what followed the sign-in, other users of the address (mdca_list_activities by ip)',
    action: 'suspend the user, mark it compromised, reset the password',
    close: `${TRUE}; expected use: ${BENIGN}, reason confirmed_with_end_user`,
  },
  {
    id: 'infrequent-country',
    title: 'Activity from an infrequent country',
    real: 'the user is not there, and the session goes on to downloads or changes',
    notReal: 'the user travels or works there',
    lookAt: 'earlier activities from the country, device and browser, downloads, administrative changes',
    action: 'ask the user or the manager; suspend if it is not them',
    close: `${TRUE}; travel: ${BENIGN}, reason confirmed_with_end_user`,
  },
  {
    id: 'impossible-travel',
    title: 'Impossible travel',
    real: 'one of the two places is not explained, its address is risky or anonymous, and a new device acts there',
    notReal: 'one end is a VPN, a proxy or a cloud service of your own, or the user really travelled',
    lookAt: 'both addresses (mdca_list_ip_ranges by ip), their network owners, devices, what each end did',
    action: 'suspend and reset if real; name the VPN range if not (mdca_add_ip_range)',
    close: `${TRUE}; own VPN: ${FALSE}; real journey: ${BENIGN}`,
  },
  {
    id: 'failed-sign-ins',
    title: 'Multiple failed sign-ins',
    real: 'many users or passwords are tried from one address, or a success follows the failures',
    notReal: 'an app or device keeps an old password, or the second factor was broken',
    lookAt: 'address and agent of the failures, a success afterwards, other users at the same time',
    action: 'block the address, reset the password; or mend the app',
    close: `${TRUE}; stale password: ${FALSE}`,
  },
  {
    id: 'admin-activity',
    title: 'Unusual administrative activity or impersonation',
    real: 'nobody ordered the change, or it grants rights, adds owners or switches protection off',
    notReal: 'an authorised change or a migration explains it; an app impersonates by design',
    lookAt: 'which settings and roles changed, who gained by it, the address and device of the administrator',
    action: 'suspend the account, take the change back',
    close: `${TRUE}; authorised: ${BENIGN}; by design: ${FALSE}`,
  },
  {
    id: 'mass-activity',
    title: 'Mass download, access, share or delete',
    real: 'it is not the user, or the amount has no reason, or the files leave the organization',
    notReal: 'a sync client, a backup or a known project reads or writes the same files',
    lookAt: 'names and sharing of the files (mdca_list_files), agent of the client, device, the hours before',
    action: 'remove sharing, suspend the user, restore files',
    close: `${TRUE}; sync or backup: ${FALSE}`,
  },
  {
    id: 'ransomware',
    title: 'Ransomware',
    real: 'files are uploaded with new extensions and the originals deleted, at a speed no person has',
    notReal: 'a tool renames or converts files in bulk, or the extension belongs to a known program',
    lookAt: 'extensions, the pattern of upload and delete, device, alerts of the endpoint',
    action: 'suspend the user, isolate the device, restore files',
    close: `${TRUE}; known tool: ${FALSE}`,
  },
  {
    id: 'inbox-rule',
    title: 'Inbox rule, forwarding or deletion of mail',
    real: 'the rule hides or forwards mail, its name is a dot or misleading, and a strange sign-in came before',
    notReal: 'the user made the rule',
    lookAt: 'name and target of the rule, address of its creator, mail sent afterwards, sign-ins of the day',
    action: 'remove the rule, reset the password, look for mail that was sent',
    close: `${TRUE}; own rule: ${FALSE}`,
  },
  {
    id: 'terminated-user',
    title: 'Activity of a terminated user',
    real: 'somebody who left still acts',
    notReal: 'the person came back, or the account was made anew for another use',
    lookAt: 'state of the user (mdca_get_user), apps in which accounts remain',
    action: 'disable all accounts',
    close: `${TRUE}; rehired: ${BENIGN}`,
  },
  {
    id: 'cloud-resources',
    title: 'Resources created, deleted or logged differently',
    real: 'an administrator did not order it, or logging was switched off',
    notReal: 'an authorised administrator did it',
    lookAt: 'what was created or deleted, region, what followed',
    action: 'take it back, rotate keys',
    close: `${TRUE}; authorised: ${BENIGN}`,
  },
  {
    id: 'oauth-app',
    title: 'OAuth app: misleading name, new credential, odd consent',
    real: 'its publisher is unknown, its permissions are wide, or consent came after a strange sign-in',
    notReal: 'the organization uses the app and knows its publisher',
    lookAt: 'publisher and permissions (mdca_get_activity on the consent), who consented, what the app did',
    action: 'ban the app, revoke its tokens',
    close: `${TRUE}; business app: ${FALSE}`,
  },
  {
    id: 'file-policy',
    title: 'File or content policy (this guide’s own criteria)',
    real: 'sensitive content can be opened by outsiders or by everybody',
    notReal: 'the policy is too wide, or the share is meant',
    lookAt: 'sharing and collaborators of the file (mdca_get_file), what the policy looks for (mdca_get_policy)',
    action: 'remove the share, tell the owner',
    close: `${TRUE}; too wide: ${FALSE}`,
  },
  {
    id: 'app-discovery',
    title: 'New or risky app (this guide’s own criteria)',
    real: 'a risky app is used for company data',
    notReal: 'the app is approved, or its use is harmless',
    lookAt: 'score and users (mdca_find_apps), who uses it',
    action: 'tag it as unsanctioned, or as sanctioned',
    close: `${TRUE}; approved: ${BENIGN}`,
  },
];

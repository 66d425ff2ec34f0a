import type { Incident } from './incident.ts';
import { backDoors, plannedChange } from './incidents/admin_activity.ts';
import * as tor from './incidents/anonymous_ip.ts';
import { disconnected } from './incidents/app_connector.ts';
import { printShop, seenFirst, storageSeen, underReview, uploads } from './incidents/app_discovery.ts';
import { guessed, guessingFailed, stalePassword } from './incidents/failed_sign_ins.ts';
import { cardsShared, openLink, pressKit, promptInjectionFile, testCards } from './incidents/file_policy.ts';
import { baitTaken, scanned } from './incidents/honeytoken.ts';
import { corporateVpn, stolenSession, traveller } from './incidents/impossible_travel.ts';
import { hijacked, ownFilter, promptInjectionRule } from './incidents/inbox_rule.ts';
import * as country from './incidents/infrequent_country.ts';
import { saved, scannerTest } from './incidents/malware.ts';
import { cleanUp, sabotage } from './incidents/mass_delete.ts';
import { firstSync, leaverTakesData, nightlyBackup } from './incidents/mass_download.ts';
import { businessApp, lookAlike, promptInjectionApp } from './incidents/oauth_app.ts';
import { bulkRename, encrypting } from './incidents/ransomware.ts';
import { newLaptop, stolenPassword } from './incidents/risky_sign_in.ts';
import { onRequest, withoutRequest } from './incidents/role_granted.ts';
import { blockBypassed, blockedOnce } from './incidents/session_policy.ts';
import { contractExtended, stillInside } from './incidents/terminated_user.ts';
import { type Person, people } from './people.ts';

type Row = readonly [hoursAgo: number, incident: Incident];

const { avery, blake, casey, devon, ellis, frankie, gray, harper, indigo } = people;
const { jules, kai, lennon, nico, oakley, parker, quinn, backup, decoy } = people;

/** The open alerts of the last three weeks, newest first. */
export const open: readonly Row[] = [
  [0.07, stolenSession(avery)],
  [0.6, corporateVpn(casey)],
  [1.1, guessed(parker)],
  [1.9, firstSync(lennon)],
  [2.4, promptInjectionApp(jules)],
  [3.2, newLaptop(ellis)],
  [4.5, cardsShared(frankie)],
  [5.3, tor.researcher(harper)],
  [6.8, hijacked(indigo)],
  [8, blockedOnce(gray)],
  [9.5, seenFirst(61377, 4)],
  [11, traveller(blake)],
  [13, stalePassword(kai)],
  [15, stillInside(oakley)],
  [17, bulkRename(gray)],
  [20, plannedChange(devon)],
  [23, nightlyBackup(backup)],
  [26, promptInjectionFile(parker)],
  [30, stolenPassword(quinn)],
  [34, scanned(decoy)],
  [39, disconnected(11114)],
  [44, country.holiday(ellis)],
  [49, leaverTakesData(jules)],
  [53, testCards(kai)],
  [58, ownFilter(lennon)],
  [63, uploads(casey, 61377)],
  [69, saved(nico)],
  [74, guessingFailed(indigo)],
  [80, onRequest(devon, kai)],
  [87, tor.intruder(frankie)],
  [93, cleanUp(avery)],
  [100, corporateVpn(blake)],
  [108, promptInjectionRule(parker)],
  [115, pressKit(gray)],
  [123, businessApp(ellis)],
  [131, encrypting(nico)],
  [140, stalePassword(jules)],
  [149, country.intruder(lennon)],
  [158, storageSeen(61377, 2)],
  [168, backDoors(devon)],
  [179, scannerTest(harper)],
  [190, newLaptop(frankie)],
  [202, openLink(quinn)],
  [214, lookAlike(avery)],
  [227, traveller(indigo)],
  [240, guessingFailed(casey)],
  [254, blockBypassed(quinn)],
  [268, firstSync(nico)],
  [283, printShop(gray, 61377)],
  [298, sabotage(kai)],
  [314, contractExtended(lennon)],
  [330, stolenSession(ellis)],
  [347, withoutRequest(devon, jules)],
  [365, blockedOnce(parker)],
  [384, underReview(61822, 7)],
  [405, guessed(blake)],
  [428, tor.researcher(harper)],
  [452, country.holiday(frankie)],
  [478, corporateVpn(kai)],
  [500, testCards(avery)],
];

/** docs/defender-api.md 4.4: 1 and 2 are legacy. */
const DISMISSED = 1;
const RESOLVED = 2;
const FALSE_POSITIVE = 3;
const BENIGN = 4;
const TRUE_POSITIVE = 5;

type ClosedRow = readonly [...Row, resolution: number, comment: string];

/** The alerts that analysts have closed, each half a day after it was raised. */
export const closed: readonly ClosedRow[] = [
  [28, corporateVpn(lennon), FALSE_POSITIVE, 'VPN gateway in Frankfurt, same laptop'],
  [41, stolenPassword(gray), TRUE_POSITIVE, 'Password reset, sessions revoked, new authenticator removed'],
  [55, traveller(jules), BENIGN, 'Confirmed with the user: customer visit'],
  [66, blockedOnce(casey), BENIGN, 'Home computer, explained the rule to the user'],
  [78, firstSync(frankie), FALSE_POSITIVE, 'First sync of a new laptop'],
  [95, hijacked(casey), TRUE_POSITIVE, 'Rule deleted, mails recalled, bank informed'],
  [112, scanned(decoy), BENIGN, 'Announced vulnerability scan'],
  [136, ownFilter(avery), FALSE_POSITIVE, ''],
  [161, saved(parker), TRUE_POSITIVE, 'File removed, device isolated'],
  [185, plannedChange(devon), BENIGN, 'Change window'],
  [221, underReview(61590, 3), DISMISSED, 'App under review by procurement'],
  [249, stalePassword(nico), BENIGN, 'Old phone'],
  [277, cardsShared(ellis), TRUE_POSITIVE, 'Link removed, privacy officer informed'],
  [305, bulkRename(gray), DISMISSED, ''],
  [338, onRequest(devon, casey), RESOLVED, 'Ticket found'],
  [371, guessed(quinn), RESOLVED, 'Guest account blocked, partner informed'],
  [399, pressKit(jules), DISMISSED, 'Public on purpose'],
  [433, country.holiday(blake), BENIGN, 'On leave'],
  [467, nightlyBackup(backup), FALSE_POSITIVE, 'Backup job'],
  [492, baitTaken(decoy), RESOLVED, 'Server rebuilt, all passwords on it changed'],
];

/** Incidents that can happen to anybody at any time; alerts that are raised while the emulator runs come from them. */
export const everyday: readonly ((who: Person) => Incident)[] = [
  corporateVpn,
  stolenSession,
  stalePassword,
  guessed,
  firstSync,
  newLaptop,
  blockedOnce,
  openLink,
  ownFilter,
  country.intruder,
];

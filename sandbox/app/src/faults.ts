import { readSwitches } from "@/switches";

/**
 * Mistakes that can be switched on while the app runs, to see whether a verification notices them.
 * The file is named by SANDBOX_FAULTS_FILE and read anew for every request; without it nothing is ever wrong.
 */
const FAULTS = [
  "action-throws",
  "list-route-throws",
  "list-route-hangs",
  "messages-fail",
  "server-foreign-rows",
  "login-redirect-loop",
  "client-foreign-cards",
  "client-crash",
  "endless-spinner",
  "blank-page",
  "list-empty",
  "first-conversation-fails",
  "other-conversation",
  "foreign-messages",
  "list-misnamed",
  "counts-zero",
  "cards-shifted",
  "search-crashes",
  "search-ignored",
  "search-stays",
  "search-throws",
  "search-finds-none",
  "search-foreign",
  "filter-crashes",
  "filter-ignored",
  "filter-foreign",
  "workspace-hidden",
  "messages-empty",
  "list-doubled",
  "fourth-workspace-throws",
  "second-page-throws",
  "cron-open",
  "cron-throws",
  "cron-bearer-undefined",
  "webhook-accepts-unsigned",
  "webhook-accepts-altered",
  "webhook-accepts-stale",
  "webhook-replay-inserts-twice",
  "webhook-chokes-on-nonsense",
  "admin-open",
  "action-throws-variously",
  "error-without-debug-id",
  "error-names-person",
  "cron-fails",
  "session-not-read",
  "admin-snapshot-stale",
  "kill-switch-ignored",
  "react-crash-185",
  "conversations-blank",
  "messages-shuffled",
  "second-list-hangs",
  "workspaces-of-another",
  "cookie-elsewhere",
] as const;

export type Fault = (typeof FAULTS)[number];

export function isActive(fault: Fault): boolean {
  return activeFaults().includes(fault);
}

/** The first active fault that has to happen in the browser. */
export function browserFault(): Fault | undefined {
  const inBrowser: Fault[] = [
    "client-foreign-cards",
    "client-crash",
    "endless-spinner",
    "blank-page",
    "cards-shifted",
    "search-crashes",
    "search-ignored",
    "search-stays",
    "filter-crashes",
    "workspace-hidden",
    "react-crash-185",
  ];
  return inBrowser.find(isActive);
}

function activeFaults(): string[] {
  return readSwitches<{ faults: string[] }>(process.env.SANDBOX_FAULTS_FILE, { faults: [] }).faults;
}

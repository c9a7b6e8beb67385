import { readSwitches } from "@/switches";

/** What is unusual about the app although nothing is wrong with it. */
export type Oddity =
  | "cookie-banner"
  | "dark-mode"
  | "insights-html"
  | "search-by-words"
  | "search-on-enter"
  | "sidebar-overlaps"
  | "widget-answers-html"
  | "widget-throws"
  | "widget-throws-unseen"
  | "without-test-ids";

/** `inbox`: the Master Inbox. `desk`: the same work in another app, with other paths, other markup and other words. */
export type App = "inbox" | "desk";

type Shape = {
  app: App;
  /** Oddities of the data and of the network are among them: nothing in here has to do with those. */
  oddities: string[];
  /** Where the chat widget comes from: another origin. */
  vendor: string;
};

/** Where people begin, where they sign in, and how the paths begin that are for signed-out people only. */
const PLACES = {
  inbox: { home: "/", login: "/auth/login", signedOut: "/auth/" },
  desk: { home: "/desk", login: "/welcome", signedOut: "/welcome" },
} as const;

/** The shape stands in the file that SANDBOX_SHAPE_FILE names; without it this is the Master Inbox. */
export function shape(): Shape {
  return readSwitches(process.env.SANDBOX_SHAPE_FILE, { app: "inbox", oddities: [], vendor: "" });
}

export function places() {
  return PLACES[shape().app];
}

export function isOdd(oddity: Oddity): boolean {
  return shape().oddities.includes(oddity);
}

import type { Fault } from "@/faults";

/** How the desk is to look, and what is wrong with it. */
export type Look = {
  dark: boolean;
  /** Whether the list gives way to long names, and ends up below the sidebar. */
  overlaps: boolean;
  testIds: boolean;
  /** Whether a search begins with the Enter key. */
  searchOnEnter: boolean;
  fault?: Fault;
};

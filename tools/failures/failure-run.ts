import type { FailureKind } from "./failure-rows";

/** Whose settings the entry had: this project's, or those that its seeds tell of. */
export type SettingsName = "ours" | "seeds";

/** What one fault came to, seen by a visitor and by the machines. Times in seconds. */
export interface FailureRun {
  settings: SettingsName;
  fault: FailureKind;
  /** The machine that held the address. */
  holder: string;
  /** ISO 8601. */
  began: string;
  /** This computer's load average over a minute as it began. */
  computerLoad: number;
  /** How long the fault lasted, until it was ended. */
  lastedSeconds: number;
  /** The longest time without a page. */
  longestSeconds: number;
  /** Whether pages came again before the fault was ended; else that time is what the fault lasted, and could be any. */
  isOver: boolean;
  requests: number;
  /** Without a page, after a second attempt where the connection was reset. */
  failed: number;
  /** How those ended, by kind. */
  failures: Readonly<Record<string, number>>;
  /** Connections that were reset. */
  resets: number;
  /** Of requests that got their page. */
  median: number;
  p95: number;
  p99: number;
  /** Requests a second that were begun. */
  rate: number;
  isRateHeld: boolean;
  /** The share of one processor that the load took on the visitor. */
  visitorCpu: number;
  /** The longest time in which nobody held the address, in which several did, and did and reached the gateway. */
  heldByNone: number;
  heldBySeveral: number;
  heldBySeveralReaching: number;
  /** How long the former holder's own kernel had the address after the fault; absent where it was off, or kept it. */
  gaveUpSeconds?: number;
  /** Beside this file: `<log>.jsonl` has every request, `<log>-holders.txt` every look at a machine. */
  log?: string;
}

/** What a fault of a drawn kind, on a drawn machine, came to. Times in seconds. */
export interface DrawnFault {
  what: string;
  machine: string;
  /** Whether that held the address. */
  wasHolder: boolean;
  longestSeconds: number;
  requests: number;
  failed: number;
  heldByNone: number;
  heldBySeveral: number;
  heldBySeveralReaching: number;
  log?: string;
}

/** A campaign's results, as they are kept. */
export interface FailureResults {
  /** The commit that was tried; `-dirty` where the checkout was not as committed. */
  commit: string;
  /** ISO 8601. */
  began: string;
  /** This computer's processors, and whether the machines' are emulated. */
  processors: number;
  emulated: boolean;
  /** Requests a second that were wanted. */
  rate: number;
  runs: FailureRun[];
  /** In the order in which they were drawn. */
  draws: DrawnFault[];
}

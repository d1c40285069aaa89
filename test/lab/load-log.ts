/**
 * How a request ended: with status 200, with another, or without an answer: in time (`timeout`), as the connection was
 * reset, refused, ended too early (`cut`), or found no way to the address (`unreachable`); `tls`: no common ground.
 */
export type Outcome =
  | "ok"
  | "status"
  | "timeout"
  | "reset"
  | "refused"
  | "cut"
  | "unreachable"
  | "tls"
  | "error";

/** One request of a load; times in seconds. */
export interface RequestRecord {
  /** From 0, in the order of their beginnings. */
  number: number;
  /** When it began, since 1970, by the visitor's clock, which nobody sets meanwhile. */
  at: number;
  /** How much later than it should have. */
  late: number;
  /** From its beginning to its end, both attempts where it was asked again. */
  seconds: number;
  url: string;
  outcome: Outcome;
  status?: number;
  /** Who answered, by the app's own word. */
  hostname?: string;
  /** Whether its first connection was reset, and `outcome` is what came of the second. */
  retried?: boolean;
  error?: string;
}

/** What a load says of itself at its end. */
export interface LoadSummary {
  /** When the first request should have begun, and when no more was begun; since 1970, in seconds. */
  from: number;
  to: number;
  /** The rate that was wanted, requests a second. */
  rate: number;
  /** How many requests were begun. */
  begun: number;
  /** The share of one processor that the load took: near 1, what is slow may be the visitor. */
  cpu: number;
}

/** A load from its beginning to its end. */
export interface LoadLog {
  /** As they were printed. */
  lines: readonly string[];
  /** In the order of their ends. */
  records: readonly RequestRecord[];
  summary: LoadSummary;
}

/** A line of `visitor-load.py`. */
export function parseLoadLine(line: string): { record?: RequestRecord; summary?: LoadSummary } {
  const said = JSON.parse(line) as RequestRecord | (LoadSummary & { summary: true });
  return "summary" in said ? { summary: said } : { record: said };
}

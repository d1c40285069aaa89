import type { LabStack } from "../lab-stack";
import type { LoadLog } from "../load-log";
import { VisitorLoad } from "../visitor-load";
import { ADDRESS, GATEWAY, MACHINES, THROUGH_ADDRESS } from "./environment";
import type { HolderSample } from "./holder-times";
import { HolderWatch } from "./holder-watch";

const STEADY_SECONDS = 8;
const STEADY_LIMIT_SECONDS = 90;

/** What was seen while something was done. */
export interface Observation<T> {
  result: T;
  log: LoadLog;
  /** The number of the first request that counts. */
  first: number;
  /** Who held the address, by the machines' names. */
  samples: Readonly<Record<string, HolderSample[]>>;
}

/** What was seen, as it was told: a line for each request, and for each look at a machine. */
export interface RawLogs {
  requests: readonly string[];
  /** `<machine> <seconds since 1970> <1 where it held the address> <1 where it reached the gateway>` */
  holders: readonly string[];
}

export function rawOf({ log, samples }: Pick<Observation<unknown>, "log" | "samples">): RawLogs {
  const holders = Object.entries(samples).flatMap(([machine, own]) =>
    own.map(
      ({ at, holds, reaches }) =>
        `${machine} ${at.toFixed(3)} ${holds ? "1" : "0"} ${reaches ? "1" : "0"}`,
    ),
  );
  return { requests: log.lines, holders };
}

async function underLoad<T>(
  lab: LabStack,
  act: (load: VisitorLoad) => Promise<T>,
): Promise<Omit<Observation<T>, "samples">> {
  const load = await VisitorLoad.start(lab, THROUGH_ADDRESS);
  let log: LoadLog | undefined;
  try {
    if (!(await load.untilServed(STEADY_SECONDS, STEADY_LIMIT_SECONDS))) {
      throw new Error("visitor: is not served, though nothing has been done yet");
    }
    const first = load.next;
    const result = await act(load);
    log = await load.end();
    return { result, log, first };
  } finally {
    if (!log) {
      await load.end().catch(() => undefined);
    }
  }
}

/** Does something while a visitor asks for pages at a steady rate, and every machine is looked at. */
export async function observe<T>(
  lab: LabStack,
  act: (load: VisitorLoad) => Promise<T>,
): Promise<Observation<T>> {
  const watch = await HolderWatch.start(lab, MACHINES, { address: ADDRESS, gateway: GATEWAY });
  let seen: Omit<Observation<T>, "samples">;
  let samples: Observation<T>["samples"];
  try {
    seen = await underLoad(lab, act);
  } finally {
    samples = await watch.end();
  }
  return { ...seen, samples };
}

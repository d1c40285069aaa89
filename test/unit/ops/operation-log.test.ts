import type { EngineEvent } from "@pulumi/pulumi/automation";
import { OperationLog } from "../../../ops/operation-log";

const BASE = "urn:pulumi:dev::swarmstead::";
const REMOTE = "command:remote:Command";

/** An event as the engine sends it, with no more than what the log reads. */
function event(
  kind: "begin" | "end" | "fail",
  urn: string,
  op = "create",
  type = REMOTE,
): EngineEvent {
  const key = { begin: "resourcePreEvent", end: "resOutputsEvent", fail: "resOpFailedEvent" }[kind];
  return {
    sequence: 1,
    timestamp: 1,
    [key]: { metadata: { urn, op, type } },
  };
}

describe("the operation's log", () => {
  let log: OperationLog;
  const told: string[] = [];
  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
    told.length = 0;
    jest.spyOn(process.stderr, "write").mockImplementation((text) => {
      told.push(String(text));
      return true;
    });
    log = new OperationLog();
  });
  afterEach(() => {
    log.finish();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  const base = `${BASE}swarmstead:host:Host$${REMOTE}::node1-base`;
  const other = `${BASE}swarmstead:host:Host$${REMOTE}::node2-base`;
  const contact = `${BASE}swarmstead:host:Host$${REMOTE}::node1-contact`;
  const member = `${BASE}swarmstead:swarm:Swarm$command:local:Command::node1-member`;

  test("has a span for each layer, from its first step to its last, in the order of their beginning", () => {
    log.onEvent(event("begin", contact));
    jest.advanceTimersByTime(2000);
    log.onEvent(event("end", contact));
    log.onEvent(event("begin", base));
    jest.advanceTimersByTime(1000);
    log.onEvent(event("begin", other));
    jest.advanceTimersByTime(500);
    log.onEvent(event("end", base));
    log.onEvent(event("begin", member));
    jest.advanceTimersByTime(2500);
    log.onEvent(event("fail", other));
    log.onEvent(event("end", member));
    expect(log.finish()).toEqual([
      { phase: "contact", fromSeconds: 0, toSeconds: 2 },
      { phase: "host", fromSeconds: 2, toSeconds: 6 },
      { phase: "swarm", fromSeconds: 3.5, toSeconds: 6 },
    ]);
  });

  test("counts nothing that stays as it is, nor the engine's own", () => {
    log.onEvent(event("begin", base, "same"));
    log.onEvent(event("end", base, "same"));
    const provider = `${BASE}pulumi:providers:command::default`;
    log.onEvent(event("begin", provider, "create", "pulumi:providers:command"));
    log.onEvent(event("end", provider, "create", "pulumi:providers:command"));
    expect(log.finish()).toEqual([]);
  });

  test("names every ten seconds what takes longer than that", () => {
    log.onEvent(event("begin", base));
    jest.advanceTimersByTime(10_000);
    expect(told).toEqual([]);
    jest.advanceTimersByTime(10_000);
    expect(told).toEqual(["still at it: node1-base (20 s)\n"]);
    log.onEvent(event("end", base));
    jest.advanceTimersByTime(30_000);
    expect(told).toHaveLength(1);
  });

  test("is silent once it is finished", () => {
    log.onEvent(event("begin", base));
    log.finish();
    jest.advanceTimersByTime(60_000);
    expect(told).toEqual([]);
  });
});

import type { EngineEvent } from "@pulumi/pulumi/automation";

const TICK_SECONDS = 10;

/** A span of an update, in seconds after its start. */
export interface Phase {
  phase: string;
  fromSeconds: number;
  toSeconds: number;
}

/** The last part of a URN: the resource's name. */
function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

/** The layer that a resource belongs to, by its folder under `components`; contact with a machine is a phase of its own. */
function phaseOf(urn: string): string | undefined {
  if (nameOf(urn).endsWith("-contact")) {
    return "contact";
  }
  return [...urn.matchAll(/swarmstead:([a-z-]+):/g)].at(0)?.[1];
}

/**
 * Follows an operation by the engine's events: names what takes long, and remembers how long each layer took.
 */
export class OperationLog {
  private readonly started = Date.now();
  private readonly running = new Map<string, { since: number }>();
  private readonly spans = new Map<string, { from: number; to: number }>();
  private readonly tick = setInterval(() => {
    this.tell();
  }, TICK_SECONDS * 1000);

  /** To be given every event of the operation. */
  public readonly onEvent = (event: EngineEvent): void => {
    const begun = event.resourcePreEvent?.metadata;
    if (begun && begun.op !== "same" && !/^(pulumi|swarmstead):/.test(begun.type)) {
      this.running.set(begun.urn, { since: Date.now() });
    }
    const ended = event.resOutputsEvent?.metadata ?? event.resOpFailedEvent?.metadata;
    const run = ended ? this.running.get(ended.urn) : undefined;
    if (ended && run) {
      this.running.delete(ended.urn);
      this.extend(phaseOf(ended.urn), run.since, Date.now());
    }
  };

  /** Ends the ticking, and gives the layers in the order in which they began. */
  public finish(): Phase[] {
    clearInterval(this.tick);
    const seconds = (at: number): number => Math.round((at - this.started) / 100) / 10;
    return [...this.spans]
      .sort(([, a], [, b]) => a.from - b.from)
      .map(([phase, { from, to }]) => ({
        phase,
        fromSeconds: seconds(from),
        toSeconds: seconds(to),
      }));
  }

  private extend(phase: string | undefined, from: number, to: number): void {
    if (phase === undefined) {
      return;
    }
    const span = this.spans.get(phase);
    this.spans.set(phase, {
      from: Math.min(span?.from ?? from, from),
      to: Math.max(span?.to ?? to, to),
    });
  }

  private tell(): void {
    const now = Date.now();
    const waiting = [...this.running]
      .filter(([, { since }]) => now - since > TICK_SECONDS * 1000)
      .map(([urn, { since }]) => `${nameOf(urn)} (${((now - since) / 1000).toFixed(0)} s)`);
    if (waiting.length > 0) {
      process.stderr.write(`still at it: ${waiting.join(", ")}\n`);
    }
  }
}

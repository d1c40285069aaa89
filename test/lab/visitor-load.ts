import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { quote } from "../../components/lib/shell";
import type { LabStack } from "./lab-stack";
import { type LoadLog, type LoadSummary, parseLoadLine, type RequestRecord } from "./load-log";
import { SshStream } from "./ssh-stream";

const PROGRAM = join(__dirname, "visitor-load.py");
/** Where it lies on the visitor. */
const PLACE = "/run/visitor-load.py";
const START_SECONDS = 60;

/** What is asked for. */
export interface LoadTarget {
  url: string;
  /** Where to connect for it. @default the URL's own host */
  address?: string;
}

export interface LoadSettings {
  /** Asked for in turn. */
  targets: readonly LoadTarget[];
  /** Requests a second, each by a connection of its own. @default 20 */
  rate?: number;
  /** What a request may take, in seconds. @default 3 */
  timeoutSeconds?: number;
  /** How often a request whose connection was reset is asked again. @default 0 */
  retries?: 0 | 1;
  /** Certificates to believe in, as text. @default none is verified */
  ca?: string;
}

/** The app by its own port, ten times a second, at each node of the default environment in turn. */
export const EACH_NODE: LoadSettings = {
  targets: ["10.77.0.11", "10.77.0.12", "10.77.0.13"].map((node) => ({
    url: `http://${node}:8080/`,
  })),
  rate: 10,
  timeoutSeconds: 10,
};

/** A load from the visitor, outside the node network, until it is ended. */
export class VisitorLoad {
  private readonly lines: string[] = [];
  private readonly records: RequestRecord[] = [];
  private summary: LoadSummary | undefined;
  private readonly stream: SshStream;
  /** By this computer's clock. */
  private lastFailure = Date.now();
  private lastSuccess = 0;

  private constructor(lab: LabStack, settings: string) {
    this.stream = new SshStream(lab, "visitor", {
      command: `python3 ${PLACE} ${quote(settings)}`,
      onLine: (line, arrived) => {
        this.take(line, arrived);
      },
    });
  }

  /** Starts it, and waits for its first answer or failure. */
  public static async start(lab: LabStack, settings: LoadSettings): Promise<VisitorLoad> {
    const { targets, rate = 20, timeoutSeconds = 3, retries = 0, ca = null } = settings;
    const text = readFileSync(PROGRAM, "utf8");
    await lab.on("visitor", `cat >${PLACE} <<'PYTHON'\n${text}\nPYTHON`);
    const words = {
      targets: targets.map(({ url, address = null }) => ({ url, address })),
      rate,
      timeout: timeoutSeconds,
      retries,
      ca,
    };
    const load = new VisitorLoad(lab, JSON.stringify(words));
    const began = Date.now();
    while (load.records.length === 0) {
      if (Date.now() - began > START_SECONDS * 1000) {
        throw new Error(`visitor: the load does not start: ${load.stream.words}`);
      }
      await sleep(200);
    }
    return load;
  }

  private take(line: string, arrived: number): void {
    const { record, summary } = parseLoadLine(line);
    this.lines.push(line);
    this.summary ??= summary;
    if (record) {
      this.records.push(record);
      if (record.outcome === "ok") {
        this.lastSuccess = arrived;
      } else {
        this.lastFailure = arrived;
      }
    }
  }

  /** The number of the next request whose end is not known yet; those that hang have smaller ones. */
  public get next(): number {
    return Math.max(-1, ...this.records.slice(-1000).map(({ number }) => number)) + 1;
  }

  /**
   * Waits until no request has failed for a while.
   *
   * @returns whether that came true in time
   */
  public async untilServed(steadySeconds: number, limitSeconds: number): Promise<boolean> {
    const began = Date.now();
    for (;;) {
      const now = Date.now();
      const since = Math.max(began, this.lastFailure);
      if (now - since >= steadySeconds * 1000 && now - this.lastSuccess < 3000) {
        return true;
      }
      if (now - began > limitSeconds * 1000) {
        return false;
      }
      await sleep(200);
    }
  }

  /** Ends it, and gives all that it has said. */
  public async end(): Promise<LoadLog> {
    const code = await this.stream.finish();
    const { summary, records } = this;
    if (!summary || summary.begun !== records.length) {
      const lack = `${String(records.length)} of ${String(summary?.begun ?? "?")} requests are known`;
      throw new Error(
        `visitor: the load ended with exit code ${String(code)}, ${lack}: ${this.stream.words}`,
      );
    }
    return { lines: this.lines, records, summary };
  }
}

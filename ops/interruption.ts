import { UserError } from "../components/lib/user-error";
import { awaitEnd, type RunProcess, runProcesses, signalAll } from "./run-processes";

/** The exit codes that a shell gives where a signal ended a program. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Interrupt = keyof typeof EXIT_CODES;

/** How long what has waited for ended processes here may take to clean up. */
const UNWIND_MS = 1000;

/** What a signal to the launcher makes of the run. */
class Interruption {
  private readonly cancel = new AbortController();
  private received: Interrupt | undefined;
  private operations = 0;
  private call = "";
  private state = "";
  private endSeconds = 0;
  /** Whether the command has ended by itself, so that its caller says how. */
  private unwound = true;

  /**
   * Runs a command so that a signal ends it in order: an operation of the engine is cancelled and keeps what it has
   * done, anything else is ended with all that it has started. A second signal ends everything at once.
   *
   * @param call how the command is called again, for example `./swarmstead up`
   * @param state folder of the stack
   * @param endSeconds how long processes have to end that were asked to
   * @throws {UserError} with the exit code of a signal where one came
   */
  public async guard(
    call: string,
    state: string,
    run: () => Promise<number>,
    endSeconds = 10,
  ): Promise<number> {
    this.call = call;
    this.state = state;
    this.endSeconds = endSeconds;
    this.unwound = false;
    const signals = Object.keys(EXIT_CODES) as Interrupt[];
    signals.forEach((signal) => process.on(signal, this.onSignal));
    try {
      const code = await run();
      this.check();
      return code;
    } catch (error) {
      this.check();
      throw error;
    } finally {
      this.unwound = true;
      signals.forEach((signal) => process.off(signal, this.onSignal));
    }
  }

  /**
   * Runs an operation of the engine, which ends in order when the signal that it is given aborts.
   *
   * @throws {UserError} where the run was interrupted before or meanwhile
   */
  public async operate<T>(operation: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.check();
    this.operations += 1;
    try {
      return await operation(this.cancel.signal);
    } finally {
      this.operations -= 1;
      this.check();
    }
  }

  /** @throws {UserError} where a signal came */
  public check(): void {
    if (this.received) {
      throw new UserError(this.lastLine(), EXIT_CODES[this.received]);
    }
  }

  private lastLine(): string {
    return `interrupted; run ${this.call} again, it goes on from here`;
  }

  private readonly onSignal = (signal: NodeJS.Signals): void => {
    const again = this.received !== undefined;
    this.received ??= signal as Interrupt;
    // Where the terminal is gone nothing can be said, and the rest is done all the same.
    process.stdout.on("error", () => undefined);
    process.stderr.on("error", () => undefined);
    if (again) {
      void this.end("SIGKILL", 0);
      return;
    }
    process.stderr.write("\ninterrupted: ending in order; once more ends it at once\n");
    if (this.operations > 0) {
      this.cancel.abort();
    } else {
      void this.end("SIGTERM", UNWIND_MS);
    }
  };

  private async end(signal: NodeJS.Signals, unwindMs: number): Promise<void> {
    const find = (): RunProcess[] => runProcesses(this.state).filter(({ own }) => own);
    signalAll(find(), signal);
    signalAll(await awaitEnd(find, this.endSeconds), "SIGKILL");
    await awaitEnd(find, this.endSeconds);
    // What has waited for them here cleans up meanwhile, and mostly ends the run by itself.
    await new Promise((resolve) => setTimeout(resolve, unwindMs).unref());
    signalAll(find(), "SIGKILL");
    if (!this.unwound) {
      process.stderr.write(`${this.lastLine()}\n`);
    }
    process.exit(EXIT_CODES[this.received ?? "SIGINT"]);
  }
}

/** The one of this process. */
export const interruption = new Interruption();

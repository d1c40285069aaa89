import type { Context } from "./context";

/** One command of `./swarmstead`. */
export interface Command {
  /** How it is called, for example `power on|off NAME…`. */
  readonly usage: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** The rest of `--help`: what its arguments and options mean, and its exit codes. */
  readonly details: string;
  /** Options that take no value, beside `--help`. @default none */
  readonly flags?: readonly string[];
  /** Options that take a value and may be given several times, like `--skip NAME`. @default none */
  readonly options?: readonly string[];
  /** How many plain arguments it takes: at least, at most. @default [0, 0] */
  readonly operands?: readonly [number, number];
  /** Whether it acts on the stack, so that it waits for what an interrupted run has left. @default false */
  readonly acts?: boolean;
  /** Whether it hands over to a program that has the terminal to itself and is interrupted there. @default false */
  readonly inTerminal?: boolean;
  /** Whether every argument after the command's name is passed on as it is. @default false */
  readonly passThrough?: boolean;
  /**
   * Does it.
   *
   * @returns the exit code
   * @throws {UserError} for what the user can mend
   */
  run(context: Context, call: Call): Promise<number>;
}

/** The words of one call, after the command's name. */
export interface Call {
  /** Plain arguments, in order. */
  readonly operands: readonly string[];
  /** Options that were given. */
  readonly flags: ReadonlySet<string>;
  /** Values of the options that take one, by option; empty for one that was not given. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

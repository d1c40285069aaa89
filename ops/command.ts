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
  /** How many plain arguments it takes: at least, at most. @default [0, 0] */
  readonly operands?: readonly [number, number];
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
}

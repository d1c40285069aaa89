/** A fault that the user can mend; shown as it is, without a stack trace. */
export class UserError extends Error {
  public constructor(
    message: string,
    /** The launcher's exit code: 2 for a wrong call, 1 for everything else. */
    public readonly exitCode = 1,
  ) {
    super(message);
  }
}

import { CommandError } from "@pulumi/pulumi/automation";
import { runOperation } from "../../../ops/operation";

/** An operation whose CLI says something and ends with an exit code. */
function failing(out: string, err: string): Promise<unknown> {
  return runOperation("up", ({ onOutput, onError }) => {
    onOutput(out);
    onError(err);
    const result = { code: 255, stdout: out, stderr: err, toString: () => `${out}${err}` };
    return Promise.reject(new CommandError(result as never));
  });
}

describe("an operation that fails", () => {
  const shown = jest.spyOn(process.stdout, "write").mockReturnValue(true);

  afterAll(() => {
    shown.mockRestore();
  });

  test("tells what the CLI said on stderr alone, before the engine began", async () => {
    await expect(failing("", "error: backend is away\nerror: backend is away\n")).rejects.toThrow(
      "up failed: backend is away; when the cause is mended, run ./swarmstead up again",
    );
  });

  test("names the way out where the passphrase is another", async () => {
    const err = "error: get stack secrets manager: incorrect passphrase\n";
    await expect(failing("", err)).rejects.toThrow(
      "up failed: get stack secrets manager: incorrect passphrase (where the passphrase is lost, ./swarmstead adopt brings the stack back); when the cause is mended, run ./swarmstead up again",
    );
  });

  test("repeats nothing that was shown", async () => {
    const out = "Diagnostics:\n  x (y):\n    error: boom\n";
    await expect(failing(out, "warning: old\nerror: boom\n")).rejects.toThrow(
      "up failed, as shown above; when the cause is mended, run ./swarmstead up again",
    );
  });
});

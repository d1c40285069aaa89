import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { adopt } from "../../../ops/adopt";
import { Context } from "../../../ops/context";

const KEY = "0123456789abcdef".repeat(4);

describe("./swarmstead adopt with a key that is not the stack's", () => {
  const folder = mkdtempSync(join(tmpdir(), "adopt-"));
  const context = Object.defineProperty(new Context("dev"), "state", { value: folder });
  const stdin = Object.getOwnPropertyDescriptor(process, "stdin") ?? {};

  beforeAll(() => {
    mkdirSync(join(folder, "lab"));
    // Ports that nothing listens on.
    const ports = { node1: { 22: 1 }, node2: { 22: 2 }, node3: { 22: 3 } };
    writeFileSync(join(folder, "lab/ports.json"), JSON.stringify(ports));
  });

  afterAll(() => {
    Object.defineProperty(process, "stdin", stdin);
    rmSync(folder, { recursive: true });
  });

  function run(input: string): Promise<number> {
    Object.defineProperty(process, "stdin", { value: Readable.from([input]), configurable: true });
    return adopt.run(context, { operands: [], flags: new Set(), values: {} });
  }

  test("fails by the form of the key before it asks any machine, without showing it", async () => {
    await expect(run("my-dog's-name\n")).rejects.toThrow(
      "recovery key: must be 43 to 1024 letters and digits, got 13 characters, not all of them letters and digits; take it whole from ./swarmstead recovery-key",
    );
  });

  test("fails with the reason where no manager lets it in, and leaves nothing behind", async () => {
    const leftovers = (): string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith("swarmstead-adopt-"));
    const before = leftovers();
    await expect(run(`${KEY}\n`)).rejects.toThrow(
      "adopt: must be let in by a manager of stack dev, got: no manager answers: tried 127.0.0.1:1, 127.0.0.1:2, 127.0.0.1:3; give that stack's own recovery key, start its machines (./swarmstead power on NAME…), and see that access.operatorKey and each machine's generation are what they were. Nothing was changed.",
    );
    expect(leftovers()).toEqual(before);
    expect(readdirSync(folder)).toEqual(["lab"]);
  });
});

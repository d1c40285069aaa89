import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { EngineStack, FIRST_RUN_MS, newFolder } from "./engine-stack";

describe("local.Command, RandomBytes and RandomPassword under the real engine", () => {
  const folder = newFolder();
  const log = (name: string): string => join(folder, name);
  const settings = { stdin: "one\ntwo\nthree\n", trigger: "a", updates: false, length: 16 };
  let stack: EngineStack;

  beforeAll(async () => {
    stack = await EngineStack.open(folder, () => {
      const step = new local.Command("step", {
        create: `tee -a ${log("created")}; echo warned >&2`,
        ...(settings.updates
          ? { update: `cat >> ${log("updated")}; echo "was $PULUMI_COMMAND_STDOUT"` }
          : {}),
        delete: `cat >> ${log("deleted")}`,
        stdin: settings.stdin,
        triggers: [settings.trigger],
      });
      const password = new random.RandomPassword("password", { length: settings.length });
      const bytes = new random.RandomBytes("bytes", { length: settings.length });
      const hidden = new local.Command("hidden", {
        create: "sha256sum",
        stdin: pulumi.interpolate`${pulumi.secret("hush-hush")} ${password.result} ${bytes.hex}`,
      });
      return {
        stdout: step.stdout,
        stderr: step.stderr,
        hidden: hidden.stdout,
        password: password.result,
        bytes: bytes.hex,
      };
    });
  }, FIRST_RUN_MS);

  afterAll(() => {
    stack.remove();
  });

  test("creates, and does nothing the second time", async () => {
    expect(await stack.up()).toEqual({ create: 5 });
    expect(await stack.outputs()).toMatchObject({ stdout: "one\ntwo\nthree", stderr: "warned" });
    expect(await stack.up()).toEqual({ same: 5 });
    expect(readFileSync(log("created"), "utf8")).toBe("one\ntwo\nthree\n");
  });

  test("keeps secrets out of the plain state, generated ones and the bytes' id too", async () => {
    const { password, bytes } = (await stack.outputs()) as { password: string; bytes: string };
    const base64 = Buffer.from(bytes, "hex").toString("base64");
    expect(password).toHaveLength(16);
    const state = stack.stateText();
    expect(state).toContain("local:Command");
    for (const value of ["hush-hush", password, JSON.stringify(password), bytes, base64]) {
      expect(state).not.toContain(value);
    }
  });

  test("shows the changed line of a long stdin, and runs create where there is no update", async () => {
    settings.stdin = "one\nTWO\nthree\n";
    const text = await stack.preview();
    expect(text).toMatch(/^\s*- two$/m);
    expect(text).toMatch(/^\s*\+ TWO$/m);
    expect(text).not.toMatch(/^\s*[-+] (one|three)$/m);
    expect(readFileSync(log("created"), "utf8")).not.toContain("TWO");
    expect(await stack.up()).toEqual({ update: 1, same: 4 });
    expect(await stack.outputs()).toMatchObject({ stdout: "one\nTWO\nthree" });
  });

  test("runs update where there is one, with the output of the run before", async () => {
    settings.updates = true;
    expect(await stack.up()).toEqual({ update: 1, same: 4 });
    expect(readFileSync(log("updated"), "utf8")).toBe("one\nTWO\nthree\n");
    expect(await stack.outputs()).toMatchObject({ stdout: "was one\nTWO\nthree" });
    settings.updates = false;
  });

  test("replaces on a trigger and on another length: creates anew, then deletes with the stored stdin", async () => {
    writeFileSync(log("created"), "");
    settings.stdin = "new\n";
    settings.trigger = "b";
    settings.length = 20;
    const before = await stack.outputs();
    // `hidden` reads the new random values, so it is updated.
    expect(await stack.up()).toEqual({ replace: 3, update: 1, same: 1 });
    expect(readFileSync(log("created"), "utf8")).toBe("new\n");
    expect(readFileSync(log("deleted"), "utf8")).toBe("one\nTWO\nthree\n");
    const after = (await stack.outputs()) as { password: string; hidden: string };
    expect(after.password).toHaveLength(20);
    expect(after.hidden).not.toBe(before.hidden);
  });

  test("destroys with the stored stdin", async () => {
    writeFileSync(log("deleted"), "");
    await stack.destroy();
    expect(readFileSync(log("deleted"), "utf8")).toBe("new\n");
    expect(existsSync(log("created"))).toBe(true);
  });
});

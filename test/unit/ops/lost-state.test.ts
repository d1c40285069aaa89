import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Context } from "../../../ops/context";
import { setAside } from "../../../ops/lost-state";

const folder = mkdtempSync(join(tmpdir(), "swarmstead-lost-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("a state that cannot be opened is moved with its passphrase and salt, other stacks' stay", () => {
  const backend = join(folder, "state");
  const state = join(folder, "dev");
  const stacks = join(backend, ".pulumi/stacks/swarmstead");
  const put = (file: string): void => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, file);
  };
  const moved = [
    join(stacks, "dev.json"),
    join(stacks, "dev.json.bak"),
    join(state, "passphrase"),
    join(state, "project/Pulumi.dev.yaml"),
  ];
  const kept = [
    join(stacks, "dev2.json"),
    join(state, "project/Pulumi.yaml"),
    join(state, "lab/ports.json"),
  ];
  [...moved, ...kept].forEach(put);

  const context = Object.defineProperties(new Context("dev"), {
    backend: { value: backend },
    state: { value: state },
  });
  const aside = setAside(context, new Date("2026-11-21T15:31:25.678Z"));

  expect(aside).toBe(join(state, "lost-2026-11-21T15-31-25-678"));
  expect(statSync(aside).mode & 0o777).toBe(0o700);
  expect(readdirSync(aside).sort()).toEqual([
    "Pulumi.dev.yaml",
    "dev.json",
    "dev.json.bak",
    "passphrase",
  ]);
  expect(readFileSync(join(aside, "dev.json"), "utf8")).toBe(join(stacks, "dev.json"));
  expect(moved.filter((file) => existsSync(file))).toEqual([]);
  expect(kept.filter((file) => !existsSync(file))).toEqual([]);
});

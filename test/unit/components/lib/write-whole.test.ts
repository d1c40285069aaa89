import {
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linkWhole, writeWhole } from "../../../../components/lib/write-whole";

const folder = mkdtempSync(join(tmpdir(), "swarmstead-write-"));
const path = join(folder, "file");

afterEach(() => {
  rmSync(path, { force: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("writeWhole", () => {
  test("replaces what a killed writer has left half written, permissions too", () => {
    writeFileSync(`${path}.new`, "hal", { mode: 0o644 });
    writeWhole(path, "whole\n", 0o600);
    expect(readFileSync(path, "utf8")).toBe("whole\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(() => statSync(`${path}.new`)).toThrow("ENOENT");
  });

  test("makes a new file and never writes into the one that is there", () => {
    writeFileSync(path, "before");
    const { ino } = statSync(path);
    writeWhole(path, "after");
    expect(readFileSync(path, "utf8")).toBe("after");
    expect(statSync(path).ino).not.toBe(ino);
  });

  test("leaves alone what is the same", () => {
    writeWhole(path, "same");
    const { ino, mtimeMs } = statSync(path);
    writeWhole(path, "same");
    expect([statSync(path).ino, statSync(path).mtimeMs]).toEqual([ino, mtimeMs]);
  });
});

describe("linkWhole", () => {
  test("leads a link elsewhere, also after a killed writer", () => {
    symlinkSync("one", path);
    symlinkSync("half", `${path}.new`);
    linkWhole("two", path);
    expect(readlinkSync(path)).toBe("two");
  });
});

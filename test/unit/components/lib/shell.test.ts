import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { quote, stamped, valueIn, withValues } from "../../../../components/lib/shell";

const anyText = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0"));

describe("quote", () => {
  test("gives any text back through a real shell", () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 20 }), (texts) => {
        const words = texts.map((text) => quote(text)).join(" ");
        const printed = execFileSync("bash", ["-s"], {
          input: `printf '%s\\0' ${words}`,
          encoding: "utf8",
        });
        expect(printed.split("\0").slice(0, -1)).toEqual(texts);
      }),
      { numRuns: 25 },
    );
  });

  test("refuses a NUL byte", () => {
    expect(() => quote("a\0b")).toThrow("a script value must not hold a NUL byte");
  });
});

describe("withValues", () => {
  test("puts the values before the script and exports none", () => {
    const text = withValues("echo $SECRET; env | grep -c SECRET || true\n", { SECRET: "it's" });
    expect(execFileSync("bash", ["-s"], { input: text, encoding: "utf8" })).toBe("it's\n0\n");
  });

  test("refuses a name that is no variable", () => {
    expect(() => withValues("", { "a b": "1" })).toThrow(
      "script value a b: must be an upper-case shell variable name",
    );
  });
});

describe("valueIn", () => {
  test("gives back what withValues wrote, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        fc.pre(!text.includes("\0"));
        const written = withValues("TEXT='of the script'\n", { OTHER: "'", TEXT: text });
        expect(valueIn(written, "TEXT")).toBe(text);
      }),
    );
  });

  test("gives nothing where there is no such value", () => {
    expect(valueIn(withValues("echo\n", { OTHER: "1" }), "TEXT")).toBeUndefined();
  });
});

describe("stamped", () => {
  test("has another hash for another value, and the same for the same", () => {
    const hash = (text: string): string => /STAMP_HASH='(\w+)'/.exec(text)?.[1] ?? "";
    const one = hash(stamped("step", "true\n", { VALUE: "1" }));
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(hash(stamped("step", "true\n", { VALUE: "1" }))).toBe(one);
    expect(hash(stamped("step", "true\n", { VALUE: "2" }))).not.toBe(one);
  });
});

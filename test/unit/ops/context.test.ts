import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Context } from "../../../ops/context";

test("a seed in plain text is refused, without being shown", () => {
  const folder = mkdtempSync(join(tmpdir(), "context-"));
  const file = join(folder, "Pulumi.dev.yaml");
  writeFileSync(file, `config:\n  swarmstead:seed: ${"a".repeat(64)}\n`);
  const context = Object.defineProperty(new Context("dev"), "settingsFile", { value: file });
  try {
    expect(() => context.config()).toThrow(
      /^Pulumi\.dev\.yaml: swarmstead:seed: must be encrypted, got plain text; take it out, and set it by \.\/swarmstead pulumi config set --secret swarmstead:seed$/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

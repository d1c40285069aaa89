import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { plan } from "../support/plan";
import { drawTree } from "../support/tree";

const ROOT = join(__dirname, "../..");

function clusterOf(file: string): { platform: { kind: string } } {
  const settings = parse(readFileSync(join(ROOT, file), "utf8")) as {
    config: { "swarmstead:cluster": { platform: { kind: string } } };
  };
  return settings.config["swarmstead:cluster"];
}

// An environment whose platform is not there yet has no tree; its message is tested with the config.
const environments = [
  ...readdirSync(ROOT).filter((file) => /^Pulumi\.\w+\.yaml$/.test(file)),
  ...readdirSync(join(ROOT, "examples")).map((file) => join("examples", file)),
].filter((file) => clusterOf(file).platform.kind === "lab");

// A rename or a lost dependency shows here in review. UPDATE_GOLDEN=1 writes the files anew.
test.each(environments)("%s has the tree that its golden file shows", async (file) => {
  const tree = await drawTree(() => plan(clusterOf(file)));
  const golden = join(__dirname, basename(file).replace(/^(?:Pulumi\.)?([\w-]+)\.yaml$/, "$1.txt"));
  if (process.env.UPDATE_GOLDEN) {
    writeFileSync(golden, tree);
  }
  expect(existsSync(golden) ? readFileSync(golden, "utf8") : "").toBe(tree);
});

test("there are at least the environment dev and the example of one machine", () => {
  expect(environments).toContain("Pulumi.dev.yaml");
  expect(environments).toContain("examples/one-node.yaml");
});

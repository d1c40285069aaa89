import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type ClusterConfig, ConfigError, parseClusterConfig } from "../../../stacks/config";
import { JSON_SCHEMA_FILE, renderJsonSchema } from "../../../stacks/config-json-schema";
import { ClusterSchema } from "../../../stacks/config-schema";
import { configFaults, manager, managers, withParts } from "../../support/config-text";

const ROOT = join(__dirname, "../../..");

function readYaml(file: string): { config: Record<string, unknown> } {
  return parse(readFileSync(join(ROOT, file), "utf8")) as { config: Record<string, unknown> };
}

function parseFile(stack: string): ClusterConfig {
  const file = `Pulumi.${stack}.yaml`;
  return parseClusterConfig(readYaml(file).config["swarmstead:cluster"], file);
}

describe("parseClusterConfig", () => {
  test("fills in the defaults", () => {
    const { platform, network, machines, access, docker, swarm, apps } = parseClusterConfig(
      parse(withParts({})),
      "test",
    );

    expect(platform).toEqual({
      kind: "lab",
      memoryMiB: 3072,
      diskGiB: 20,
      dataDiskGiB: 8,
    });
    expect(network).toEqual({ cidr: "10.77.0.0/24", mtu: 1500, open: [] });
    expect(machines).toEqual({
      node1: { role: "manager", address: "10.77.0.11", labels: {}, generation: 1 },
    });
    expect(access).toEqual({ operatorKey: 1, operators: {} });
    expect(docker).toEqual({ addressPool: "172.28.0.0/16", logMaxMiB: 10, logFiles: 3 });
    expect(swarm).toEqual({
      addressPool: "10.201.0.0/16",
      subnetBits: 24,
      dispatcherHeartbeatSeconds: 3,
      dataPathPort: 4789,
    });
    expect(apps).toEqual({});
  });

  test("fills in the defaults of an entry, and has none where none is given", () => {
    const of = (parts: Record<string, string>): ClusterConfig["entry"] =>
      parseClusterConfig(parse(withParts(parts)), "test").entry;
    expect(of({ entry: "{kind: vrrp, address: 10.77.0.10, domain: swarm.test}" })).toEqual({
      kind: "vrrp",
      address: "10.77.0.10",
      domain: "swarm.test",
      routerId: 51,
      advertSeconds: 0.3,
      checkSeconds: 0.5,
    });
    expect(of({})).toBeUndefined();
  });

  test.each([1, 3, 5, 7])("accepts %i managers", (count) => {
    expect(configFaults(withParts({ machines: managers(count) }))).toEqual([]);
  });

  test("accepts workers of any number beside the managers", () => {
    const machines = `{m: ${manager(1)}, w1: {role: worker, address: 10.77.0.2}, w2: {role: worker, address: 10.77.0.3}}`;
    expect(configFaults(withParts({ machines }))).toEqual([]);
  });
});

describe("stack files", () => {
  test("dev is three managers in the lab with whoami", () => {
    const { platform, machines, apps, network } = parseFile("dev");
    expect(platform.kind).toBe("lab");
    expect(
      Object.entries(machines).map(([name, { role, address }]) => [name, role, address]),
    ).toEqual([
      ["node1", "manager", "10.77.0.11"],
      ["node2", "manager", "10.77.0.12"],
      ["node3", "manager", "10.77.0.13"],
    ]);
    expect(network).toEqual({ cidr: "10.77.0.0/24", mtu: 1500, open: ["8080/tcp"] });
    expect(Object.keys(apps)).toEqual(["whoami"]);
  });

  test("prod says in one fault that its platform is still to come", () => {
    expect(() => parseFile("prod")).toThrow(
      new ConfigError(
        "Pulumi.prod.yaml: 1 fault in swarmstead:cluster\n" +
          '  platform.kind: must be lab, got "hcloud"; platform hcloud comes with a later release, use lab until then',
      ),
    );
  });

  test.each(["dev", "prod"])("%s names the schema for editors", (stack) => {
    const [first] = readFileSync(join(ROOT, `Pulumi.${stack}.yaml`), "utf8").split("\n");
    expect(first).toBe("# yaml-language-server: $schema=stacks/config.schema.json");
  });

  test("the JSON schema is what the schema says; run npm run schema where this fails", () => {
    expect(readFileSync(JSON_SCHEMA_FILE, "utf8")).toBe(renderJsonSchema());
  });

  test("every setting has a description in the JSON schema", () => {
    const undescribed: string[] = [];
    const visit = (node: unknown, path: string): void => {
      const inner = typeof node === "object" && node !== null ? node : {};
      for (const [key, value] of Object.entries(inner) as [string, unknown][]) {
        if (key === "properties") {
          for (const [name, property] of Object.entries(value as Record<string, object>)) {
            if (!("description" in property) && !("const" in property) && !("enum" in property)) {
              undescribed.push(`${path}.${name}`);
            }
          }
        }
        visit(value, `${path}.${key}`);
      }
    };
    const { properties } = JSON.parse(renderJsonSchema()) as {
      properties: { config: { properties: Record<string, unknown> } };
    };
    visit(properties.config.properties["swarmstead:cluster"], "");
    expect(undescribed).toEqual([]);
  });

  test("Pulumi.yaml documents the key and every section of it", () => {
    const text = readFileSync(join(ROOT, "Pulumi.yaml"), "utf8");
    expect(readYaml("Pulumi.yaml").config["swarmstead:cluster"]).toMatchObject({ type: "object" });
    for (const section of Object.keys(ClusterSchema.shape)) {
      expect(text).toMatch(new RegExp(`^ +# ${section} `, "m"));
    }
  });
});

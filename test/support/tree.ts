import type * as pulumi from "@pulumi/pulumi";
import * as sdk from "@pulumi/pulumi/runtime/resource";

interface Node {
  label: string;
  children: Node[];
}

function draw(nodes: readonly Node[], indent: string): string {
  return nodes
    .map(({ label, children }) => `${indent}${label}\n${draw(children, `${indent}  `)}`)
    .join("");
}

/**
 * Runs a program under mocks and draws what it registered: a line a resource, `type name`, indented under its parent,
 * with the names of the resources that it is told to wait for.
 */
export async function drawTree(run: () => Promise<unknown>): Promise<string> {
  const spy = jest.spyOn(sdk, "registerResource");
  await run();
  const names = new Map<unknown, string>();
  const nodes = new Map<unknown, Node>();
  const roots: Node[] = [];
  for (const [resource, parent, type, name, , , , , opts] of spy.mock.calls) {
    const { dependsOn = [] } = opts as { dependsOn?: pulumi.Resource | pulumi.Resource[] };
    const waits = [dependsOn].flat().map((other) => names.get(other) ?? "?");
    const label = [`${type} ${name}`, ...(waits.length > 0 ? [`<- ${waits.join(", ")}`] : [])];
    const node = { label: label.join("  "), children: [] };
    names.set(resource, name);
    nodes.set(resource, node);
    (nodes.get(parent)?.children ?? roots).push(node);
  }
  spy.mockRestore();
  return draw(roots, "");
}

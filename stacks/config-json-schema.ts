import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ClusterSchema } from "./config-schema";

/** Where the JSON schema of stack files stands; their first line names it for editors. */
export const JSON_SCHEMA_FILE = join(__dirname, "config.schema.json");

/** JSON schema of a whole `Pulumi.<stack>.yaml`. Draft 7 is what editors' YAML support knows best. */
export function renderJsonSchema(): string {
  const { $schema, ...cluster } = z.toJSONSchema(ClusterSchema, { io: "input", target: "draft-7" });
  const schema = {
    $schema,
    title: "Swarmstead stack file",
    type: "object",
    required: ["config"],
    properties: {
      config: {
        type: "object",
        required: ["swarmstead:cluster"],
        properties: { "swarmstead:cluster": cluster },
      },
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (require.main === module) {
  writeFileSync(JSON_SCHEMA_FILE, renderJsonSchema());
}

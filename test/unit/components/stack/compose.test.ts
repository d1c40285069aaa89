import { ComposeError, composeNeeds, nameSecrets } from "../../../../components/stack/compose";

const FILE = `# A comment that stays.
services:
  web:
    image: web:1
    secrets: [session]
networks:
  private: { external: true, name: shop-private }
  edge: { external: true, name: edge }
secrets:
  session:
    external: true
    x-generate-length: 32
`;

describe("composeNeeds", () => {
  test("finds the stack's own networks and its generated secrets", () => {
    expect(composeNeeds("shop", FILE, "compose.yaml")).toEqual({
      services: ["web"],
      networks: ["shop-private"],
      secrets: { session: 32 },
    });
  });

  test.each([
    ["no services", "networks: {}\n", "f: services: must have at least one service"],
    [
      "a secret with no way to get its content",
      "services: {web: {image: w}}\nsecrets: {token: {file: ./token}}\n",
      'f: secrets.token: must be external with x-generate-length from 16 to 1024, got {"file":"./token"}',
    ],
    ["text that is not YAML", "services: [\n", "f: Flow sequence in block collection must"],
  ])("fails with %s", (_, text, message) => {
    expect(() => composeNeeds("shop", text, "f")).toThrow(ComposeError);
    expect(() => composeNeeds("shop", text, "f")).toThrow(message);
  });
});

describe("nameSecrets", () => {
  test("adds the name and keeps everything else", () => {
    const named = nameSecrets(FILE, { session: "shop-session-abc" });
    expect(named).toContain("name: shop-session-abc");
    expect(named).toContain("# A comment that stays.");
    expect(named.split("\n").filter((line) => !line.includes("name: shop-session-abc"))).toContain(
      "    x-generate-length: 32",
    );
  });

  test("leaves a file without secrets as it is", () => {
    expect(nameSecrets("services:\n  web: {image:   w}\n", {})).toBe(
      "services:\n  web: {image:   w}\n",
    );
  });
});

import { composeNeeds, nameSecrets } from "../../../../components/compose/compose";
import { fillHost } from "../../../../components/compose/compose-variables";

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
      secrets: { session: { length: 32, generation: 1 } },
      folders: [],
    });
  });

  test("finds its folders, each after the one that it lies in", () => {
    const folder = "{ owner: '33:33', mode: '750' }";
    const text = `${FILE}x-folders:\n  /var/data/shop/a/b: ${folder}\n  /var/data/shop/a: ${folder}\n`;
    const found = ["/var/data/shop/a", "/var/data/shop/a/b"].map((path) => ({
      path,
      owner: "33:33",
      mode: "750",
    }));
    expect(composeNeeds("shop", text, "f").folders).toEqual(found);
  });

  test("takes a secret's generation from the file", () => {
    const text = FILE.replace(
      "x-generate-length: 32",
      "x-generate-length: 32\n    x-generation: 3",
    );
    expect(composeNeeds("shop", text, "f").secrets).toEqual({
      session: { length: 32, generation: 3 },
    });
  });

  test("takes an external network's key for its name", () => {
    const text = "services: {web: {image: web:1}}\nnetworks: {shop-private: {external: true}}\n";
    expect(composeNeeds("shop", text, "f").networks).toEqual(["shop-private"]);
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

  test.each(["0440", "0o440"])("keeps the octal mode %s of a secret's file", (mode) => {
    const text = FILE.replace("[session]", `[{ source: session, mode: ${mode} }]`);
    expect(nameSecrets(text, { session: "shop-session-abc" })).toContain("mode: 0o440");
  });

  test("leaves a file without secrets as it is", () => {
    expect(nameSecrets("services:\n  web: {image:   w}\n", {})).toBe(
      "services:\n  web: {image:   w}\n",
    );
  });
});

describe("fillHost", () => {
  test("puts the host in, and leaves dollar signs and other variables as they are", () => {
    const text = "a: Host(`${HOST}`) # ${HOST}\nb: $${HOST} $$$${HOST} $HOST ${HOST:-x} ${HOSTS}\n";
    expect(fillHost(text, "shop.example.test")).toBe(
      "a: Host(`shop.example.test`) # shop.example.test\nb: $${HOST} $$$${HOST} $HOST ${HOST:-x} ${HOSTS}\n",
    );
  });

  test("puts in three dollar signs as Docker reads them: one, and the variable", () => {
    expect(fillHost("$$${HOST}", "h")).toBe("$$h");
  });
});

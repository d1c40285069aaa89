import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { composeNeeds, nameSecrets } from "../../components/compose/compose";
import { fillHost } from "../../components/compose/compose-variables";
import { socketProxyFile } from "../../components/socket-proxy/socket-proxy-file";
import { traefikFile } from "../../components/traefik/traefik-file";
import { ALL_KEYS } from "../support/compose-text";
import { ask, testWith, type Verdict, withFiles } from "./real-program";

const APPS = join(__dirname, "../../apps");
/** What the real client makes of a compose file. */
function config(text: string): Verdict {
  return withFiles({ "compose.yaml": text }, (folder) =>
    ask("docker", ["stack", "config", "--compose-file", join(folder, "compose.yaml")]),
  );
}

describe("an app's compose file", () => {
  const apps = readdirSync(APPS);

  for (const app of apps) {
    testWith(["docker"], `${app} is accepted by docker`, () => {
      const text = fillHost(readFileSync(join(APPS, app, "compose.yaml"), "utf8"), "host.test");
      const [service = ""] = composeNeeds(app, text, "compose.yaml").services;
      const { code, words } = config(text);
      expect([code, words]).toEqual([0, expect.stringContaining(`  ${service}:`)]);
      const services = (parse(words) as { services: Record<string, { deploy: object }> }).services;
      expect(services[app]?.deploy).toMatchObject({
        labels: { [`traefik.http.routers.${app}.rule`]: "Host(`host.test`)" },
      });
    });
  }

  testWith(
    ["docker"],
    "with a generated secret is accepted by docker, under the secret's real name",
    () => {
      const text = [
        "services:",
        "  db:",
        "    image: example/db:1",
        "    secrets: [password]",
        "secrets:",
        "  password:",
        "    external: true",
        "    x-generate-length: 32",
        "",
      ].join("\n");
      const named = nameSecrets(text, { password: "app-password-0123456789ab" });
      const { code, words } = config(named);
      expect([code, words]).toEqual([
        0,
        expect.stringContaining("name: app-password-0123456789ab"),
      ]);
    },
  );

  testWith(["docker"], "has a secret's mode in octal, with the real name put in or not", () => {
    const file = (mode: string): string =>
      `services: {db: {image: "db:1", secrets: [{source: password, mode: ${mode}}]}}\nsecrets: {password: {external: true}}\n`;
    for (const text of [file("0440"), nameSecrets(file("0440"), { password: "app-password-0" })]) {
      expect(config(text)).toMatchObject({
        code: 0,
        words: expect.stringContaining("mode: 288") as unknown,
      });
    }
  });

  testWith(["docker"], "with every key that the checks know is accepted by docker", () => {
    expect(config(ALL_KEYS)).toMatchObject({ code: 0 });
  });

  testWith(["docker"], "with a misspelt key would be refused by docker", () => {
    expect(config("services:\n  web:\n    imgae: x\n")).toMatchObject({
      code: 1,
      words: expect.stringContaining("imgae") as unknown,
    });
  });
});

/** A compose file, as far as its healthchecks are concerned. */
interface Checked {
  services: Record<string, { healthcheck: { test: string[] } }>;
}

describe("a stack of the platform's own", () => {
  for (const { text, needs } of [socketProxyFile("haproxy:3"), traefikFile("traefik:3")]) {
    const [service = ""] = needs.services;
    testWith(["docker"], `${service} is accepted by docker, with no variable left in it`, () => {
      const { code, words } = config(text);
      expect([code, words]).toEqual([0, expect.stringContaining("mode: global")]);
      const [shown, own] = [words, text].map(
        (yaml) => (parse(yaml) as Checked).services[service]?.healthcheck.test,
      );
      expect(shown).toEqual(own?.map((word) => word.replaceAll("$$", "$")));
    });
  }
});

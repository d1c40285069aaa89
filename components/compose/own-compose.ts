import { stringify } from "yaml";
import type { z } from "zod";
import { type ComposeNeeds, needsOf } from "./compose";
import type { ComposeSchema } from "./compose-schema";

/** A compose v3 file as an object. A dollar sign in it stands for itself. */
export type Compose = z.input<typeof ComposeSchema>;

/**
 * A stack of the platform's own as `docker stack deploy` reads it. The rules that keep an app to what is its own do not
 * hold for it.
 */
export function ownCompose(stack: string, compose: Compose): { text: string; needs: ComposeNeeds } {
  // Every text in quotes: Docker reads YAML 1.1, to which `on` or `1:30` mean something else.
  const text = stringify(compose, {
    defaultStringType: "QUOTE_DOUBLE",
    defaultKeyType: "PLAIN",
    lineWidth: 0,
  });
  return { text: text.replaceAll("$", "$$$$"), needs: needsOf(stack, compose) };
}

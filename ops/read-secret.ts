import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { UserError } from "../components/lib/user-error";

/** A line typed at a terminal, which shows nothing of it. */
function ask(question: string): Promise<string> {
  const silent = new Writable({
    write: (_text, _encoding, done) => {
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stderr.write(question);
  return new Promise<string>((resolve, reject) => {
    terminal.once("line", resolve);
    // Also at Ctrl-C and Ctrl-D; after a line it comes too late to count.
    terminal.once("close", () => {
      reject(new UserError("nothing was changed"));
    });
  }).finally(() => {
    terminal.close();
    process.stderr.write("\n");
  });
}

/** A secret from stdin, without blanks around it; asked for where a person can answer. */
export async function readSecret(question: string): Promise<string> {
  if (process.stdin.isTTY) {
    return (await ask(question)).trim();
  }
  let text = "";
  for await (const part of process.stdin) {
    text += String(part);
  }
  return text.trim();
}
